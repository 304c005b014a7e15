#include "core/bijection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>
#include <vector>

namespace synthmill::core {
namespace {

const Stream kStream = MakeStream(42, "t/crm", "phone");

// How far chi² is from what is to be expected, in standard deviations (Wilson and Hilferty, 1931).
// Limits are 4.75 where one figure is looked at: p = 1e-6 on either side.
double ChiSquareZ(const std::vector<uint32_t>& counts, double expected) {
  double x = 0;
  for (uint32_t c : counts) x += (c - expected) * (c - expected) / expected;
  const double df = static_cast<double>(counts.size() - 1), a = 2 / (9 * df);
  return (std::cbrt(x / df) - (1 - a)) / std::sqrt(a);
}

std::vector<uint64_t> Images(const Bijection& order) {
  std::vector<uint64_t> out;
  for (uint64_t i = 0; i < order.size(); ++i) out.push_back(order(i));
  return out;
}

// Every number of [0, n) once.
bool IsPermutation(std::vector<uint64_t> images) {
  std::sort(images.begin(), images.end());
  for (size_t i = 0; i < images.size(); ++i)
    if (images[i] != i) return false;
  return true;
}

TEST(BlockOrder, IsABijectionForEveryKey) {
  for (uint64_t block = 0; block < 5000; ++block) {
    const BlockOrder order(kStream, block);
    std::vector<bool> seen(1024);
    for (uint32_t i = 0; i < 1024; ++i) {
      const uint32_t rank = order(i);
      ASSERT_LT(rank, 1024u);
      ASSERT_FALSE(seen[rank]) << "block " << block << " gives rank " << rank << " twice";
      seen[rank] = true;
    }
  }
}

TEST(BlockOrder, GivesEveryPlaceEveryRankEquallyOften) {
  // Over 16,384 blocks each (place, group of 64 ranks) is expected 1,024 times. 1,024 figures are
  // looked at: the limit is 5.5.
  std::vector<std::vector<uint32_t>> counts(1024, std::vector<uint32_t>(16));
  for (uint64_t block = 0; block < 16'384; ++block) {
    const BlockOrder order(kStream, block);
    for (uint32_t i = 0; i < 1024; ++i) ++counts[i][order(i) / 64];
  }
  double worst = 0, sum = 0;
  for (const auto& c : counts) {
    const double z = ChiSquareZ(c, 1024);
    worst = std::max(worst, std::abs(z)), sum += z;
  }
  EXPECT_LT(worst, 5.5);
  EXPECT_LT(std::abs(sum) / 32, 4.75) << "all places together";
}

TEST(BlockOrder, TreatsPairsOfPlacesIndependently) {
  // Is place i chosen when place i + d is? Ranks in 8 x 8 cells; two ranks of a block differ, which
  // takes 1/1024 out of the diagonal: 50,000 blocks would show it at 8 x 8 only as z of about 1.
  for (uint32_t d : {1u, 2u, 4u, 32u, 256u, 512u, 1023u}) {
    std::vector<uint32_t> cells(64);
    for (uint64_t block = 0; block < 50'000; ++block) {
      const BlockOrder order(kStream, block);
      const uint32_t i = static_cast<uint32_t>(block % 1024);
      ++cells[order(i) / 128 * 8 + order((i + d) % 1024) / 128];
    }
    EXPECT_LT(std::abs(ChiSquareZ(cells, 50'000.0 / 64)), 4.75) << "distance " << d;
  }
}

TEST(BlockOrder, OfOneBlockSaysNothingOfTheNext) {
  std::vector<uint32_t> cells(64);
  for (uint64_t block = 0; block < 50'000; ++block) {
    const uint32_t i = static_cast<uint32_t>(block * 7 % 1024);
    ++cells[BlockOrder(kStream, block)(i) / 128 * 8 + BlockOrder(kStream, block + 1)(i) / 128];
  }
  EXPECT_LT(std::abs(ChiSquareZ(cells, 50'000.0 / 64)), 4.75);
}

TEST(BlockOrder, OfDifferentTablesAreIndependent) {
  const Stream other = MakeStream(42, "t/erp", "phone");
  std::vector<uint32_t> cells(64);
  for (uint64_t block = 0; block < 50'000; ++block) {
    const uint32_t i = static_cast<uint32_t>(block * 7 % 1024);
    ++cells[BlockOrder(kStream, block)(i) / 128 * 8 + BlockOrder(other, block)(i) / 128];
  }
  EXPECT_LT(std::abs(ChiSquareZ(cells, 50'000.0 / 64)), 4.75);
}

TEST(BlockOrder, NeverChangesByAccident) {
  const BlockOrder order(kStream, 5);
  EXPECT_EQ((std::vector<uint32_t>{order(0), order(1), order(2), order(1023)}),
            (std::vector<uint32_t>{504, 1005, 301, 855}));
}

TEST(Bijection, TakesEveryNumberBelowNOnce) {
  for (uint64_t n = 1; n <= 300; ++n)
    for (uint64_t key = 0; key < 10; ++key)
      ASSERT_TRUE(IsPermutation(Images(Bijection(kStream.Draw(key), n)))) << n;
  for (uint64_t n : {1000ull, 1024ull, 65'535ull, 65'536ull, 65'537ull, 1'000'000ull})
    EXPECT_TRUE(IsPermutation(Images(Bijection(kStream, n)))) << n;
}

TEST(Bijection, CanBeWalkedBack) {
  for (uint64_t n : {1ull, 2ull, 3ull, 300ull, 70'000ull, 1'000'000'007ull, 1ull << 62}) {
    const Bijection order(kStream, n);
    for (uint64_t i = 0; i < std::min<uint64_t>(n, 2000); ++i) {
      ASSERT_EQ(order.Inverse(order(i)), i);
      ASSERT_EQ(order(order.Inverse(n - 1 - i)), n - 1 - i);
    }
  }
}

TEST(Bijection, OfThreeReachesEveryOrder) {
  std::set<std::vector<uint64_t>> orders;
  for (uint64_t key = 0; key < 200; ++key) orders.insert(Images(Bijection(kStream.Draw(key), 3)));
  EXPECT_EQ(orders.size(), 6u);
}

TEST(Bijection, OfLargeRangesStaysInsideAndNeverRepeats) {
  for (uint64_t n : {900'000'000ull, 9'000'000'000ull, 1'000'000'000'000'000'000ull, 1ull << 62}) {
    const Bijection order(kStream, n);
    std::unordered_set<uint64_t> seen;
    for (uint64_t i = 0; i < 200'000; ++i) {
      for (uint64_t x : {i, n - 1 - i}) {
        const uint64_t y = order(x);
        ASSERT_LT(y, n);
        ASSERT_TRUE(seen.insert(y).second) << n << ": " << x;
      }
    }
  }
}

TEST(Bijection, FollowsNoOrder) {
  for (uint64_t n : {1000ull, 1'000'000'000ull, 1ull << 60}) {
    const Bijection order(kStream, n);
    int up = 0;
    std::unordered_set<uint64_t> steps;
    const uint64_t rows = std::min<uint64_t>(n, 10'000) - 1;
    for (uint64_t i = 0; i < rows; ++i) {
      up += order(i + 1) > order(i);
      steps.insert(order(i + 1) - order(i));
    }
    // A run's length has a variance of rows / 12.
    EXPECT_NEAR(up, static_cast<double>(rows) / 2, 4.75 * std::sqrt(static_cast<double>(rows) / 12))
        << n;
    EXPECT_GT(steps.size(), rows / 3) << n << ": no constant step";
  }
}

TEST(Bijection, FillsItsRangeEvenly) {
  for (uint64_t n : {1'000'000ull, 900'000'000ull, 1'000'000'000'000'000'000ull}) {
    const Bijection order(kStream, n);
    std::vector<uint32_t> cells(100);
    for (uint64_t i = 0; i < 100'000; ++i)
      ++cells[static_cast<size_t>(static_cast<unsigned __int128>(order(i)) * 100 / n)];
    // Drawn without putting back, a tenth of the smallest range: a little more even than chance.
    EXPECT_LT(std::abs(ChiSquareZ(cells, 1000)), 4.75) << n;
  }
}

TEST(Bijection, OfDifferentKeysDiffer) {
  const Bijection a(kStream, 1'000'000), b(kStream.Draw(9), 1'000'000);
  int same = 0;
  for (uint64_t i = 0; i < 10'000; ++i) same += a(i) == b(i);
  EXPECT_LE(same, 1);  // 0.01 are to be expected
}

TEST(Bijection, NeverChangesByAccident) {
  const Bijection small(kStream, 1000), large(kStream, 1'000'000'000'000'000'000ull);
  EXPECT_EQ(
      (std::vector<uint64_t>{small(0), small(1), small(999), large(0), large(1)}),
      (std::vector<uint64_t>{241, 818, 971, 49'817'008'494'915'712, 689'892'322'191'952'801}));
}

TEST(WideBijection, KeepsPairsApartAndWithin61Bits) {
  const WideBijection order(kStream);
  std::set<std::pair<uint64_t, uint64_t>> seen;
  for (uint64_t left = 0; left < 20; ++left)
    for (uint64_t right = 0; right < 5000; ++right) {
      uint64_t l = left, r = right;
      order(&l, &r);
      ASSERT_LE(l, WideBijection::kMask);
      ASSERT_LE(r, WideBijection::kMask);
      ASSERT_TRUE(seen.emplace(l, r).second);
    }
}

TEST(WideBijection, CanBeWalkedBack) {
  // Each half step is an exclusive or with a function of the other half: its own inverse.
  const WideBijection order(kStream);
  uint64_t keys[4];
  for (uint64_t i = 0; i < 4; ++i) keys[i] = kStream.Draw(i).key;
  for (uint64_t i = 0; i < 1000; ++i) {
    const uint64_t left = Mix(i) & WideBijection::kMask, right = i;
    uint64_t l = left, r = right;
    order(&l, &r);
    for (int k = 2; k >= 0; k -= 2) {
      r ^= Mix(l + keys[k + 1]) & WideBijection::kMask;
      l ^= Mix(r + keys[k]) & WideBijection::kMask;
    }
    ASSERT_EQ(l, left);
    ASSERT_EQ(r, right);
  }
}

TEST(WideBijection, SpreadsNeighbouringRowsOverAllBits) {
  const WideBijection order(kStream);
  constexpr int kRows = 20'000;
  std::vector<int> flips(122);
  for (uint64_t i = 0; i < kRows; ++i) {
    uint64_t l = 77, r = i, l2 = 77, r2 = i + 1;
    order(&l, &r), order(&l2, &r2);
    for (size_t k = 0; k < 61; ++k) {
      flips[k] += static_cast<int>((l ^ l2) >> k & 1);
      flips[61 + k] += static_cast<int>((r ^ r2) >> k & 1);
    }
  }
  for (size_t k = 0; k < flips.size(); ++k)
    EXPECT_NEAR(flips[k], kRows / 2, 5 * std::sqrt(kRows) / 2 * 1.42) << k;
}

}  // namespace
}  // namespace synthmill::core
