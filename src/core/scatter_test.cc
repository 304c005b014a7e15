#include "core/scatter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace synthmill::core {
namespace {

TEST(Scatter, IsABijectionWhosePopularPlacesLieApart) {
  for (uint64_t n : {1ull, 2ull, 3ull, 4ull, 7ull, 8ull, 12ull, 1000ull, 4096ull, 99'991ull})
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const Scatter scatter(MakeStream(seed, "t", "x"), n);
      std::vector<bool> hit(n);
      for (uint64_t i = 0; i < n; ++i) {
        const uint64_t place = scatter(i);
        ASSERT_LT(place, n);
        ASSERT_FALSE(hit[place]) << n;
        hit[place] = true;
      }
      if (n < 1000) continue;
      const uint64_t a = scatter(0), b = scatter(1);
      const uint64_t apart = a > b ? a - b : b - a;
      EXPECT_GE(std::min(apart, n - apart), n / 4 - 100) << n;
    }
}

TEST(Scatter, HoldsForVeryMany) {
  const uint64_t n = 1'000'000'000'000'000;
  const Scatter scatter(MakeStream(1, "t", "x"), n);
  std::vector<uint64_t> places;
  for (uint64_t i = 0; i < 1000; ++i) places.push_back(scatter(n - 1 - i));
  std::sort(places.begin(), places.end());
  EXPECT_EQ(std::unique(places.begin(), places.end()), places.end());
  EXPECT_LT(places.back(), n);
}

}  // namespace
}  // namespace synthmill::core
