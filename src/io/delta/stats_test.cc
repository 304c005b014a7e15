#include "io/delta/stats.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "io/formats/test_batches.h"

namespace synthmill::io::delta {
namespace {

using nlohmann::json;
using testing::ArrayOf;
using testing::Dictionary;
using testing::Texts;

json StatsOf(const std::shared_ptr<arrow::RecordBatch>& batch, int64_t columns = kIndexedColumns) {
  FileStats stats(*batch->schema(), columns);
  EXPECT_TRUE(stats.Add(*batch).ok());
  return json::parse(stats.Json());
}

std::shared_ptr<arrow::RecordBatch> OneColumn(std::shared_ptr<arrow::Array> array) {
  const auto schema = arrow::schema({arrow::field("c", array->type())});
  return arrow::RecordBatch::Make(schema, array->length(), {array});
}

std::shared_ptr<arrow::Array> Moments(const std::vector<std::optional<int64_t>>& values) {
  return ArrayOf<arrow::TimestampBuilder>(
      arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"),
                              arrow::default_memory_pool()),
      values);
}

TEST(FileStats, CountsRowsAndNullsAndFindsLeastAndGreatest) {
  const auto stats = StatsOf(OneColumn(
      ArrayOf<arrow::Int32Builder, int32_t>(arrow::Int32Builder(), {7, {}, -3, INT32_MAX, {}})));
  EXPECT_EQ(stats["numRecords"], 5);
  EXPECT_EQ(stats["minValues"]["c"], -3);
  EXPECT_EQ(stats["maxValues"]["c"], INT32_MAX);
  EXPECT_EQ(stats["nullCount"]["c"], 2);
}

TEST(FileStats, LeavesOutBoundsOfColumnsWithoutValues) {
  const auto stats = StatsOf(OneColumn(Texts({{}, {}})));
  EXPECT_FALSE(stats["minValues"].contains("c"));
  EXPECT_FALSE(stats["maxValues"].contains("c"));
  EXPECT_EQ(stats["nullCount"]["c"], 2);
}

TEST(FileStats, LooksOnlyAtEntriesOfDictionariesThatAreUsed) {
  const auto values = Texts({"aaa", "m", "q", "zzz"});
  const auto schema =
      arrow::schema({arrow::field("c", arrow::dictionary(arrow::int32(), arrow::utf8()))});
  FileStats stats(*schema, -1);
  for (const auto& codes : std::vector<std::vector<std::optional<int32_t>>>{{1, 1, {}}, {2}}) {
    ASSERT_TRUE(stats
                    .Add(*arrow::RecordBatch::Make(schema, static_cast<int64_t>(codes.size()),
                                                   {Dictionary(codes, values)}))
                    .ok());
  }
  ASSERT_TRUE(
      stats.Add(*arrow::RecordBatch::Make(schema, 1, {Dictionary({0}, Texts({"n"}))})).ok());
  const json found = json::parse(stats.Json());
  EXPECT_EQ(found["minValues"]["c"], "m");
  EXPECT_EQ(found["maxValues"]["c"], "q");
  EXPECT_EQ(found["nullCount"]["c"], 1);
}

TEST(FileStats, CutsTextsSoThatTheyStayBounds) {
  const std::string thirty(30, 'x');
  EXPECT_EQ(LowerBound(thirty + "éüzz"), thirty + "éü");
  EXPECT_EQ(UpperBound(thirty + "éü"), thirty + "éü");  // 32 characters: as it is
  const std::string greatest = thirty + "éü" + "and more";
  EXPECT_EQ(UpperBound(greatest), thirty + "éý");
  EXPECT_GT(*UpperBound(greatest), greatest);
  // A last character without a next one makes the one before it greater.
  EXPECT_EQ(UpperBound(thirty + "a\U0010FFFF and more"), thirty + "b");
  EXPECT_EQ(UpperBound(std::string(31, 'x') + "\uD7FF" + "more"), std::string(31, 'x') + "\uE000");
  std::string none;
  for (int i = 0; i < 40; ++i) none += "\U0010FFFF";
  EXPECT_EQ(UpperBound(none), std::nullopt);
}

TEST(FileStats, WritesTimestampsInMillisecondsThatStayBounds) {
  // 1969-12-31T23:59:59.999999Z and 2026-01-31T23:59:59.123456Z
  const auto stats = StatsOf(OneColumn(Moments({-1, 1'769'903'999'123'456})));
  EXPECT_EQ(stats["minValues"]["c"], "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(stats["maxValues"]["c"], "2026-01-31T23:59:59.124Z");
  const auto whole = StatsOf(OneColumn(Moments({1'769'903'999'123'000})));
  EXPECT_EQ(whole["minValues"]["c"], "2026-01-31T23:59:59.123Z");
  EXPECT_EQ(whole["maxValues"]["c"], "2026-01-31T23:59:59.123Z");
}

TEST(FileStats, WritesDecimalsAsPlainNumbers) {
  arrow::Decimal128Builder builder(arrow::decimal128(38, 10));
  for (const char* text : {"0.0000000001", "-9999999999999999999999999999.9999999999"}) {
    ASSERT_TRUE(builder.Append(arrow::Decimal128::FromString(text).ValueOrDie()).ok());
  }
  const auto batch = OneColumn(builder.Finish().ValueOrDie());
  FileStats stats(*batch->schema(), -1);
  ASSERT_TRUE(stats.Add(*batch).ok());
  EXPECT_NE(stats.Json().find(R"("minValues":{"c":-9999999999999999999999999999.9999999999})"),
            std::string::npos)
      << stats.Json();
  EXPECT_NE(stats.Json().find(R"("maxValues":{"c":0.0000000001})"), std::string::npos);
}

TEST(FileStats, WritesDatesAndClocksAsTexts) {
  const auto dates = StatsOf(
      OneColumn(ArrayOf<arrow::Date32Builder, int32_t>(arrow::Date32Builder(), {-719162, 20'484})));
  EXPECT_EQ(dates["minValues"]["c"], "0001-01-01");
  EXPECT_EQ(dates["maxValues"]["c"], "2026-01-31");
  const auto clocks = StatsOf(OneColumn(ArrayOf<arrow::Time64Builder, int64_t>(
      arrow::Time64Builder(arrow::time64(arrow::TimeUnit::MICRO), arrow::default_memory_pool()),
      {1, 86'399'999'999})));
  EXPECT_EQ(clocks["minValues"]["c"], "00:00:00.000001");
  EXPECT_EQ(clocks["maxValues"]["c"], "23:59:59.999999");
}

TEST(FileStats, GivesNoBoundsWhereFloatsHaveNone) {
  const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  const auto doubles = [](std::vector<std::optional<double>> values) {
    return OneColumn(ArrayOf<arrow::DoubleBuilder>(arrow::DoubleBuilder(), values));
  };
  EXPECT_TRUE(StatsOf(doubles({1.5, nan}))["maxValues"].empty());
  const auto stats = StatsOf(doubles({1.5, infinite, 0.1}));
  EXPECT_EQ(stats["minValues"]["c"], 0.1);
  EXPECT_TRUE(stats["maxValues"].empty());
}

TEST(FileStats, GoesIntoStructsWhoseNullsAreNullsOfTheirFields) {
  const auto type = arrow::struct_(
      {arrow::field("x", arrow::int64()), arrow::field("words", arrow::list(arrow::utf8()))});
  const auto array = testing::FromJson(
      type, {R"({"x":5,"words":["a"]})", "null", R"({"x":null,"words":null})", R"({"x":-5})"});
  const auto stats = StatsOf(OneColumn(array));
  EXPECT_EQ(stats["minValues"], json::parse(R"({"c":{"x":-5}})"));
  EXPECT_EQ(stats["maxValues"], json::parse(R"({"c":{"x":5}})"));
  EXPECT_EQ(stats["nullCount"], json::parse(R"({"c":{"x":2,"words":3}})"));
}

TEST(FileStats, LooksAtTheFirstColumnsOnly) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (int i = 0; i < 40; ++i) {
    arrays.push_back(ArrayOf<arrow::Int64Builder, int64_t>(arrow::Int64Builder(), {i}));
    fields.push_back(arrow::field("c" + std::to_string(i), arrow::int64()));
  }
  const auto batch = arrow::RecordBatch::Make(arrow::schema(fields), 1, arrays);
  EXPECT_EQ(StatsOf(batch)["nullCount"].size(), 32u);
  EXPECT_TRUE(StatsOf(batch)["minValues"].contains("c31"));
  EXPECT_EQ(StatsOf(batch, 2)["maxValues"].size(), 2u);
  EXPECT_EQ(StatsOf(batch, -1)["maxValues"].size(), 40u);
  EXPECT_EQ(StatsOf(batch, 0)["nullCount"].size(), 0u);
}

TEST(FileStats, TakesEveryTypeThatTablesHave) {
  const auto batch = testing::TrickyBatch();
  const auto stats = StatsOf(batch, -1);
  EXPECT_EQ(stats["numRecords"], 6);
  EXPECT_EQ(stats["nullCount"]["all null"], 6);
  EXPECT_EQ(stats["minValues"]["i64"], INT64_MIN);
  EXPECT_EQ(stats["maxValues"]["money"], 99999999.99);
  EXPECT_FALSE(stats["minValues"].contains("binary"));
}

}  // namespace
}  // namespace synthmill::io::delta
