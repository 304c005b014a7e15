// hive://host:port/database — external tables of a Hive metastore.
//
// The files go to <location>/<table>/load_date=D/run=<id>/, or, for tables with partition columns
// of their own, to <location>/<table>/<key>=<value>/…/run=<id>/, through the destination of the
// location's URI; nobody's partition is there, so nobody sees them. Then one call to the metastore
// points all partitions of a table to the new folders: the only visible step. The folders they were
// pointed to before are removed after the manifest names the run.
//
// What is remembered of runs is kept per day, in <location>/_synthmill/load_date=D/: each day is a
// target of its own, which a run fills, replaces, resumes or verifies.
#include <algorithm>
#include <set>

#include "core/dates.h"
#include "io/destinations/destination.h"
#include "io/hive/hive_tables.h"
#include "io/hive/location.h"
#include "io/hive/metastore.h"
#include "spec/diagnostics.h"

namespace synthmill::io {

namespace {

using hive::HiveTables;

constexpr char kDayPrefix[] = "load_date=";
constexpr char kWholeTables[] = "tables";  // where runs without partitions are remembered
constexpr char kRunPrefix[] = "run=";

// The documents in one folder of another store.
class FolderDocuments : public DocumentStore {
 public:
  FolderDocuments(DocumentStore* inner, std::string folder)
      : inner_(inner), folder_(std::move(folder) + "/") {}
  arrow::Result<std::optional<std::string>> Read(const std::string& path) const override {
    return inner_->Read(folder_ + path);
  }
  arrow::Status Write(const std::string& path, std::string_view text) override {
    return inner_->Write(folder_ + path, text);
  }
  arrow::Result<bool> Create(const std::string& path, std::string_view text) override {
    return inner_->Create(folder_ + path, text);
  }
  arrow::Result<std::vector<std::string>> List(const std::string& folder) const override {
    return inner_->List(folder_ + folder);
  }
  arrow::Status Remove(const std::string& path) override { return inner_->Remove(folder_ + path); }

 private:
  DocumentStore* inner_;
  std::string folder_;
};

class HiveDestination : public Destination {
 public:
  HiveDestination(hive::MetastoreUri uri, std::unique_ptr<hive::Metastore> metastore,
                  std::unique_ptr<Destination> files, hive::HiveLocation location,
                  bool make_database, const std::string& load_date)
      : uri_(std::move(uri)),
        metastore_(std::move(metastore)),
        files_(std::move(files)),
        location_(std::move(location)),
        make_database_(make_database),
        folder_(load_date.empty() ? kWholeTables : kDayPrefix + load_date),
        documents_(files_->documents(), folder_),
        tables_(metastore_.get(), uri_.database, location_.registered, load_date) {}

  DocumentStore* documents() override { return &documents_; }

  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string& owner) override {
    return files_->Lock(owner);
  }

  arrow::Status Begin(const RunTarget& target) override {
    target_ = target;
    if (make_database_) {
      ARROW_RETURN_NOT_OK(metastore_->CreateDatabase(uri_.database, location_.registered));
      make_database_ = false;
    }
    ARROW_RETURN_NOT_OK(tables_.Prepare(target));
    RunTarget files = target;
    files.mode = WriteMode::kAppend;  // beside the folders of other runs and days
    return files_->Begin(files);
  }

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string& folder) override {
    ARROW_ASSIGN_OR_RAISE(const std::string below, tables_.RunFolder(table, folder));
    return files_->Open(table, part, below);
  }

  arrow::Result<bool> Holds(const Receipt& receipt) override { return files_->Holds(receipt); }
  arrow::Result<std::string> SealCommit() override { return files_->SealCommit(); }

  arrow::Status Commit(const std::vector<Receipt>& receipts, const std::string& state) override {
    ARROW_RETURN_NOT_OK(files_->Commit(receipts, state));
    return tables_.Point(receipts);
  }

  arrow::Status Finish() override {
    ARROW_RETURN_NOT_OK(files_->Finish());
    for (const DestinationTable& table : target_.tables) {
      ARROW_RETURN_NOT_OK(RemoveOldRuns(table.name));
    }
    return arrow::Status::OK();
  }

  arrow::Status Discard(const std::string& run_id) override { return files_->Discard(run_id); }

  std::string RemoveCommand(const std::string& document) const override {
    return files_->RemoveCommand(folder_ + "/" + document);
  }

  // Runs of other days stage their parts in the same place: they are not ours to judge.
  arrow::Result<std::vector<std::string>> Staged() override {
    ARROW_ASSIGN_OR_RAISE(auto staged, files_->Staged());
    if (staged.empty()) return staged;
    std::set<std::string> foreign;
    ARROW_ASSIGN_OR_RAISE(const auto folders, files_->documents()->List(""));
    for (const std::string& folder : folders) {
      if (folder == folder_ || (folder != kWholeTables && !folder.starts_with(kDayPrefix)))
        continue;
      ARROW_ASSIGN_OR_RAISE(const auto runs, files_->documents()->List(folder + "/runs"));
      foreign.insert(runs.begin(), runs.end());
    }
    std::erase_if(staged, [&](const std::string& id) { return foreign.contains(id); });
    return staged;
  }

