#include "core/fanout.h"

#include <gtest/gtest.h>

#include <map>

namespace synthmill::core {
namespace {

Stream Key(uint64_t seed) { return MakeStream(seed, "t/items", "rows"); }

TEST(Fanout, GivesEveryParentMinToMaxRowsAndFindsEachRowsParent) {
  constexpr std::pair<uint64_t, uint64_t> kRanges[] = {
      {0, 0}, {0, 1}, {1, 1},   {0, 2},   {0, 3}, {1, 2},      {2, 2},
      {3, 9}, {4, 9}, {1, 100}, {0, 101}, {7, 7}, {1000, 5000}};
  for (const auto& [min, max] : kRanges)
    for (uint64_t seed = 0; seed < 5; ++seed) {
      const Fanout f(Key(seed), min, max);
      uint64_t row = 0;
      std::map<uint64_t, int> sizes;
      Fanout::Place near{0, 0, f.Begin(1)};
      for (uint64_t p = 0; p < 2000; ++p) {
        ASSERT_EQ(f.Begin(p), row) << min << ".." << max;
        const uint64_t end = f.Begin(p + 1);
        ASSERT_GE(end - row, min);
        ASSERT_LE(end - row, max);
        ++sizes[end - row];
        for (; row < end; ++row) {
          const Fanout::Place place = f.Find(row);
          ASSERT_EQ(place.parent, p) << row << " of " << min << ".." << max;
          ASSERT_EQ(place.begin, f.Begin(p));
          ASSERT_EQ(place.end, end);
          near = f.Find(row, near);
          ASSERT_EQ(near.parent, p);
          ASSERT_EQ(near.end, end);
        }
      }
      // All sizes occur where the range is small.
      if (max - min <= 9 && max > 0) {
        EXPECT_EQ(sizes.size(), max - min + 1) << min << ".." << max;
      }
    }
}

TEST(Fanout, HoldsFarOut) {
  const Fanout f(Key(1), 3, 9);
  for (uint64_t row : {999'999'999'999'999ull, 123'456'789'012'345ull, 7ull}) {
    const Fanout::Place place = f.Find(row);
    EXPECT_LE(place.begin, row);
    EXPECT_GT(place.end, row);
    EXPECT_EQ(f.Begin(place.parent), place.begin);
    EXPECT_EQ(f.Begin(place.parent + 1), place.end);
  }
}

TEST(Fanout, TakesItsSizesFromTheKey) {
  const Fanout a(Key(1), 3, 9), b(Key(2), 3, 9);
  int same = 0;
  for (uint64_t p = 1; p < 1000; ++p) same += a.Begin(p) == b.Begin(p);
  EXPECT_LT(same, 400);  // one in four by chance
}

}  // namespace
}  // namespace synthmill::core
