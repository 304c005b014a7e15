#include "spec/expr_lex.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/dates.h"
#include "core/text.h"

namespace synthmill::spec {

namespace {

constexpr int64_t kMaxYears = 10'000;
constexpr int64_t kMaxDays = 4'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordByte(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

void ExprLexer::Fail(size_t offset, std::string message) {
  if (failed_) return;
  failed_ = true;
  error_ = std::move(message);
  error_column_ = static_cast<int>(offset) + 1;
  token_ = ExprToken{};
  token_.offset = text_.size();
}

void ExprLexer::Advance() {
  if (failed_) return;
  while (position_ < text_.size() &&
         std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
    ++position_;
  }
  token_ = ExprToken{};
  token_.offset = position_;
  if (position_ == text_.size()) return;
  const char c = text_[position_];
  if (IsDigit(c)) return LexNumber();
  if (c == '"' || c == '\'') return LexString(c);
  if (IsWordByte(c)) {
    size_t end = position_;
    while (end < text_.size() && IsWordByte(text_[end])) ++end;
    return Take(ExprToken::Kind::kWord, end);
  }
  LexOperator();
}

void ExprLexer::Take(ExprToken::Kind kind, size_t end) {
  token_.kind = kind;
  token_.text = text_.substr(token_.offset, end - token_.offset);
  position_ = end;
}

void ExprLexer::LexOperator() {
  const std::string_view rest = text_.substr(position_);
  constexpr std::array<std::string_view, 13> kOperators = {"==", "!=", "<=", ">=", "<", ">", "+",
                                                           "-",  "*",  "/",  "(",  ")", ","};
  for (const std::string_view op : kOperators) {
    if (rest.starts_with(op)) return Take(ExprToken::Kind::kOperator, position_ + op.size());
  }
  // What other languages write.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOthers = {
      {{"=", "to compare, write =="},
       {"&", "write 'and'"},
       {"|", "write 'or'"},
       {"!", "write 'not'"},
       {"%", "there is no remainder; a share is a fraction, 0.3 for 30%"},
       {"{", "a parameter stands here without braces"}}};
  for (const auto& [op, advice] : kOthers) {
    if (rest.starts_with(op)) {
      return Fail(position_, std::string("'").append(op).append("': ").append(advice));
    }
  }
  size_t end = position_;
  core::NextCodePoint(text_, &end);
  end = std::max(end, position_ + 1);
  const std::string_view character = text_.substr(position_, end - position_);
  Fail(position_, std::string("'").append(character).append("' has no meaning here"));
}

void ExprLexer::LexString(char quote) {
  std::string value;
  for (size_t i = position_ + 1; i < text_.size(); ++i) {
    if (text_[i] == quote) {
      token_.value = Value::String(std::move(value));
      return Take(ExprToken::Kind::kLiteral, i + 1);
    }
    value.push_back(text_[i]);
  }
  Fail(position_, "this text has no closing quote");
}

// A number, a date or a duration: everything that starts with a digit.
void ExprLexer::LexNumber() {
  const std::string_view rest = text_.substr(position_);
  if (LexDate(rest)) return;
  size_t end = 0;
  while (end < rest.size() && (IsDigit(rest[end]) || rest[end] == '_')) ++end;
  const size_t digits = end;
  bool point = false;
  if (end + 1 < rest.size() && rest[end] == '.' && IsDigit(rest[end + 1])) {
    point = true;
    for (++end; end < rest.size() && (IsDigit(rest[end]) || rest[end] == '_');) ++end;
  }
  size_t word = end;
  while (word < rest.size() && (IsWordByte(rest[word]) || rest[word] == '.')) ++word;
  const std::string shown(rest.substr(0, word));
  const std::string_view unit = rest.substr(end, word - end);
  const bool duration = !point && (unit == "d" || unit == "y");
  if (!unit.empty() && !duration) {
    return Fail(position_, "'" + shown + "' is neither a number nor a duration (90d, 18y)");
  }
  const std::string_view number = rest.substr(0, end);
  const std::optional<int64_t> parsed = ParseFixed(number, point ? 9 : 0);
  if (!parsed) {
    const size_t decimals = point ? end - digits - 1 : 0;
    return Fail(position_, "'" + shown + "' " +
                               (number.find('_') != number.npos ? "is not a number that fits"
                                : decimals > 9 ? "has more than nine digits after the point"
                                               : "does not fit"));
  }
  if (duration) {
    token_.years = unit == "y";
    token_.count = *parsed;
    if (token_.count > (token_.years ? kMaxYears : kMaxDays)) {
      return Fail(position_, "'" + shown + "' is longer than 10,000 years");
    }
    return Take(ExprToken::Kind::kDuration, position_ + word);
  }
  token_.value = point ? Value::Decimal(*parsed) : Value::Int(*parsed);
  Take(ExprToken::Kind::kLiteral, position_ + end);
}

bool ExprLexer::LexDate(std::string_view rest) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (rest.size() < kShape.size()) return false;
  for (size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !IsDigit(rest[i]) : rest[i] != '-') return false;
  }
  const std::string_view text = rest.substr(0, kShape.size());
  const std::optional<int64_t> days = core::ParseIsoDate(text);
  if (!days || (rest.size() > text.size() && IsWordByte(rest[text.size()]))) {
    Fail(position_, std::string("'").append(text).append("' is not a date of the calendar"));
    return true;
  }
  token_.value = Value::Date(*days);
  Take(ExprToken::Kind::kLiteral, position_ + text.size());
  return true;
}

}  // namespace synthmill::spec
