// Text to values, without locale or allocation. Each function says whether all of the text was the
// value; texts are followed by kPadding readable bytes. `strict` is for types that were inferred:
// it takes only what the value's text brings back unchanged in meaning, so that 007 and +1 stay
// text.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/dates.h"

namespace synthmill::io::ingest {

inline bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Whether eight bytes are all digits, and their value: three steps of adding neighbours.
inline bool AllDigits(uint64_t eight) {
  constexpr uint64_t kHigh = 0xf0f0f0f0f0f0f0f0;
  return ((eight & kHigh) | ((eight + 0x0606060606060606) & kHigh) >> 4) == 0x3333333333333333;
}
inline uint32_t ValueOfDigits(uint64_t eight) {
  eight = (eight & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
  eight = (eight & 0x00ff00ff00ff00ff) * 6553601 >> 16;
  return static_cast<uint32_t>((eight & 0x0000ffff0000ffff) * 42949672960001 >> 32);
}

// At most 19 digits, none of them anything else.
inline bool ParseDigits(const char* text, size_t size, uint64_t* out) {
  if (size == 0 || size > 19) return false;
  uint64_t value = 0;
  for (; size >= 8; size -= 8, text += 8) {
    uint64_t eight;
    std::memcpy(&eight, text, 8);
    if (!AllDigits(eight)) return false;
    value = value * 100'000'000 + ValueOfDigits(eight);
  }
  if (size > 0) {
    static constexpr uint64_t kPower[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000};
    uint64_t eight;
    std::memcpy(&eight, text, 8);
    // Zeros in front of the digits instead of what follows them.
    eight = eight << (64 - 8 * size) | 0x3030303030303030 >> (8 * size);
    if (!AllDigits(eight)) return false;
    value = value * kPower[size] + ValueOfDigits(eight);
  }
  *out = value;
  return true;
}

template <bool strict>
bool ParseInt64(const char* text, size_t size, int64_t* out) {
  bool negative = false;
  if (size > 0 && (*text == '-' || (!strict && *text == '+'))) {
    negative = *text == '-';
    ++text;
    --size;
  }
  if (strict && size > 1 && *text == '0') return false;
  while (!strict && size > 19 && *text == '0') {
    ++text;
    --size;
  }
  uint64_t value;
  if (!ParseDigits(text, size, &value)) return false;
  if (strict && negative && value == 0) return false;
  if (value > uint64_t{std::numeric_limits<int64_t>::max()} + negative) return false;
  *out = static_cast<int64_t>(negative ? 0 - value : value);
  return true;
}

template <bool strict>
bool ParseDouble(const char* text, size_t size, double* out) {
  const char* const end = text + size;
  const char* p = text;
  bool negative = false;
  if (p < end && (*p == '-' || (!strict && *p == '+'))) negative = *p++ == '-';
  if (strict && end - p > 1 && *p == '0' && IsDigit(p[1])) return false;
  uint64_t mantissa = 0;
  int digits = 0, exponent = 0;  // significant digits; of ten
  bool any = false;
  const auto take = [&](bool fraction) {
    for (; p < end && IsDigit(*p); ++p) {
      any = true;
      if (digits > 0 || *p != '0') ++digits;
      if (digits <= 19) {
        mantissa = mantissa * 10 + static_cast<uint64_t>(*p - '0');
        exponent -= fraction;
      } else {
        exponent += !fraction;
      }
    }
  };
  take(false);
  if (p < end && *p == '.') {
    ++p;
    take(true);
  }
  if (any && p < end && (*p | 0x20) == 'e') {
    const char* q = p + 1;
    const bool minus = q < end && *q == '-';
    if (q < end && (*q == '-' || *q == '+')) ++q;
    if (q == end) return false;
    int e = 0;
    for (; q < end && IsDigit(*q); ++q) e = e < 100'000 ? e * 10 + (*q - '0') : e;
    exponent += minus ? -e : e;
    p = q;
  }
  if (!any || p != end) {
    if (strict) return false;
    // Also nan and inf.
    const auto [last, error] = std::from_chars(*text == '+' ? text + 1 : text, end, *out);
    return error == std::errc() && last == end && size > 0;
  }
  // 15 digits come back from any double.
  if (strict && digits > 15) return false;
  static constexpr double kPower[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  // Clinger's case: two exact doubles and one rounding.
  if (digits <= 19 && mantissa <= uint64_t{1} << 53 && exponent >= -22 && exponent <= 22) {
    const double m = static_cast<double>(mantissa);
    const double value = exponent < 0 ? m / kPower[-exponent] : m * kPower[exponent];
    *out = negative ? -value : value;
    return true;
  }
  const auto [last, error] = std::from_chars(*text == '+' ? text + 1 : text, end, *out);
  return error == std::errc() && last == end;
}

enum class DecimalError { kNone, kNoNumber, kTooManyDigits, kTooManyDecimals };

// The value times 10^scale. `limit` is 10^precision.
inline DecimalError ParseDecimal(const char* text, size_t size, int scale, __int128 limit,
                                 __int128* out) {
  const char* const end = text + size;
  bool negative = false;
  if (text < end && (*text == '-' || *text == '+')) negative = *text++ == '-';
  __int128 value = 0;
  bool any = false, too_long = false;
  for (; text < end && IsDigit(*text); ++text) {
    any = true;
    value = value * 10 + (*text - '0');
    if (value >= limit) {
      too_long = true;
      value = limit;
    }
  }
  int decimals = 0;
  DecimalError error = DecimalError::kNone;
  if (text < end && *text == '.') {
    for (++text; text < end && IsDigit(*text); ++text) {
      any = true;
      if (decimals == scale) {
        if (*text != '0') error = DecimalError::kTooManyDecimals;
        continue;
      }
      value = value * 10 + (*text - '0');
      ++decimals;
      if (value >= limit) {
        too_long = true;
        value = limit;
      }
    }
  }
  if (!any || text != end) return DecimalError::kNoNumber;
  if (error != DecimalError::kNone) return error;
  for (; decimals < scale && !too_long; ++decimals) {
    value *= 10;
    too_long = value >= limit;
  }
  if (too_long) return DecimalError::kTooManyDigits;
  *out = negative ? -value : value;
  return DecimalError::kNone;
}

// true, false; also capital letters.
inline bool ParseBool(const char* text, size_t size, bool* out) {
  if (size == 4) {
    uint32_t word;
    std::memcpy(&word, text, 4);
    *out = true;
    return (word | 0x20202020) == 0x65757274;  // "true"
  }
  uint32_t word;
  std::memcpy(&word, text, 4);
  *out = false;
  return size == 5 && (word | 0x20202020) == 0x736c6166 && (text[4] | 0x20) == 'e';
}

// "2026-01-31", years 0001..9999.
inline bool ParseDate(const char* text, size_t size, int32_t* out) {
  if (size != 10 || text[4] != '-' || text[7] != '-') return false;
  // yyyymmdd
  char digits[8];
  std::memcpy(digits, text, 4);
  std::memcpy(digits + 4, text + 5, 2);
  std::memcpy(digits + 6, text + 8, 2);
  uint64_t eight;
  std::memcpy(&eight, digits, 8);
  if (!AllDigits(eight)) return false;
  const uint32_t value = ValueOfDigits(eight);
  const uint32_t year = value / 10'000, month = value / 100 % 100, day = value % 100;
  if (year == 0 || month - 1 > 11 || day == 0 || day > core::DaysInMonth(year, month)) return false;
  *out = static_cast<int32_t>(core::DaysFromCivil(year, month, day));
  return true;
}

// "2026-01-31T23:59:59" or with a blank, and up to six digits after a point; microseconds. Without
// strict also a date alone, hours and minutes alone, and more digits if they are zeros.
template <bool strict>
bool ParseTimestamp(const char* text, size_t size, int64_t* out) {
  constexpr int64_t kSecond = 1'000'000;
  int32_t days;
  if (size < 10 || !ParseDate(text, 10, &days)) return false;
  *out = int64_t{days} * 86'400 * kSecond;
  if (size == 10) return !strict;
  const auto two = [&](size_t at, uint32_t below, uint32_t* value) {
    if (!IsDigit(text[at]) || !IsDigit(text[at + 1])) return false;
    *value = static_cast<uint32_t>(text[at] - '0') * 10 + static_cast<uint32_t>(text[at + 1] - '0');
    return *value < below;
  };
  uint32_t hour, minute, second = 0;
  if (text[10] != 'T' && text[10] != ' ') return false;
  if (size < 16 || !two(11, 24, &hour) || text[13] != ':' || !two(14, 60, &minute)) return false;
  int64_t fraction = 0;
  if (size == 16) {
    if (strict) return false;
  } else {
    if (size < 19 || text[16] != ':' || !two(17, 60, &second)) return false;
    if (size > 19) {
      if (text[19] != '.' || size == 20 || (strict && size > 26)) return false;
      int64_t unit = 100'000;
      for (size_t i = 20; i < size; ++i, unit /= 10) {
        if (!IsDigit(text[i]) || (unit == 0 && text[i] != '0')) return false;
        fraction += unit * (text[i] - '0');
      }
    }
  }
  *out += (int64_t{hour} * 3600 + minute * 60 + second) * kSecond + fraction;
  return true;
}

// "23:59:59", and up to six digits after a point; microseconds. Also hours and minutes alone.
inline bool ParseTime(const char* text, size_t size, int64_t* out) {
  const auto clock = core::ParseClock({text, size});
  if (clock) *out = *clock;
  return clock.has_value();
}

// A timestamp with its zone: Z, UTC or an offset as +02, +0200 or +02:00; without one it is UTC.
// Microseconds in UTC.
inline bool ParseMoment(const char* text, size_t size, int64_t* out) {
  std::string_view moment(text, size);
  int64_t minutes = 0;
  if (moment.ends_with('Z') || moment.ends_with('z')) {
    moment.remove_suffix(1);
  } else if (moment.ends_with(" UTC")) {
    moment.remove_suffix(4);
  } else if (const size_t at = moment.find_last_of("+-"); at != moment.npos && at >= 16) {
    const std::string_view zone = moment.substr(at + 1);
    const auto two = [&](size_t i) {
      return i + 2 <= zone.size() && IsDigit(zone[i]) && IsDigit(zone[i + 1])
                 ? (zone[i] - '0') * 10 + (zone[i + 1] - '0')
                 : -1;
    };
    const bool colon = zone.size() == 5 && zone[2] == ':';
    if (zone.size() != 2 && zone.size() != 4 && !colon) return false;
    const int hours = two(0), rest = zone.size() == 2 ? 0 : two(colon ? 3 : 2);
    if (hours < 0 || hours > 18 || rest < 0 || rest > 59) return false;
    minutes = (hours * 60 + rest) * (moment[at] == '-' ? -1 : 1);
    moment = moment.substr(0, at);
  }
  if (!ParseTimestamp<false>(moment.data(), moment.size(), out)) return false;
  *out -= minutes * 60'000'000;
  return true;
}

}  // namespace synthmill::io::ingest
