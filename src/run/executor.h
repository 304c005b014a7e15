// Makes the parts of a plan on the threads of this machine.
#pragma once

#include <arrow/result.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "generate/program.h"
#include "io/destinations/destination.h"
#include "plan/plan.h"
#include "run/manifest.h"
#include "synthmill/generate.h"

namespace synthmill::run {

// Files one part of one table may be split into: each is open until the part ends.
inline constexpr size_t kMostFolders = 10'000;

struct ExecuteOptions {
  int threads = 1;
  std::set<uint64_t> done;                 // tasks finished earlier
  RunCounters* counters = nullptr;         // needed
  const std::atomic<int>* stop = nullptr;  // may be nullptr
  // Of each table of the program: columns whose values name its folders; empty: no table has any.
  std::vector<std::vector<std::string>> partition_by;
  // Called by the worker that finished a part, before it counts as finished; may be empty.
  std::function<arrow::Status(const PartReceipts&)> on_part;
};

// One file per part and table: the first part of a root writes one for each of its tables, so that
// each can be read with its schema even if empty; a further part without rows for a table writes
// none; tables in folders have one file per part and folder (at most kMostFolders), and none where
// they have no rows. The first error stops all threads and is returned; a stop asked for returns
// Cancelled. The tables of `program` are the tables of the destination's target, in the same order.
arrow::Result<std::vector<PartReceipts>> ExecuteParts(const generate::Program& program,
                                                      const plan::Plan& plan,
                                                      io::Destination* destination,
                                                      const ExecuteOptions& options);

// All rows of the one table in order through one writer, made ahead by `threads` threads in chunks
// of which only a few are in memory. A reader that went away ends it quietly.
arrow::Result<PartReceipts> ExecuteStream(const generate::Program& program, const plan::Plan& plan,
                                          io::Destination* destination,
                                          const ExecuteOptions& options);

// Adds up counts of the same table and rule.
void AddNoise(const std::vector<generate::NoiseCount>& counts,
              std::vector<generate::NoiseCount>* sums);

}  // namespace synthmill::run