  // The files that readers of the metastore see, of this target's runs: other days, and partitions
  // that a later run has not replaced, are nobody's here.
  arrow::Result<std::vector<StoredFile>> List(const std::string& table) override {
    std::vector<StoredFile> files;
    ARROW_ASSIGN_OR_RAISE(const auto folders, tables_.Current(table));
    ARROW_ASSIGN_OR_RAISE(const auto ids, documents_.List("runs"));
    for (const std::string& folder : folders) {
      const std::string run = folder.substr(folder.rfind('/') + 1);
      if (!run.starts_with(kRunPrefix) ||
          !std::binary_search(ids.begin(), ids.end(), run.substr(sizeof kRunPrefix - 1))) {
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(const auto names,
                            files_->table_documents()->List(table + "/" + folder));
      for (const std::string& name : names) {
        if (name.starts_with('_') || name.starts_with('.')) continue;
        ARROW_ASSIGN_OR_RAISE(auto file, files_->Read(table, folder + "/" + name));
        ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
        files.push_back({folder + "/" + name, static_cast<uint64_t>(size)});
      }
    }
    return files;
  }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Read(
      const std::string& table, const std::string& file) override {
    return files_->Read(table, file);
  }

 private:
  arrow::Status RemoveOldRuns(const std::string& table) {
    ARROW_ASSIGN_OR_RAISE(const auto current, tables_.Current(table));
    for (const std::string& folder : tables_.Written(table)) {
      const std::string inside = folder.empty() ? std::string() : folder + "/";
      if (!current.contains(inside + tables_.RunName())) continue;  // pointed away meanwhile
      ARROW_ASSIGN_OR_RAISE(const auto names,
                            files_->table_documents()->List(table + "/" + folder));
      for (const std::string& name : names) {
        if (!name.starts_with(kRunPrefix) || name == tables_.RunName()) continue;
        ARROW_RETURN_NOT_OK(files_->table_documents()->Remove(table + "/" + inside + name));
      }
    }
    return arrow::Status::OK();
  }

  hive::MetastoreUri uri_;
  std::unique_ptr<hive::Metastore> metastore_;
  std::unique_ptr<Destination> files_;
  hive::HiveLocation location_;
  bool make_database_;
  std::string folder_;  // below the documents of the files' store
  FolderDocuments documents_;
  HiveTables tables_;
  RunTarget target_;
};

std::string Option(const DestinationOptions& options, std::string_view name) {
  const auto it = options.find(name);
  return it == options.end() ? std::string() : it->second;
}

// The day a run writes: asked for, else the dataset's; to read back, the newest that is there.
// Empty: tables without partitions.
arrow::Result<std::string> LoadDate(const DestinationOptions& options, DocumentStore* documents) {
  std::string day = Option(options, "load-date");
  if (day == "none") return std::string();
  if (day.empty()) day = Option(options, "as-of");
  if (day.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto folders, documents->List(""));
    bool whole = false;
    for (const std::string& folder : folders) {
      if (folder.starts_with(kDayPrefix)) day = folder.substr(sizeof kDayPrefix - 1);  // sorted
      whole = whole || folder == kWholeTables;
    }
    if (day.empty() && whole) return std::string();
    if (day.empty()) {
      return arrow::Status::Invalid(
          "which day? give --load-date 2026-01-31; none has been written");
    }
  }
  if (!core::ParseIsoDate(day)) {
    return arrow::Status::Invalid("--load-date ", day,
                                  " is not a date; write it as 2026-01-31, or none for tables "
                                  "without partitions");
  }
  return day;
}

arrow::Result<std::unique_ptr<Destination>> OpenHive(const std::string& text,
                                                     const DestinationOptions& options) {
  ARROW_ASSIGN_OR_RAISE(hive::MetastoreUri uri, hive::ParseMetastoreUri(text));
  ARROW_ASSIGN_OR_RAISE(auto metastore, hive::Metastore::Connect(uri.host, uri.port));
  ARROW_ASSIGN_OR_RAISE(const auto database, metastore->GetDatabase(uri.database));
  const std::string given = Option(options, "location");
  if (!database && given.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto names, metastore->ListDatabases());
    return arrow::Status::Invalid(
        "the metastore ", uri.host, ":", uri.port, " has no database ", uri.database, "; ",
        spec::Suggest(uri.database, names),
        "; to make it, say where its tables' files are to go: --location URI");
  }
  hive::HiveLocation location;
  if (given.empty()) {
    ARROW_ASSIGN_OR_RAISE(location,
                          hive::DatabaseLocation(database->location, uri.database, uri.host));
  } else {
    ARROW_ASSIGN_OR_RAISE(location, hive::GivenLocation(given));
  }
  ARROW_ASSIGN_OR_RAISE(auto files, OpenDestination(location.reached, options));
  if (!files->documents() || !files->table_documents()) {
    return arrow::Status::Invalid("tables cannot be kept at --location ", location.reached,
                                  ": a folder, or a bucket's prefix, is needed");
  }
  ARROW_ASSIGN_OR_RAISE(const std::string load_date, LoadDate(options, files->documents()));
  return std::make_unique<HiveDestination>(std::move(uri), std::move(metastore), std::move(files),
                                           std::move(location), !database.has_value(), load_date);
}

}  // namespace

extern const DestinationInfo kHiveDestination;
const DestinationInfo kHiveDestination = {
    .name = "hive",
    .schemes = "hive:",
    .help = "external tables of a Hive metastore",
    .example = "synthmill generate DATASET --to hive://127.0.0.1:9083/sales --location /data/sales",
    .guarantee =
        "files in folders of their own, then one call points the partitions there: atomic per "
        "table",
    .one_stream = false,
    .matches = [](std::string_view uri) { return uri.starts_with("hive:"); },
    .open = OpenHive,
    .flags = {{"location", "URI",
               "where the files of a metastore's tables go; default: the database's own place"},
              {"load-date", "DATE",
               "the partition a metastore's tables get; default: the dataset's load_date, else its "
               "as-of day; none: tables without partitions"},
              {"hive-int96", "",
               "timestamps as INT96 in a metastore's Parquet files, which Hive before 4 wants"}},
};

}  // namespace synthmill::io
