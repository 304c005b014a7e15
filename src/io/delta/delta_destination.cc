#include "io/delta/delta_destination.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "io/delta/checkpoint.h"
#include "io/delta/commit.h"
#include "io/delta/schema.h"
#include "io/delta/snapshot.h"
#include "io/delta/stats.h"
#include "io/partition.h"

namespace synthmill::io::delta {

namespace {

// A receipt's token: what the destination of the files wants, and what the log will say of the
// file, since another process may have to write it.
std::string MakeToken(const std::string& inner, const std::string& stats, int64_t modified) {
  return Json{{"inner", inner}, {"modified", modified}, {"stats", stats}}.dump();
}

struct Token {
  std::string inner, stats;
  int64_t modified = 0;
};

arrow::Result<Token> ParseToken(const Receipt& receipt) {
  const Json doc = Json::parse(receipt.token, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object() || !doc.contains("inner") || !doc["inner"].is_string() ||
      !doc.contains("stats") || !doc["stats"].is_string() || !doc.contains("modified") ||
      !doc["modified"].is_number_integer()) {
    return arrow::Status::Invalid("the receipt of ", receipt.file,
                                  " lacks what the Delta log is to say of it");
  }
  return Token{doc["inner"].get<std::string>(), doc["stats"].get<std::string>(),
               doc["modified"].get<int64_t>()};
}

class DeltaPartWriter : public PartWriter {
 public:
  DeltaPartWriter(std::unique_ptr<PartWriter> file, const arrow::Schema& schema, int64_t columns)
      : file_(std::move(file)), stats_(schema, columns) {}
  arrow::Status Write(const arrow::RecordBatch& batch) override {
    ARROW_RETURN_NOT_OK(stats_.Add(batch));
    return file_->Write(batch);
  }
  uint64_t bytes() const override { return file_->bytes(); }
  arrow::Result<Receipt> Close() override {
    ARROW_ASSIGN_OR_RAISE(Receipt receipt, file_->Close());
    receipt.token = MakeToken(receipt.token, stats_.Json(), NowMilliseconds());
    return receipt;
  }

 private:
  std::unique_ptr<PartWriter> file_;
  FileStats stats_;
};

// The values in the names of a file's folders.
arrow::Result<PartitionValues> ValuesOf(const std::vector<std::string>& columns,
                                        const std::string& file) {
  PartitionValues out;
  std::string_view rest = file;
  for (const std::string& name : columns) {
    const std::string prefix = EscapePartitionValue(name) + "=";
    const size_t slash = rest.find('/');
    if (slash == std::string_view::npos || !rest.starts_with(prefix)) {
      return arrow::Status::Invalid("the path ", file, " has no folder ", prefix, "…");
    }
    const std::string_view text = rest.substr(prefix.size(), slash - prefix.size());
    rest.remove_prefix(slash + 1);
    if (text == kNullPartition) {
      out[name] = std::nullopt;
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(out[name], UnescapePartitionValue(text));
  }
  return out;
}

class DeltaDestination : public Destination {
 public:
  DeltaDestination(std::unique_ptr<Destination> files, std::string uri)
      : files_(std::move(files)), uri_(std::move(uri)) {
    while (uri_.size() > 1 && uri_.ends_with('/')) uri_.pop_back();
  }

  DocumentStore* documents() override { return files_->documents(); }
  DocumentStore* table_documents() override { return files_->table_documents(); }
  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string& owner) override {
    return files_->Lock(owner);
  }
  std::string RemoveCommand(const std::string& document) const override {
    return files_->RemoveCommand(document);
  }
  bool reader_gone() const override { return files_->reader_gone(); }

  arrow::Status Begin(const RunTarget& target) override {
    target_ = target;
    delta_ = HasLog(*target.format);
    if (!delta_) {
      ARROW_RETURN_NOT_OK(CheckNoLogs());
      return files_->Begin(target);
    }
    writes_.clear();
    indexed_.clear();
    for (const DestinationTable& table : target_.tables) {
      ARROW_RETURN_NOT_OK(CheckNames(*table.schema));
      TableWrite write;
      write.table = table.name;
      write.uri = uri_ + "/" + table.name;
      write.run_id = target_.run_id;
      write.mode = target_.mode;
      write.partition_by = table.partition_by;
      ARROW_ASSIGN_OR_RAISE(write.schema, SchemaToDelta(*table.schema));
      ARROW_ASSIGN_OR_RAISE(const Snapshot snapshot, LogOf(table.name).Read());
      ARROW_RETURN_NOT_OK(CheckWrite(snapshot, write));
      write.base = snapshot.version;
      writes_.push_back(std::move(write));
      indexed_.push_back(IndexedColumns(snapshot.metadata));
    }
    // Beside the files of earlier versions, under names of their own.
    RunTarget files = target_;
    files.mode = WriteMode::kAppend;
    return files_->Begin(files);
  }

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string& folder) override {
    ARROW_ASSIGN_OR_RAISE(auto file, files_->Open(table, part, folder));
    if (!delta_) return file;
    const DestinationTable& t = target_.tables[table];
    return std::make_unique<DeltaPartWriter>(std::move(file), *FileSchema(t.schema, t.partition_by),
                                             indexed_[table]);
  }

