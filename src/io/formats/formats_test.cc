// What every format in the registry has to keep to.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "io/formats/format_internal.h"
#include "io/formats/test_batches.h"

namespace synthmill::io {
namespace {

using testing::Batches;
using testing::FingerprintOf;
using testing::ReadFile;
using testing::TableOf;
using testing::Texts;
using testing::TrickyBatch;
using testing::WriteFile;

class EveryFormat : public ::testing::TestWithParam<const Format*> {
 protected:
  const Format& format() const { return *GetParam(); }
  bool text() const {
    const std::string name = format().name;
    return name == "csv" || name == "jsonl";
  }

  // Plain values of `written`, as they should come back.
  static Batches Logical(const Batches& written) {
    const auto schema = LogicalSchema(*written.at(0)->schema());
    Batches plain;
    for (const auto& batch : written) {
      arrow::ArrayVector columns;
      for (const auto& c : batch->columns()) {
        columns.push_back(internal::DecodeDictionary(c).ValueOrDie());
      }
      plain.push_back(arrow::RecordBatch::Make(schema, batch->num_rows(), columns));
    }
    return plain;
  }

  void ExpectRoundTrip(const Batches& batches, const FormatOptions& options = {}) {
    const auto schema = batches.at(0)->schema();
    const auto logical = LogicalSchema(*schema);
    auto file = WriteFile(format(), schema, batches, options);
    ASSERT_TRUE(file.ok()) << file.status();
    auto back = ReadFile(format(), logical, *file, options);
    ASSERT_TRUE(back.ok()) << back.status();
    const auto expected = TableOf(logical, Logical(batches));
    const auto actual = TableOf(logical, *back);
    EXPECT_TRUE(actual->Equals(*expected)) << actual->ToString() << expected->ToString();
    if (actual->num_rows() > 0) {
      EXPECT_EQ(FingerprintOf(*back), FingerprintOf(batches));
    }
    for (const auto& batch : *back) EXPECT_TRUE(batch->ValidateFull().ok());
  }
};

INSTANTIATE_TEST_SUITE_P(Registry, EveryFormat,
                         ::testing::ValuesIn(Formats().begin(), Formats().end()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(EveryFormat, IsFoundByItsNameAndSaysWhatItIs) {
  EXPECT_EQ(FindFormat(format().name).ValueOrDie(), &format());
  EXPECT_GT(std::string(format().help).size(), 20u);
  EXPECT_NE(std::string(format().example).find("synthmill "), std::string::npos);
  EXPECT_TRUE(CheckOptions(format(), {}).ok());
}

TEST_P(EveryFormat, GivesBackEveryTypeNullAndExtremeValue) { ExpectRoundTrip({TrickyBatch()}); }

TEST_P(EveryFormat, GivesBackTheSameWithEveryCompressionItNames) {
  std::istringstream names(format().compressions);
  for (std::string name; names >> name;) {
    SCOPED_TRACE(name);
    FormatOptions options;
    options.compression = name;
    EXPECT_TRUE(CheckOptions(format(), options).ok());
    ExpectRoundTrip({TrickyBatch(), testing::Tile(*TrickyBatch(), 3)}, options);
  }
}

TEST_P(EveryFormat, GivesBackSlicesOfBatches) {
  const auto batch = TrickyBatch();
  ExpectRoundTrip({batch->Slice(3), batch->Slice(0, 0), batch->Slice(1, 2), batch->Slice(5)});
}

TEST_P(EveryFormat, GivesBackManyBatchesAcrossRowGroups) {
  const auto batch =
      testing::Tile(*TrickyBatch()->SelectColumns({0, 1, 3, 5, 9, 12, 16, 17}).ValueOrDie(), 50);
  FormatOptions options;
  options.row_group_rows = 700;
  ExpectRoundTrip(Batches(20, batch), options);
}

TEST_P(EveryFormat, GivesBackATableWithoutRows) {
  const auto schema = TrickyBatch()->schema();
  for (const bool header : {true, false}) {
    FormatOptions options;
    options.header = header;
    auto file = WriteFile(format(), schema, {}, options);
    ASSERT_TRUE(file.ok()) << file.status();
    auto back = ReadFile(format(), LogicalSchema(*schema), *file, options);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(TableOf(LogicalSchema(*schema), *back)->num_rows(), 0);
  }
}

TEST_P(EveryFormat, GivesBackATableOfOneColumnWithNulls) {
  const auto schema = arrow::schema({arrow::field("only", arrow::utf8())});
  ExpectRoundTrip({arrow::RecordBatch::Make(schema, 4, {Texts({{}, "a", {}, ""})})});
  ExpectRoundTrip({arrow::RecordBatch::Make(schema, 1, {Texts({{}})})});
}

TEST_P(EveryFormat, TakesDictionariesThatChangeFromBatchToBatch) {
  const auto schema =
      arrow::schema({arrow::field("d", arrow::dictionary(arrow::int32(), arrow::utf8()))});
  auto batch = [&](std::vector<std::optional<int32_t>> indices,
                   std::vector<std::optional<std::string>> values) {
    const auto n = static_cast<int64_t>(indices.size());
    return arrow::RecordBatch::Make(schema, n, {testing::Dictionary(indices, Texts(values))});
  };
  const auto first = batch({0, 1, {}, 1}, {"a", "b"});
  const Batches batches = {first, batch({2, 0, 1}, {"c", "b", "z"}), first, batch({0, 0}, {"q"}),
                           batch({1, 0}, {"a", "b", "unused"})};
  ExpectRoundTrip(batches);
  FormatOptions options;
  options.row_group_rows = 3;
  ExpectRoundTrip(batches, options);
}

TEST_P(EveryFormat, KeepsRequiredColumnsAndHints) {
  const auto hints = arrow::key_value_metadata({kHintText, kHintKey}, {"unique", "true"});
  const auto schema = arrow::schema(
      {arrow::field("id", arrow::utf8(), false, hints), arrow::field("n", arrow::int64(), false)});
  arrow::StringBuilder ids;
  arrow::Int64Builder numbers;
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(ids.Append("id-" + std::to_string(i * 7919)).ok());
    ASSERT_TRUE(numbers.Append(i % 5).ok());
  }
  ExpectRoundTrip({arrow::RecordBatch::Make(schema, 3000, {*ids.Finish(), *numbers.Finish()})});
}

TEST_P(EveryFormat, WritesTheSameBytesTwice) {
  const auto batch = TrickyBatch();
  auto a = WriteFile(format(), batch->schema(), {batch, batch});
  auto b = WriteFile(format(), batch->schema(), {batch, batch});
  EXPECT_TRUE((*a)->Equals(**b));
}

TEST_P(EveryFormat, EndsInAnErrorWhenTheFileIsCut) {
  const auto batch = TrickyBatch();
  const auto logical = LogicalSchema(*batch->schema());
  std::istringstream names(format().compressions);
  for (std::string name; names >> name;) {
    FormatOptions options;
    options.compression = name;
    auto file = WriteFile(format(), batch->schema(), Batches(3, batch), options).ValueOrDie();
    const int64_t step = file->size() / 97 + 1;
    for (int64_t size = 0; size < file->size(); size += step) {
      // Text that is cut right after a line is whole but for its number of rows.
      if (text() && name == "none" && size > 0 && file->data()[size - 1] == '\n') continue;
      if (std::string(format().name) == "jsonl" && size == 0 && name == "none") continue;
      EXPECT_FALSE(ReadFile(format(), logical, arrow::SliceBuffer(file, 0, size), options).ok())
          << name << " cut to " << size << " of " << file->size();
    }
  }
}

TEST_P(EveryFormat, SurvivesDamage) {
  const auto batch = testing::Tile(*TrickyBatch(), 4);
  const auto logical = LogicalSchema(*batch->schema());
  const auto file = WriteFile(format(), batch->schema(), {batch, batch}).ValueOrDie();
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = file->ToString();
    for (int i = 0; i < 1 + round % 5; ++i) bytes[random() % bytes.size()] ^= 1 << random() % 8;
    auto back = ReadFile(format(), logical, arrow::Buffer::FromString(std::move(bytes)));
    if (!back.ok() || back->empty()) continue;
    for (const auto& b : *back) EXPECT_TRUE(b->Validate().ok());
    FingerprintOf(*back);  // no crash
  }
}

TEST_P(EveryFormat, RefusesFilesOfOtherColumns) {
  const auto a =
      arrow::schema({arrow::field("a", arrow::int32()), arrow::field("b", arrow::utf8())});
  const auto b =
      arrow::schema({arrow::field("a", arrow::int32()), arrow::field("c", arrow::utf8())});
  const auto fewer = arrow::schema({arrow::field("a", arrow::int32())});
  arrow::Int32Builder ones;
  ASSERT_TRUE(ones.Append(1).ok());
  auto batch = arrow::RecordBatch::Make(a, 1, {*ones.Finish(), Texts({"x"})});
  auto file = WriteFile(format(), a, {batch}).ValueOrDie();
  EXPECT_FALSE(ReadFile(format(), fewer, file).ok());
  if (std::string(format().name) != "jsonl") {
    EXPECT_FALSE(ReadFile(format(), b, file).ok());
  }
}

TEST_P(EveryFormat, RefusesTypesItDoesNotKnowByName) {
  const auto schema =
      arrow::schema({arrow::field("tags", arrow::duration(arrow::TimeUnit::MICRO))});
  const auto status = WriteFile(format(), schema, {}).status();
  EXPECT_TRUE(status.IsNotImplemented());
  EXPECT_NE(status.message().find("'tags'"), std::string::npos) << status;
}

TEST_P(EveryFormat, RefusesABatchOfOtherTypes) {
  const auto schema = arrow::schema({arrow::field("a", arrow::int64())});
  const auto other = arrow::schema({arrow::field("a", arrow::utf8())});
  EXPECT_FALSE(
      WriteFile(format(), schema, {arrow::RecordBatch::Make(other, 1, {Texts({"x"})})}).ok());
}

TEST(FormatsTest, AnUnknownNameGetsASuggestion) {
  EXPECT_NE(FindFormat("parqet").status().message().find("did you mean 'parquet'?"),
            std::string::npos);
  EXPECT_NE(FindFormat("excel").status().message().find("one of: parquet, csv"), std::string::npos);
}

TEST(FormatsTest, CompressionsAreCheckedWithTheirLevels) {
  const Format& parquet = **FindFormat("parquet");
  for (const char* good : {"", "snappy", "zstd(3)", "zstd", "gzip(9)", "none", "lz4"}) {
    EXPECT_TRUE(CheckOptions(parquet, {.compression = good}).ok()) << good;
  }
  for (const char* bad : {"zstd(", "zstd()", "zstd(x)", "zstd(99)", "snappy(2)", "zip", "(3)",
                          "zstd(3) ", "sn", "none(1)"}) {
    EXPECT_FALSE(CheckOptions(parquet, {.compression = bad}).ok()) << bad;
  }
}

TEST(FormatsTest, CompressionAroundAFileShowsInItsExtension) {
  EXPECT_EQ(FileExtension(**FindFormat("csv"), {}), "csv");
  EXPECT_EQ(FileExtension(**FindFormat("csv"), {.compression = "gzip"}), "csv.gz");
  EXPECT_EQ(FileExtension(**FindFormat("jsonl"), {.compression = "zstd(3)"}), "jsonl.zst");
  EXPECT_EQ(FileExtension(**FindFormat("parquet"), {.compression = "zstd(3)"}), "parquet");
}

TEST(FormatsTest, TheArrowStreamVariantIsReadLikeTheFile) {
  const Format& arrow_format = **FindFormat("arrow");
  const auto batch = TrickyBatch();
  FormatOptions options;
  options.to_stream = true;
  auto file = WriteFile(arrow_format, batch->schema(), {batch, batch}, options).ValueOrDie();
  EXPECT_NE(file->ToString().substr(0, 6), "ARROW1");
  const auto logical = LogicalSchema(*batch->schema());
  EXPECT_EQ(FingerprintOf(*ReadFile(arrow_format, logical, file)), FingerprintOf({batch, batch}));
  for (int64_t cut = 1; cut < file->size(); cut += 101) {
    EXPECT_FALSE(ReadFile(arrow_format, logical, arrow::SliceBuffer(file, 0, cut)).ok()) << cut;
  }
}

TEST(FormatsTest, TheLogicalSchemaHasNoDictionariesAndKeepsHints) {
  const auto hints = arrow::key_value_metadata({kHintKey}, {"true"});
  const auto schema = LogicalSchema(*arrow::schema(
      {arrow::field("d", arrow::dictionary(arrow::int32(), arrow::utf8()), false, hints)}));
  EXPECT_TRUE(schema->field(0)->type()->Equals(arrow::utf8()));
  EXPECT_FALSE(schema->field(0)->nullable());
  EXPECT_EQ(*schema->field(0)->metadata()->Get(kHintKey), "true");
}

}  // namespace
}  // namespace synthmill::io
