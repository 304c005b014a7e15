// The bytes of CSV and JSON Lines.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "core/dates.h"
#include "io/formats/test_batches.h"
#include "io/formats/text_numbers.h"

namespace synthmill::io {
namespace {

using testing::Batches;
using testing::FingerprintOf;
using testing::ReadFile;
using testing::Texts;
using testing::TrickyBatch;
using testing::WriteFile;

std::shared_ptr<arrow::RecordBatch> TextBatch(
    const std::vector<std::vector<std::optional<std::string>>>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& column : columns) {
    fields.push_back(
        arrow::field(std::string(1, static_cast<char>('a' + fields.size())), arrow::utf8()));
    arrays.push_back(Texts(column));
  }
  return arrow::RecordBatch::Make(arrow::schema(fields), static_cast<int64_t>(columns.at(0).size()),
                                  arrays);
}

std::string Written(const char* format, const std::shared_ptr<arrow::RecordBatch>& batch,
                    const FormatOptions& options = {}) {
  auto file = WriteFile(**FindFormat(format), batch->schema(), {batch}, options);
  return file.ok() ? (*file)->ToString() : file.status().ToString();
}

TEST(CsvTest, NullIsAnEmptyFieldAndTheEmptyTextIsQuoted) {
  EXPECT_EQ(Written("csv", TextBatch({{{}, "", "x"}, {"y", {}, ""}})), "a,b\n,y\n\"\",\nx,\"\"\n");
}

TEST(CsvTest, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(Written("csv", TextBatch({{"a b", " a ", "a,b", "a\"b", "a\nb", "a\rb", "a;b", "'"}})),
            "a\na b\n a \n\"a,b\"\n\"a\"\"b\"\n\"a\nb\"\n\"a\rb\"\na;b\n'\n");
}

TEST(CsvTest, TakesOtherDelimitersAndNoHeader) {
  FormatOptions options;
  options.delimiter = ';';
  options.header = false;
  EXPECT_EQ(Written("csv", TextBatch({{"a,b", "a;b"}, {{}, "x"}}), options), "a,b;\n\"a;b\";x\n");
  const auto batch = TrickyBatch();
  for (const char delimiter : {';', '\t', '|', ','}) {
    for (const bool header : {true, false}) {
      options.delimiter = delimiter;
      options.header = header;
      const Format& csv = **FindFormat("csv");
      auto file = WriteFile(csv, batch->schema(), {batch}, options).ValueOrDie();
      auto back = ReadFile(csv, LogicalSchema(*batch->schema()), file, options);
      ASSERT_TRUE(back.ok()) << back.status();
      EXPECT_EQ(FingerprintOf(*back), FingerprintOf({batch}));
    }
  }
}

TEST(CsvTest, AValueSpelledLikeNullIsQuoted) {
  FormatOptions options;
  options.csv_null = "NULL";
  const auto batch = TextBatch({{"NULL", {}, "", "null"}});
  EXPECT_EQ(Written("csv", batch, options), "a\n\"NULL\"\nNULL\n\"\"\nnull\n");
  const auto tricky = TrickyBatch();
  const Format& csv = **FindFormat("csv");
  auto file = WriteFile(csv, tricky->schema(), {tricky}, options).ValueOrDie();
  auto back = ReadFile(csv, LogicalSchema(*tricky->schema()), file, options);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(FingerprintOf(*back), FingerprintOf({tricky}));
}

TEST(CsvTest, RefusesDelimitersAndNullsThatCouldBeValues) {
  const Format& csv = **FindFormat("csv");
  for (const char bad : {'"', '\n', '\r', '-', '.', '7', 'x', ' ', '\0', ':'}) {
    FormatOptions options;
    options.delimiter = bad;
    EXPECT_FALSE(CheckOptions(csv, options).ok()) << bad;
  }
  for (const char* bad : {"0", "-1", "true", "NaN", "a,b", "\"", "2026-01-01", "-inf", ".5"}) {
    FormatOptions options;
    options.csv_null = bad;
    EXPECT_FALSE(CheckOptions(csv, options).ok()) << bad;
  }
  for (const char* good : {"", "NULL", "\\N", "N/A", "-"}) {
    FormatOptions options;
    options.csv_null = good;
    EXPECT_TRUE(CheckOptions(csv, options).ok()) << good;
  }
}

TEST(CsvTest, AFileWithoutItsHeaderIsAnError) {
  const Format& csv = **FindFormat("csv");
  const auto schema = arrow::schema({arrow::field("a", arrow::int32())});
  EXPECT_FALSE(ReadFile(csv, schema, arrow::Buffer::FromString("1\n2\n")).ok());
  EXPECT_FALSE(ReadFile(csv, schema, arrow::Buffer::FromString("")).ok());
  EXPECT_FALSE(ReadFile(csv, schema, arrow::Buffer::FromString("a\n1")).ok());
  FormatOptions lenient;
  lenient.require_line_end = false;
  EXPECT_TRUE(ReadFile(csv, schema, arrow::Buffer::FromString("a\n1"), lenient).ok());
}

TEST(CsvTest, CompressedTextIsReadWithoutBeingTold) {
  const auto batch = TrickyBatch();
  const Format& csv = **FindFormat("csv");
  for (const char* compression : {"gzip", "zstd(3)"}) {
    FormatOptions options;
    options.compression = compression;
    auto file = WriteFile(csv, batch->schema(), {batch}, options).ValueOrDie();
    auto back = ReadFile(csv, LogicalSchema(*batch->schema()), file);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(FingerprintOf(*back), FingerprintOf({batch}));
  }
}

TEST(TextFormatsTest, YearsOfFiveDigitsAreErrorsUnlessBelowANull) {
  const auto schema = arrow::schema({arrow::field("d", arrow::date32())});
  arrow::Date32Builder builder;
  ASSERT_TRUE(builder.Append(2932897).ok());
  const auto array = builder.Finish().ValueOrDie();
  const auto bad = arrow::RecordBatch::Make(schema, 1, {array});
  auto masked = array->data()->Copy();
  masked->buffers[0] = arrow::AllocateEmptyBitmap(1).ValueOrDie();
  masked->null_count = 1;
  const auto null = arrow::RecordBatch::Make(schema, 1, {arrow::MakeArray(masked)});
  for (const char* format : {"csv", "jsonl"}) {
    EXPECT_FALSE(WriteFile(**FindFormat(format), schema, {bad}).ok());
    EXPECT_TRUE(WriteFile(**FindFormat(format), schema, {null}).ok());
  }
}

TEST(JsonLinesTest, WritesEveryColumnOfEveryRow) {
  arrow::Int32Builder numbers;
  ASSERT_TRUE(numbers.AppendValues({1, -2}).ok());
  arrow::Decimal128Builder money(arrow::decimal128(6, 2));
  ASSERT_TRUE(money.Append(arrow::Decimal128(1250)).ok());
  ASSERT_TRUE(money.AppendNull().ok());
  arrow::Date32Builder dates;
  ASSERT_TRUE(dates.AppendValues({0, 20454}).ok());
  const auto schema =
      arrow::schema({arrow::field("n", arrow::int32()), arrow::field("m", arrow::decimal128(6, 2)),
                     arrow::field("d", arrow::date32()), arrow::field("t\"", arrow::utf8())});
  const auto batch = arrow::RecordBatch::Make(
      schema, 2, {*numbers.Finish(), *money.Finish(), *dates.Finish(), Texts({"é\"\\\n\x1f", {}})});
  EXPECT_EQ(Written("jsonl", batch),
            "{\"n\":1,\"m\":12.50,\"d\":\"1970-01-01\",\"t\\\"\":\"é\\\"\\\\\\n\\u001f\"}\n"
            "{\"n\":-2,\"m\":null,\"d\":\"2026-01-01\",\"t\\\"\":null}\n");
}

TEST(JsonLinesTest, RefusesNumbersThatJsonDoesNotHave) {
  const auto schema = arrow::schema({arrow::field("x", arrow::float64())});
  arrow::DoubleBuilder builder;
  ASSERT_TRUE(builder.Append(std::numeric_limits<double>::infinity()).ok());
  const auto batch = arrow::RecordBatch::Make(schema, 1, {*builder.Finish()});
  EXPECT_FALSE(WriteFile(**FindFormat("jsonl"), schema, {batch}).ok());
  EXPECT_EQ(Written("csv", batch), "x\ninf\n");
}

TEST(TextFormatsTest, TextsLongerThanTheBufferAreWrittenWhole) {
  const std::string huge = std::string(3 << 20, 'h') + "\"\n,";
  const auto batch = TextBatch({{huge, "x", huge}, {"1", huge, {}}, {"a", "b", "c"}});
  std::string doubled = "\"" + std::string(3 << 20, 'h') + "\"\"\n,\"";
  EXPECT_EQ(Written("csv", batch),
            "a,b,c\n" + doubled + ",1,a\nx," + doubled + ",b\n" + doubled + ",,c\n");
}

TEST(TextNumbersTest, EveryDateIsWrittenLikeTheCalendarSays) {
  char fast[64], slow[16];
  for (int32_t day = internal::kFirstDate; day <= internal::kLastDate; ++day) {
    ASSERT_EQ(internal::WriteDate(day, fast), fast + 10);
    core::WriteIsoDate(day, slow);
    ASSERT_EQ(std::string_view(fast, 10), std::string_view(slow, 10)) << day;
  }
}

TEST(TextNumbersTest, IntegersAreWrittenLikePrintfDoes) {
  std::mt19937_64 random(3);
  char out[64];
  auto check = [&](int64_t v) {
    ASSERT_EQ(std::string(out, internal::WriteInteger(v, out)), std::to_string(v));
  };
  for (int64_t v = -100'000; v < 100'000; ++v) check(v);
  for (int i = 0; i < 200'000; ++i) check(static_cast<int64_t>(random()) >> random() % 64);
  for (int64_t power = INT64_MAX / 10; power > 0; power /= 10) {
    for (const int64_t v : {power, -power, power + 1, power / 7 * 9}) check(v);
  }
  for (int64_t power = 1'000'000'000'000'000'000; power > 0; power /= 10) {
    for (const int64_t v : {power - 1, power, power + 1, -power}) check(v);
  }
  check(INT64_MIN);
  check(INT64_MAX);
}

TEST(TextNumbersTest, DecimalsAreWrittenWithAllTheirDigits) {
  char out[64];
  auto text = [&](int64_t v, int scale) {
    const arrow::Decimal128 d(v);
    const auto bytes = d.ToBytes();
    return std::string(out, internal::WriteDecimal128(bytes.data(), scale, out));
  };
  EXPECT_EQ(text(0, 2), "0.00");
  EXPECT_EQ(text(-5, 2), "-0.05");
  EXPECT_EQ(text(123456, 2), "1234.56");
  EXPECT_EQ(text(1, 9), "0.000000001");
  EXPECT_EQ(text(-1'000'000'001, 9), "-1.000000001");
  EXPECT_EQ(text(INT64_MIN, 18), "-9.223372036854775808");
  EXPECT_EQ(text(1, 17), "0.00000000000000001");
  EXPECT_EQ(text(7, 30), "0.000000000000000000000000000007");
}

}  // namespace
}  // namespace synthmill::io
