// Values as text, and texts with places for values.
#include <array>
#include <utility>

#include "core/dates.h"
#include "core/text.h"
#include "spec/expr.h"

namespace synthmill::spec {

using arrow::Result;
using arrow::Status;

std::string_view TypeName(Value::Type type) {
  switch (type) {
    case Value::Type::kInt:
      return "a whole number";
    case Value::Type::kDecimal:
      return "a decimal";
    case Value::Type::kBool:
      return "true or false";
    case Value::Type::kString:
      return "a text";
    case Value::Type::kDate:
      return "a date";
  }
  return "";
}

std::string Value::ToString() const {
  switch (type) {
    case Type::kInt:
      return std::to_string(number);
    case Type::kBool:
      return number != 0 ? "true" : "false";
    case Type::kString:
      return text;
    case Type::kDate:
      return core::FormatIsoDate(number);
    case Type::kDecimal:
      break;
  }
  // Unsigned, so that the smallest number has a magnitude too.
  const uint64_t one = static_cast<uint64_t>(kDecimalOne);
  const uint64_t size =
      number < 0 ? uint64_t{0} - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
  std::string out = (number < 0 ? "-" : "") + std::to_string(size / one);
  if (size % one != 0) {
    std::string fraction = std::to_string(size % one + one).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    out.append(".").append(fraction);
  }
  return out;
}

std::optional<int64_t> ParseFixed(std::string_view text, int scale) {
  if (scale < 0 || scale > 18) return std::nullopt;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  // Collected as a negative number, which reaches one further.
  int64_t value = 0;
  const auto push = [&value](int digit) {
    return !__builtin_mul_overflow(value, int64_t{10}, &value) &&
           !__builtin_sub_overflow(value, int64_t{digit}, &value);
  };
  int decimals = -1;  // seen after the point; -1: there is no point yet
  char before = 0;
  for (const char c : text) {
    const bool after_digit = before >= '0' && before <= '9';
    before = c;
    if (c >= '0' && c <= '9') {
      if (decimals == scale) {
        if (c != '0') return std::nullopt;  // not exact at this scale
        continue;
      }
      if (!push(c - '0')) return std::nullopt;
      if (decimals >= 0) ++decimals;
    } else if (!after_digit || (c != '_' && (c != '.' || decimals >= 0))) {
      return std::nullopt;
    } else if (c == '.') {
      decimals = 0;
    }
  }
  if (before < '0' || before > '9') return std::nullopt;
  for (int i = decimals < 0 ? 0 : decimals; i < scale; ++i) {
    if (!push(0)) return std::nullopt;
  }
  if (negative) return value;
  if (__builtin_sub_overflow(int64_t{0}, value, &value)) return std::nullopt;
  return value;
}

Result<std::vector<TextPiece>> SplitPlaces(std::string_view text) {
  std::vector<TextPiece> pieces;
  const auto literal = [&](char c) {
    if (pieces.empty() || pieces.back().is_name) pieces.push_back({});
    pieces.back().text.push_back(c);
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      literal(c);
    } else if (i + 1 < text.size() && text[i + 1] == c) {
      literal(c);
      ++i;
    } else if (c == '}') {
      return Status::Invalid("a '}' without its '{' (a brace itself is written '}}')");
    } else {
      const size_t end = text.find('}', i);
      if (end == text.npos) {
        return Status::Invalid("a '{' without its '}' (a brace itself is written '{{')");
      }
      const std::string_view name = text.substr(i + 1, end - i - 1);
      if (!core::IsLowerName(name)) {
        return Status::Invalid("'{", name.substr(0, 60), "}' is not the name of a parameter",
                               " (a brace itself is written '{{')");
      }
      pieces.push_back({true, std::string(name), i + 1});
      i = end;
    }
  }
  return pieces;
}

Result<std::string> Interpolate(std::string_view text, const Environment& env) {
  ARROW_ASSIGN_OR_RAISE(const std::vector<TextPiece> pieces, SplitPlaces(text));
  std::string out;
  for (const TextPiece& piece : pieces) {
    if (!piece.is_name) {
      out += piece.text;
      continue;
    }
    const auto found = env.find(piece.text);
    if (found == env.end()) return Status::Invalid("unknown name '", piece.text, "'");
    out += found->second.ToString();
  }
  return out;
}

}  // namespace synthmill::spec
