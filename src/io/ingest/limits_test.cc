#include "io/ingest/limits.h"

#include <arrow/array.h>
#include <arrow/json/from_string.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace synthmill::io::ingest {
namespace {

using core::ValueLimits;

// Rows of a one-column batch that are beyond a limit.
std::vector<uint32_t> Beyond(const std::shared_ptr<arrow::DataType>& type, const std::string& json,
                             const ValueLimits& limits) {
  const auto array = arrow::json::ArrayFromJSONString(type, json).ValueOrDie();
  const auto batch =
      arrow::RecordBatch::Make(arrow::schema({arrow::field("c", type)}), array->length(), {array});
  std::vector<CellFailure> failures;
  // Through a slice, as a consumer may hand on: offsets count.
  CheckLimits(*batch, {limits}, &failures);
  OnePerRow(&failures);
  std::vector<uint32_t> rows;
  for (const CellFailure& f : failures) {
    EXPECT_NE(f.reason.find("column 'c': "), std::string::npos) << f.reason;
    rows.push_back(f.row);
  }
  failures.clear();
  CheckLimits(*batch->Slice(1), {limits}, &failures);
  OnePerRow(&failures);
  std::vector<uint32_t> sliced;
  for (const CellFailure& f : failures) sliced.push_back(f.row + 1);
  std::vector<uint32_t> expected = rows;
  if (!expected.empty() && expected[0] == 0) expected.erase(expected.begin());
  EXPECT_EQ(sliced, expected);
  return rows;
}

using Failing = std::vector<uint32_t>;

ValueLimits Between(__int128 min, __int128 max) {
  ValueLimits limits;
  limits.min = {min, static_cast<double>(min), false, "at least"};
  limits.max = {max, static_cast<double>(max), false, "at most"};
  return limits;
}

TEST(LimitsTest, BoundsOfEveryTypeOfNumberHoldThemselvesAndNullIsBeyondNone) {
  for (const auto& type : {arrow::int8(), arrow::int16(), arrow::int32(), arrow::int64(),
                           arrow::float32(), arrow::float64()}) {
    EXPECT_EQ(Beyond(type, "[0, 1, 2, 9, 10, null, -1]", Between(1, 9)), (Failing{0, 4, 6}))
        << type->ToString();
  }
  EXPECT_EQ(Beyond(arrow::decimal128(30, 2), R"(["0.99", "1.00", null, "9.00", "9.01"])",
                   Between(100, 900)),
            (Failing{0, 4}));
  EXPECT_EQ(Beyond(arrow::date32(), "[0, 1, 9, 10]", Between(1, 9)), (Failing{0, 3}));
  EXPECT_EQ(Beyond(arrow::time64(arrow::TimeUnit::MICRO), "[0, 1, 9, 10]", Between(1, 9)),
            (Failing{0, 3}));
}

TEST(LimitsTest, FloatsHaveOpenBoundsInTheirOwnWidth) {
  ValueLimits limits;
  limits.min = {0, 0, true, "more than 0"};
  limits.max = {0, 0.1, false, "at most 0.1"};
  EXPECT_EQ(Beyond(arrow::float32(), "[0, 1e-30, 0.1, 0.1001, NaN]", limits), (Failing{0, 3, 4}));
  EXPECT_EQ(Beyond(arrow::float64(), "[0, 1e-300, 0.1, 0.1000000001, NaN]", limits),
            (Failing{0, 3, 4}));
}

TEST(LimitsTest, LengthsAreCountedInCharactersOrBytes) {
  ValueLimits limits;
  limits.most_chars = 3;
  EXPECT_EQ(Beyond(arrow::utf8(), R"(["", "abc", "abcd", "äöü", "äöüß", null])", limits),
            (Failing{2, 4}));
  limits.most_bytes = 4;
  EXPECT_EQ(Beyond(arrow::utf8(), R"(["", "abc", "abcd", "äöü", "äö"])", limits), (Failing{2, 3}));
  limits.least_chars = 2;
  EXPECT_EQ(Beyond(arrow::utf8(), R"(["", "ä", "äö", null])", limits), (Failing{0, 1}));
}

TEST(LimitsTest, OnlyListedValuesAreAllowed) {
  ValueLimits limits;
  limits.values = {"a", "b"};
  EXPECT_EQ(Beyond(arrow::utf8(), R"(["a", "A", null, "b", ""])", limits), (Failing{1, 4}));
  limits = {};
  limits.numbers = {1, 3};
  EXPECT_EQ(Beyond(arrow::int32(), "[1, 2, 3, null]", limits), (Failing{1}));
}

TEST(LimitsTest, WhatIsNotLimitedIsNotLookedAt) {
  EXPECT_TRUE(ValueLimits().none());
  EXPECT_EQ(Beyond(arrow::list(arrow::int32()), "[[1], null]", Between(5, 6)), Failing{});
  EXPECT_EQ(Beyond(arrow::boolean(), "[true, null]", Between(5, 6)), Failing{});
}

}  // namespace
}  // namespace synthmill::io::ingest
