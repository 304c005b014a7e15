// Logarithm and power of two in integers, the same on every machine: for tables that are made when
// a spec is compiled. Not fast.
#pragma once

#include <cstdint>

namespace synthmill::core {

// log2(x) times 2^32, to within 2 units; x > 0.
int64_t Log2(unsigned __int128 x);
// 2^(y / 2^32) times 2^62, to within 2^-28 of it, for 0 <= y < 2^32.
uint64_t Exp2Fraction(uint32_t y);
// ln(2) times 2^32.
inline constexpr int64_t kLn2 = 2977044472;

}  // namespace synthmill::core
