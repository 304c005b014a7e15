// Making a dataset, from options to a committed run: what the command line and the Python package
// both use.
//
//   auto options = synthmill::GenerateOptions{.dataset = "./shop.yaml", .to = "data/shop"};
//   ARROW_ASSIGN_OR_RAISE(auto generation, synthmill::Generation::Prepare(options));
//   ARROW_ASSIGN_OR_RAISE(auto start, generation->Begin());
//   if (!start.already_complete) ARROW_ASSIGN_OR_RAISE(auto result, generation->Run(&counters,
//   stop));
//
// Errors are arrow::Status whose message says what is wrong, where, and what to do.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "synthmill/write_mode.h"

namespace synthmill {

struct GenerateOptions {
  std::string dataset = {};  // a built-in name, or a path (holds a '/' or ends in .yaml or .yml)
  std::map<std::string, std::string, std::less<>> parameters = {};  // of the dataset, as text
  std::string to = {};  // a folder, or another destination's URI; "-" is stdout

  // Flags of the destination by name ("s3-endpoint"); those of other destinations are left alone.
  std::map<std::string, std::string, std::less<>> destination = {};

  std::string format = "parquet";
  std::string compression = {};  // empty: the format's default
  std::string csv_null = {};     // how CSV writes null
  char delimiter = ',';          // CSV
  bool header = true;            // CSV
  int64_t row_group_rows = 0;    // Parquet; 0: groups of about 8 MiB

  uint64_t seed = 42;
  std::string as_of = {};                // yyyy-mm-dd; empty: the dataset's own date
  std::string noise = {};                // a profile of the dataset; empty: its default
  bool truth = false;                    // write the truth tables too
  std::vector<std::string> tables = {};  // keys or names; empty: all

  // Row counts: "1000" (every table with rows of its own; where the dataset has a parameter `rows`,
  // that one), "orders=1M", "items=3..9" (for each row of its parent), "items=3..9/orders".
  std::vector<std::string> rows = {};

  // Dialects of _synthmill/load.<dialect>.sql beside the data; "none"; empty: for a dataset that
  // came from DDL, its own and duckdb.
  std::vector<std::string> load_scripts = {};
  // Rows of each part of a table with rows of its own. With `partitions` that many parts of so many
  // rows, where `rows` says nothing of all tables.
  uint64_t part_rows = 0;
  std::string slices = {};              // a file of lines `table | slice | rows`: one part each
  std::string scale = {};               // what its numbers of rows are multiplied by: "1e-6"
  std::vector<std::string> slice = {};  // only these: "17", "100..199"

  uint64_t partitions = 0;  // 0: chosen from the number of rows
  int threads = 0;          // 0: as many as this process may use
  WriteMode write_mode = WriteMode::kError;
  bool resume = false;
};

// Counted up while a run works; may be read from any thread at any time.
struct RunCounters {
  std::atomic<uint64_t> rows{0};
  std::atomic<uint64_t> bytes{0};
  std::atomic<uint64_t> parts{0};
  std::atomic<uint64_t> read{0};  // bytes of a source
};

// A table of the plan.
struct TableInfo {
  std::string key;   // of the spec
  std::string name;  // output name
  std::string help;
  bool truth = false;
  uint64_t rows = 0;
  bool rows_exact = true;                 // else an estimate (changes made by noise)
  std::shared_ptr<arrow::Schema> schema;  // logical types
};

struct TableResult {
  std::string key;
  std::string name;
  uint64_t rows = 0;
  uint64_t bytes = 0;
  uint64_t files = 0;
  std::string fingerprint;  // 32 hex digits
};

// One slice of a slice file.
struct SliceResult {
  std::string table;
  uint64_t slice = 0;  // as the file calls it
  uint64_t part = 0;
  uint64_t wanted = 0;  // rows, as in the file
  uint64_t rows = 0;    // scaled
  uint64_t made = 0;
};

// One noise rule, summed over all tables. Shares are of the records the rule could apply to.
struct NoiseResult {
  std::string rule;
  double configured = 0;
  uint64_t applicable = 0, touched = 0, changed = 0;
};

struct GenerateResult {
  std::string run_id;  // empty where the destination keeps no manifest
  uint64_t rows = 0;   // of the data tables and the truth tables
  uint64_t bytes = 0;
  double seconds = 0;
  uint64_t rows_resumed = 0;  // of `rows`: made by an earlier, interrupted run
  std::vector<TableResult> tables;
  std::vector<NoiseResult> noise;
  std::vector<SliceResult> slices;
  std::string fingerprint;   // of all tables together
  bool reader_gone = false;  // stdout was closed by its reader: what was asked for was given
};

struct Start {
  bool already_complete = false;  // then `result` tells what is there
  GenerateResult result;
  std::string run_id;
  bool resumes = false;
  uint64_t parts_done = 0;         // of an earlier, interrupted run
  std::vector<std::string> notes;  // what will be replaced, discarded, left
};

// One run. Not thread-safe; Run() uses threads of its own.
class Generation {
 public:
  // Reads and checks the dataset, resolves its parameters, makes the plan. Writes nothing.
  static arrow::Result<std::unique_ptr<Generation>> Prepare(GenerateOptions options);
  virtual ~Generation() = default;

  virtual const GenerateOptions& options() const = 0;
  virtual const std::vector<std::string>& warnings() const = 0;
  virtual int threads() const = 0;
  virtual uint64_t rows() const = 0;   // planned
  virtual uint64_t bytes() const = 0;  // estimated
  virtual uint64_t parts() const = 0;
  virtual std::vector<TableInfo> tables() const = 0;
  virtual std::string PlanText() const = 0;
  virtual std::string PlanJson() const = 0;  // docs/manifest.md

  // Locks the target and decides what to do there: start, go on, or nothing. Refuses by an error.
  virtual arrow::Result<Start> Begin() = 0;
  // Makes all parts and commits. `*stop` != 0 asks it to end soon: it then returns Cancelled, and
  // the finished parts stay for --resume. Both pointers must outlive the call.
  virtual arrow::Result<GenerateResult> Run(RunCounters* counters,
                                            const std::atomic<int>* stop) = 0;

  // The rows of one table (by key or name) in their order, made by threads() threads while they are
  // read, in constant memory; needs neither Begin nor a destination, and may be asked for any
  // number of times. `dictionaries`: columns of few values come as dictionary<int32, utf8>. The
  // reader may outlive this object; dropped early, it stops.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Read(
      const std::string& table, bool dictionaries = false) const = 0;
};

}  // namespace synthmill
