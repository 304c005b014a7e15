#include "spec/parameter_values.h"

#include <array>
#include <optional>
#include <utility>

#include "core/dates.h"
#include "core/text.h"
#include "spec/regex.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kMaxText = 10'000;

// kWholeNumberForms. Exact: 1.5k is a whole number, 1.0005k is not.
Result<int64_t> ParseWhole(std::string_view text) {
  const Status not_whole = Status::Invalid(Quoted(text), " is not a whole number");
  constexpr auto kSuffixes = std::to_array<std::pair<char, int>>(
      {{'k', 3}, {'K', 3}, {'M', 6}, {'B', 9}, {'G', 9}, {'T', 12}});
  std::string_view digits = text;
  int exponent = 0;
  if (const size_t e = text.find_first_of("eE"); e != text.npos) {
    const std::optional<int64_t> given = ParseFixed(text.substr(e + 1), 0);
    if (!given || *given < 0) return not_whole;
    exponent = *given > 18 ? 19 : static_cast<int>(*given);
    digits = text.substr(0, e);
  } else if (!text.empty()) {
    for (const auto& [suffix, zeros] : kSuffixes) {
      if (text.back() != suffix) continue;
      exponent = zeros;
      digits.remove_suffix(1);
    }
  }
  if (exponent <= 18) {
    if (const std::optional<int64_t> value = ParseFixed(digits, exponent)) return *value;
  }
  // Is it too large, or no number at all? With 18 decimals and one digit before them all that is
  // left of size is gone, so look at the shape alone.
  bool shape = !digits.empty();
  for (size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    shape = shape && ((c >= '0' && c <= '9') || (c == '-' && i == 0 && digits.size() > 1) ||
                      (c == '_' && i > 0 && i + 1 < digits.size()));
  }
  if (!shape) return not_whole;
  return Status::Invalid(Quoted(text), " does not fit: whole numbers reach 9223372036854775807");
}

Result<bool> ParseBool(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (core::EqualsIgnoringCase(text, yes)) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "0"}) {
    if (core::EqualsIgnoringCase(text, no)) return false;
  }
  return Status::Invalid(Quoted(text), " is not true or false");
}

}  // namespace

Value::Type ValueType(Parameter::Type type) {
  switch (type) {
    case Parameter::Type::kInt:
      return Value::Type::kInt;
    case Parameter::Type::kDecimal:
    case Parameter::Type::kShare:
      return Value::Type::kDecimal;
    case Parameter::Type::kBool:
      return Value::Type::kBool;
    case Parameter::Type::kString:
      return Value::Type::kString;
    case Parameter::Type::kDate:
      return Value::Type::kDate;
  }
  return Value::Type::kInt;
}

Result<Value> ParseGiven(const Parameter& parameter, std::string_view text) {
  switch (parameter.type) {
    case Parameter::Type::kInt: {
      ARROW_ASSIGN_OR_RAISE(const int64_t value, ParseWhole(text));
      return Value::Int(value);
    }
    case Parameter::Type::kDecimal:
    case Parameter::Type::kShare:
      if (const std::optional<int64_t> value = ParseFixed(text, 9)) return Value::Decimal(*value);
      return Status::Invalid(Quoted(text), " is not a decimal such as 0.25",
                             text.ends_with('%') ? " (0.3 for 30%)" : "");
    case Parameter::Type::kBool: {
      ARROW_ASSIGN_OR_RAISE(const bool value, ParseBool(text));
      return Value::Bool(value);
    }
    case Parameter::Type::kString:
      if (text.size() > kMaxText || core::ValidUtf8Prefix(text) != text.size()) {
        return Status::Invalid("the text must be UTF-8 of at most ", kMaxText, " bytes");
      }
      return Value::String(std::string(text));
    case Parameter::Type::kDate:
      if (const std::optional<int64_t> days = core::ParseIsoDate(text)) return Value::Date(*days);
      return Status::Invalid(Quoted(text), " is not a date such as 2026-01-31");
  }
  return Status::Invalid("no such type");
}

std::string WrongForParameter(const Parameter& parameter, const Value& value) {
  if (parameter.type == Parameter::Type::kShare &&
      (value.number < 0 || value.number > Value::kDecimalOne)) {
    return "must be within 0 and 1 (got " + value.ToString() + ")";
  }
  if (parameter.type != Parameter::Type::kString) return "";
  if (!parameter.choices.empty() && !Contains(parameter.choices, value.text)) {
    return "cannot be " + Quoted(value.text);
  }
  if (!parameter.pattern.empty()) {
    const Result<Regex> regex = Regex::Parse(parameter.pattern);
    if (value.text.size() > kMaxText || (regex.ok() && !regex->Matches(value.text))) {
      return "must match " + parameter.pattern + " (got " + Quoted(value.text) + ")";
    }
  }
  return "";
}

}  // namespace synthmill::spec
