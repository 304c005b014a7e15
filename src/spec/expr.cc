#include "spec/expr.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/dates.h"
#include "core/text.h"
#include "spec/expr_internal.h"

namespace synthmill::spec {

namespace {

using Term = Expr::Term;
using Op = Expr::Term::Op;
using Type = Value::Type;
using arrow::Result;
using arrow::Status;
// GCC and clang have it on every 64-bit machine; products of two 64-bit numbers need it.
__extension__ typedef __int128 Wide;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

bool Fits(Wide value) { return value >= kMin && value <= kMax; }
bool IsNumber(const Value& value) {
  return value.type == Type::kInt || value.type == Type::kDecimal;
}
// Times 10^9.
Wide Widened(const Value& value) {
  return value.type == Type::kInt ? Wide{value.number} * Value::kDecimalOne : Wide{value.number};
}

// Rounds to the nearest, halves away from zero.
Wide DivideRounded(Wide a, Wide b) {
  Wide quotient = a / b;
  const Wide rest = a % b;
  const Wide twice = rest < 0 ? -rest * 2 : rest * 2;
  if (twice >= (b < 0 ? -b : b)) quotient += (a < 0) == (b < 0) ? 1 : -1;
  return quotient;
}

std::string Shown(const Value& value) {
  return value.type == Type::kString ? "\"" + value.text + "\"" : value.ToString();
}

// "'+' cannot take 5 and "x"".
Status Unfit(std::string_view op, const Value& a, const Value& b, std::string_view why) {
  return Status::Invalid("'", op, "': ", Shown(a), " ", op, " ", Shown(b), " ", why);
}
Status Mismatch(std::string_view op, const Value& a, const Value& b) {
  return Status::Invalid("'", op, "' does not take ", Shown(a), " (", TypeName(a.type), ") and ",
                         Shown(b), " (", TypeName(b.type), ")");
}

Result<Value> Whole(std::string_view op, const Value& a, const Value& b, Wide value) {
  if (!Fits(value)) return Unfit(op, a, b, "does not fit into 64 bits");
  return Value::Int(static_cast<int64_t>(value));
}
Result<Value> Scaled(std::string_view op, const Value& a, const Value& b, Wide value) {
  if (!Fits(value)) {
    return Unfit(op, a, b, "does not fit: decimals reach 9,223,372,036 (whole numbers 9 * 10^18)");
  }
  return Value::Decimal(static_cast<int64_t>(value));
}

std::string_view Symbol(Op op) {
  switch (op) {
    case Op::kEqual:
      return "==";
    case Op::kNotEqual:
      return "!=";
    case Op::kLess:
      return "<";
    case Op::kLessEqual:
      return "<=";
    case Op::kGreater:
      return ">";
    case Op::kGreaterEqual:
      return ">=";
    case Op::kAdd:
    case Op::kMoveDays:
    case Op::kMoveYears:
      return "+";
    case Op::kSubtract:
    case Op::kNegate:
      return "-";
    case Op::kMultiply:
      return "*";
    case Op::kDivide:
      return "/";
    case Op::kMin:
      return "min";
    case Op::kMax:
      return "max";
    case Op::kOr:
      return "or";
    case Op::kAnd:
      return "and";
    case Op::kNot:
      return "not";
    case Op::kLiteral:
    case Op::kName:
      break;
  }
  return "";
}

Result<Value> Arithmetic(Op op, const Value& a, const Value& b) {
  const std::string_view symbol = Symbol(op);
  if (op == Op::kSubtract && a.type == Type::kDate && b.type == Type::kDate) {
    return Value::Int(a.number - b.number);  // both within years 1..9999
  }
  if (!IsNumber(a) || !IsNumber(b)) {
    Status mismatch = Mismatch(symbol, a, b);
    if (a.type == Type::kDate && b.type == Type::kInt && op != Op::kMultiply) {
      return mismatch.WithMessage(mismatch.message(), ": days are written ", b.number, "d");
    }
    return mismatch;
  }
  const bool whole = a.type == Type::kInt && b.type == Type::kInt;
  if (op == Op::kDivide && b.number == 0) return Unfit(symbol, a, b, "divides by zero");
  if (whole) {
    const Wide x = a.number, y = b.number;
    const Wide result = op == Op::kAdd        ? x + y
                        : op == Op::kSubtract ? x - y
                        : op == Op::kMultiply ? x * y
                                              : x / y;
    return Whole(symbol, a, b, result);
  }
  const Wide x = Widened(a), y = Widened(b);
  if (op == Op::kAdd) return Scaled(symbol, a, b, x + y);
  if (op == Op::kSubtract) return Scaled(symbol, a, b, x - y);
  // A whole number taken as it is keeps the intermediate result within 128 bits.
  if (op == Op::kMultiply) {
    if (a.type == Type::kInt || b.type == Type::kInt) {
      return Scaled(symbol, a, b, Wide{a.number} * Wide{b.number});
    }
    return Scaled(symbol, a, b, DivideRounded(x * y, Value::kDecimalOne));
  }
  if (b.type == Type::kInt) return Scaled(symbol, a, b, DivideRounded(x, Wide{b.number}));
  // x <= 2^63 * 10^9 < 2^93, times 10^9 < 2^123.
  return Scaled(symbol, a, b, DivideRounded(x * Value::kDecimalOne, y));
}

// -1, 0 or 1.
Result<int> Compare(Op op, const Value& a, const Value& b) {
  if (IsNumber(a) && IsNumber(b)) {
    const Wide x = Widened(a), y = Widened(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (a.type != b.type) return Mismatch(Symbol(op), a, b);
  if (a.type == Type::kString) {
    const int order = a.text.compare(b.text);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a.type == Type::kBool && op != Op::kEqual && op != Op::kNotEqual) {
    return Mismatch(Symbol(op), a, b);
  }
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

Result<Value> MinMax(Op op, const Value& a, const Value& b) {
  if (!(IsNumber(a) && IsNumber(b)) && !(a.type == Type::kDate && b.type == Type::kDate)) {
    return Mismatch(Symbol(op), a, b);
  }
  ARROW_ASSIGN_OR_RAISE(const int order, Compare(op, a, b));
  const Value& chosen = (op == Op::kMin) == (order <= 0) ? a : b;
  // min(3, 0.5) and min(0, 0.5) are of one type, whichever is the smaller.
  if (a.type != b.type && chosen.type == Type::kInt) {
    return Scaled(Symbol(op), a, b, Widened(chosen));
  }
  return chosen;
}

Result<Value> MoveDate(const Term& term, const Value& from) {
  const bool years = term.op == Op::kMoveYears;
  const std::string move =
      std::to_string(term.count < 0 ? -term.count : term.count) + (years ? "y" : "d");
  const char* op = term.count < 0 ? "-" : "+";
  if (from.type != Type::kDate) {
    return Status::Invalid("'", op, "' does not take ", Shown(from), " (", TypeName(from.type),
                           ") and ", move, ": only a date is moved by a duration");
  }
  const int64_t days = years ? core::AddYears(from.number, term.count) : from.number + term.count;
  if (days < core::DaysFromCivil(1, 1, 1) || days > core::DaysFromCivil(9999, 12, 31)) {
    return Status::Invalid("'", op, "': ", Shown(from), " ", op, " ", move,
                           " is outside the years 1 to 9999");
  }
  return Value::Date(days);
}

Result<bool> Truth(Op op, const Value& value) {
  if (value.type == Type::kBool) return value.number != 0;
  return Status::Invalid("'", Symbol(op), "' takes true or false, not ", Shown(value), " (",
                         TypeName(value.type), ")");
}

Result<Value> Evaluate(const Term& term, const Environment& env) {
  if (term.op == Op::kLiteral) return term.value;
  if (term.op == Op::kName) {
    const auto found = env.find(term.name);
    if (found == env.end()) return Status::Invalid("unknown name '", term.name, "'");
    return found->second;
  }
  ARROW_ASSIGN_OR_RAISE(const Value left, Evaluate(*term.left, env));
  switch (term.op) {
    case Op::kNot: {
      ARROW_ASSIGN_OR_RAISE(const bool truth, Truth(term.op, left));
      return Value::Bool(!truth);
    }
    case Op::kNegate:
      if (!IsNumber(left)) {
        return Status::Invalid("'-' does not take ", Shown(left), " (", TypeName(left.type), ")");
      }
      if (left.number == kMin) return Status::Invalid("'-': -", Shown(left), " does not fit");
      return Value{left.type, -left.number, {}};
    case Op::kMoveDays:
    case Op::kMoveYears:
      return MoveDate(term, left);
    case Op::kOr:
    case Op::kAnd: {
      // The right side is left alone where the left decides: `n != 0 and total / n > 3`.
      ARROW_ASSIGN_OR_RAISE(const bool first, Truth(term.op, left));
      if (first == (term.op == Op::kOr)) return Value::Bool(first);
      ARROW_ASSIGN_OR_RAISE(const Value right, Evaluate(*term.right, env));
      ARROW_ASSIGN_OR_RAISE(const bool second, Truth(term.op, right));
      return Value::Bool(second);
    }
    default:
      break;
  }
  ARROW_ASSIGN_OR_RAISE(const Value right, Evaluate(*term.right, env));
  switch (term.op) {
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
      return Arithmetic(term.op, left, right);
    case Op::kMin:
    case Op::kMax:
      return MinMax(term.op, left, right);
    default:
      break;
  }
  ARROW_ASSIGN_OR_RAISE(const int order, Compare(term.op, left, right));
  switch (term.op) {
    case Op::kEqual:
      return Value::Bool(order == 0);
    case Op::kNotEqual:
      return Value::Bool(order != 0);
    case Op::kLess:
      return Value::Bool(order < 0);
    case Op::kLessEqual:
      return Value::Bool(order <= 0);
    case Op::kGreater:
      return Value::Bool(order > 0);
    default:
      return Value::Bool(order >= 0);
  }
}

}  // namespace

std::optional<Expr> Expr::Parse(std::string_view text, Error* error) {
  ParsedExpr parsed = ParseExprText(text);
  if (parsed.root == nullptr) {
    *error = {std::move(parsed.error), parsed.error_column};
    return std::nullopt;
  }
  Expr out;
  out.text_ = text;
  out.names_ = std::move(parsed.names);
  out.name_columns_ = std::move(parsed.name_columns);
  out.root_ = std::move(parsed.root);
  return out;
}

Result<Expr> Expr::Parse(std::string_view text) {
  Error error;
  std::optional<Expr> out = Parse(text, &error);
  if (!out) return Status::Invalid(error.message, " (column ", error.column, ")");
  return *std::move(out);
}

Expr Expr::Literal(Value value) {
  Expr out;
  out.text_ = value.ToString();
  auto term = std::make_shared<Term>();
  term->value = std::move(value);
  out.root_ = std::move(term);
  return out;
}

Result<Value> Expr::Evaluate(const Environment& env) const {
  if (root_ == nullptr) return Status::Invalid("an empty expression");
  return spec::Evaluate(*root_, env);
}

}  // namespace synthmill::spec
