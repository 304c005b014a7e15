// Digits and hexadecimal, written fast.
#pragma once

#include <cstdint>
#include <cstring>

namespace synthmill::generate {

inline constexpr auto kDigitPairs = [] {
  struct {
    char c[200];
  } t{};
  for (int i = 0; i < 100; ++i) {
    t.c[2 * i] = static_cast<char>('0' + i / 10);
    t.c[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return t;
}();

inline constexpr auto kHexPairs = [] {
  struct {
    char c[512];
  } t{};
  for (int i = 0; i < 256; ++i) {
    t.c[2 * i] = "0123456789abcdef"[i >> 4];
    t.c[2 * i + 1] = "0123456789abcdef"[i & 15];
  }
  return t;
}();

// The decimal digits of a number.
inline int CountDigits(uint64_t v) {
  int n = 1;
  for (; v >= 10000; v /= 10000) n += 4;
  return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

// Exactly `width` digits, zeros in front; what does not fit is cut off on the left.
inline char* WritePadded(char* out, uint64_t v, int width) {
  int i = width;
  while (i >= 2) {
    i -= 2;
    std::memcpy(out + i, kDigitPairs.c + 2 * (v % 100), 2);
    v /= 100;
  }
  if (i == 1) out[0] = static_cast<char>('0' + v % 10);
  return out + width;
}

inline char* WriteNumber(char* out, int64_t v, int min_width = 0) {
  uint64_t u = static_cast<uint64_t>(v);
  if (v < 0) *out++ = '-', u = 0 - u;
  const int digits = CountDigits(u);
  return WritePadded(out, u, digits > min_width ? digits : min_width);
}

inline char* WriteHexByte(char* out, uint8_t b) {
  std::memcpy(out, kHexPairs.c + 2 * b, 2);
  return out + 2;
}

}  // namespace synthmill::generate
