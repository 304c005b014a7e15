// File formats: how record batches become bytes and come back.
//
// A format is one file and one line in the registry (formats.cc). Writers take batches whose
// text columns may be dictionary<int32, utf8> arrays with unique values or plain utf8; readers give
// back the logical types of the schema asked for (dictionaries decoded).
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/hints.h"

namespace synthmill::io {

using core::kHintKey;
using core::kHintText;

struct FormatOptions {
  std::string compression{};   // empty: the format's default; else a name, "zstd(3)", "none"
  std::string csv_null{};      // how CSV writes null; default an empty field
  char delimiter = ',';        // CSV
  bool header = true;          // CSV
  int64_t row_group_rows = 0;  // Parquet; 0: default
  bool hive_int96 = false;     // Parquet: timestamps as INT96, for Hive and Spark before 3.0
  bool to_stream = false;      // Arrow: the IPC stream format, for pipes; readers see by themselves
  bool require_line_end = true;  // readers of text: a file whose last line is cut off is an error

  bool operator==(const FormatOptions&) const = default;
};

// Not thread-safe. All batches of a file have the types of the schema it was opened with; a
// dictionary may change from batch to batch, but one that stays the same object is much cheaper (it
// is escaped, hashed or compared once). After an error only destruction is allowed. A writer that
// is destroyed without Close() has not finished its file.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;
  virtual arrow::Status Write(const arrow::RecordBatch& batch) = 0;
  // Writes what is left (footers) and flushes; does not close the stream.
  virtual arrow::Status Close() = 0;
};

struct Format {
  const char* name;          // "parquet": the value of --format
  const char* extension;     // "parquet"
  const char* help;          // one line
  const char* example;       // a command line; DATASET and TABLE stand for names
  const char* compressions;  // space separated names, the default first; "none" if it has none
  arrow::Result<std::unique_ptr<BatchWriter>> (*open)(std::shared_ptr<arrow::io::OutputStream> out,
                                                      std::shared_ptr<arrow::Schema> schema,
                                                      const FormatOptions& options);
  // `schema` is the logical schema (no dictionaries) as kept in the manifest.
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> (*read)(
      std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
      const FormatOptions& options);
};

std::span<const Format* const> Formats();
// Suggests near misses in its error.
arrow::Result<const Format*> FindFormat(std::string_view name);

// "parquet"; "csv.gz" where the compression goes around the whole file (csv, jsonl).
std::string FileExtension(const Format& format, const FormatOptions& options);

// Whether `format` understands these options: compression, delimiter, spelling of null. Writers
// check it too; this is for checking before any work is done.
arrow::Status CheckOptions(const Format& format, const FormatOptions& options);

// The schema with every dictionary type replaced by its value type, hints kept.
std::shared_ptr<arrow::Schema> LogicalSchema(const arrow::Schema& schema);

}  // namespace synthmill::io
