// Destinations: where record batches go, and how a run becomes visible there.
//
//   Begin -> (per part and table: Open, Write…, Close -> receipt) -> SealCommit -> Commit -> Finish
//
// or Discard at any point before Commit. A destination is one file and one line in the registry
// (destinations.cc). Commit and Finish may be called again after a crash at any moment, by another
// process, with the receipts and the commit state that were recorded: they must be idempotent.
//
// What a destination is told is enough for files (each part a file, renamed or completed at
// commit) and for systems that take rows (each part a transaction or a batch of mutations).
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/fingerprint.h"
#include "io/formats/format.h"
#include "synthmill/write_mode.h"

namespace synthmill::io {

// A finished part of one table.
struct Receipt {
  std::string table;  // output name
  uint64_t part = 0;  // within the table
  std::string file;   // its name within the table; empty where parts are not files
  uint64_t rows = 0;
  uint64_t bytes = 0;
  Fingerprint fingerprint;
  std::string hash;   // of the file's bytes (FileHash); empty where it is not known
  std::string token;  // what the destination needs to commit it (an upload id); often empty
};

struct DestinationTable {
  std::string name;
  std::shared_ptr<arrow::Schema> schema;
  // Columns of the schema whose values are in the names of folders and not in files
  // (io/partition.h).
  std::vector<std::string> partition_by = {};
};

// What a run wants of its destination.
struct RunTarget {
  std::string run_id;
  WriteMode mode = WriteMode::kError;
  std::vector<DestinationTable> tables;
  const Format* format = nullptr;
  FormatOptions format_options;
};

// Writes one part of one table; belongs to one thread. Destroyed without Close(): nothing of it
// stays.
class PartWriter {
 public:
  virtual ~PartWriter() = default;
  virtual arrow::Status Write(const arrow::RecordBatch& batch) = 0;
  // Bytes handed on so far.
  virtual uint64_t bytes() const = 0;
  // Completes the part, not yet visible. The caller adds rows and fingerprint to the receipt.
  virtual arrow::Result<Receipt> Close() = 0;
};

// Small documents beside the data (DIR/_synthmill/…), read and written whole. Paths are relative.
class DocumentStore {
 public:
  virtual ~DocumentStore() = default;
  virtual arrow::Result<std::optional<std::string>> Read(const std::string& path) const = 0;
  // Atomic: a reader sees the old document or the new one, also after a crash.
  virtual arrow::Status Write(const std::string& path, std::string_view text) = 0;
  // Atomic, and only if there is none: false (nothing is changed) if there is one. Of several
  // writers at once exactly one gets true.
  virtual arrow::Result<bool> Create(const std::string& path, std::string_view text) = 0;
  // Names directly below `folder`, sorted; none if it does not exist.
  virtual arrow::Result<std::vector<std::string>> List(const std::string& folder) const = 0;
  // A document or a folder with all it holds; no error if it is not there.
  virtual arrow::Status Remove(const std::string& path) = 0;
};

// Held as long as it lives; a dead process does not hold it.
class Lease {
 public:
  virtual ~Lease() = default;
};

struct StoredFile {
  std::string name;
  uint64_t bytes = 0;
};

// One target. Open() may be called from many threads; all else from one at a time.
class Destination {
 public:
  virtual ~Destination() = default;

  // nullptr: nothing is remembered there, so neither --resume nor verify (null:, stdout).
  virtual DocumentStore* documents() { return nullptr; }
  // Documents among the tables themselves (a Delta log), by their path below the target's root;
  // nullptr: tables cannot hold any there.
  virtual DocumentStore* table_documents() { return nullptr; }
  // Keeps other writers out. `owner` is shown to those who are refused.
  virtual arrow::Result<std::unique_ptr<Lease>> Lock(const std::string& owner) = 0;

  // Starts or goes on with `target`: removes what unfinished parts left behind.
  virtual arrow::Status Begin(const RunTarget& target) = 0;
  // `folder` is below the table's ("region=EU/day=2026-01-01"), for tables kept in folders by the
  // values of columns; empty: the table's own. It becomes part of the receipt's file name.
  virtual arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                          const std::string& folder) = 0;
  // Whether a part finished earlier is still there as the receipt says.
  virtual arrow::Result<bool> Holds(const Receipt& receipt) = 0;
  // Called once before the first Commit; what it returns is recorded and given to each Commit.
  virtual arrow::Result<std::string> SealCommit() { return std::string(); }
  virtual arrow::Status Commit(const std::vector<Receipt>& receipts, const std::string& state) = 0;
  // After the manifest names the run: removes what it replaced, and all that was staged.
  virtual arrow::Status Finish() = 0;
  // Removes all that the run `run_id` staged.
  virtual arrow::Status Discard(const std::string& run_id) = 0;
  // Ids of runs of which something is staged.
  virtual arrow::Result<std::vector<std::string>> Staged() { return std::vector<std::string>(); }

  // Reading back. Files whose names start with '_' or '.' are not listed (Spark skips them too).
  virtual arrow::Result<std::vector<StoredFile>> List(const std::string& /*table*/) {
    return arrow::Status::NotImplemented("this destination cannot be listed");
  }
  virtual arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Read(
      const std::string& /*table*/, const std::string& /*file*/) {
    return arrow::Status::NotImplemented("this destination cannot be read");
  }

  // A command line that removes a document (a folder: all of it), in the words of this kind of
  // place; empty where nothing is remembered.
  virtual std::string RemoveCommand(const std::string& /*document*/) const { return {}; }

  // Its reader went away (a closed pipe): not an error, there is just no more to do.
  virtual bool reader_gone() const { return false; }
};

// A flag that a destination adds to the commands that write: --s3-endpoint URL.
struct DestinationFlag {
  const char* name;   // without dashes
  const char* value;  // what stands for its value in the help; empty: a switch
  const char* help;
};

// Values of such flags by name; switches: "true" or "false".
using DestinationOptions = std::map<std::string, std::string, std::less<>>;

struct DestinationInfo {
  const char* name;       // "local"
  const char* schemes;    // "PATH file:", space separated; words that end in ':' are URI schemes
  const char* help;       // one line
  const char* example;    // a command line; DATASET stands for a dataset's name
  const char* guarantee;  // what a reader may see, when
  bool one_stream;        // one table, its parts in order through one writer (stdout)
  bool (*matches)(std::string_view uri);
  arrow::Result<std::unique_ptr<Destination>> (*open)(const std::string& uri,
                                                      const DestinationOptions& options);
  std::vector<DestinationFlag> flags = {};
};

std::span<const DestinationInfo* const> Destinations();
// Unknown schemes are refused with a suggestion.
arrow::Result<const DestinationInfo*> FindDestination(std::string_view uri);
// The destination of a URI, opened. Options of other destinations are left alone.
arrow::Result<std::unique_ptr<Destination>> OpenDestination(const std::string& uri,
                                                            const DestinationOptions& options);

// Quoted for a shell where that is needed.
std::string ShellWord(std::string_view word);

// part-00000.parquet, or part-00000-<suffix>.parquet: at least five digits.
std::string PartFileName(uint64_t part, std::string_view suffix, std::string_view extension);

// A batch writer of `format` on top of a stream: the inside of most PartWriters.
arrow::Result<std::unique_ptr<BatchWriter>> OpenFormat(
    const RunTarget& target, size_t table, std::shared_ptr<arrow::io::OutputStream> out);

}  // namespace synthmill::io
