#include "schema/stored_checks.h"

#include <gtest/gtest.h>

#include <string>

#include "spec/spec.h"

namespace synthmill::schema {
namespace {

using core::ValueLimits;

// Limits of column `c` of a table that says nothing else.
ValueLimits LimitsOf(const std::string& dialect, const std::string& sql_type,
                     const std::shared_ptr<arrow::DataType>& type,
                     std::vector<std::string> checks = {}) {
  spec::Table table;
  table.sql.dialect = dialect;
  table.sql.checks = std::move(checks);
  spec::Column column;
  column.name = column.output = "c";
  column.sql_type = sql_type;
  table.columns.push_back(column);
  return StoredLimits(table, *arrow::schema({arrow::field("c", type)}))["c"];
}

TEST(StoredLimitsTest, LengthsAreInCharactersOrBytesAsTheDialectCounts) {
  EXPECT_EQ(LimitsOf("postgres", "varchar(20)", arrow::utf8()).most_chars, 20u);
  EXPECT_EQ(LimitsOf("redshift", "varchar(20)", arrow::utf8()).most_bytes, 20u);
  EXPECT_TRUE(LimitsOf("postgres", "text", arrow::utf8()).none());
}

TEST(StoredLimitsTest, OpenBoundsOfExactNumbersAreTheNextNumber) {
  const auto decimal = arrow::decimal128(8, 2);
  ValueLimits limits = LimitsOf("postgres", "numeric(8,2)", decimal, {"c > 0.005 AND c < 10"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 1);
  EXPECT_EQ(static_cast<int>(limits.max->value), 999);
  EXPECT_EQ(limits.min->text, "more than 0.005");
  limits = LimitsOf("postgres", "numeric(8,2)", decimal, {"c >= 0.005", "c <= 10.999"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 1);
  EXPECT_EQ(static_cast<int>(limits.max->value), 1099);
  limits = LimitsOf("postgres", "numeric(8,2)", decimal, {"c > 0.01"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 2);
}

TEST(StoredLimitsTest, TheNarrowerOfTwoChecksHolds) {
  const ValueLimits limits = LimitsOf("postgres", "int", arrow::int32(),
                                      {"c BETWEEN 0 AND 10", "c >= 3", "c > 2", "c <= 50"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 3);
  EXPECT_EQ(static_cast<int>(limits.max->value), 10);
}

TEST(StoredLimitsTest, BoundsOfDaysAndMomentsAreExact) {
  ValueLimits limits =
      LimitsOf("postgres", "date", arrow::date32(), {"c >= '1970-01-02' AND c < '1970-01-05'"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 1);
  EXPECT_EQ(static_cast<int>(limits.max->value), 3);
  // A day is its midnight: the second of January lies before noon.
  limits = LimitsOf("postgres", "date", arrow::date32(),
                    {"c >= '1970-01-02 12:00:00' AND c < '1970-01-05 12:00:00'"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 2);
  EXPECT_EQ(static_cast<int>(limits.max->value), 4);
  limits = LimitsOf("postgres", "timestamp", arrow::timestamp(arrow::TimeUnit::MICRO),
                    {"c > '1970-01-01 00:00:01'"});
  EXPECT_EQ(static_cast<int>(limits.min->value), 1'000'001);
}

TEST(StoredLimitsTest, WhatIsSaidOfAChangedTextIsNotHeldAgainstTheTextItself) {
  EXPECT_TRUE(LimitsOf("postgres", "text", arrow::utf8(), {"upper(c) IN ('A', 'B')"}).none());
  EXPECT_TRUE(LimitsOf("postgres", "text", arrow::utf8(), {"length(trim(c)) <= 3"}).none());
  EXPECT_TRUE(LimitsOf("postgres", "text", arrow::utf8(), {"c = 'a' OR lower(c) = 'b'"}).none());
  EXPECT_EQ(LimitsOf("postgres", "text", arrow::utf8(), {"c IN ('A', 'B')"}).values.size(), 2u);
  EXPECT_EQ(LimitsOf("postgres", "text", arrow::utf8(), {"length(c) <= 3"}).most_chars, 3u);
}

TEST(StoredLimitsTest, ListsOfNumbersAreNumbers) {
  const ValueLimits limits =
      LimitsOf("postgres", "numeric(5,1)", arrow::decimal128(5, 1), {"c IN (1, 2.5)"});
  ASSERT_EQ(limits.numbers.size(), 2u);
  EXPECT_EQ(static_cast<int>(limits.numbers[1]), 25);
}

TEST(StoredLimitsTest, ChecksThatAreNotUnderstoodLimitNothing) {
  for (const char* check : {"c > other", "my_function(c) = 1", "c ~ '^a'", "c % 2 = 0", "((("}) {
    EXPECT_TRUE(LimitsOf("postgres", "text", arrow::utf8(), {check}).none()) << check;
  }
}

}  // namespace
}  // namespace synthmill::schema