  arrow::Result<bool> Holds(const Receipt& receipt) override {
    if (!delta_) return files_->Holds(receipt);
    Receipt plain = receipt;
    const auto token = ParseToken(receipt);
    if (!token.ok()) return false;
    plain.token = token->inner;
    return files_->Holds(plain);
  }

  // The versions the run began with, and files that are in the way of a new table.
  arrow::Result<std::string> SealCommit() override {
    ARROW_ASSIGN_OR_RAISE(std::string inner, files_->SealCommit());
    if (!delta_) return inner;
    Json state = {{"inner", inner}, {"tables", Json::object()}};
    for (const TableWrite& write : writes_) {
      ARROW_ASSIGN_OR_RAISE(const Snapshot snapshot, LogOf(write.table).Read());
      ARROW_RETURN_NOT_OK(CheckWrite(snapshot, write));
      // As long as nothing is recorded as committing, the run can still be thrown away or begun
      // anew; --resume takes the table as it is then.
      ARROW_RETURN_NOT_OK(CheckConflicts(LogOf(write.table), snapshot, write));
      Json table = {{"base", write.base}, {"clear", Json::array()}};
      if (!snapshot.exists() && write.mode == WriteMode::kOverwrite) {
        ARROW_ASSIGN_OR_RAISE(const auto there, files_->List(write.table));
        for (const StoredFile& file : there) table["clear"].push_back(file.name);
      }
      state["tables"][write.table] = std::move(table);
    }
    return state.dump();
  }

  arrow::Status Commit(const std::vector<Receipt>& receipts, const std::string& state) override {
    if (!delta_) return files_->Commit(receipts, state);
    const Json doc = Json::parse(state, nullptr, /*allow_exceptions=*/false);
    if (!doc.is_object() || !doc.contains("inner") || !doc.contains("tables")) {
      return arrow::Status::Invalid("the commit state of run ", target_.run_id,
                                    " is not that of Delta tables");
    }
    std::map<std::string, std::vector<Add>> adds;
    std::map<std::string, int64_t> rows;
    std::vector<Receipt> plain;
    for (const Receipt& receipt : receipts) {
      ARROW_ASSIGN_OR_RAISE(Token token, ParseToken(receipt));
      plain.push_back(receipt);
      plain.back().token = std::move(token.inner);
      Add add;
      add.path = EncodePath(receipt.file);
      ARROW_ASSIGN_OR_RAISE(add.partition_values,
                            ValuesOf(PartitionsOf(receipt.table), receipt.file));
      add.size = static_cast<int64_t>(receipt.bytes);
      add.modified = token.modified;
      add.stats = std::move(token.stats);
      adds[receipt.table].push_back(std::move(add));
      rows[receipt.table] += static_cast<int64_t>(receipt.rows);
    }
    // First the files, which no version names yet.
    ARROW_RETURN_NOT_OK(files_->Commit(plain, doc["inner"].get<std::string>()));
    clear_.clear();
    for (TableWrite& write : writes_) {
      const auto table = doc["tables"].find(write.table);
      if (table == doc["tables"].end()) {
        return arrow::Status::Invalid("the commit state of run ", target_.run_id,
                                      " does not know the table ", write.table);
      }
      write.base = table->at("base").get<int64_t>();
      for (const Json& file : table->at("clear")) {
        clear_.push_back(write.table + "/" + file.get<std::string>());
      }
      const auto version =
          CommitTable(table_documents(), write, adds[write.table], rows[write.table]);
      // What another run did stays done: trying again would end here again.
      if (version.status().IsInvalid() || version.status().IsNotImplemented()) {
        return version.status().WithMessage(version.status().message(), "\n  give this run up:  ",
                                            RemoveCommand("runs/" + target_.run_id));
      }
      ARROW_RETURN_NOT_OK(version.status());
    }
    return arrow::Status::OK();
  }

