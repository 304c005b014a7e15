#include "core/quantile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/bits.h"
#include "core/fixed_math.h"
#include "core/power_law.h"
#include "core/sine.h"

namespace synthmill::core {
namespace {

// The value below which a share `p` of all lies.
int64_t At(const Quantile& q, double p) { return q(static_cast<uint64_t>(std::ldexp(p, 64))); }

TEST(Quantile, HasTheNormalDistributionsQuantilesFarIntoItsTails) {
  const Quantile q = Quantile::Normal(int64_t{500'000} << 10, int64_t{100'000} << 10, 10);
  // From tables of the normal distribution.
  const std::pair<double, double> kKnown[] = {{0.5, 0},
                                              {0.8413447460685429, 1},
                                              {0.9, 1.2815515655446004},
                                              {0.975, 1.959964},
                                              {0.99, 2.3263478740},
                                              {0.999, 3.0902323062},
                                              {0.9999, 3.7190164855},
                                              {0.999999, 4.7534243088},
                                              {0.999999999, 5.9978070150}};
  for (const auto& [p, z] : kKnown) {
    EXPECT_NEAR(static_cast<double>(At(q, p)), 500'000 + 100'000 * z, 60) << p;
    EXPECT_NEAR(static_cast<double>(At(q, 1 - p)), 500'000 - 100'000 * z, 60) << 1 - p;
  }
}

TEST(Quantile, HasTheExponentialDistributionsQuantiles) {
  const Quantile q = Quantile::Exponential(int64_t{1'000'000} << 8, 8);
  for (const double p : {0.001, 0.01, 0.1, 0.25, 0.4, 0.5, 0.6, 0.9, 0.99, 0.9999, 0.999999})
    EXPECT_NEAR(static_cast<double>(At(q, p)) / 1e6, -std::log1p(-p), 0.001) << p;
}

TEST(Quantile, HasTheLogNormalDistributionsQuantiles) {
  const Quantile q = Quantile::LogNormal(int64_t{10'000} << 16, int64_t{1} << 31, 16);  // sigma 0.5
  EXPECT_NEAR(static_cast<double>(At(q, 0.5)), 10'000, 2);
  EXPECT_NEAR(static_cast<double>(At(q, 0.8413447460685429)), 10'000 * std::exp(0.5), 10);
  EXPECT_NEAR(static_cast<double>(At(q, 0.0227501319)), 10'000 * std::exp(-1.0), 5);
}

TEST(Quantile, CutDrawsOnlyWithinAndAsIfTheRestHadBeenDrawnAgain) {
  Quantile q = Quantile::Normal(0, int64_t{1000} << 20, 20);
  ASSERT_TRUE(q.Cut(0, 1000));  // 34.1% of all
  EXPECT_EQ(q(0), 0);
  EXPECT_EQ(q(~0ull), 1000);
  // Half of what is left lies below the quantile of 0.5 + 0.3413 / 2.
  EXPECT_NEAR(static_cast<double>(At(q, 0.5)), 1000 * 0.4419, 3);
  EXPECT_FALSE(q.Cut(50'000, 60'000)) << "fifty standard deviations away";
}

TEST(Quantile, NeverFalls) {
  const Quantile q = Quantile::Normal(0, int64_t{1} << 40, 0);
  int64_t last = INT64_MIN;
  for (uint64_t i = 0; i < 1'000'000; ++i) {
    const int64_t v = q(i * (~0ull / 999'999));
    ASSERT_GE(v, last) << i;
    last = v;
  }
}

TEST(FixedMath, LogarithmAndPowerAreRightToManyDigits) {
  for (const uint64_t x : {1ull, 2ull, 3ull, 10ull, 1000ull, 123456789ull, ~0ull}) {
    EXPECT_NEAR(static_cast<double>(Log2(x)) / 4294967296.0, std::log2(static_cast<double>(x)),
                1e-9);
  }
  for (const uint32_t y : {0u, 1u << 31, 1u << 30, 123'456'789u, ~0u})
    EXPECT_NEAR(static_cast<double>(Exp2Fraction(y)) / 4611686018427387904.0,
                std::exp2(static_cast<double>(y) / 4294967296.0), 1e-8);
}

TEST(Sine, IsTheSine) {
  for (uint64_t t = 0; t < (uint64_t{1} << 32); t += 10'000'019) {
    const double angle = 2 * M_PI * static_cast<double>(t) / 4294967296.0;
    ASSERT_NEAR(static_cast<double>(Sine(static_cast<uint32_t>(t))) / (1 << 30), std::sin(angle),
                1e-5);
  }
}

class EveryExponent : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(PowerLaw, EveryExponent, testing::Values(0.0, 0.5, 1.0, 1.5, 2.5),
                         [](const auto& info) {
                           return "e" + std::to_string(static_cast<int>(info.param * 10));
                         });

TEST_P(EveryExponent, DrawsRanksInProportionToTheirPower) {
  constexpr uint64_t kN = 100'000, kDraws = 1'000'000;
  const PowerLaw law(kN, static_cast<int64_t>(GetParam() * 1e9));
  double total = 0;
  for (uint64_t k = 1; k <= kN; ++k) total += std::pow(static_cast<double>(k), -GetParam());
  const Stream stream = MakeStream(1, "t", "c");
  double seen[5] = {}, want[5] = {};
  const uint64_t ends[] = {1, 10, 500, 5'000, kN};
  auto bin = [&](uint64_t rank) {
    size_t b = 0;
    while (rank >= ends[b]) ++b;
    return b;
  };
  for (uint64_t i = 0; i < kDraws; ++i) {
    const uint64_t rank = law(stream.At(RowHash(i)));
    ASSERT_LT(rank, kN);
    ++seen[bin(rank)];
  }
  for (uint64_t k = 0; k < kN; ++k)
    want[bin(k)] += std::pow(static_cast<double>(k + 1), -GetParam()) / total * kDraws;
  for (int b = 0; b < 5; ++b)
    EXPECT_NEAR(seen[b], want[b], 5 * std::sqrt(want[b]) + want[b] * 0.01) << "bin " << b;
}

TEST(PowerLaw, TakesAnyNumberOfThings) {
  const PowerLaw law(uint64_t{1} << 60, 1'100'000'000);
  for (uint64_t i = 0; i < 100'000; ++i) ASSERT_LT(law(RowHash(i)), uint64_t{1} << 60);
}

}  // namespace
}  // namespace synthmill::core
