// The small expressions of a dataset file: `total_records / 4`, `as_of - 18y`, `noise == "hard"`.
//
//   or, and, not · == != < <= > >= · + - · * / · unary - · ( ) · min(a, b) · max(a, b)
//
// Whole numbers are 64-bit and checked for overflow; `/` between two whole numbers is integer
// division toward zero. Decimals are fixed point with nine digits. A date plus or minus a duration
// (`90d`, `18y`; a year moves the calendar year and clips 29 February) is a date; a date minus a
// date is a whole number of days. Products and quotients of decimals are rounded to the nearest,
// halves away from zero. Literals: 1000000 or 1_000_000, 0.25, true, false, "text" or 'text',
// 2026-01-01.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::spec {

struct Value {
  enum class Type { kInt, kDecimal, kBool, kString, kDate };
  Type type = Type::kInt;
  int64_t number = 0;  // the integer, the decimal times 10^9, 0/1, or days since 1970-01-01
  std::string text;    // strings only

  static constexpr int64_t kDecimalOne = 1'000'000'000;
  static Value Int(int64_t v) { return {Type::kInt, v, {}}; }
  static Value Decimal(int64_t scaled) { return {Type::kDecimal, scaled, {}}; }
  static Value Bool(bool v) { return {Type::kBool, v ? 1 : 0, {}}; }
  static Value String(std::string v) { return {Type::kString, 0, std::move(v)}; }
  static Value Date(int64_t days) { return {Type::kDate, days, {}}; }

  // As a person would write it: 1000000, 0.3, true, text, 2026-01-01.
  std::string ToString() const;
  bool operator==(const Value&) const = default;
};

using Environment = std::map<std::string, Value, std::less<>>;

class Expr {
 public:
  static constexpr size_t kMaxLength = 1000;  // in bytes

  struct Error {
    std::string message;
    int column = 1;  // 1-based, within the text
  };
  // Error messages name the offending word and its offset within `text` (1-based column).
  static arrow::Result<Expr> Parse(std::string_view text);
  // The same for those who place the error themselves: nothing, and *error, if it does not parse.
  static std::optional<Expr> Parse(std::string_view text, Error* error);
  // An expression that is this value.
  static Expr Literal(Value value);

  arrow::Result<Value> Evaluate(const Environment& env) const;
  // Names used, in order of appearance, without duplicates.
  const std::vector<std::string>& names() const { return names_; }
  // Where each of names() first stands in text(), 1-based.
  const std::vector<int>& name_columns() const { return name_columns_; }
  const std::string& text() const { return text_; }

  struct Term;  // opaque

 private:
  std::string text_;
  std::vector<std::string> names_;
  std::vector<int> name_columns_;
  std::shared_ptr<const Term> root_;
};

// "a whole number", "a date" …
std::string_view TypeName(Value::Type type);

// [-]digits[.digits], '_' between digits, as a whole number times 10^scale (scale 0..18);
// nothing if it is something else, is not exact at that scale or does not fit.
std::optional<int64_t> ParseFixed(std::string_view text, int scale);

// A piece of a text with {name} places.
struct TextPiece {
  bool is_name = false;
  std::string text;   // the name, or what stands between, {{ and }} already made braces
  size_t offset = 0;  // of the name, within the text
};
// Invalid if braces don't match or hold no name.
arrow::Result<std::vector<TextPiece>> SplitPlaces(std::string_view text);

// Replaces {name} by the value of `name`; {{ and }} stand for braces.
arrow::Result<std::string> Interpolate(std::string_view text, const Environment& env);

}  // namespace synthmill::spec
