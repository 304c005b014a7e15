#include "generate/shape.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace synthmill::generate {
namespace {

constexpr int64_t kOne = 1'000'000'000;
const core::Stream kStream = core::MakeStream(42, "t/crm", "shape");

struct Config {
  int64_t coverage;
  std::vector<int64_t> at_least;
};
const Config kConfigs[] = {
    {800'000'000, {150'000'000}},              // mdm's CRM
    {700'000'000, {}},                         // its ERP
    {600'000'000, {250'000'000, 50'000'000}},  // its shop
    {kOne, {}},
    {kOne, {kOne}},  // always two
    {0, {500'000'000}},
    {1, {1}},
    {999'999'999, {999'999'999, 1}},
    {333'333'333,
     {900'000'000, 900'000'000, 900'000'000, 10'000'000}},  // never exactly two or three
};

TableShape Shape(const Config& c) { return TableShape(kStream, c.coverage, c.at_least); }

TEST(TableShape, ClosedFormCountsEqualTheRowsOfBlocks) {
  for (const Config& c : kConfigs) {
    const TableShape shape = Shape(c);
    uint64_t counted = 0;
    std::vector<BlockRow> rows;
    for (uint64_t b = 0; b < 300; ++b) {
      ASSERT_EQ(shape.RowsBeforeBlock(b), counted) << "coverage " << c.coverage << ", block " << b;
      shape.Block(b, &rows);
      counted += rows.size();
    }
  }
}

TEST(TableShape, CountsFarOutEqualTheRowsOfBlocks) {
  for (const Config& c : kConfigs) {
    const TableShape shape = Shape(c);
    std::vector<BlockRow> rows;
    for (uint64_t b : {976'562'499ull, 976'562'499'998ull, 976'562'499'999ull}) {  // up to 10^15
      shape.Block(b, &rows);
      EXPECT_EQ(shape.RowsBeforeBlock(b + 1) - shape.RowsBeforeBlock(b), rows.size()) << b;
    }
  }
}

TEST(TableShape, CountsOfAnyRangeEqualTheRowsThatComeFromIt) {
  for (const Config& c : kConfigs) {
    const TableShape shape = Shape(c);
    std::vector<uint64_t> rows_of(4 * 1024);
    std::vector<BlockRow> rows;
    for (uint64_t b = 0; b < 4; ++b) {
      shape.Block(b, &rows);
      for (const BlockRow& r : rows) ++rows_of[b * 1024 + r.local];
    }
    for (auto [begin, end] : {std::pair<uint64_t, uint64_t>{0, 4096},
                              {0, 1},
                              {1, 2},
                              {5, 5},
                              {7, 3},
                              {0, 1024},
                              {1, 1024},
                              {1023, 1025},
                              {100, 900},
                              {1024, 3072},
                              {1000, 3100},
                              {4095, 4096}}) {
      uint64_t expected = 0;
      for (uint64_t i = begin; i < end; ++i) expected += rows_of[i];
      EXPECT_EQ(shape.Rows(begin, end), expected)
          << begin << ".." << end << " of coverage " << c.coverage;
    }
  }
}

TEST(TableShape, RangesAddUp) {
  const TableShape shape = Shape(kConfigs[2]);
  for (uint64_t middle : {1ull, 1000ull, 1024ull, 5000ull, 99'999ull})
    EXPECT_EQ(shape.Rows(0, middle) + shape.Rows(middle, 100'000), shape.Rows(0, 100'000));
}

TEST(TableShape, CoversExactlyItsShareOfEntitiesWithExactlyTheSharesOfCopies) {
  for (const Config& c : kConfigs) {
    const TableShape shape = Shape(c);
    constexpr uint64_t kBlocks = 1000;
    std::vector<uint64_t> with_copy(8);  // records that are at least the k-th of their entity
    std::vector<BlockRow> rows;
    for (uint64_t b = 0; b < kBlocks; ++b) {
      shape.Block(b, &rows);
      for (const BlockRow& r : rows) ++with_copy.at(r.copy);
    }
    const auto floor = [](uint64_t n, int64_t share) {
      return n * static_cast<uint64_t>(share) / kOne;
    };
    const uint64_t covered = floor(kBlocks * 1024, c.coverage);
    EXPECT_EQ(with_copy[0], covered);
    for (size_t k = 0; k < c.at_least.size(); ++k)
      // Covered entities stand in blocks of their own, the last of which is only begun.
      EXPECT_NEAR(static_cast<double>(with_copy[k + 1]),
                  static_cast<double>(floor(covered, c.at_least[k])), 1024.0)
          << "copies beyond " << k + 1;
  }
}

TEST(TableShape, NumbersTheCopiesOfAnEntityFromZeroWithoutGaps) {
  for (const Config& c : kConfigs) {
    const TableShape shape = Shape(c);
    std::vector<BlockRow> rows;
    for (uint64_t b = 0; b < 50; ++b) {
      shape.Block(b, &rows);
      std::map<uint16_t, std::set<int>> copies;
      for (const BlockRow& r : rows) {
        ASSERT_LT(r.local, 1024);
        ASSERT_TRUE(copies[r.local].insert(r.copy).second) << "the same copy twice";
      }
      for (const auto& [local, seen] : copies) {
        ASSERT_EQ(*seen.begin(), 0);
        ASSERT_EQ(*seen.rbegin(), static_cast<int>(seen.size()) - 1);
        ASSERT_LE(static_cast<int>(seen.size()), shape.max_copies());
      }
    }
  }
}

// Which of the first entities a table covers, and which it has twice.
std::pair<std::vector<bool>, std::vector<bool>> Chosen(const TableShape& shape, uint64_t blocks) {
  std::vector<bool> covered(blocks * 1024), twice(blocks * 1024);
  std::vector<BlockRow> rows;
  for (uint64_t b = 0; b < blocks; ++b) {
    shape.Block(b, &rows);
    for (const BlockRow& r : rows) (r.copy ? twice : covered)[b * 1024 + r.local] = true;
  }
  return {covered, twice};
}

TEST(TableShape, OfDifferentTablesAreIndependent) {
  const auto [crm, crm_twice] = Chosen(Shape(kConfigs[0]), 100);
  const auto [shop, shop_twice] = Chosen(
      TableShape(core::MakeStream(42, "t/ecommerce", "shape"), 600'000'000, {250'000'000}), 100);
  const double n = 102'400;
  double both = 0, both_twice = 0;
  for (size_t i = 0; i < crm.size(); ++i) {
    both += crm[i] && shop[i];
    both_twice += crm_twice[i] && shop_twice[i];
  }
  // 0.8 * 0.6 of all, and copies 0.12 * 0.15; 4.75 standard deviations of independent draws.
  EXPECT_NEAR(both, n * 0.48, 4.75 * std::sqrt(n * 0.48 * 0.52));
  EXPECT_NEAR(both_twice, n * 0.018, 4.75 * std::sqrt(n * 0.018 * 0.982));
}

TEST(TableShape, OfDifferentSeedsDiffer) {
  const auto [a, a_twice] = Chosen(Shape(kConfigs[1]), 10);
  const auto [b, b_twice] =
      Chosen(TableShape(core::MakeStream(43, "t/crm", "shape"), 700'000'000, {}), 10);
  EXPECT_NE(a, b);
}

TEST(TableShape, CoversEveryEntityAsLikely) {
  // Over 2,000 blocks each place is covered 1,400 times.
  std::vector<double> covered(1024);
  const TableShape shape = Shape(kConfigs[1]);
  std::vector<BlockRow> rows;
  for (uint64_t b = 0; b < 2000; ++b) {
    shape.Block(b, &rows);
    for (const BlockRow& r : rows) ++covered[r.local];
  }
  for (size_t i = 0; i < 1024; ++i)  // 1,024 figures: 5.5 standard deviations
    EXPECT_NEAR(covered[i], 1400 - 0.001, 5.5 * std::sqrt(2000 * 0.21)) << i;
}

TEST(TableShape, DoesNotPutCopiesSideBySideMoreOftenThanChance) {
  const TableShape shape = Shape(kConfigs[2]);
  double side_by_side = 0, expected = 0, distance = 0, pairs = 0, expected_distance = 0;
  std::vector<BlockRow> rows;
  for (uint64_t b = 0; b < 500; ++b) {
    shape.Block(b, &rows);
    std::map<uint16_t, std::vector<double>> places;
    for (size_t i = 0; i < rows.size(); ++i)
      places[rows[i].local].push_back(static_cast<double>(i));
    const double n = static_cast<double>(rows.size());
    for (const auto& [local, at] : places)
      for (size_t x = 0; x < at.size(); ++x)
        for (size_t y = 0; y < x; ++y) {
          ++pairs;
          side_by_side += std::abs(at[x] - at[y]) == 1;
          expected += 2 / n;  // of n(n-1)/2 pairs of places, n-1 are neighbours
          distance += std::abs(at[x] - at[y]);
          expected_distance += (n + 1) / 3;
        }
  }
  ASSERT_GT(pairs, 100'000);
  EXPECT_NEAR(side_by_side, expected, 4.75 * std::sqrt(expected));
  EXPECT_NEAR(distance / expected_distance, 1, 0.01);
}

TEST(TableShape, OrderDoesNotTellTheFirstRecordFromItsCopies) {
  const TableShape shape = Shape(kConfigs[2]);
  double first = 0, copy = 0, first_at = 0, copy_at = 0;
  std::vector<BlockRow> rows;
  for (uint64_t b = 0; b < 500; ++b) {
    shape.Block(b, &rows);
    for (size_t i = 0; i < rows.size(); ++i) {
      const double at = static_cast<double>(i) / static_cast<double>(rows.size());
      (rows[i].copy ? copy_at : first_at) += at;
      ++(rows[i].copy ? copy : first);
    }
  }
  // A mean of n uniform numbers has a deviation of 0.289 / √n.
  EXPECT_NEAR(copy_at / copy, first_at / first, 4.75 * 0.289 / std::sqrt(copy));
}

}  // namespace
}  // namespace synthmill::generate
