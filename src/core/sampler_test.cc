#include "core/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace synthmill::core {
namespace {

// The exact chance of each value: how many of 2^64 bits lead to it. Cells are runs of the high half
// of bits, found by bisection; within a cell the low half decides at one threshold, found likewise.
std::vector<double> Chances(const Sampler& sampler) {
  const uint64_t n = sampler.size();
  std::vector<double> chance(n);
  for (uint64_t cell = 0; cell < n; ++cell) {
    const uint64_t first = ((cell << 32) + n - 1) / n, last = (((cell + 1) << 32) + n - 1) / n;
    const double width = static_cast<double>(last - first) / 4294967296.0;
    const uint32_t tenant = sampler(first << 32), other = sampler(first << 32 | 0xFFFFFFFF);
    uint64_t low = 0, high = 1ull << 32;  // sampler says `tenant` below low, `other` from high on
    while (tenant != other && high - low > 1) {
      const uint64_t middle = low + (high - low) / 2;
      (sampler(first << 32 | middle) == tenant ? low : high) = middle;
    }
    const double share = tenant == other ? 1 : static_cast<double>(high) / 4294967296.0;
    chance[tenant] += width * share;
    chance[other] += width * (1 - share);
  }
  return chance;
}

void ExpectShares(const std::vector<int64_t>& weights) {
  const Sampler sampler(weights);
  ASSERT_EQ(sampler.size(), weights.size());
  const std::vector<double> chance = Chances(sampler);
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  EXPECT_NEAR(std::accumulate(chance.begin(), chance.end(), 0.0), 1, 1e-9);
  // A value may live in several cells, each of which is right to within 2^-31.
  for (size_t i = 0; i < weights.size(); ++i)
    EXPECT_NEAR(chance[i], static_cast<double>(weights[i]) / total,
                static_cast<double>(weights.size()) / 2147483648.0)
        << "value " << i;
}

TEST(Sampler, GivesEveryValueItsShare) {
  ExpectShares({85, 15});
  ExpectShares({42, 20, 12, 12, 6, 4, 2, 1, 1});
  ExpectShares({1, 1, 1});
  ExpectShares({1, 999'999'999});
  ExpectShares({1ll << 40, 1, 1ll << 20});
  std::vector<int64_t> zipf;
  for (int64_t i = 1; i <= 5000; ++i) zipf.push_back(1'000'000'000 / i);
  ExpectShares(zipf);
}

TEST(Sampler, HoldsDecimalWeightsTimesABillion) {
  // Weights of a spec are decimals times 10^9, so ordinary ones go beyond 2^40.
  ExpectShares({2'000'000'000'000, 1'000'000'000, 9'000'000'000'000'000'000});
}

TEST(Sampler, NeverDrawsAWeightOfZero) {
  const std::vector<int64_t> weights = {0, 5, 0, 0, 1, 0, 3, 0};
  const Sampler sampler(weights);
  const std::vector<double> chance = Chances(sampler);
  for (size_t i = 0; i < weights.size(); ++i)
    EXPECT_EQ(chance[i] == 0, weights[i] == 0) << "value " << i;
  for (uint64_t high = 0; high < 1000; ++high)
    for (uint64_t low : {0ull, 1ull, 0x7FFFFFFFull, 0xFFFFFFFEull, 0xFFFFFFFFull})
      ASSERT_NE(weights[sampler(high * 4'294'967 << 32 | low)], 0);
}

TEST(Sampler, OfOneValueDrawsIt) {
  for (int64_t weight : {int64_t{1}, int64_t{1} << 40}) {
    const Sampler sampler(std::vector<int64_t>{weight});
    for (uint64_t bits : {0ull, 1ull, 0xFFFFFFFFull, 1ull << 63, ~0ull})
      EXPECT_EQ(sampler(bits), 0u);
  }
}

TEST(Sampler, DrawsFromRealBitsAsOftenAsTheWeightsSay) {
  const std::vector<int64_t> weights = {1, 2, 3, 4, 90};
  const Sampler sampler(weights);
  const Stream stream = MakeStream(42, "t/crm", "deal_stage");
  constexpr double kRows = 100'000;
  std::vector<int> counts(weights.size());
  for (uint64_t r = 0; r < kRows; ++r) ++counts[sampler(stream.At(RowHash(r)))];
  for (size_t i = 0; i < weights.size(); ++i) {
    const double p = static_cast<double>(weights[i]) / 100;
    EXPECT_NEAR(counts[i], kRows * p, 4.75 * std::sqrt(kRows * p * (1 - p))) << "value " << i;
  }
}

}  // namespace
}  // namespace synthmill::core
