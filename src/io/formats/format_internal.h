// What the formats share.
#pragma once

#include <arrow/array.h>
#include <arrow/util/compression.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "io/formats/format.h"

namespace synthmill::io::internal {

extern const Format kParquetFormat;
extern const Format kCsvFormat;
extern const Format kJsonLinesFormat;
extern const Format kArrowFormat;

struct CompressionChoice {
  arrow::Compression::type type = arrow::Compression::UNCOMPRESSED;
  std::optional<int> level;
};

// "zstd(3)" or "" (the first of `allowed`, which is space separated as in Format::compressions).
arrow::Result<CompressionChoice> ParseCompression(std::string_view text, std::string_view format,
                                                  std::string_view allowed);

// Delimiter and spelling of null.
arrow::Status CheckCsvOptions(const FormatOptions& options);

// Errors for a type that the formats do not write yet, and for two columns of one name.
arrow::Status CheckSchema(const arrow::Schema& schema, std::string_view format);

// Errors if the batch does not have the schema's types (names and metadata are not compared).
arrow::Status CheckBatch(const arrow::RecordBatch& batch, const arrow::Schema& schema);

// dictionary<int32, utf8> as plain utf8; indices out of range are errors. Others as they are.
arrow::Result<std::shared_ptr<arrow::Array>> DecodeDictionary(std::shared_ptr<arrow::Array> array);

// Whether two dictionaries share their memory, so that they are known to be equal at no cost.
bool SameDictionary(const arrow::ArrayData& a, const arrow::ArrayData& b);

// A reader of `schema` whose batches come from `next` (nullptr at the end): exceptions become
// errors, dictionaries are decoded, and columns that differ from the schema in number or type are
// errors. `what` begins each message. `format` names the format.
std::shared_ptr<arrow::RecordBatchReader> MakeReader(
    std::shared_ptr<arrow::Schema> schema, std::string what,
    std::function<arrow::Result<std::shared_ptr<arrow::RecordBatch>>()> next);

// Errors unless names (in order) and types of `found` are those of `expected`.
arrow::Status CheckSameColumns(const arrow::Schema& found, const arrow::Schema& expected);

// Runs `body`, turning exceptions (Parquet's, out of memory) into errors that begin with `what`.
template <typename Body>
auto Guard(std::string_view what, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& e) {
    return arrow::Status::IOError(what, ": ", e.what());
  }
}

}  // namespace synthmill::io::internal
