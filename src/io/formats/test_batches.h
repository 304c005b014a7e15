// Batches and files in memory for the tests of formats and fingerprints.
#pragma once

#include <arrow/api.h>
#include <arrow/io/memory.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/fingerprint.h"
#include "io/formats/format.h"
#include "io/formats/json_cells.h"

namespace synthmill::io::testing {

using Batches = std::vector<std::shared_ptr<arrow::RecordBatch>>;

template <typename Builder, typename T>
std::shared_ptr<arrow::Array> ArrayOf(Builder builder,
                                      const std::vector<std::optional<T>>& values) {
  for (const auto& value : values) {
    const arrow::Status status = value ? builder.Append(*value) : builder.AppendNull();
    if (!status.ok()) std::abort();
  }
  return builder.Finish().ValueOrDie();
}

inline std::shared_ptr<arrow::Array> Texts(const std::vector<std::optional<std::string>>& values) {
  return ArrayOf<arrow::StringBuilder>(arrow::StringBuilder(), values);
}

inline std::shared_ptr<arrow::Array> Dictionary(const std::vector<std::optional<int32_t>>& indices,
                                                std::shared_ptr<arrow::Array> values) {
  return std::make_shared<arrow::DictionaryArray>(
      arrow::dictionary(arrow::int32(), arrow::utf8()),
      ArrayOf<arrow::Int32Builder>(arrow::Int32Builder(), indices), std::move(values));
}

// A column from its cells as JSON.
inline std::shared_ptr<arrow::Array> FromJson(const std::shared_ptr<arrow::DataType>& type,
                                              const std::vector<const char*>& cells) {
  std::unique_ptr<arrow::ArrayBuilder> builder;
  if (!arrow::MakeBuilder(arrow::default_memory_pool(), type, &builder).ok()) std::abort();
  for (const char* cell : cells)
    if (!internal::ParseJson(cell, *type, builder.get()).ok()) std::abort();
  return builder->Finish().ValueOrDie();
}

inline std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>> NestedArrays() {
  auto list = [](std::shared_ptr<arrow::DataType> of) {
    return arrow::list(arrow::field("element", std::move(of)));
  };
  auto map = [](std::shared_ptr<arrow::DataType> key, std::shared_ptr<arrow::DataType> value) {
    return std::make_shared<arrow::MapType>(arrow::field("key", std::move(key), false),
                                            arrow::field("value", std::move(value)));
  };
  const auto point = arrow::struct_(
      {arrow::field("x", arrow::int64()), arrow::field("a name, \"quoted\"", arrow::utf8())});
  return {
      {"numbers", FromJson(list(arrow::int32()),
                           {"[1,2,3]", "[]", "null", "[null]", "[-2147483648]", "[7,null,8]"})},
      {"words", FromJson(list(arrow::utf8()), {R"(["a","b\"c,\n\u00e9\ud83d\ude42"])", "[]", "null",
                                               R"(["",null,"null"])", "[\" x \"]", "[]"})},
      {"map", FromJson(map(arrow::utf8(), arrow::int64()),
                       {R"({"a":1,"b":null})", "{}", "null", R"({"":9223372036854775807})",
                        R"({"x\"y":-1})", "{}"})},
      {"dates", FromJson(map(arrow::date32(), arrow::decimal128(20, 3)),
                         {R"({"2026-01-01":12345678901234567.891})", "{}", "null",
                          R"({"0001-01-01":null,"9999-12-31":-0.001})", "{}", "{}"})},
      {"struct", FromJson(point, {R"({"x":1,"a name, \"quoted\"":"one"})", "{\"x\":null}", "null",
                                  R"({"a name, \"quoted\"":""})", "{\"x\":-5}", "{}"})},
      {"deep",
       FromJson(list(arrow::struct_(
                    {arrow::field("when", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")),
                     arrow::field("bits", list(list(arrow::boolean()))),
                     arrow::field("raw", arrow::binary()),
                     arrow::field("at", arrow::time64(arrow::TimeUnit::MICRO))})),
                {R"([{"when":"2026-01-31T23:59:59.123456Z","bits":[[true],[],[false,null]]},null])",
                 "[]", "null", R"([{"bits":null,"raw":"00ff","at":"23:59:59.999999"}])",
                 R"([{"bits":[null,[]]},{"raw":""}])", "[]"})}};
}

