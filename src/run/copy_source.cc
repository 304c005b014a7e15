// The tables of a run, and of Delta, as what a copy reads.
#include <algorithm>
#include <map>
#include <optional>

#include "io/delta/delta_destination.h"
#include "io/delta/schema.h"
#include "io/delta/snapshot.h"
#include "io/formats/format.h"
#include "io/partition.h"
#include "run/copy_impl.h"

namespace synthmill::run {

namespace {

// Files of a target's tables: those that its live runs own, or that a table's log names.
class TargetFiles : public io::Source {
 public:
  TargetFiles(std::unique_ptr<io::Destination> destination, std::string uri)
      : destination_(std::move(destination)), uri_(std::move(uri)) {}

  io::Destination* destination() const { return destination_.get(); }
  const std::string& uri() const { return uri_; }
  void Add(io::SourceFile file) { files_.push_back(std::move(file)); }
  void Add(const std::string& table, io::SourceTable described) {
    described_.emplace(table, std::move(described));
  }
  bool empty() const { return files_.empty(); }

  arrow::Result<std::vector<io::SourceFile>> List() override {
    std::stable_sort(files_.begin(), files_.end(),
                     [](const auto& a, const auto& b) { return a.table < b.table; });
    return files_;
  }
  arrow::Result<std::optional<io::SourceTable>> Describe(const std::string& table) override {
    const auto it = described_.find(table);
    return it == described_.end() ? std::nullopt : std::optional(it->second);
  }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(
      const io::SourceFile& file) override {
    return destination_->Read(file.table, FileIn(file));
  }
  arrow::Status CheckSame(const io::SourceFile& file) override {
    ARROW_ASSIGN_OR_RAISE(auto open, Open(file));
    ARROW_ASSIGN_OR_RAISE(const int64_t size, open->GetSize());
    if (static_cast<uint64_t>(size) == file.bytes) return arrow::Status::OK();
    return arrow::Status::IOError(file.name, " was changed while it was read: it had ", file.bytes,
                                  " bytes, now it has ", size);
  }

 private:
  std::string FileIn(const io::SourceFile& file) const {
    return file.name.substr(uri_.size() + 1 + file.table.size() + 1);
  }

