// Statistical tests of the bit source, all over fixed seeds: they either hold for ever or not at
// all. Unless said otherwise a test fails where a fair source would in fewer than two of a million
// cases (|z| > 4.75); where a test looks at thousands of figures at once, the limit is wider.
#include "core/bits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

namespace synthmill::core {
namespace {

constexpr double kLimit = 4.75;  // p = 1e-6 on either side

// How far chi² is from what is to be expected, in standard deviations (Wilson and Hilferty, 1931).
double ChiSquareZ(const std::vector<uint64_t>& counts, double expected) {
  double x = 0;
  for (uint64_t c : counts)
    x += (static_cast<double>(c) - expected) * (static_cast<double>(c) - expected);
  x /= expected;
  const double df = static_cast<double>(counts.size() - 1), a = 2 / (9 * df);
  return (std::cbrt(x / df) - (1 - a)) / std::sqrt(a);
}

// The same for `hits` of n events of probability p.
double ShareZ(uint64_t hits, double n, double p) {
  return (static_cast<double>(hits) - n * p) / std::sqrt(n * p * (1 - p));
}

// The largest |z| of: the upper 4 bits of both (256 cells), the lower 4 bits, and every bit equal.
// `pair(i)` gives two values that should have nothing to do with each other.
template <typename Pair>
double WorstDependence(uint64_t n, Pair pair) {
  std::vector<uint64_t> high(256), low(256);
  std::array<uint64_t, 64> same{};
  for (uint64_t i = 0; i < n; ++i) {
    const auto [a, b] = pair(i);
    ++high[(a >> 60) << 4 | b >> 60];
    ++low[(a & 15) << 4 | (b & 15)];
    const uint64_t equal = ~(a ^ b);
    for (size_t k = 0; k < 64; ++k) same[k] += equal >> k & 1;
  }
  double worst = std::max(std::abs(ChiSquareZ(high, static_cast<double>(n) / 256)),
                          std::abs(ChiSquareZ(low, static_cast<double>(n) / 256)));
  for (uint64_t s : same) worst = std::max(worst, std::abs(ShareZ(s, static_cast<double>(n), 0.5)));
  return worst;
}

TEST(Bits, NeverChangeByAccident) {
  // Whoever changes these raises the generator version: every value of every dataset changes.
  EXPECT_EQ(Mix(1), 0x3C02AA47758292BDull);
  EXPECT_EQ(Mix(42), 0x2CB4A7EE46CB76CCull);
  EXPECT_EQ(Mix(~0ull), 0x78A9666A39C1A1B5ull);
  EXPECT_EQ(RowHash(0), 0xB70FB2CC55AF013Full);
  EXPECT_EQ(RowHash(1), 0x48351DBE177366F6ull);
  EXPECT_EQ(RowHash(1'000'000'000'000'000), 0x0A6D61FABA57F7D5ull);
  EXPECT_EQ(MakeStream(0, "", "").key, 0x2AB0C031205B8B08ull);
  const Stream stream = MakeStream(42, "t/crm", "phone");
  EXPECT_EQ(stream.key, 0xF3DF4D2A56CC4906ull);
  EXPECT_EQ(stream.Draw(0).key, 0xFF5A5B83C086405Bull);
  EXPECT_EQ(stream.Draw(3).key, 0x9BC6E8D2CBE2F85Aull);
  EXPECT_EQ(stream.Sub("null").key, 0x83D0FA246B6795F7ull);
  EXPECT_EQ(stream.At(RowHash(7)), 0x1B24AE8CD9D0C129ull);
}

TEST(Bits, OfEveryBytePositionAreUniform) {
  constexpr uint64_t kRows = 1 << 17;
  for (uint64_t seed : {0ull, 1ull, 42ull, ~0ull}) {
    const Stream stream = MakeStream(seed, "t/crm", "phone");
    std::vector<std::vector<uint64_t>> counts(8, std::vector<uint64_t>(256));
    for (uint64_t r = 0; r < kRows; ++r) {
      const uint64_t bits = stream.At(RowHash(r));
      for (size_t b = 0; b < 8; ++b) ++counts[b][bits >> (8 * b) & 255];
    }
    for (size_t b = 0; b < 8; ++b)
      EXPECT_LT(std::abs(ChiSquareZ(counts[b], kRows / 256.0)), kLimit)
          << "byte " << b << ", seed " << seed;
  }
}

TEST(Bits, OfOneStreamNeverRepeat) {
  const Stream stream = MakeStream(42, "t/crm", "phone");
  std::unordered_set<uint64_t> seen;
  for (uint64_t r = 0; r < (1 << 18); ++r)
    ASSERT_TRUE(seen.insert(stream.At(RowHash(r))).second) << r;
}

TEST(Bits, AllFlipHalfTheTimeWhenOneBitOfTheRowDoes) {
  constexpr int kRows = 4096;
  const Stream stream = MakeStream(42, "e/customer", "first_name");
  for (int in = 0; in < 50; ++in) {  // row numbers have 50 bits: up to 10^15
    std::array<int, 64> flips{};
    for (uint64_t r = 0; r < kRows; ++r) {
      const uint64_t changed = stream.At(RowHash(r)) ^ stream.At(RowHash(r ^ (1ull << in)));
      for (size_t k = 0; k < 64; ++k) flips[k] += static_cast<int>(changed >> k & 1);
    }
    // 3,200 figures. Rows are paired (r with r^bit) for in < 12, which widens the spread by √2.
    for (size_t k = 0; k < 64; ++k)
      EXPECT_NEAR(flips[k], kRows / 2, 8 * 32) << "in " << in << " out " << k;
  }
}

TEST(Bits, OfNeighbouringRowsAreIndependent) {
  const Stream stream = MakeStream(42, "t/crm", "phone");
  for (uint64_t lag : {1ull, 2ull, 3ull, 7ull, 512ull, 1024ull, 1ull << 32}) {
    EXPECT_LT(WorstDependence(1 << 16,
                              [&](uint64_t r) {
                                return std::pair(stream.At(RowHash(r)),
                                                 stream.At(RowHash(r + lag)));
                              }),
              kLimit)
        << "lag " << lag;
  }
}

TEST(Bits, OfDifferentColumnsAreIndependent) {
  const std::vector<std::string> names = {"a",         "b",     "aa",     "ab",       "first_name",
                                          "last_name", "phone", "phone2", "column_1", "column_2"};
  for (size_t i = 0; i < names.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      const Stream x = MakeStream(42, "t/crm", names[i]), y = MakeStream(42, "t/crm", names[j]);
      EXPECT_LT(
          WorstDependence(
              1 << 14, [&](uint64_t r) { return std::pair(x.At(RowHash(r)), y.At(RowHash(r))); }),
          kLimit + 0.5)
          << names[i] << " and " << names[j];
    }
}

TEST(Bits, OfTheSameColumnInDifferentTablesAreIndependent) {
  const Stream x = MakeStream(42, "t/crm", "source_id"), y = MakeStream(42, "t/erp", "source_id");
  for (uint64_t lag : {0ull, 1ull, 1024ull})
    EXPECT_LT(WorstDependence(
                  1 << 16,
                  [&](uint64_t r) { return std::pair(x.At(RowHash(r)), y.At(RowHash(r + lag))); }),
              kLimit)
        << "lag " << lag;
}

TEST(Bits, OfDifferentSeedsAreIndependent) {
  for (uint64_t seed : {0ull, 1ull, 2ull, 41ull, 42ull, 1ull << 32, ~0ull - 1}) {
    const Stream x = MakeStream(seed, "t/crm", "phone"), y = MakeStream(seed + 1, "t/crm", "phone");
    EXPECT_LT(
        WorstDependence(1 << 15,
                        [&](uint64_t r) { return std::pair(x.At(RowHash(r)), y.At(RowHash(r))); }),
        kLimit)
        << "seeds " << seed << " and the next";
  }
}

TEST(Bits, OfStreamsWithNeighbouringKeysAreNoShiftedCopies) {
  for (uint64_t step : {uint64_t{1}, uint64_t{2}, kGolden}) {
    const Stream x = MakeStream(42, "t/crm", "phone"), y = {x.key + step};
    for (uint64_t lag : {0ull, 1ull, 2ull})
      EXPECT_LT(WorstDependence(1 << 15,
                                [&](uint64_t r) {
                                  return std::pair(x.At(RowHash(r + lag)), y.At(RowHash(r)));
                                }),
                kLimit)
          << "key + " << step << ", lag " << lag;
  }
}

TEST(Bits, OfFurtherDrawsAndPartsAreIndependent) {
  const Stream x = MakeStream(42, "t/crm", "phone");
  std::vector<Stream> streams = {x, x.Sub("null"), x.Sub("order"), x.Sub("choose")};
  for (uint64_t d = 0; d < 4; ++d) streams.push_back(x.Draw(d));
  for (size_t i = 0; i < streams.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      EXPECT_LT(WorstDependence(1 << 14,
                                [&](uint64_t r) {
                                  return std::pair(streams[i].At(RowHash(r)),
                                                   streams[j].At(RowHash(r)));
                                }),
                kLimit + 0.5)
          << i << " and " << j;
}

TEST(Bits, HaveNoSerialCorrelation) {
  constexpr int kRows = 1 << 16;
  const Stream stream = MakeStream(7, "t/orders", "amount");
  std::vector<double> x;
  for (uint64_t r = 0; r < kRows; ++r)
    x.push_back(static_cast<double>(stream.At(RowHash(r)) >> 11) / (1ull << 53) - 0.5);
  for (size_t lag = 1; lag <= 32; ++lag) {
    double sum = 0;
    for (size_t i = 0; i + lag < x.size(); ++i) sum += x[i] * x[i + lag];
    // Each product has mean 0 and variance (1/12)².
    EXPECT_LT(std::abs(sum) / (std::sqrt(kRows) / 12), kLimit) << "lag " << lag;
  }
}

TEST(Bits, PassTheBirthdaySpacingsTest) {
  // Marsaglia: of 4,096 birthdays in a year of 2^32 days, spacings repeat Poisson(4) times.
  constexpr int kTrials = 200, kBirthdays = 4096;
  const Stream stream = MakeStream(42, "t/crm", "record_id");
  for (int shift : {32, 16, 0}) {
    uint64_t repeats = 0, row = 0;
    for (int t = 0; t < kTrials; ++t) {
      std::vector<uint32_t> days(kBirthdays), gaps;
      for (uint32_t& d : days) d = static_cast<uint32_t>(stream.At(RowHash(row++)) >> shift);
      std::sort(days.begin(), days.end());
      for (size_t i = 1; i < days.size(); ++i) gaps.push_back(days[i] - days[i - 1]);
      std::sort(gaps.begin(), gaps.end());
      for (size_t i = 1; i < gaps.size(); ++i) repeats += gaps[i] == gaps[i - 1];
    }
    EXPECT_NEAR(static_cast<double>(repeats), 4.0 * kTrials, kLimit * std::sqrt(4.0 * kTrials))
        << shift;
  }
}

TEST(Bits, PassTheGapTest) {
  // Rows between two values below 1/8 of the range: geometric.
  const Stream stream = MakeStream(42, "t/crm", "deal_stage");
  constexpr uint64_t kGaps = 40'000;
  std::vector<uint64_t> counts(32);
  uint64_t gaps = 0, gap = 0;
  for (uint64_t r = 0; gaps < kGaps; ++r) {
    if (stream.At(RowHash(r)) >> 61 != 0) {
      ++gap;
      continue;
    }
    ++counts[std::min<uint64_t>(gap, 31)];
    ++gaps, gap = 0;
  }
  double p = 1.0 / 8;
  for (size_t g = 0; g < 31; ++g, p *= 7.0 / 8)
    EXPECT_LT(std::abs(ShareZ(counts[g], kGaps, p)), kLimit) << "gap " << g;
  EXPECT_LT(std::abs(ShareZ(counts[31], kGaps, std::pow(7.0 / 8, 31))), kLimit);
}

TEST(Below, SpreadsOverAnyRangeEvenly) {
  const Stream stream = MakeStream(42, "t/crm", "sales_rep");
  for (uint64_t n : {2ull, 3ull, 7ull, 10ull, 100ull, 1000ull, 1023ull}) {
    std::vector<uint64_t> counts(n);
    for (uint64_t r = 0; r < 200'000; ++r) ++counts.at(Below(stream.At(RowHash(r)), n));
    EXPECT_LT(std::abs(ChiSquareZ(counts, 200'000.0 / static_cast<double>(n))), kLimit) << n;
  }
}

TEST(Below, ReachesBothEndsAndNoFurther) {
  for (uint64_t n : {1ull, 2ull, 10ull, 1'000'000'007ull, 1ull << 63, ~0ull}) {
    EXPECT_EQ(Below(0, n), 0u);
    EXPECT_EQ(Below(~0ull, n), n - 1);
  }
}

TEST(Threshold, LetsTheShareThrough) {
  EXPECT_EQ(Threshold(0), 0u);
  EXPECT_EQ(Threshold(-1), 0u);
  EXPECT_EQ(Threshold(1'000'000'000), ~0ull);
  EXPECT_EQ(Threshold(500'000'000), 1ull << 63);
  EXPECT_EQ(Threshold(1), 18'446'744'073ull);  // 2^64 / 10^9
  const Stream stream = MakeStream(42, "t/crm", "noise/typo");
  for (int64_t share : {1'000'000ll, 100'000'000ll, 300'000'000ll, 999'000'000ll}) {
    uint64_t hits = 0;
    for (uint64_t r = 0; r < 200'000; ++r) hits += stream.At(RowHash(r)) < Threshold(share);
    EXPECT_LT(std::abs(ShareZ(hits, 200'000, static_cast<double>(share) / 1e9)), kLimit) << share;
  }
}

TEST(MakeStream, TellsApartWhereScopeEndsAndColumnBegins) {
  EXPECT_NE(MakeStream(1, "ab", "c").key, MakeStream(1, "a", "bc").key);
  EXPECT_NE(MakeStream(1, "a", "b").key, MakeStream(1, "b", "a").key);
  EXPECT_NE(MakeStream(1, "a", "").key, MakeStream(1, "", "a").key);
}

}  // namespace
}  // namespace synthmill::core