// Every type, with nulls, extremes and texts that need care. Six rows.
inline std::shared_ptr<arrow::RecordBatch> TrickyBatch() {
  using O64 = std::vector<std::optional<int64_t>>;
  const std::string long_text = std::string(700, 'x') + "\"," + std::string(40'000, 'y');
  auto narrow = [](auto builder, auto low, auto high) {
    using T = decltype(low);
    return ArrayOf<decltype(builder), T>(std::move(builder), {low, high, T{0}, {}, T{1}, T{-1}});
  };
  auto decimals = [](int precision, int scale, const std::vector<const char*>& values) {
    arrow::Decimal128Builder builder(arrow::decimal128(precision, scale));
    for (const char* value : values) {
      (void)(value ? builder.Append(arrow::Decimal128::FromString(value).ValueOrDie())
                   : builder.AppendNull());
    }
    return builder.Finish().ValueOrDie();
  };
  std::vector<std::pair<std::shared_ptr<arrow::Field>, std::shared_ptr<arrow::Array>>> columns;
  auto add = [&](const std::string& name, std::shared_ptr<arrow::Array> array) {
    auto field = arrow::field(name, array->type());
    columns.emplace_back(std::move(field), std::move(array));
  };
  add("text, \"quoted\"", Texts({"plain", "", {}, "a,b;c\td", "say \"hi\"", "line\nend\r\n"}));
  add("unicode", Texts({"Zoë", "日本語", "🙂 ok", "tab\tand\x01", "back\\slash", " spaces "}));
  add("long", Texts({long_text, {}, "s", "", "null", "NULL"}));
  add("word", Dictionary({0, 1, {}, 2, 0, 3}, Texts({"red", "", "a,\"b\"\n", "grün"})));
  add("all null", Texts({{}, {}, {}, {}, {}, {}}));
  add("bool", ArrayOf<arrow::BooleanBuilder, bool>(arrow::BooleanBuilder(),
                                                   {true, false, {}, true, true, false}));
  add("i8", narrow(arrow::Int8Builder(), int8_t{-128}, int8_t{127}));
  add("i16", narrow(arrow::Int16Builder(), int16_t{-32768}, int16_t{32767}));
  add("i32", narrow(arrow::Int32Builder(), INT32_MIN, INT32_MAX));
  add("i64", narrow(arrow::Int64Builder(), int64_t{INT64_MIN}, int64_t{INT64_MAX}));
  add("f32", ArrayOf<arrow::FloatBuilder, float>(arrow::FloatBuilder(),
                                                 {0.1f, -3.4e38f, 1e-40f, {}, -0.0f, 16777216.0f}));
  add("f64", ArrayOf<arrow::DoubleBuilder, double>(
                 arrow::DoubleBuilder(), {0.1, -1.7976931348623157e308, 5e-324, {}, -0.0, 1e16}));
  add("money", decimals(10, 2, {"0.00", "-0.05", "99999999.99", nullptr, "-99999999.99", "5.10"}));
  add("big decimal", decimals(38, 10,
                              {"0.0000000001", "-9999999999999999999999999999.9999999999",
                               "922337203.6854775808", nullptr, "-0.0000000001", "12.5000000000"}));
  add("whole decimal", decimals(20, 0, {"0", "-1", "99999999999999999999", nullptr, "7", "10"}));
  add("18 digits", decimals(18, 18,
                            {"0.000000000000000000", "-0.999999999999999999",
                             "0.100000000000000001", nullptr, "0.5", "-0.000000000000000001"}));
  add("date", ArrayOf<arrow::Date32Builder, int32_t>(arrow::Date32Builder(),
                                                     {-719162, 2932896, 0, {}, 11016, -1}));
  arrow::TimestampBuilder times(arrow::timestamp(arrow::TimeUnit::MICRO),
                                arrow::default_memory_pool());
  for (const auto& t :
       O64{0, -1, 1'767'225'599'123'456, {}, -62'135'596'800'000'000, 253'402'300'799'999'999}) {
    (void)(t ? times.Append(*t) : times.AppendNull());
  }
  add("time", times.Finish().ValueOrDie());
  arrow::TimestampBuilder moments(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"),
                                  arrow::default_memory_pool());
  arrow::Time64Builder clocks(arrow::time64(arrow::TimeUnit::MICRO), arrow::default_memory_pool());
  arrow::BinaryBuilder binary;
  for (int i = 0; i < 6; ++i) {
    (void)(i == 3 ? moments.AppendNull() : moments.Append(1'767'225'599'123'456 * (i - 1)));
    (void)(i == 3 ? clocks.AppendNull() : clocks.Append(i == 5 ? 86'399'999'999 : i * 61'000'001));
    (void)(i == 3 ? binary.AppendNull() : binary.Append(std::string("\0\xff\"a,", 5).substr(i)));
  }
  add("moment", moments.Finish().ValueOrDie());
  add("clock", clocks.Finish().ValueOrDie());
  add("binary", binary.Finish().ValueOrDie());
  for (auto& [name, array] : NestedArrays()) add(name, std::move(array));
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (auto& [field, array] : columns) {
    fields.push_back(std::move(field));
    arrays.push_back(std::move(array));
  }
  return arrow::RecordBatch::Make(arrow::schema(fields), 6, arrays);
}

// `repeat` rows of the batch in one, in another order.
inline std::shared_ptr<arrow::RecordBatch> Tile(const arrow::RecordBatch& batch, int repeat) {
  arrow::ArrayVector columns;
  for (const auto& column : batch.columns()) {
    arrow::ArrayVector parts;
    for (int i = 0; i < repeat; ++i) {
      const int64_t cut = i % (column->length() + 1);
      parts.push_back(column->Slice(cut));
      parts.push_back(column->Slice(0, cut));
    }
    columns.push_back(arrow::Concatenate(parts).ValueOrDie());
  }
  return arrow::RecordBatch::Make(batch.schema(), batch.num_rows() * repeat, columns);
}

inline Fingerprint FingerprintOf(const Batches& batches) {
  Fingerprinter fingerprinter(*batches.at(0)->schema());
  for (const auto& batch : batches) {
    const arrow::Status status = fingerprinter.Add(*batch);
    if (!status.ok()) std::abort();
  }
  return fingerprinter.value();
}

inline arrow::Result<std::shared_ptr<arrow::Buffer>> WriteFile(
    const Format& format, const std::shared_ptr<arrow::Schema>& schema, const Batches& batches,
    const FormatOptions& options = {}) {
  ARROW_ASSIGN_OR_RAISE(auto out, arrow::io::BufferOutputStream::Create());
  ARROW_ASSIGN_OR_RAISE(auto writer, format.open(out, schema, options));
  for (const auto& batch : batches) ARROW_RETURN_NOT_OK(writer->Write(*batch));
  ARROW_RETURN_NOT_OK(writer->Close());
  if (out->closed()) return arrow::Status::Invalid("the writer closed its stream");
  return out->Finish();
}

inline arrow::Result<Batches> ReadFile(const Format& format,
                                       const std::shared_ptr<arrow::Schema>& schema,
                                       std::shared_ptr<arrow::Buffer> file,
                                       const FormatOptions& options = {}) {
  ARROW_ASSIGN_OR_RAISE(
      auto reader,
      format.read(std::make_shared<arrow::io::BufferReader>(std::move(file)), schema, options));
  return reader->ToRecordBatches();
}

inline std::shared_ptr<arrow::Table> TableOf(const std::shared_ptr<arrow::Schema>& schema,
                                             const Batches& batches) {
  return arrow::Table::FromRecordBatches(schema, batches).ValueOrDie();
}

}  // namespace synthmill::io::testing