  std::unique_ptr<io::Destination> destination_;
  std::vector<io::SourceFile> files_;
  std::map<std::string, io::SourceTable> described_;
  std::string uri_;
};

// What the log of a Delta table names, whoever wrote it.
arrow::Status AddDeltaTable(const std::string& name, TargetFiles* files,
                            std::vector<std::string>* notes) {
  const std::string shown = files->uri() + "/" + name;
  const io::delta::Log log(files->destination()->table_documents(), name);
  ARROW_ASSIGN_OR_RAISE(const io::delta::Snapshot snapshot, log.Read());
  ARROW_RETURN_NOT_OK(io::delta::CheckReadable(snapshot, shown));
  if (snapshot.files.empty()) {
    notes->push_back("the Delta table " + shown + " has no files: it is left out");
    return arrow::Status::OK();
  }
  io::SourceTable table;
  ARROW_ASSIGN_OR_RAISE(table.format, io::FindFormat("parquet"));
  ARROW_ASSIGN_OR_RAISE(table.schema, io::delta::SchemaFromDelta(snapshot.metadata.schema));
  table.partition_by = snapshot.metadata.partition_by;
  for (const auto& [path, add] : snapshot.files) {
    if (path.starts_with('/') || path.find("://") != std::string::npos) {
      return arrow::Status::NotImplemented(
          "the Delta table ", shown, " names a file outside of itself (a shallow clone): ", path);
    }
    std::string partition;
    for (const std::string& column : table.partition_by) {
      const auto value = add.partition_values.find(column);
      const bool null = value == add.partition_values.end() || !value->second;
      partition +=
          io::EscapePartitionValue(column) + "=" +
          (null ? std::string(io::kNullPartition) : io::EscapePartitionValue(*value->second)) + "/";
    }
    files->Add({shown + "/" + path, name, static_cast<uint64_t>(add.size), add.modified * 1'000'000,
                std::move(partition)});
  }
  files->Add(name, std::move(table));
  return arrow::Status::OK();
}

// The place above a URI, and its last name; nothing where that would be above a bucket.
std::optional<std::pair<std::string, std::string>> SplitLast(const std::string& uri) {
  const size_t slash = uri.rfind('/');
  if (slash == std::string::npos) return std::pair<std::string, std::string>(".", uri);
  if (slash == 0) return std::pair<std::string, std::string>("/", uri.substr(1));
  if (uri[slash - 1] == '/' || uri[slash - 1] == ':') return std::nullopt;
  return std::pair(uri.substr(0, slash), uri.substr(slash + 1));
}

// Delta tables where there is no manifest: the URI itself is one, or folders below it are.
arrow::Result<TargetSource> OpenDeltaSource(std::unique_ptr<io::Destination> destination,
                                            std::string uri,
                                            const io::DestinationOptions& options) {
  TargetSource out;
  io::DocumentStore* documents = destination->table_documents();
  const auto itself = io::delta::Log(documents, "").Exists();
  if (!itself.ok()) return out;  // a file, or nothing: the source will tell
  std::vector<std::string> tables;
  if (*itself) {
    const auto above = SplitLast(uri);
    if (!above) return arrow::Status::NotImplemented(uri, ": a bucket that is one Delta table");
    ARROW_ASSIGN_OR_RAISE(destination, io::OpenDestination(above->first, options));
    uri = above->first == "/" ? std::string() : above->first;
    tables.push_back(above->second);
  } else {
    ARROW_ASSIGN_OR_RAISE(const auto names, documents->List(""));
    for (const std::string& name : names) {
      if (name.starts_with('_') || name.starts_with('.')) continue;
      if (io::ingest::FormatOfName(name) != nullptr) continue;  // a file: saves a look
      const auto log = io::delta::Log(documents, name).Exists();
      if (log.ok() && *log) tables.push_back(name);
    }
  }
  auto files = std::make_unique<TargetFiles>(std::move(destination), uri);
  for (const std::string& name : tables) {
    ARROW_RETURN_NOT_OK(AddDeltaTable(name, files.get(), &out.notes));
  }
  if (files->empty() && !out.notes.empty()) return arrow::Status::Invalid(out.notes[0]);
  if (!files->empty()) out.source = std::move(files);
  return out;
}

}  // namespace

arrow::Result<TargetSource> OpenTargetSource(const std::string& from,
                                             const io::DestinationOptions& options) {
  TargetSource out;
  if (from == "-" || io::HasGlob(from)) return out;
  std::string uri = from;
  while (uri.size() > 1 && uri.ends_with('/')) uri.pop_back();
  if (!io::FindDestination(uri).ok()) return out;
  const auto source = io::FindSource(uri);
  if (source.ok() && (*source)->has_readers) return out;
  ARROW_ASSIGN_OR_RAISE(auto destination, io::OpenDestination(uri, options));
  if (!destination->documents()) return out;
  const RunStore store(destination->documents());
  const auto there = store.HasManifest();
  if (!there.ok()) return out;  // a file; the source will tell
  if (!*there) {
    if (!destination->table_documents()) return out;
    return OpenDeltaSource(std::move(destination), uri, options);
  }
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination.get(), {}));
  auto files = std::make_unique<TargetFiles>(std::move(destination), uri);
  std::map<std::string, bool> logs;  // whether a table has one
  for (size_t i = 0; i < state.live.size(); ++i) {
    const RunManifest& run = state.live[i];
    for (const std::string& name : state.manifest.runs[i].tables) {
      const auto table = std::find_if(run.tables.begin(), run.tables.end(),
                                      [&](const ManifestTable& t) { return t.name == name; });
      if (table == run.tables.end()) continue;
      if (!logs.contains(name)) {
        ARROW_ASSIGN_OR_RAISE(logs[name], io::delta::HasLog(files->destination(), name));
        // Not what the runs wrote: others may have added to it since, or removed.
        if (logs[name]) ARROW_RETURN_NOT_OK(AddDeltaTable(name, files.get(), &out.notes));
      }
      if (logs[name]) continue;
      const auto known = std::find_if(out.tables.begin(), out.tables.end(),
                                      [&](const TargetTable& t) { return t.name == name; });
      if (known == out.tables.end()) {
        out.tables.push_back(
            {name, run.format(), run.format_options(), table->schema, table->partition_by});
      }
      for (const PartReceipts& part : run.parts) {
        for (const io::Receipt& receipt : part.files) {
          if (receipt.table != name || receipt.file.empty()) continue;
          // The fingerprint tells contents apart as a time would.
          files->Add({uri + "/" + name + "/" + receipt.file, name, receipt.bytes,
                      static_cast<int64_t>(receipt.fingerprint.low >> 1),
                      table->partition_by.empty() ? std::string() : receipt.file});
        }
      }
    }
  }
  out.source = std::move(files);
  return out;
}

}  // namespace synthmill::run
