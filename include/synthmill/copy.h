// Copying tables between files, folders and buckets, whatever their format: what the command line
// and the Python package both use.
//
//   auto options = synthmill::CopyOptions{.from = "orders.csv", .to = "data/shop"};
//   ARROW_ASSIGN_OR_RAISE(auto copying, synthmill::Copying::Prepare(options));
//   ARROW_ASSIGN_OR_RAISE(auto start, copying->Begin());
//   if (!start.already_complete) ARROW_ASSIGN_OR_RAISE(auto result, copying->Run(&counters, stop));
//
// Nothing is lost: of every table, rows read = rows written + rows rejected, or the run fails.
// Errors are arrow::Status whose message says what is wrong, where, and what to do.
#pragma once

#include <arrow/result.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "synthmill/generate.h"
#include "synthmill/write_mode.h"

namespace synthmill {

enum class OnError {
  kStop,    // the first row that does not fit ends the run; nothing is written
  kReject,  // it goes to the rejects, with its line and the reason
};

// How CSV looks. 0 and empty stand for what is usual: a comma (a tab in .tsv), an empty field.
struct CsvLook {
  char delimiter = 0;
  bool header = true;
  std::string null = {};
};

struct CopyOptions {
  std::string from = {};  // a file, a folder of tables, a glob, a bucket's URI; "-" is stdin
  // A folder or a bucket's URI; a path with a format's extension is one file; "-" is stdout.
  std::string to = {};

  std::string from_format = {};  // empty: told by the files' names
  std::string format = {};       // empty: told by `to`, else parquet
  CsvLook from_csv = {};
  CsvLook to_csv = {};
  std::string compression = {};  // empty: the format's default
  int64_t row_group_rows = 0;    // Parquet; 0: groups of about 8 MiB

  std::string schema = {};  // a spec that has the types; empty: the files' own, or inferred
  std::vector<std::string> tables = {};   // empty: all
  std::vector<std::string> columns = {};  // and their order; empty: all
  std::string table = {};                 // what the one table is called; empty: as its file

  WriteMode write_mode = WriteMode::kError;
  OnError on_error = OnError::kStop;
  // Where rejected rows go; empty: to the target's _synthmill/runs/<id>/rejects/.
  std::string rejects = {};
  int threads = 0;  // 0: as many as this process may use

  // Flags of source and destination by name ("s3-endpoint").
  std::map<std::string, std::string, std::less<>> destination = {};
};

struct CopiedTable {
  std::string name;
  uint64_t files_read = 0;
  uint64_t rows_read = 0;
  uint64_t rows = 0;  // written
  uint64_t rejected = 0;
  uint64_t bytes = 0;       // written
  uint64_t files = 0;       // written
  std::string fingerprint;  // 32 hex digits
};

struct CopyResult {
  std::string run_id;  // empty where the destination keeps no manifest
  uint64_t rows_read = 0, rows = 0, rejected = 0;
  uint64_t bytes_read = 0, bytes = 0;
  double seconds = 0;
  std::vector<CopiedTable> tables;
  std::string rejects;      // where they are; empty if there are none
  std::string fingerprint;  // of all tables together
  bool reader_gone = false;
};

struct CopyStart {
  bool already_complete = false;  // the same files were copied there: `result` tells what is there
  CopyResult result;
  std::string run_id;
  std::vector<std::string> notes;
};

// One run. Not thread-safe; Run() uses threads of its own.
class Copying {
 public:
  // Lists the source, finds the types, checks the destination. Writes nothing.
  static arrow::Result<std::unique_ptr<Copying>> Prepare(CopyOptions options);
  virtual ~Copying() = default;

  virtual const CopyOptions& options() const = 0;
  virtual const std::vector<std::string>& warnings() const = 0;
  virtual uint64_t bytes() const = 0;  // of the source
  virtual std::string PlanText() const = 0;
  virtual std::string PlanJson() const = 0;  // docs/copy.md

  // Locks the target and decides what to do there. Refuses by an error.
  virtual arrow::Result<CopyStart> Begin() = 0;
  // Copies and commits. `*stop` != 0 asks it to end soon: it then returns Cancelled, and nothing is
  // left. Both pointers must outlive the call.
  virtual arrow::Result<CopyResult> Run(RunCounters* counters, const std::atomic<int>* stop) = 0;
};

}  // namespace synthmill
