// Checkpoints: all that a version of a table consists of, in one Parquet file.
#pragma once

#include <arrow/result.h>

#include <string>

#include "io/delta/actions.h"
#include "io/delta/snapshot.h"
#include "io/destinations/destination.h"

namespace synthmill::io::delta {

// A classic checkpoint, or one part of it. Columns that are not known are passed over.
arrow::Result<Version> ReadCheckpoint(std::string bytes, const std::string& where);

// The Parquet file of a snapshot. `now` (milliseconds) tells which removed files are forgotten:
// those removed longer ago than delta.deletedFileRetentionDuration (a week).
arrow::Result<std::string> MakeCheckpoint(const Snapshot& snapshot, int64_t now);

// Writes one, and _last_checkpoint, if the table is as many versions past its last one as
// delta.checkpointInterval says (10).
arrow::Status CheckpointIfDue(DocumentStore* documents, const std::string& table, int64_t now);

// "interval 1 week", "interval 30 days 2 hours" in milliseconds; -1 if it cannot be read.
int64_t ParseInterval(std::string_view text);

}  // namespace synthmill::io::delta
