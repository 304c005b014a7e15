// A table as its Delta log has it: the last checkpoint and the versions after it.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/delta/actions.h"
#include "io/destinations/destination.h"

namespace synthmill::io::delta {

struct Snapshot {
  int64_t version = -1;  // -1: there is no log
  int64_t checkpoint = -1;
  Protocol protocol;
  Metadata metadata;
  // By the file's path, decoded.
  std::map<std::string, Add> files;
  std::map<std::string, Remove> removed;
  std::map<std::string, Txn> txns;  // by application

  bool exists() const { return version >= 0; }
  arrow::Status Apply(Version version_of);
};

// The log of `table`, a folder below the store's root; empty: the root itself.
class Log {
 public:
  Log(const DocumentStore* documents, std::string table)
      : documents_(documents), folder_(table.empty() ? "_delta_log" : table + "/_delta_log") {}

  const std::string& folder() const { return folder_; }
  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }
  arrow::Result<bool> Exists() const;
  // Whole checkpoints, in one part or several, and versions in JSON. A version that is missing in
  // between is an error, and so is a log that begins neither with a checkpoint nor with version 0.
  arrow::Result<Snapshot> Read() const;
  // One version; an error if it is not there.
  arrow::Result<Version> ReadVersion(int64_t version) const;

 private:
  const DocumentStore* documents_;
  std::string folder_;
};

// What this program does not know must not be read (or added to) as if it were not there: errors
// that name the features of a table that stand in the way. `table` is for messages.
arrow::Status CheckReadable(const Snapshot& snapshot, const std::string& table);
// `removes`: files are to be removed as well.
arrow::Status CheckWritable(const Snapshot& snapshot, const std::string& table, bool removes);

}  // namespace synthmill::io::delta
