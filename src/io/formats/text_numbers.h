// Numbers and dates as text, without locale, allocation or a branch per digit. Each function writes
// at `out`, returns the end, and may write up to 32 bytes past it.
#pragma once

#include <arrow/util/decimal.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace synthmill::io::internal {

static_assert(std::endian::native == std::endian::little, "digits are made eight to a word");

// The eight decimal digits of v < 10^8, one to a byte, the first in the lowest byte. Three rounds
// of dividing all lanes at once: by 10^4, by 100, by 10.
inline uint64_t EightDigits(uint32_t v) {
  const uint64_t fours = v / 10000 | static_cast<uint64_t>(v % 10000) << 32;
  const uint64_t hundreds = (fours * 10486) >> 20 & 0x0000007f0000007f;
  const uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
  const uint64_t tens = (twos * 103) >> 10 & 0x000f000f000f000f;
  return tens | (twos - tens * 10) << 8;
}
inline constexpr uint64_t kAsciiZeros = 0x3030303030303030;

inline char* WriteUnsigned(uint64_t v, char* out) {
  if (v >= 100'000'000) {
    out = WriteUnsigned(v / 100'000'000, out);
    const uint64_t digits = EightDigits(static_cast<uint32_t>(v % 100'000'000)) | kAsciiZeros;
    std::memcpy(out, &digits, 8);
    return out + 8;
  }
  const uint64_t digits = EightDigits(static_cast<uint32_t>(v));
  // Leading zero digits are the low bytes; the last digit stays in any case.
  const int zeros = std::countr_zero(digits | uint64_t{1} << 56) / 8;
  const uint64_t text = (digits | kAsciiZeros) >> (8 * zeros);
  std::memcpy(out, &text, 8);
  return out + 8 - zeros;
}

inline char* WriteInteger(int64_t v, char* out) {
  *out = '-';
  out += v < 0;
  return WriteUnsigned(v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v), out);
}

// Exactly two digits; v < 100.
inline char* WriteTwo(uint32_t v, char* out) {
  const uint32_t tens = v * 103 >> 10;
  const uint16_t text = static_cast<uint16_t>(0x3030 | tens | (v - tens * 10) << 8);
  std::memcpy(out, &text, 2);
  return out + 2;
}

// v / 10^scale with all its digits; scale <= 18.
inline char* WriteDecimal64(int64_t v, int scale, char* out) {
  static constexpr uint64_t kPower[] = {1,
                                        10,
                                        100,
                                        1'000,
                                        10'000,
                                        100'000,
                                        1'000'000,
                                        10'000'000,
                                        100'000'000,
                                        1'000'000'000,
                                        10'000'000'000,
                                        100'000'000'000,
                                        1'000'000'000'000,
                                        10'000'000'000'000,
                                        100'000'000'000'000,
                                        1'000'000'000'000'000,
                                        10'000'000'000'000'000,
                                        100'000'000'000'000'000,
                                        1'000'000'000'000'000'000};
  *out = '-';
  out += v < 0;
  const uint64_t magnitude = v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  if (scale == 2) {  // money: division by a constant
    out = WriteUnsigned(magnitude / 100, out);
    *out++ = '.';
    return WriteTwo(static_cast<uint32_t>(magnitude % 100), out);
  }
  if (scale == 0) return WriteUnsigned(magnitude, out);
  out = WriteUnsigned(magnitude / kPower[scale], out);
  // A leading one keeps the zeros of the fraction; the point takes its place.
  char* const point = out;
  const uint64_t fraction = magnitude % kPower[scale];
  out = WriteUnsigned(fraction + kPower[scale], out);
  *point = '.';
  return out;
}

inline char* WriteDecimal128(const uint8_t* bytes, int scale, char* out) {
  int64_t low, high;
  std::memcpy(&low, bytes, 8);
  std::memcpy(&high, bytes + 8, 8);
  if (high == low >> 63 && scale <= 18) return WriteDecimal64(low, scale, out);
  // Not ToString: that switches to exponents for small values.
  std::string digits = arrow::Decimal128(high, static_cast<uint64_t>(low)).ToIntegerString();
  size_t begin = 0;
  if (digits[0] == '-') {
    *out++ = '-';
    begin = 1;
  }
  const size_t wanted = static_cast<size_t>(scale) + 1;
  if (digits.size() - begin < wanted) {
    digits.insert(begin, wanted - (digits.size() - begin), '0');
  }
  const size_t whole = digits.size() - begin - static_cast<size_t>(scale);
  std::memcpy(out, digits.data() + begin, whole);
  out += whole;
  if (scale == 0) return out;
  *out++ = '.';
  std::memcpy(out, digits.data() + begin + whole, static_cast<size_t>(scale));
  return out + scale;
}

// The shortest text that reads back as the same value; "nan", "inf", "-inf".
template <typename T>
char* WriteFloat(T v, char* out) {
  if (std::isnan(v)) v = std::abs(v);
  return std::to_chars(out, out + 32, v).ptr;
}

// "2026-01-31"; days of the years 0001..9999. Neri and Schneider, "Euclidean affine functions and
// their application to calendar algorithms" (2022): no division but by constants, no loop.
inline char* WriteDate(int32_t days, char* out) {
  const uint32_t n1 = 4 * static_cast<uint32_t>(days + 719468) + 3;
  const uint32_t century = n1 / 146097;
  const uint32_t n2 = n1 % 146097 | 3;
  const uint64_t p2 = uint64_t{2939745} * n2;
  const uint32_t day_of_year = static_cast<uint32_t>(p2) / 2939745 / 4;
  const uint32_t n3 = 2141 * day_of_year + 197913;
  const bool next_year = day_of_year >= 306;  // January and February end the computational year
  const uint32_t year_of_century = static_cast<uint32_t>(p2 >> 32) + next_year;
  const bool next_century = year_of_century == 100;
  const uint32_t month = (n3 >> 16) - (next_year ? 12 : 0);
  const uint32_t day = (n3 & 0xffff) / 2141 + 1;
  out = WriteTwo(century + next_century, out);
  out = WriteTwo(next_century ? 0 : year_of_century, out);
  *out++ = '-';
  out = WriteTwo(month, out);
  *out++ = '-';
  return WriteTwo(day, out);
}
inline constexpr int32_t kFirstDate = -719162;  // 0001-01-01
inline constexpr int32_t kLastDate = 2932896;   // 9999-12-31
inline constexpr int64_t kMicrosPerDay = 86'400'000'000;

// "23:59:59.123456"
inline char* WriteClock(int64_t micros, char* out) {
  const uint32_t seconds = static_cast<uint32_t>(micros / 1'000'000);
  out = WriteTwo(seconds / 3600, out);
  *out++ = ':';
  out = WriteTwo(seconds / 60 % 60, out);
  *out++ = ':';
  out = WriteTwo(seconds % 60, out);
  const uint64_t fraction =
      EightDigits(static_cast<uint32_t>(micros % 1'000'000) * 100) | kAsciiZeros;
  *out++ = '.';
  std::memcpy(out, &fraction, 8);
  return out + 6;
}

// "2026-01-31T23:59:59.123456"
inline char* WriteTimestamp(int64_t micros, char* out) {
  int64_t days = micros / kMicrosPerDay;
  int64_t rest = micros % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    --days;
  }
  out = WriteDate(static_cast<int32_t>(days), out);
  *out++ = 'T';
  return WriteClock(rest, out);
}

}  // namespace synthmill::io::internal
