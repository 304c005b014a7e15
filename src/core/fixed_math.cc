#include "core/fixed_math.h"

#include <array>
#include <cstddef>

namespace synthmill::core {
namespace {

using Wide = unsigned __int128;

// The whole part of the root, bit by bit.
uint64_t Root(Wide x) {
  uint64_t root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const uint64_t next = root | uint64_t{1} << bit;
    if (static_cast<Wide>(next) * next <= x) root = next;
  }
  return root;
}

// 2^(2^-(i + 1)) times 2^62.
std::array<uint64_t, 32> MakeRoots() {
  std::array<uint64_t, 32> roots;
  uint64_t last = uint64_t{1} << 63;  // 2
  for (uint64_t& r : roots) last = r = Root(static_cast<Wide>(last) << 62);
  return roots;
}

}  // namespace

int64_t Log2(unsigned __int128 x) {
  int top = 127;
  while ((x >> top) == 0) --top;
  // A mantissa in [1, 2) times 2^63; each squaring gives one more bit of the logarithm.
  uint64_t m = static_cast<uint64_t>(top >= 63 ? x >> (top - 63) : x << (63 - top));
  int64_t log = top;
  for (int i = 0; i < 32; ++i) {
    const Wide square = static_cast<Wide>(m) * m >> 63;
    const bool two = (square >> 64) != 0;
    log = log << 1 | two;
    m = static_cast<uint64_t>(two ? square >> 1 : square);
  }
  return log;
}

uint64_t Exp2Fraction(uint32_t y) {
  static const std::array<uint64_t, 32> kRoots = MakeRoots();
  uint64_t power = uint64_t{1} << 62;
  for (int i = 0; i < 32; ++i)
    if (y >> (31 - i) & 1)
      power =
          static_cast<uint64_t>(static_cast<Wide>(power) * kRoots[static_cast<size_t>(i)] >> 62);
  return power;
}

}  // namespace synthmill::core
