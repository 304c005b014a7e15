#include "core/zipf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace synthmill::core {
namespace {

TEST(Zipf, DrawsRanksInProportionToOneOverTheirNumber) {
  for (uint64_t n : {1ull, 2ull, 100ull, 5000ull, 1'000'000ull}) {
    const Zipf zipf(n);
    double harmonic = 0;
    for (uint64_t k = 1; k <= n; ++k) harmonic += 1.0 / static_cast<double>(k);
    constexpr int kDraws = 400'000;
    const Stream stream = MakeStream(7, "t", "x");
    // Counted in ranges of ranks that double: 1, 2..3, 4..7, …
    std::vector<double> hits(64), expected(64);
    for (uint64_t k = 1; k <= n; ++k)
      expected[static_cast<size_t>(std::log2(static_cast<double>(k)) + 1e-9)] +=
          kDraws / harmonic / static_cast<double>(k);
    for (int i = 0; i < kDraws; ++i) {
      const uint64_t rank = zipf(stream.At(RowHash(static_cast<uint64_t>(i))));
      ASSERT_LT(rank, n);
      ++hits[static_cast<size_t>(std::log2(static_cast<double>(rank + 1)) + 1e-9)];
    }
    for (size_t b = 0; b < hits.size(); ++b)
      EXPECT_NEAR(hits[b], expected[b], 5 * std::sqrt(expected[b]) + 0.005 * expected[b])
          << n << " things, range " << b;
  }
}

TEST(Zipf, ReachesTheLastOfVeryMany) {
  const Zipf zipf(1'000'000'000'000'000);
  const Stream stream = MakeStream(7, "t", "x");
  int far = 0;
  for (uint64_t i = 0; i < 100'000; ++i) {
    const uint64_t rank = zipf(stream.At(RowHash(i)));
    ASSERT_LT(rank, 1'000'000'000'000'000u);
    far += rank > 100'000'000'000'000u;
  }
  // ln(10) / (ln(10^15) + 0.577) of all.
  EXPECT_NEAR(far / 100'000.0, 0.0655, 0.004);
}

}  // namespace
}  // namespace synthmill::core
