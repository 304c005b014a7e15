#include "spec/args.h"

#include <algorithm>
#include <utility>

#include "spec/evaluate.h"

namespace synthmill::spec {

namespace {

std::vector<std::string> Names(const Environment& env) {
  std::vector<std::string> names;
  for (const auto& [name, value] : env) names.push_back(name);
  return names;
}

}  // namespace

Args::Args(const Node& node, std::string what, const Environment& env, Diagnostics* diagnostics)
    : node_(node), what_(std::move(what)), env_(env), diagnostics_(diagnostics) {}

Location Args::At(std::string_view key) const {
  const Node* value = Get(key);
  return value == nullptr ? node_.at : value->at;
}

std::string Args::Name(std::string_view key) const {
  return what_ + ": '" + std::string(key) + "'";
}

LocatedExpr Args::Expression(std::string_view key) const {
  const Node* value = Get(key);
  if (value == nullptr) return {};
  return ReadExpr(*value, Name(key), Names(env_), diagnostics_);
}

int64_t Args::Int(std::string_view key, int64_t fallback) const {
  return EvaluateInt(Expression(key), Name(key), env_, diagnostics_, fallback);
}

int64_t Args::Decimal(std::string_view key, int64_t fallback) const {
  return EvaluateDecimal(Expression(key), Name(key), env_, diagnostics_, fallback);
}

int64_t Args::Scaled(std::string_view key, int scale, int64_t fallback) const {
  const Node* node = Get(key);
  if (node == nullptr) return fallback;
  // Literals may be larger than a decimal of nine digits can be.
  if (node->is_scalar()) {
    if (const std::optional<int64_t> literal = ParseFixed(node->text, scale)) return *literal;
  }
  const LocatedExpr expr = Expression(key);
  if (!expr.given()) return fallback;
  const arrow::Result<Value> value = expr.expr->Evaluate(env_);
  if (!value.ok()) {
    Error(expr.at, Name(key) + ": " + value.status().message());
    return fallback;
  }
  if (value->type == Value::Type::kInt || value->type == Value::Type::kDecimal) {
    if (const std::optional<int64_t> exact = ParseFixed(value->ToString(), scale)) return *exact;
    Error(expr.at, Name(key) + ": " + value->ToString() + " is not exact with " +
                       std::to_string(scale) + " digits after the point, or too large");
    return fallback;
  }
  Error(expr.at, Name(key) + ": " + value->ToString() + " is not a number");
  return fallback;
}

int64_t Args::Share(std::string_view key, int64_t fallback) const {
  return EvaluateShare(Expression(key), Name(key), env_, diagnostics_, fallback);
}

int64_t Args::Date(std::string_view key, int64_t fallback) const {
  return EvaluateDate(Expression(key), Name(key), env_, diagnostics_, fallback);
}

bool Args::Bool(std::string_view key, bool fallback) const {
  return EvaluateBool(Expression(key), Name(key), env_, diagnostics_, fallback);
}

std::string Args::Text(std::string_view key, std::string fallback) const {
  const Node* node = Get(key);
  if (node == nullptr) return fallback;
  if (node->is_scalar()) return node->text;
  Error(node->at, Name(key) + " must be a text");
  return fallback;
}

std::string Args::Choice(std::string_view key, std::span<const std::string> choices,
                         std::string fallback) const {
  const Node* node = Get(key);
  if (node == nullptr) return fallback;
  if (!node->is_scalar()) {
    Error(node->at, Name(key) + " must be a word", Suggest("", choices));
    return fallback;
  }
  if (std::find(choices.begin(), choices.end(), node->text) != choices.end()) return node->text;
  Error(node->at, Name(key) + " cannot be '" + node->text.substr(0, 100) + "'",
        Suggest(node->text, choices));
  return fallback;
}

std::vector<std::string> Args::TextList(std::string_view key) const {
  const Node* node = Get(key);
  if (node == nullptr) return {};
  if (node->is_scalar()) return {node->text};
  if (!node->is_sequence()) {
    Error(node->at, Name(key) + " must be a list", "such as: [a, b]");
    return {};
  }
  std::vector<std::string> out;
  for (const Node& item : node->items) {
    if (item.is_scalar()) {
      out.push_back(item.text);
    } else {
      Error(item.at, Name(key) + ": each item of the list must be a text");
    }
  }
  return out;
}

std::vector<std::pair<std::string, int64_t>> Args::Weights(std::string_view key) const {
  const Node* node = Get(key);
  if (node == nullptr) return {};
  std::vector<std::pair<std::string, int64_t>> out;
  if (!node->is_map()) {
    for (std::string& item : TextList(key)) out.emplace_back(std::move(item), Value::kDecimalOne);
    if (out.empty() && node->is_sequence() && node->items.empty()) {
      Error(node->at, Name(key) + " is an empty list");
    }
    return out;
  }
  const std::vector<std::string> names = Names(env_);
  bool failed = false, positive = false;
  for (const Node::Entry& entry : node->entries) {
    const std::string what = Name(key) + ": weight of '" + entry.key + "'";
    const LocatedExpr expr = ReadExpr(entry.value, what, names, diagnostics_);
    const int64_t weight = EvaluateDecimal(expr, what, env_, diagnostics_, -1);
    if (weight < 0) {
      failed = true;
      // What was not given or has no value is reported already.
      const auto value = expr.given() ? expr.expr->Evaluate(env_) : Value::Int(0);
      if (value.ok() && Convert(*value, Value::Type::kDecimal).ok() && value->number < 0) {
        Error(entry.value.at, what + " is negative (" + value->ToString() + ")");
      }
      continue;
    }
    positive = positive || weight > 0;
    out.emplace_back(entry.key, weight);
  }
  if (!failed && !positive) {
    Error(node->at, Name(key) + (node->entries.empty() ? " is empty" : ": all weights are 0"));
  }
  return out;
}

bool Args::Require(std::string_view key, std::string_view example) const {
  if (Has(key)) return true;
  Error(node_.at, what_ + " needs '" + std::string(key) + "'",
        example.empty() ? "" : "such as: " + std::string(example));
  return false;
}

void Args::RejectUnknown(std::span<const std::string> known) const {
  for (const Node::Entry& entry : node_.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    Error(entry.at, what_ + " has no '" + entry.key.substr(0, 100) + "'",
          Suggest(entry.key, known));
  }
}

void Args::Error(Location at, std::string message, std::string hint) const {
  diagnostics_->Error(at, std::move(message), std::move(hint));
}

}  // namespace synthmill::spec
