#include "io/delta/commit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "io/delta/schema.h"
#include "io/file_hash.h"
#include "synthmill/version.h"

namespace synthmill::io::delta {

namespace {

constexpr int kMostAttempts = 1000;

// A UUID (version 8) of the run and the table: made again, it is the same.
std::string TableId(const TableWrite& write) {
  FileHash hash;
  const std::string text = write.run_id + "\n" + write.table;
  hash.Add(text.data(), static_cast<int64_t>(text.size()));
  std::string hex = hash.Hex();
  hex[12] = '8';
  hex[16] = "89ab"[hex[16] & 3];
  for (const size_t at : {8, 13, 18, 23}) hex.insert(at, "-");
  return hex;
}

const char* ModeName(WriteMode mode) {
  switch (mode) {
    case WriteMode::kOverwrite:
      return "Overwrite";
    case WriteMode::kAppend:
      return "Append";
    default:
      return "ErrorIfExists";
  }
}

arrow::Status Conflict(const TableWrite& write, int64_t version, const std::string& operation,
                       const std::string& what) {
  return arrow::Status::Invalid(fmt::format(
      "{}: while this run worked, someone else {} (version {}{}); nothing of this run is visible "
      "in the table",
      write.uri, what, version, operation.empty() ? "" : ", " + operation));
}

std::string MakeVersion(const Snapshot& snapshot, const TableWrite& write,
                        const std::vector<Add>& files, int64_t rows, bool new_schema) {
  const int64_t now = NowMilliseconds();
  int64_t bytes = 0;
  for (const Add& add : files) bytes += add.size;
  const bool replaces = write.mode == WriteMode::kOverwrite;
  const std::vector<Json> partitions(write.partition_by.begin(), write.partition_by.end());
  Json info = {{"timestamp", now},
               {"operation", "WRITE"},
               {"operationParameters",
                {{"mode", ModeName(write.mode)}, {"partitionBy", Json(partitions).dump()}}},
               {"isBlindAppend", !replaces},
               {"engineInfo", "synthmill/" SYNTHMILL_VERSION},
               {"operationMetrics",
                {{"numFiles", std::to_string(files.size())},
                 {"numOutputRows", std::to_string(rows)},
                 {"numOutputBytes", std::to_string(bytes)}}},
               {"txnId", TableId(write)}};
  if (snapshot.exists()) info["readVersion"] = snapshot.version;
  std::string text = Json{{"commitInfo", std::move(info)}}.dump() + "\n";
  if (!snapshot.exists()) text += ToJson(Protocol()).dump() + "\n";
  if (!snapshot.exists() || new_schema) {
    Metadata metadata = snapshot.metadata;
    if (!snapshot.exists()) {
      metadata.id = TableId(write);
      metadata.created = now;
    }
    metadata.schema = write.schema;
    metadata.partition_by = write.partition_by;
    text += ToJson(metadata).dump() + "\n";
  }
  text += ToJson(Txn{TransactionOf(write.run_id), 1, now}).dump() + "\n";
  if (replaces) {
    for (const auto& [path, add] : snapshot.files) {
      Remove remove{add.path, now, true, add.partition_values, add.size};
      text += ToJson(remove).dump() + "\n";
    }
  }
  for (const Add& add : files) {
    text += ToJson(add).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return text;
}

}  // namespace

int64_t NowMilliseconds() {
  using std::chrono::milliseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(since).count();
}

std::string TransactionOf(const std::string& run_id) { return "synthmill-" + run_id; }

arrow::Status CheckWrite(const Snapshot& snapshot, const TableWrite& write) {
  if (!snapshot.exists() || snapshot.txns.contains(TransactionOf(write.run_id))) {
    return arrow::Status::OK();
  }
  if (write.mode == WriteMode::kError) {
    return arrow::Status::Invalid(fmt::format(
        "{} is a Delta table already (version {}, {} file{})\n"
        "  replace its rows:  --write-mode overwrite\n"
        "  add to it:         --write-mode append\n"
        "  keep it:           another --to",
        write.uri, snapshot.version, snapshot.files.size(), snapshot.files.size() == 1 ? "" : "s"));
  }
  ARROW_RETURN_NOT_OK(CheckWritable(snapshot, write.uri, write.mode == WriteMode::kOverwrite));
  if (write.mode == WriteMode::kOverwrite) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(const auto lines,
                        SchemaDifferences(snapshot.metadata.schema, write.schema));
  if (!lines.empty()) {
    return arrow::Status::Invalid(
        fmt::format("{} has other columns than this run would add:\n  {}\n  replace the table with "
                    "--write-mode overwrite, or choose another --to",
                    write.uri, fmt::join(lines, "\n  ")));
  }
  if (snapshot.metadata.partition_by != write.partition_by) {
    return arrow::Status::Invalid(
        fmt::format("{} is kept in folders by [{}], this run would add [{}]: use the same "
                    "--partition-by",
                    write.uri, fmt::join(snapshot.metadata.partition_by, ", "),
                    fmt::join(write.partition_by, ", ")));
  }
  return arrow::Status::OK();
}

arrow::Status CheckConflicts(const Log& log, const Snapshot& snapshot, const TableWrite& write) {
  if (write.mode != WriteMode::kOverwrite) return arrow::Status::OK();
  for (int64_t version = write.base + 1; version <= snapshot.version; ++version) {
    const auto actions = log.ReadVersion(version);
    if (!actions.ok()) return Conflict(write, version, "", "cleaned up the log");
    if (actions->metadata || actions->protocol) {
      return Conflict(write, version, actions->operation,
                      write.base < 0 ? "made the table" : "changed the table itself");
    }
    for (const Remove& remove : actions->removes) {
      if (!remove.data_change) continue;
      return Conflict(write, version, actions->operation, "replaced or deleted rows");
    }
  }
  return arrow::Status::OK();
}

arrow::Result<int64_t> CommitTable(DocumentStore* documents, const TableWrite& write,
                                   const std::vector<Add>& files, int64_t rows) {
  const Log log(documents, write.table);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    ARROW_ASSIGN_OR_RAISE(const Snapshot snapshot, log.Read());
    // Also after an answer that got lost: the version this run wrote is there.
    if (snapshot.txns.contains(TransactionOf(write.run_id))) return snapshot.version;
    if (write.base >= 0 && !snapshot.exists()) {
      return arrow::Status::Invalid(write.uri, " was dropped while this run worked");
    }
    ARROW_RETURN_NOT_OK(CheckWrite(snapshot, write));
    ARROW_RETURN_NOT_OK(CheckConflicts(log, snapshot, write));
    bool new_schema = false;
    if (snapshot.exists() && write.mode == WriteMode::kOverwrite) {
      const auto same = SameSchema(snapshot.metadata.schema, write.schema);
      new_schema = !same.ok() || !*same || snapshot.metadata.partition_by != write.partition_by;
    }
    const int64_t version = snapshot.version + 1;
    ARROW_ASSIGN_OR_RAISE(const bool created,
                          documents->Create(log.PathOf(VersionFileName(version)),
                                            MakeVersion(snapshot, write, files, rows, new_schema)));
    if (created) return version;
  }
  return arrow::Status::IOError(write.uri, ": others commit faster than this run could, ",
                                kMostAttempts, " times; go on with --resume");
}

}  // namespace synthmill::io::delta