  arrow::Status Finish() override {
    ARROW_RETURN_NOT_OK(files_->Finish());
    if (!delta_) return arrow::Status::OK();
    for (const std::string& path : clear_) ARROW_RETURN_NOT_OK(table_documents()->Remove(path));
    for (const TableWrite& write : writes_) {
      // Readers do without one; the next run makes it.
      (void)CheckpointIfDue(table_documents(), write.table, NowMilliseconds());
    }
    return arrow::Status::OK();
  }

  arrow::Status Discard(const std::string& run_id) override { return files_->Discard(run_id); }
  arrow::Result<std::vector<std::string>> Staged() override { return files_->Staged(); }

  arrow::Result<std::vector<StoredFile>> List(const std::string& table) override {
    ARROW_ASSIGN_OR_RAISE(const Snapshot snapshot, LogOf(table).Read());
    ARROW_ASSIGN_OR_RAISE(std::vector<StoredFile> there, files_->List(table));
    if (!snapshot.exists()) return there;
    std::erase_if(there,
                  [&](const StoredFile& file) { return !snapshot.files.contains(file.name); });
    return there;
  }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Read(
      const std::string& table, const std::string& file) override {
    return files_->Read(table, file);
  }

 private:
  // Files without a version that names them would be lost in a table that has a log.
  arrow::Status CheckNoLogs() {
    if (table_documents() == nullptr || target_.mode == WriteMode::kOverwrite) {
      return arrow::Status::OK();
    }
    for (const DestinationTable& table : target_.tables) {
      ARROW_ASSIGN_OR_RAISE(const bool log, LogOf(table.name).Exists());
      if (!log) continue;
      return arrow::Status::Invalid(
          uri_, "/", table.name, " is a Delta table, this run would write ", target_.format->name,
          "\n  add to it:         --format delta --write-mode append\n"
          "  replace the folder: --write-mode overwrite\n"
          "  keep it:           another --to");
    }
    return arrow::Status::OK();
  }

  Log LogOf(const std::string& table) { return Log(table_documents(), table); }

  const std::vector<std::string>& PartitionsOf(const std::string& table) const {
    static const std::vector<std::string> kNone;
    for (const DestinationTable& t : target_.tables) {
      if (t.name == table) return t.partition_by;
    }
    return kNone;
  }

  static int64_t IndexedColumns(const Metadata& metadata) {
    const std::string text = metadata.Property("delta.dataSkippingNumIndexedCols", "");
    return text.empty() ? kIndexedColumns : std::atoll(text.c_str());
  }

  std::unique_ptr<Destination> files_;
  std::string uri_;
  RunTarget target_;
  bool delta_ = false;
  std::vector<TableWrite> writes_;  // by table of the target
  std::vector<int64_t> indexed_;    // how many columns get statistics
  std::vector<std::string> clear_;  // files that belonged to no Delta table
};

}  // namespace

bool HasLog(const Format& format) { return &format == &kDeltaFormat; }

arrow::Result<bool> HasLog(Destination* destination, const std::string& table) {
  if (destination->table_documents() == nullptr) return false;
  return Log(destination->table_documents(), table).Exists();
}

arrow::Status CheckFormat(Destination* destination, const Format& format, const std::string& uri) {
  if (!HasLog(format) || destination->table_documents() != nullptr) return arrow::Status::OK();
  return arrow::Status::Invalid("--format ", format.name, ": ", uri == "-" ? "a pipe" : uri,
                                " cannot hold the log of a table; a folder or a bucket can");
}

std::unique_ptr<Destination> WithLogs(std::unique_ptr<Destination> files, const std::string& uri) {
  return std::make_unique<DeltaDestination>(std::move(files), uri);
}

}  // namespace synthmill::io::delta
