#include "run/manifest.h"

#include <gtest/gtest.h>

#include "run/schema_json.h"

namespace synthmill::run {
namespace {

PartReceipts SomePart() {
  PartReceipts part;
  part.task = 3;
  part.root = "thing";
  part.part = 3;
  io::Receipt receipt;
  receipt.table = "t";
  receipt.part = 3;
  receipt.file = "part-00003.csv";
  receipt.rows = 12;
  receipt.bytes = 345;
  receipt.fingerprint.high = 0xfedcba9876543210;
  receipt.fingerprint.low = 42;
  receipt.fingerprint.rows = 12;
  part.files.push_back(receipt);
  part.noise.push_back({"t", "typo", 300'000'000, 12, 11, 4, 3});
  return part;
}

RunManifest SomeRun() {
  RunManifest run;
  run.id = "20261121T110203-6f3a9c";
  run.state = RunState::kCommitting;
  run.identity = {{"dataset", "d"},
                  {"seed", 42},
                  {"parameters", {{"n", 5}, {"suffix", ""}}},
                  {"format", {{"name", "csv"}, {"delimiter", ";"}, {"header", false}}}};
  run.hash = "abc";
  run.mode = WriteMode::kAppend;
  run.spec_file = "d.yaml";
  run.spec_text = "a: \"ü\"\n";
  run.versions = {{"generator", 1}};
  run.roots.push_back({"thing", 10, 20, "first_thing"});
  run.tables.push_back({"key", "t", true, "thing",
                        arrow::schema({arrow::field("a", arrow::int32(), false),
                                       arrow::field("b", arrow::decimal128(10, 2))})});
  run.tasks = 8;
  run.commit_state = "{}";
  run.parts.push_back(SomePart());
  return run;
}

TEST(ManifestTest, ARunSurvivesTheRoundTrip) {
  const std::string text = ToJson(SomeRun());
  const RunManifest run = RunManifestFromJson(text, "x").ValueOrDie();
  EXPECT_EQ(ToJson(run), text);
  EXPECT_EQ(run.state, RunState::kCommitting);
  EXPECT_EQ(run.mode, WriteMode::kAppend);
  EXPECT_EQ(run.dataset(), "d");
  EXPECT_EQ(run.format(), "csv");
  EXPECT_EQ(run.format_options().delimiter, ';');
  EXPECT_FALSE(run.format_options().header);
  EXPECT_TRUE(run.tables[0].schema->Equals(*SomeRun().tables[0].schema));
  EXPECT_EQ(run.parts[0].files[0].fingerprint, SomePart().files[0].fingerprint);
  EXPECT_EQ(run.spec_text, "a: \"ü\"\n");
}

TEST(ManifestTest, LiveRunsAndReceiptsSurviveTheRoundTrip) {
  Manifest manifest;
  manifest.runs.push_back({"id", "d", "h", "2026-01-01T00:00:00Z", {"a", "b"}});
  EXPECT_EQ(ToJson(ManifestFromJson(ToJson(manifest), "x").ValueOrDie()), ToJson(manifest));
  EXPECT_EQ(ToJson(PartReceiptsFromJson(ToJson(SomePart()), "x").ValueOrDie()), ToJson(SomePart()));
}

TEST(ManifestTest, DamagedDocumentsAreErrorsThatNameTheFile) {
  for (const char* text : {"", "{", "[]", "{}", "{\"version\":1}", "{\"version\":99}",
                           "{\"version\":1,\"runs\":[{\"id\":7}]}"}) {
    const auto status = ManifestFromJson(text, "the/file").status();
    EXPECT_TRUE(status.IsInvalid()) << text;
    EXPECT_NE(status.message().find("the/file"), std::string::npos) << text;
  }
  const std::string whole = ToJson(SomeRun());
  for (size_t cut = 0; cut + 1 < whole.size(); cut += 97) {
    EXPECT_FALSE(RunManifestFromJson(whole.substr(0, cut), "x").ok());
  }
}

TEST(ManifestTest, DifferencesAreNamedFieldByField) {
  const Json then = {{"seed", 42}, {"parameters", {{"n", 5}, {"m", 1}}}, {"noise", "classic"}};
  const Json now = {{"seed", 43}, {"parameters", {{"n", 6}, {"m", 1}}}, {"noise", "classic"}};
  EXPECT_EQ(IdentityDifferences(then, now),
            (std::vector<std::string>{"seed (42, now 43)", "n (5, now 6)"}));
  EXPECT_TRUE(IdentityDifferences(then, then).empty());
}

TEST(ManifestTest, RunIdsAreOrderedByTimeAndDiffer) {
  const std::string a = NewRunId(), b = NewRunId();
  EXPECT_NE(a, b);
  EXPECT_LE(a.substr(0, 15), b.substr(0, 15));
  EXPECT_EQ(a.size(), 22u);
}

TEST(SchemaJsonTest, EveryNamedTypeComesBack) {
  for (const char* name : {"bool",
                           "int32",
                           "int64",
                           "float64",
                           "string",
                           "date",
                           "timestamp",
                           "timestamp_local",
                           "decimal(10,2)",
                           "decimal(50,0)",
                           "int8",
                           "int16",
                           "float32",
                           "binary",
                           "time",
                           "decimal(38,10)",
                           "list<int32>",
                           "map<string,int64>",
                           "struct<a:int32,b:string>",
                           "list<struct<`a b`:map<date,decimal(20,3)>,"
                           "```:>`:list<list<bool>>>>"}) {
    const auto type = TypeFromName(name);
    ASSERT_TRUE(type.ok()) << name;
    EXPECT_EQ(TypeName(**type).ValueOrDie(), name);
  }
  for (const char* name : {"", "int", "decimal", "decimal(", "decimal(10)", "decimal(10,2",
                           "decimal(a,2)", "decimal(99,2)"}) {
    EXPECT_FALSE(TypeFromName(name).ok()) << name;
  }
}

TEST(SchemaJsonTest, DictionariesAreWrittenAsTheirValues) {
  EXPECT_EQ(TypeName(*arrow::dictionary(arrow::int32(), arrow::utf8())).ValueOrDie(), "string");
}

}  // namespace
}  // namespace synthmill::run
