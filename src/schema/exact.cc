#include "schema/exact.h"

#include <algorithm>

#include "core/dates.h"

namespace synthmill::schema {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Mantissa and exponent of ten; `exact` is false if digits were dropped.
struct Literal {
  Int128 mantissa = 0;
  int exponent = 0;
  bool negative = false;
};

std::optional<Literal> Parse(std::string_view text) {
  Literal out;
  while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
    while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  }
  bool digits = false, point = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !point) {
      point = true;
    } else if (IsDigit(text[i])) {
      digits = true;
      if (out.mantissa < Power10(36)) {
        out.mantissa = out.mantissa * 10 + (text[i] - '0');
        out.exponent -= point;
      } else {
        out.exponent += !point;  // more digits than any type holds
      }
    } else {
      break;
    }
  }
  if (!digits) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    ++i;
    const bool negative = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (i == text.size()) return std::nullopt;
    int exponent = 0;
    for (; i < text.size(); ++i) {
      if (!IsDigit(text[i])) return std::nullopt;
      exponent = std::min(exponent * 10 + (text[i] - '0'), 1000);
    }
    out.exponent += negative ? -exponent : exponent;
  }
  return out;
}

std::optional<Int128> Scaled(std::string_view text, int scale, bool up) {
  const auto literal = Parse(text);
  if (!literal) return std::nullopt;
  Int128 value = literal->mantissa;
  const int shift = literal->exponent + scale;
  if (shift >= 0) {
    for (int i = 0; i < shift && value < Power10(38); ++i) {
      value = value > Power10(37) ? Power10(38) : value * 10;
    }
  } else {
    const Int128 divisor = Power10(std::min(-shift, 38));
    const Int128 rest = value % divisor;
    value /= divisor;
    // Towards the asked side; the sign is put on below.
    if (rest != 0 && up != literal->negative) ++value;
  }
  value = std::min(value, Power10(38));
  return literal->negative ? -value : value;
}

}  // namespace

Int128 Power10(int n) {
  Int128 value = 1;
  while (n-- > 0) value *= 10;
  return value;
}

std::optional<Int128> ScaledDown(std::string_view literal, int scale) {
  return Scaled(literal, scale, false);
}
std::optional<Int128> ScaledUp(std::string_view literal, int scale) {
  return Scaled(literal, scale, true);
}

std::string ScaledText(Int128 value, int scale) {
  const bool negative = value < 0;
  if (negative) value = -value;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  if (scale > 0) {
    if (digits.size() <= static_cast<size_t>(scale)) {
      digits.insert(0, static_cast<size_t>(scale) + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  }
  return negative ? "-" + digits : digits;
}

std::optional<int64_t> LiteralDay(std::string_view literal, std::string* time) {
  while (!literal.empty() && literal[0] == ' ') literal.remove_prefix(1);
  if (literal.size() < 10) return std::nullopt;
  const auto day = core::ParseIsoDate(literal.substr(0, 10));
  if (!day) return std::nullopt;
  if (literal.size() > 10 && literal[10] != ' ' && literal[10] != 'T') return std::nullopt;
  if (time) *time = literal.size() >= 19 ? std::string(literal.substr(11, 8)) : std::string();
  return day;
}

}  // namespace synthmill::schema
