// Popular things come first and nothing is drawn twice, for all sizes; shares go both ways.
#include "core/popularity.h"

#include <gtest/gtest.h>

#include <set>

#include "core/bits.h"

namespace synthmill::core {
namespace {

Popularity Make(const std::string& shape, uint64_t n, uint64_t parts = 1) {
  return shape == "zipf" ? Popularity::Zipf(n, parts) : Popularity(*Skew::Find(shape), n, parts);
}

const char* const kShapes[] = {"none", "low", "high", "normal", "zipf"};

TEST(Popularity, RanksLieOnTheLineSideBySideTheWidestFirst) {
  for (const char* shape : kShapes)
    for (uint64_t n :
         {1ull, 2ull, 7ull, 1000ull, 5000ull, 1'000'000ull, 1'000'000'000'000'000ull}) {
      const Popularity p = Make(shape, n);
      EXPECT_EQ(p.size(), n);
      uint64_t rank = 0, at = 0, width = ~0ull;
      for (const auto& r : p.ranges()) {
        ASSERT_EQ(r.rank, rank) << shape;
        ASSERT_EQ(r.begin, at) << shape;
        ASSERT_LE(r.width, width) << shape;
        ASSERT_EQ(p.Find(r.begin).rank, r.rank);
        ASSERT_EQ(p.Find(r.begin + r.size * r.width - 1).rank, r.rank + r.size - 1);
        rank += r.size, at += r.size * r.width, width = r.width;
      }
      EXPECT_EQ(p.length(), at);
      EXPECT_LT(p.ranges().size(), 5000u);
    }
}

TEST(Popularity, FollowsTheShape) {
  // The first of 1,000 by Zipf's law has a share of 1 / 7.485; of "low" half lies below 0.2266 × ….
  const Popularity zipf = Make("zipf", 1000);
  EXPECT_NEAR(static_cast<double>(zipf.ranges()[0].width) / static_cast<double>(zipf.length()),
              1 / 7.485, 1e-4);
  const Popularity low = Make("low", 1'000'000);
  int below = 0;
  const Skew skew = *Skew::Find("low");
  for (uint64_t i = 0; i < 10000; ++i)
    below += low.Find(Below(Mix(i), low.length())).rank < skew.Below(1ull << 63, 1'000'000);
  EXPECT_NEAR(below, 5000, 200);
}

TEST(Popularity, PicksDifferentOnesUpToAllOfThem) {
  for (const char* shape : kShapes)
    for (uint64_t n : {1ull, 2ull, 3ull, 10ull, 1030ull, 2500ull})
      for (uint64_t parts : {1ull, 3ull}) {
        const Popularity p = Make(shape, n, parts);
        for (uint64_t d : {uint64_t{1}, uint64_t{2}, n * parts / 2, n * parts - 1, n * parts})
          for (uint64_t key = 0; key < 4 && d > 0 && d <= n * parts; ++key) {
            std::set<uint64_t> seen;
            for (uint64_t j = 0; j < d; ++j) {
              const uint64_t k = p.Pick(Mix(key + 99), j, d);
              ASSERT_LT(k, n * parts) << shape << " " << n << " " << d;
              seen.insert(k);
            }
            ASSERT_EQ(seen.size(), d) << shape << " " << n << " × " << parts << ", " << d;
          }
      }
}

TEST(Popularity, PicksFollowTheWeightsWhereThereIsRoom) {
  const Popularity p = Make("zipf", 100'000);
  int first = 0, tenth = 0;
  for (uint64_t key = 0; key < 20'000; ++key)
    for (uint64_t j = 0; j < 3; ++j) {
      const uint64_t k = p.Pick(Mix(key), j, 3);
      first += k == 0, tenth += k == 9;
    }
  // 3 of 12.09 for the first, a tenth of that for the tenth.
  EXPECT_NEAR(first, 20'000 * 3 / 12.09, 200);
  EXPECT_NEAR(tenth, 2000 * 3 / 12.09, 90);
}

TEST(Shares, GoBothWaysAndKeepToTheirBounds) {
  for (const char* shape : kShapes)
    for (uint64_t ranks : {1ull, 5ull, 1500ull})
      for (uint64_t most : {1ull, 2ull, 50ull})
        for (uint64_t least : {0ull, 1ull})
          for (uint64_t n :
               {ranks * least, ranks, ranks * most / 2, ranks * most - 1, ranks * most}) {
            if (n < ranks * least || n > ranks * most) continue;
            const Shares s(Make(shape, ranks), n, least, most);
            uint64_t end = 0;
            for (uint64_t k = 0; k < ranks; ++k) {
              const Shares::Place p = s.Of(k);
              ASSERT_EQ(p.begin, end);
              ASSERT_GE(p.end - p.begin, least);
              ASSERT_LE(p.end - p.begin, most) << shape << " " << ranks << " " << n;
              for (uint64_t x = p.begin; x < p.end; ++x) {
                const Shares::Place q = s.Find(x);
                ASSERT_EQ(q.rank, k) << shape << " " << ranks << " " << n << " " << x;
                ASSERT_EQ(q.begin, p.begin);
                ASSERT_EQ(q.end, p.end);
              }
              end = p.end;
            }
            ASSERT_EQ(end, n);
          }
}

TEST(Shares, OfVeryManyAreExactToo) {
  const Shares s(Popularity::Zipf(1'000'000'000'000ull), 1'000'000'000'000'000ull, 1,
                 1'000'000'000'000ull);
  for (uint64_t i = 0; i < 100'000; ++i) {
    const uint64_t x = Below(Mix(i), 1'000'000'000'000'000ull);
    const Shares::Place p = s.Find(x);
    ASSERT_LE(p.begin, x);
    ASSERT_LT(x, p.end);
    ASSERT_EQ(s.Of(p.rank).begin, p.begin);
  }
}

}  // namespace
}  // namespace synthmill::core
