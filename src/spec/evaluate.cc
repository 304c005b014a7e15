#include "spec/evaluate.h"

#include <optional>
#include <utility>

namespace synthmill::spec {

namespace {

std::optional<Value> EvaluateTo(const LocatedExpr& expr, Value::Type type, std::string_view what,
                                const Environment& env, Diagnostics* diagnostics) {
  if (!expr.given()) return std::nullopt;
  arrow::Result<Value> value = expr.expr->Evaluate(env);
  if (value.ok()) value = Convert(*value, type);
  if (value.ok()) return *std::move(value);
  diagnostics->Error(expr.at, std::string(what) + ": " + value.status().message());
  return std::nullopt;
}

// The `line`-th line of `text`, 1-based.
std::string_view Line(std::string_view text, int line) {
  size_t begin = 0;
  for (int i = 1; i < line; ++i) {
    begin = text.find('\n', begin);
    if (begin == text.npos) return "";
    ++begin;
  }
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

Location Inside(const Node& scalar, size_t offset, const Diagnostics& diagnostics) {
  const Location at = scalar.at;
  if (at.line <= 0 || at.column <= 0) return at;
  const std::string_view line = Line(diagnostics.text(), at.line);
  const size_t start = static_cast<size_t>(at.column) - 1 + (scalar.quoted ? 1 : 0);
  // Escapes, folded lines and block scalars don't stand in the file as they read.
  if (start > line.size() || !line.substr(start).starts_with(scalar.text)) return at;
  return {at.line, static_cast<int>(start + offset) + 1};
}

LocatedExpr ReadExpr(const Node& node, std::string_view what, std::span<const std::string> names,
                     Diagnostics* diagnostics) {
  LocatedExpr out;
  out.at = node.at;
  if (!node.is_scalar()) {
    diagnostics->Error(node.at, std::string(what) + " must be a number or an expression",
                       "such as: 100, 0.25, total_records / 4");
    return out;
  }
  Expr::Error error;
  std::optional<Expr> expr = Expr::Parse(node.text, &error);
  if (!expr) {
    diagnostics->Error(Inside(node, static_cast<size_t>(error.column) - 1, *diagnostics),
                       std::string(what) + ": " + error.message);
    return out;
  }
  bool known = true;
  for (size_t i = 0; i < expr->names().size(); ++i) {
    const std::string& name = expr->names()[i];
    bool found = false;
    for (const std::string& candidate : names) found = found || candidate == name;
    if (found) continue;
    known = false;
    const size_t offset = static_cast<size_t>(expr->name_columns()[i]) - 1;
    diagnostics->Error(Inside(node, offset, *diagnostics),
                       std::string(what) + ": unknown name '" + name + "'", Suggest(name, names));
  }
  if (!known) return out;
  out.text = node.text;
  out.expr = std::move(expr);
  return out;
}

arrow::Result<Value> Convert(const Value& value, Value::Type type) {
  using Type = Value::Type;
  if (value.type == type) return value;
  if (type == Type::kDecimal && value.type == Type::kInt) {
    int64_t scaled = 0;
    if (__builtin_mul_overflow(value.number, Value::kDecimalOne, &scaled)) {
      return arrow::Status::Invalid(value.ToString(), " is too large for a decimal");
    }
    return Value::Decimal(scaled);
  }
  if (type == Type::kInt && value.type == Type::kDecimal &&
      value.number % Value::kDecimalOne == 0) {
    return Value::Int(value.number / Value::kDecimalOne);
  }
  const bool text = value.type == Type::kString;
  return arrow::Status::Invalid(text ? "'" : "", value.ToString(), text ? "'" : "", " is not ",
                                TypeName(type));
}

int64_t EvaluateInt(const LocatedExpr& expr, std::string_view what, const Environment& env,
                    Diagnostics* diagnostics, int64_t fallback) {
  const auto value = EvaluateTo(expr, Value::Type::kInt, what, env, diagnostics);
  return value ? value->number : fallback;
}

int64_t EvaluateDecimal(const LocatedExpr& expr, std::string_view what, const Environment& env,
                        Diagnostics* diagnostics, int64_t fallback) {
  const auto value = EvaluateTo(expr, Value::Type::kDecimal, what, env, diagnostics);
  return value ? value->number : fallback;
}

int64_t EvaluateShare(const LocatedExpr& expr, std::string_view what, const Environment& env,
                      Diagnostics* diagnostics, int64_t fallback) {
  const auto value = EvaluateTo(expr, Value::Type::kDecimal, what, env, diagnostics);
  if (!value) return fallback;
  if (value->number >= 0 && value->number <= Value::kDecimalOne) return value->number;
  diagnostics->Error(expr.at,
                     std::string(what) + " must be within 0 and 1 (got " + value->ToString() + ")",
                     "a share is a fraction: 0.3 for 30%");
  return fallback;
}

int64_t EvaluateDate(const LocatedExpr& expr, std::string_view what, const Environment& env,
                     Diagnostics* diagnostics, int64_t fallback) {
  const auto value = EvaluateTo(expr, Value::Type::kDate, what, env, diagnostics);
  return value ? value->number : fallback;
}

bool EvaluateBool(const LocatedExpr& expr, std::string_view what, const Environment& env,
                  Diagnostics* diagnostics, bool fallback) {
  const auto value = EvaluateTo(expr, Value::Type::kBool, what, env, diagnostics);
  return value ? value->number != 0 : fallback;
}

}  // namespace synthmill::spec
