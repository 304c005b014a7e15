#include "core/power_law.h"

#include <algorithm>

#include "core/fixed_math.h"

namespace synthmill::core {

PowerLaw::PowerLaw(uint64_t n, int64_t exponent) {
  constexpr uint64_t kSingle = 1024;           // ranks with a cell of their own
  constexpr uint64_t kParts = 64;              // of its rank a range spans
  constexpr int64_t kOne = int64_t{48} << 32;  // log2 of the first rank's weight
  std::vector<int64_t> weights;
  for (uint64_t rank = 1; rank <= n;) {
    const uint64_t size = std::min(rank <= kSingle ? 1 : rank / kParts, n - rank + 1);
    // Size times (middle of the range)^-s, by logarithms; the middle is half of `twice`.
    const uint64_t twice = 2 * rank + size - 1;
    const int64_t middle = Log2(twice) - (int64_t{1} << 32);
    const int64_t log =
        kOne + Log2(size) -
        static_cast<int64_t>(static_cast<__int128>(middle) * exponent / 1'000'000'000);
    const int64_t whole = std::min<int64_t>(log >> 32, 61);
    weights.push_back(
        whole < 0 ? 0
                  : static_cast<int64_t>(Exp2Fraction(static_cast<uint32_t>(log)) >> (62 - whole)));
    ranges_.push_back({rank - 1, size});
    rank += size;
  }
  pick_ = Sampler(weights);
}

}  // namespace synthmill::core
