#include "core/quota.h"

#include <gtest/gtest.h>

#include <vector>

namespace synthmill::core {
namespace {

const Stream kStream = MakeStream(42, "t/crm", "coverage");
constexpr int64_t kShares[] = {0,           1,           1'000'000,   150'000'000,  333'333'333,
                               500'000'000, 800'000'000, 999'999'999, 1'000'000'000};

// floor(share * x) in exact arithmetic.
uint64_t Floor(int64_t share, uint64_t x) {
  return static_cast<uint64_t>(static_cast<unsigned __int128>(x) * static_cast<uint64_t>(share) /
                               1'000'000'000u);
}

// Counted by looking at every thing.
uint64_t Counted(const Quota& quota, uint64_t begin, uint64_t end) {
  uint64_t n = 0;
  for (uint64_t x = begin; x < end; ++x) {
    const uint64_t b = x / Quota::kBlock;
    n += quota.Order(b)(static_cast<uint32_t>(x % Quota::kBlock)) < quota.InBlock(b);
  }
  return n;
}

TEST(Quota, AtMultiplesOfABlockIsTheRoundedShare) {
  for (int64_t share : kShares) {
    const Quota quota(kStream, share);
    for (uint64_t b : {0ull, 1ull, 2ull, 3ull, 1000ull, 976'562'500ull, 976'562'500'000ull}) {
      EXPECT_EQ(quota.Before(b * Quota::kBlock), Floor(share, b * Quota::kBlock))
          << share << " " << b;
      EXPECT_EQ(quota.BeforeBlock(b), Floor(share, b * Quota::kBlock));
    }
  }
}

TEST(Quota, BeforeAnyPlaceEqualsCounting) {
  for (int64_t share : kShares) {
    const Quota quota(kStream, share);
    uint64_t counted = 0;
    for (uint64_t x = 0; x <= 3 * Quota::kBlock + 17; ++x) {
      ASSERT_EQ(quota.Before(x), counted) << "share " << share << ", before " << x;
      counted += Counted(quota, x, x + 1);
    }
  }
}

TEST(Quota, ChoosesExactlyItsQuotaInEveryBlock) {
  for (int64_t share : kShares) {
    const Quota quota(kStream, share);
    for (uint64_t b : {0ull, 1ull, 999ull, 976'562'499'999ull})
      EXPECT_EQ(Counted(quota, b * Quota::kBlock, (b + 1) * Quota::kBlock), quota.InBlock(b))
          << share;
  }
}

TEST(Quota, NeverGoesDownAndNeverSkips) {
  const Quota quota(kStream, 700'000'000);
  const uint64_t start = 999'999'999'998'976;  // the last block before 10^15
  uint64_t last = quota.Before(start);
  for (uint64_t x = start + 1; x <= start + 2048; ++x) {
    const uint64_t now = quota.Before(x);
    ASSERT_LE(now - last, 1u) << x;
    last = now;
  }
  EXPECT_EQ(last, quota.Before(start + 2048));
}

TEST(Quota, OfAllChoosesEverythingAndOfNoneNothing) {
  const Quota all(kStream, 1'000'000'000), none(kStream, 0);
  for (uint64_t x : {0ull, 1ull, 1023ull, 1024ull, 123'456'789ull, 1'000'000'000'000'000ull}) {
    EXPECT_EQ(all.Before(x), x);
    EXPECT_EQ(none.Before(x), 0u);
  }
}

TEST(Quota, IsOffByLessThanOneBlockWhereverItStands) {
  const Quota quota(kStream, 123'456'789);
  for (uint64_t x : {1ull, 1000ull, 54'321ull, 999'999'999'999'999ull}) {
    const uint64_t exact = Floor(123'456'789, x), got = quota.Before(x);
    EXPECT_LT(got > exact ? got - exact : exact - got, Quota::kBlock) << x;
  }
}

TEST(Quota, OfALargerShareChoosesTheSameAndMore) {
  // One order for all shares: who is in a quota of 15% is in one of 20%.
  const Quota less(kStream, 150'000'000), more(kStream, 200'000'000);
  for (uint64_t b = 0; b < 20; ++b)
    for (uint32_t i = 0; i < Quota::kBlock; ++i) {
      if (less.Order(b)(i) >= less.InBlock(b)) continue;
      ASSERT_LT(more.Order(b)(i), more.InBlock(b));
    }
}

}  // namespace
}  // namespace synthmill::core
