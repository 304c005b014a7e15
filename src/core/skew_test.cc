#include "core/skew.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/bits.h"

namespace synthmill::core {
namespace {

constexpr double kOne = 4294967296.0;

// The mean position in [0, 1) over evenly spaced bits.
double Mean(const Skew& skew) {
  constexpr uint64_t kSteps = 1 << 16;
  double sum = 0;
  for (uint64_t i = 0; i < kSteps; ++i) sum += skew((i << 48) | (1ull << 47)) / kOne;
  return sum / kSteps;
}

TEST(Skew, IsFoundByNameOrNotAtAll) {
  for (const Skew::Shape& s : Skew::Shapes()) EXPECT_TRUE(Skew::Find(s.name)) << s.name;
  EXPECT_TRUE(Skew::Find("none")->uniform());
  EXPECT_FALSE(Skew::Find("low")->uniform());
  EXPECT_FALSE(Skew::Find("sideways"));
  EXPECT_FALSE(Skew::Find(""));
}

TEST(Skew, TablesRiseFromOneEndOfTheRangeToTheOther) {
  for (const Skew::Shape& s : Skew::Shapes()) {
    if (!s.table) continue;
    EXPECT_EQ(s.table[0], 0u) << s.name;
    EXPECT_GE(s.table[1024], 0xFFFFFFFEu) << s.name;
    for (int i = 0; i < 1024; ++i) ASSERT_LT(s.table[i], s.table[i + 1]) << s.name << " at " << i;
  }
}

TEST(Skew, NeverFallsAsBitsRise) {
  for (const Skew::Shape& s : Skew::Shapes()) {
    const Skew skew = *Skew::Find(s.name);
    uint32_t last = skew(0);
    for (uint64_t i = 1; i < (1 << 16); ++i) {
      const uint32_t now = skew(i << 48);
      ASSERT_GE(now, last) << s.name << " at " << i;
      last = now;
    }
    EXPECT_GE(skew(~0ull), last);
  }
}

TEST(Skew, HasTheMeanOfItsDistribution) {
  EXPECT_NEAR(Mean(Skew()), 0.5, 1e-4);
  // Exponential, cut at four means: 1/4 - 1/(e^4 - 1).
  EXPECT_NEAR(Mean(*Skew::Find("low")), 0.25 - 1 / (std::exp(4) - 1), 1e-4);
  EXPECT_NEAR(Mean(*Skew::Find("high")), 0.75 + 1 / (std::exp(4) - 1), 1e-4);
  EXPECT_NEAR(Mean(*Skew::Find("normal")), 0.5, 1e-4);
}

TEST(Skew, NormalHasTheSpreadOfANormalDistribution) {
  const Skew normal = *Skew::Find("normal");
  constexpr uint64_t kSteps = 1 << 16;
  double within_one = 0, within_two = 0;
  for (uint64_t i = 0; i < kSteps; ++i) {
    // The range is six standard deviations wide.
    const double sigmas = std::abs(normal((i << 48) | (1ull << 47)) / kOne - 0.5) * 6;
    within_one += sigmas < 1, within_two += sigmas < 2;
  }
  const double all = std::erf(3 / std::sqrt(2));
  EXPECT_NEAR(within_one / kSteps, std::erf(1 / std::sqrt(2)) / all, 0.002);
  EXPECT_NEAR(within_two / kSteps, std::erf(2 / std::sqrt(2)) / all, 0.002);
}

TEST(Skew, HighIsLowMirrored) {
  const Skew low = *Skew::Find("low"), high = *Skew::Find("high");
  for (uint64_t i = 0; i < 1000; ++i) {
    const uint64_t bits = Mix(i + 1);
    EXPECT_NEAR(low(bits) / kOne, 1 - high(~bits) / kOne, 1e-8);
  }
}

TEST(SkewBelow, StaysInItsRangeAndReachesBothEnds) {
  for (const Skew::Shape& s : Skew::Shapes()) {
    const Skew skew = *Skew::Find(s.name);
    for (uint64_t n : {1ull, 2ull, 3ull, 50ull, 1000ull, 1'000'000'007ull}) {
      EXPECT_EQ(skew.Below(0, n), 0u) << s.name;
      EXPECT_EQ(skew.Below(~0ull, n), n - 1) << s.name << " below " << n;
      for (uint64_t i = 0; i < 2000; ++i) ASSERT_LT(skew.Below(Mix(i + 1), n), n) << s.name;
    }
  }
}

TEST(SkewBelow, HasNoHolesInWideRanges) {
  // A position has 32 bits; the range between two positions must be filled by the bits left over.
  constexpr uint64_t kRange = 1'000'000'000'000'000;
  const double gap = static_cast<double>(kRange) / kOne;
  for (const Skew::Shape& s : Skew::Shapes()) {
    if (!s.table) continue;
    const Skew skew = *Skew::Find(s.name);
    for (uint64_t i = 0; i < 1000; ++i) {
      const uint64_t bits = Mix(i + 1);
      const uint64_t from = skew.Below(bits & ~0x3FFFFFull, kRange),
                     to = skew.Below(bits | 0x3FFFFF, kRange);
      ASSERT_NEAR(static_cast<double>(to - from), gap, 1.5) << s.name;
    }
  }
}

TEST(SkewBelow, UniformUsesAll64Bits) {
  const Skew none;
  EXPECT_EQ(none.Below(~0ull, ~0ull), ~0ull - 1);
  EXPECT_EQ(none.Below(1ull << 63, ~0ull), (1ull << 63) - 1);
}

}  // namespace
}  // namespace synthmill::core
