// Recursive-descent parser of expressions.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "spec/expr_internal.h"
#include "spec/expr_lex.h"

namespace synthmill::spec {

namespace {

using Term = Expr::Term;
using Op = Expr::Term::Op;
using TermPtr = std::unique_ptr<const Term>;

// Brackets, `not` and unary minus within each other.
constexpr int kMaxDepth = 64;

class Parser : private ExprLexer {
 public:
  using ExprLexer::ExprLexer;

  ParsedExpr Parse() {
    ParsedExpr out;
    if (text_.size() > Expr::kMaxLength) {
      Fail(0, "an expression has at most " + std::to_string(Expr::kMaxLength) + " characters");
    } else {
      Advance();
      if (token_.kind == ExprToken::Kind::kEnd) Fail(0, "an expression is missing");
      out.root = Or();
      if (!failed_ && token_.kind != ExprToken::Kind::kEnd)
        FailAtToken("'", "' is not expected here");
    }
    out.names = std::move(names_);
    out.name_columns = std::move(name_columns_);
    out.error = std::move(error_);
    out.error_column = error_column_;
    if (failed_) out.root = nullptr;
    return out;
  }

 private:
  void FailAtToken(std::string_view before, std::string_view after) {
    if (token_.kind == ExprToken::Kind::kEnd) {
      Fail(token_.offset, "the expression ends too early");
    } else {
      Fail(token_.offset, std::string(before).append(token_.text).append(after));
    }
  }

  bool Is(std::string_view op) const {
    return (token_.kind == ExprToken::Kind::kOperator || token_.kind == ExprToken::Kind::kWord) &&
           token_.text == op;
  }
  bool Accept(std::string_view op) {
    if (!Is(op)) return false;
    Advance();
    return true;
  }

  static TermPtr Make(Op op, TermPtr left, TermPtr right = nullptr) {
    auto term = std::make_unique<Term>();
    term->op = op;
    term->left = std::move(left);
    term->right = std::move(right);
    return term;
  }

  TermPtr Or() {
    TermPtr left = And();
    while (Accept("or")) left = Make(Op::kOr, std::move(left), And());
    return left;
  }

  TermPtr And() {
    TermPtr left = Not();
    while (Accept("and")) left = Make(Op::kAnd, std::move(left), Not());
    return left;
  }

  TermPtr Not() {
    if (!Is("not")) return Comparison();
    if (!Enter()) return nullptr;
    Advance();
    TermPtr out = Make(Op::kNot, Not());
    --depth_;
    return out;
  }

  std::optional<Op> ComparisonOp() const {
    constexpr std::array<std::pair<std::string_view, Op>, 6> kOps = {{{"==", Op::kEqual},
                                                                      {"!=", Op::kNotEqual},
                                                                      {"<", Op::kLess},
                                                                      {"<=", Op::kLessEqual},
                                                                      {">", Op::kGreater},
                                                                      {">=", Op::kGreaterEqual}}};
    for (const auto& [text, op] : kOps) {
      if (Is(text)) return op;
    }
    return std::nullopt;
  }

  TermPtr Comparison() {
    TermPtr left = Sum();
    const std::optional<Op> op = ComparisonOp();
    if (!op) return left;
    Advance();
    left = Make(*op, std::move(left), Sum());
    if (ComparisonOp()) FailAtToken("'", "': comparisons do not chain, join them by 'and'");
    return left;
  }

  TermPtr Sum() {
    TermPtr left = Product();
    while (Is("+") || Is("-")) {
      const bool minus = Is("-");
      Advance();
      if (token_.kind == ExprToken::Kind::kDuration) {
        auto move = std::make_unique<Term>();
        move->op = token_.years ? Op::kMoveYears : Op::kMoveDays;
        move->count = minus ? -token_.count : token_.count;
        move->left = std::move(left);
        left = std::move(move);
        Advance();
      } else {
        left = Make(minus ? Op::kSubtract : Op::kAdd, std::move(left), Product());
      }
    }
    return left;
  }

  TermPtr Product() {
    TermPtr left = Unary();
    while (Is("*") || Is("/")) {
      const Op op = Is("*") ? Op::kMultiply : Op::kDivide;
      Advance();
      left = Make(op, std::move(left), Unary());
    }
    return left;
  }

  TermPtr Unary() {
    if (!Is("-")) return Primary();
    if (!Enter()) return nullptr;
    Advance();
    TermPtr out = Make(Op::kNegate, Unary());
    --depth_;
    return out;
  }

  TermPtr Primary() {
    if (token_.kind == ExprToken::Kind::kLiteral) {
      auto term = std::make_unique<Term>();
      term->value = token_.value;
      Advance();
      return term;
    }
    if (token_.kind == ExprToken::Kind::kDuration) {
      FailAtToken("'", "': a duration stands after a + or -, as in as_of - 18y");
      return nullptr;
    }
    if (Is("(")) {
      if (!Enter()) return nullptr;
      Advance();
      TermPtr inner = Or();
      if (!Accept(")")) FailAtToken("')' is missing before '", "'");
      --depth_;
      return inner;
    }
    if (Is("min") || Is("max")) return Call();
    if (token_.kind == ExprToken::Kind::kWord && !Is("and") && !Is("or") && !Is("not"))
      return Name();
    FailAtToken("a value is missing before '", "'");
    return nullptr;
  }

  TermPtr Call() {
    const Op op = Is("min") ? Op::kMin : Op::kMax;
    const std::string name(token_.text);
    if (!Enter()) return nullptr;
    Advance();
    if (!Accept("(")) FailAtToken(name + " takes two values, " + name + "(a, b), not '", "'");
    TermPtr left = Or();
    if (!Accept(","))
      FailAtToken(name + " takes two values, " + name + "(a, b): ',' before '", "'");
    TermPtr right = Or();
    if (!Accept(")")) FailAtToken("')' is missing before '", "'");
    --depth_;
    return Make(op, std::move(left), std::move(right));
  }

  TermPtr Name() {
    auto term = std::make_unique<Term>();
    if (token_.text == "true" || token_.text == "false") {
      term->value = Value::Bool(token_.text == "true");
    } else {
      if (std::any_of(token_.text.begin(), token_.text.end(),
                      [](char c) { return c >= 'A' && c <= 'Z'; })) {
        FailAtToken("'", "': names are in lower case");
        return nullptr;
      }
      term->op = Op::kName;
      term->name = token_.text;
      if (std::find(names_.begin(), names_.end(), term->name) == names_.end()) {
        names_.push_back(term->name);
        name_columns_.push_back(static_cast<int>(token_.offset) + 1);
      }
    }
    Advance();
    return term;
  }

  bool Enter() {
    if (++depth_ <= kMaxDepth) return true;
    FailAtToken("'", "': this expression is nested too deep");
    return false;
  }

  int depth_ = 0;
  std::vector<std::string> names_;
  std::vector<int> name_columns_;
};

}  // namespace

ParsedExpr ParseExprText(std::string_view text) { return Parser(text).Parse(); }

}  // namespace synthmill::spec
