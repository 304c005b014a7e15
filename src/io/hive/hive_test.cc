// Types, names and places, as a metastore knows them. The metastore itself:
// tests/spark/test_hive.py.
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/field_comment.h"
#include "io/hive/location.h"
#include "io/hive/metastore.h"
#include "io/hive/schema.h"

namespace synthmill::io::hive {
namespace {

bool Says(const arrow::Status& status, std::string_view text) {
  return !status.ok() && status.message().find(text) != std::string::npos;
}

TEST(HiveTypes, EveryTypeComesBackAsItWas) {
  const std::shared_ptr<arrow::DataType> types[] = {
      arrow::boolean(),
      arrow::int8(),
      arrow::int16(),
      arrow::int32(),
      arrow::int64(),
      arrow::float32(),
      arrow::float64(),
      arrow::utf8(),
      arrow::binary(),
      arrow::date32(),
      arrow::timestamp(arrow::TimeUnit::MICRO),
      arrow::decimal128(38, 10),
      arrow::list(arrow::field("element", arrow::decimal128(5, 2))),
      arrow::map(arrow::utf8(), arrow::list(arrow::field("element", arrow::int32()))),
      arrow::struct_({arrow::field("a", arrow::int32()),
                      arrow::field("b", arrow::struct_({arrow::field("c", arrow::date32())}))}),
  };
  for (const auto& type : types) {
    const std::string hive = HiveType(*type).ValueOrDie();
    const auto back = ArrowType(hive).ValueOrDie();
    EXPECT_TRUE(back->Equals(*type)) << hive << ": " << back->ToString();
  }
}

TEST(HiveTypes, AreWrittenAsHiveWritesThem) {
  EXPECT_EQ(*HiveType(*arrow::struct_(
                {arrow::field("A", arrow::list(arrow::int16())),
                 arrow::field("m", arrow::map(arrow::utf8(), arrow::decimal128(9, 2)))})),
            "struct<a:array<smallint>,m:map<string,decimal(9,2)>>");
  EXPECT_EQ(*HiveType(*arrow::dictionary(arrow::int32(), arrow::utf8())), "string");
  EXPECT_EQ(*HiveType(*arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")), "timestamp");
}

TEST(HiveTypes, WhatHiveHasNotIsAnError) {
  EXPECT_TRUE(Says(HiveType(*arrow::time64(arrow::TimeUnit::MICRO)).status(),
                   "Hive has no type for time64"));
  EXPECT_TRUE(
      Says(HiveType(*arrow::struct_({arrow::field("a:b", arrow::int32())})).status(), "a:b"));
}

TEST(HiveTypes, BrokenOnesAreErrorsNotCrashes) {
  for (const char* type : {"", "array", "array<", "array<int", "map<int>", "map<int,", "struct<a>",
                           "struct<a:int", "struct<>", "decimal(", "decimal(x)", "decimal(5,",
                           "int>", "varchar", "varchar(", "uniontype<int>", "decimal(99,2)"}) {
    EXPECT_FALSE(ArrowType(type).ok()) << type;
  }
  EXPECT_TRUE((*ArrowType("decimal"))->Equals(*arrow::decimal128(10, 0)));
  EXPECT_TRUE((*ArrowType("DECIMAL(7)"))->Equals(*arrow::decimal128(7, 0)));
  EXPECT_TRUE(
      (*ArrowType("map<string, varchar(10)>"))->Equals(*arrow::map(arrow::utf8(), arrow::utf8())));
}

TEST(HiveColumns, CarryCommentsAndLeaveOutThePartitionsOwn) {
  const auto comment = arrow::key_value_metadata({core::kFieldComment}, {"who"});
  const auto schema = arrow::schema({arrow::field("Id", arrow::int64(), false, comment),
                                     arrow::field("load_date", arrow::date32())});
  const auto columns = HiveColumns(*schema, {{"load_date", "date"}}).ValueOrDie();
  ASSERT_EQ(columns.size(), 1u);
  EXPECT_EQ(columns[0].name, "id");
  EXPECT_EQ(columns[0].comment, "who");
  const auto twice =
      arrow::schema({arrow::field("a", arrow::int64()), arrow::field("A", arrow::int64())});
  EXPECT_TRUE(Says(HiveColumns(*twice, {}).status(), "are one for Hive"));
}

TEST(HiveColumns, WhatAMetastoreCannotHoldIsCutOrRefused) {
  const auto comment =
      arrow::key_value_metadata({core::kFieldComment}, {std::string(255, 'x') + "é"});
  const auto long_one = arrow::schema({arrow::field("a b", arrow::int64(), false, comment)});
  EXPECT_EQ(HiveColumns(*long_one, {})->at(0).comment, std::string(255, 'x'));
  for (const std::string& name : {std::string("a,b"), std::string(768, 'n'), std::string()}) {
    const auto schema = arrow::schema({arrow::field(name, arrow::int64())});
    EXPECT_TRUE(Says(HiveColumns(*schema, {}).status(), "at most 767 bytes")) << name;
  }
}

TEST(HiveDifferences, EachIsToldAndSpacesAndCaseAreNone) {
  HiveTable wanted{"t", {{"a", "int"}, {"b", "decimal(5,2)"}}, {{"load_date", "date"}}, "", "", ""};
  HiveTable there = wanted;
  there.columns = {{"B", "DECIMAL(5, 2)"}, {"a", "int"}};
  there.serde = "x.ParquetHiveSerDe";
  there.kind = "EXTERNAL_TABLE";
  EXPECT_TRUE(TableDifferences(there, wanted).empty());
  there.columns = {{"a", "bigint"}, {"c", "int"}};
  there.partition_keys = {};
  EXPECT_EQ(TableDifferences(there, wanted),
            (std::vector<std::string>{"its column a is bigint, not int",
                                      "it has no column b decimal(5,2)",
                                      "it has a column c int that this run does not write",
                                      "it has no partition column load_date date"}));
  wanted.partition_keys = {{"a", "int"}, {"b", "int"}};
  there = wanted;
  there.kind = "EXTERNAL_TABLE";
  there.serde = "x.ParquetHiveSerDe";
  there.partition_keys = {{"B", "int"}, {"a", "int"}};
  EXPECT_EQ(
      TableDifferences(there, wanted),
      (std::vector<std::string>{"its partition columns are in another order: B, a, not a, b"}));
}

TEST(PartitionNames, AreEscapedAsHiveDoesAndComeBack) {
  const std::vector<HiveColumn> keys = {{"day", "date"}, {"city", "string"}};
  const std::vector<std::string> values = {"2026-01-31", "a/b=c%d é"};
  const std::string name = PartitionName(keys, values);
  EXPECT_EQ(name, "day=2026-01-31/city=a%2Fb%3Dc%25d é");
  EXPECT_EQ(*PartitionValues(name), values);
  EXPECT_FALSE(PartitionValues("day").ok());
  EXPECT_EQ(*PartitionValues("a=%"), std::vector<std::string>{"%"});
  EXPECT_EQ(*PartitionValues("a=%zz"), std::vector<std::string>{"%zz"});
}

TEST(MetastoreUris, AreReadAndBadOnesTold) {
  const auto uri = ParseMetastoreUri("hive://Meta:19083/Sales/").ValueOrDie();
  EXPECT_EQ(uri.ToString(), "hive://Meta:19083/sales");
  EXPECT_EQ(ParseMetastoreUri("hive://h/d")->port, 9083);
  EXPECT_EQ(ParseMetastoreUri("hive://[::1]:9/d")->host, "::1");
  EXPECT_EQ(ParseMetastoreUri("hive://[::1]/d")->port, 9083);
  for (const char* bad : {"hive:", "hive://", "hive://h", "hive://h/", "hive:///d", "hive://h:0/d",
                          "hive://h:x/d", "hive://h:/d", "hive://h/a/b", "hive://h/a.b"}) {
    EXPECT_FALSE(ParseMetastoreUri(bad).ok()) << bad;
  }
}

TEST(HiveLocations, OfAnotherMachineAreRefused) {
  EXPECT_EQ(DatabaseLocation("file:/w/d", "d", "127.0.0.1")->registered, "file:/w/d");
  EXPECT_EQ(DatabaseLocation("file:///w/d/", "d", "localhost")->reached, "/w/d");
  EXPECT_TRUE(Says(DatabaseLocation("file:/w/d", "d", "metastore.invalid").status(),
                   "which is another machine"));
  EXPECT_EQ(DatabaseLocation("s3a://b/d", "d", "metastore.invalid")->registered, "s3a://b/d");
  EXPECT_EQ(GivenLocation("s3://b/d/")->reached, "s3://b/d");
  EXPECT_EQ(GivenLocation("s3://b/d/")->registered, "s3a://b/d");
  EXPECT_EQ(GivenLocation("gs://b/d")->registered, "gs://b/d");
  EXPECT_EQ(GivenLocation("/w/./d")->registered, "file:/w/d");
  EXPECT_FALSE(GivenLocation("file://other.invalid/w").ok());
  EXPECT_TRUE(IsThisMachine("127.0.0.1"));
  EXPECT_TRUE(IsThisMachine("localhost"));
  EXPECT_FALSE(IsThisMachine("192.0.2.1"));
}

}  // namespace
}  // namespace synthmill::io::hive
