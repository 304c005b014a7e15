// Reading a table's files for copying: in parts, on many threads, with every row either in a batch
// or refused with its place and reason.
//
//   FileReader: cuts one file into parts, in order      (one thread at a time)
//   PartReader: reads parts of any files of the table   (one for each thread)
//
// Text is cut between rows; Parquet between row groups, Arrow between batches.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/scalar.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/value_limits.h"
#include "io/formats/format.h"
#include "io/ingest/infer.h"

namespace synthmill::io::ingest {

// A row that does not fit.
struct RefusedRow {
  int64_t line = 0;     // from 1; 0 where the format has no lines
  int64_t row = 0;      // from 1; 0 where lines tell
  int64_t offset = -1;  // of its first byte in the (uncompressed) file; -1 where there is none
  std::string reason;
  std::string text;  // as it stands in the file, without its line end
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual arrow::Status Take(std::shared_ptr<arrow::RecordBatch> batch) = 0;
  // An error ends the reading.
  virtual arrow::Status Refuse(RefusedRow row) = 0;
  // Called from time to time with the bytes of source read since; an error ends the reading.
  virtual arrow::Status Progress(uint64_t bytes) = 0;
};

// A piece of text: whole rows.
struct Piece {
  std::unique_ptr<char[]> data;  // size + kPadding bytes at least
  size_t capacity = 0, size = 0;
  int64_t offset = 0;  // of its first byte in the file
  int64_t line = 1;    // of its first row

  std::string_view text() const { return {data.get(), size}; }
};

struct Part {
  size_t file = 0;
  uint64_t begin = 0, end = 0;  // bytes of text; row groups; batches
  int64_t line = 1;
  uint64_t bytes = 0;                         // of the source, for progress
  bool whole = false;                         // text that can't be cut: all of the file
  std::shared_ptr<Piece> piece;               // text that was read already
  std::shared_ptr<arrow::RecordBatch> batch;  // ditto
  int64_t first_row = 0;                      // of `batch`
};

// How the files of a table become rows of `schema`.
struct TableLayout {
  const Format* format = nullptr;
  FormatOptions options = {};
  std::shared_ptr<arrow::Schema> schema = {};  // what batches have
  // Text: the cells of a row, in the order of the first file (JSON: its keys).
  std::vector<std::string> names = {};
  bool inferred = false;              // types of text: values that do not fit end in a Misfit
  std::vector<bool> only_empty = {};  // inferred columns that had no value yet, by column of schema
  // What a spec says of values beyond types, by column of schema; empty: nothing.
  std::vector<core::ValueLimits> limits = {};
  bool ignore_others = false;  // columns and keys that are not in the schema are left out
  // Columns of Parquet as readers of a metastore's tables find them: by names of any case; one that
  // a file has not is null.
  bool as_hive = false;
};

class FileReader {
 public:
  virtual ~FileReader() = default;
  // False at the end. With `read` the part carries what it holds, and is about a mebibyte.
  virtual arrow::Result<bool> NextPart(bool read, Part* part) = 0;
  virtual bool splittable() const { return true; }
};

class PartReader {
 public:
  virtual ~PartReader() = default;
  // Returns the rows found: those taken and those refused.
  virtual arrow::Result<uint64_t> Read(const Part& part, RowSink* sink) = 0;
  // Text: adds the part's rows to *types and the keys that are no column yet to *new_keys.
  virtual arrow::Status Infer(const Part& /*part*/, TypeInference* /*types*/,
                              std::vector<std::string>* /*new_keys*/) {
    return arrow::Status::NotImplemented("types are not inferred");
  }
};

// Opens a file of the table anew.
using OpenFile = std::function<arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>>()>;
struct InputFile {
  std::string name;  // for messages
  OpenFile open;
  uint64_t bytes = 0;
  // Columns that are not in the file and have one value in all its rows.
  std::map<std::string, std::shared_ptr<arrow::Scalar>> constants = {};
};

bool IsText(const Format& format);
// The format that a file's name tells, nullptr if none; ".gz" and ".zst" are looked past.
const Format* FormatOfName(std::string_view name);

// What a file says of its columns: names (text), or the schema in types that can be written.
struct FileHead {
  std::vector<std::string> names;
  std::shared_ptr<arrow::Schema> schema;
  std::vector<std::string> notes;
};
arrow::Result<FileHead> ReadHead(const InputFile& file, const Format& format,
                                 const FormatOptions& options);

// Text: the types of the file's first rows, `layout.names` being their columns.
arrow::Result<TypeInference> InferFirst(const InputFile& file, const TableLayout& layout,
                                        std::vector<std::string>* new_keys);

arrow::Result<std::unique_ptr<FileReader>> OpenFileReader(const std::vector<InputFile>& files,
                                                          size_t file, const TableLayout& layout,
                                                          uint64_t part_bytes);
arrow::Result<std::unique_ptr<PartReader>> OpenPartReader(const std::vector<InputFile>& files,
                                                          const TableLayout& layout);

// The error of an inferred type that a later value does not fit.
arrow::Status Misfit(std::string why);
bool IsMisfit(const arrow::Status& status);

}  // namespace synthmill::io::ingest
