// One version of a table, written by this program.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

#include "io/delta/actions.h"
#include "io/delta/snapshot.h"
#include "io/destinations/destination.h"
#include "synthmill/write_mode.h"

namespace synthmill::io::delta {

struct TableWrite {
  std::string table;  // its folder
  std::string uri;    // for messages
  std::string run_id;
  WriteMode mode = WriteMode::kError;
  std::string schema;  // Delta's JSON
  std::vector<std::string> partition_by;
  // The version that was there when the run began to write; -1: none. What others committed since
  // is looked at for conflicts.
  int64_t base = -1;
};

// The application id of a run's transaction: a version that has it holds the run's rows.
std::string TransactionOf(const std::string& run_id);

// Whether rows may be added (or the table made, or overwritten) as things stand. Nothing is
// written. Asked before the work and again by each attempt to commit.
arrow::Status CheckWrite(const Snapshot& snapshot, const TableWrite& write);

// Whether what others committed since the run began to write lets it go on. Rows they only added
// are older than an overwrite, as all others; rows they replaced must not be lost unseen.
arrow::Status CheckConflicts(const Log& log, const Snapshot& snapshot, const TableWrite& write);

// Makes the files part of the table: one new version, of whose writers exactly one wins; whoever
// loses reads the log again, looks for conflicts and tries the next version. Returns the version
// that holds the run's rows; that of an earlier call if the run is there already.
arrow::Result<int64_t> CommitTable(DocumentStore* documents, const TableWrite& write,
                                   const std::vector<Add>& files, int64_t rows);

int64_t NowMilliseconds();

}  // namespace synthmill::io::delta
