#include "io/destinations/object_destination.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace synthmill::io {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kPublishers = 16;  // requests wait for the server, not for this machine

// The lease given to the run: the destination keeps an eye on it.
class SharedLease : public Lease {
 public:
  explicit SharedLease(std::shared_ptr<ObjectLease> lease) : lease_(std::move(lease)) {}

 private:
  std::shared_ptr<ObjectLease> lease_;
};

// part-00003.parquet, or part-00003-<run id>.parquet: names of this program, not of Spark's.
bool IsPartName(std::string_view name, std::string_view run_id) {
  if (!name.starts_with("part-")) return false;
  name.remove_prefix(5);
  const size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits < 5) return false;
  name.remove_prefix(digits);
  if (!run_id.empty()) {
    if (!name.starts_with("-") || !name.substr(1).starts_with(run_id)) return false;
    name.remove_prefix(1 + run_id.size());
  }
  return name.starts_with(".");
}

std::string_view BaseName(std::string_view key) {
  return key.substr(key.rfind('/') == std::string_view::npos ? 0 : key.rfind('/') + 1);
}

}  // namespace

arrow::Result<std::unique_ptr<Lease>> ObjectDestination::Lock(const std::string& owner) {
  // The first write: no bucket, no permission, no credentials are told here, before any work.
  ARROW_ASSIGN_OR_RAISE(
      auto lease,
      ObjectLease::Take(LockStore(), JoinKey(prefix_, "_synthmill/lock"), owner, uri()));
  std::shared_ptr<ObjectLease> shared = std::move(lease);
  lease_ = shared;
  return std::make_unique<SharedLease>(std::move(shared));
}

arrow::Status ObjectDestination::CheckLock() const {
  const std::shared_ptr<ObjectLease> lease = lease_.lock();
  return lease ? lease->Check() : arrow::Status::OK();
}

arrow::Status ObjectDestination::KeepLock() const {
  const std::shared_ptr<ObjectLease> lease = lease_.lock();
  return lease ? lease->Renew() : arrow::Status::OK();
}

arrow::Status ObjectDestination::Begin(const RunTarget& target) {
  target_ = target;
  Json tables = Json::array();
  for (const DestinationTable& table : target_.tables) tables.push_back(table.name);
  return documents_.Write("staging/" + target_.run_id + "/run.json",
                          Json{{"version", 1},
                               {"named_by_run", target_.mode != WriteMode::kError},
                               {"tables", std::move(tables)}}
                              .dump());
}

Receipt ObjectDestination::NewReceipt(size_t table, uint64_t part,
                                      const std::string& folder) const {
  Receipt receipt;
  receipt.table = target_.tables[table].name;
  receipt.part = part;
  receipt.file =
      (folder.empty() ? "" : folder + "/") +
      PartFileName(part, target_.mode != WriteMode::kError ? target_.run_id : std::string(),
                   FileExtension(*target_.format, target_.format_options));
  return receipt;
}

arrow::Result<bool> ObjectDestination::IsPublished(const std::string& key, const Receipt& receipt) {
  ARROW_ASSIGN_OR_RAISE(const auto there, store_->Head(key));
  return there && there->run == target_.run_id && there->bytes == receipt.bytes;
}

arrow::Status ObjectDestination::Taken(const std::string& key) const {
  return arrow::Status::Invalid(store_->UriOf(key),
                                " was written by someone else while this run worked; move it away "
                                "and go on with --resume");
}

arrow::Status ObjectDestination::Lost(const std::string& what) const {
  return arrow::Status::IOError(what, "; start over after\n  ",
                                RemoveCommand("runs/" + target_.run_id));
}

arrow::Status ObjectDestination::CheckPublished(const std::string& key, const Receipt& receipt,
                                                const std::string& what) {
  ARROW_ASSIGN_OR_RAISE(const auto there, store_->Head(key));
  if (!there) return Lost(what);
  const bool mine = there->run == target_.run_id && there->bytes == receipt.bytes;
  return mine ? arrow::Status::OK() : Taken(key);
}

arrow::Status ObjectDestination::Commit(const std::vector<Receipt>& receipts, const std::string&) {
  ARROW_RETURN_NOT_OK(KeepLock());
  published_.clear();
  for (const Receipt& receipt : receipts) published_.insert(KeyOf(receipt.table, receipt.file));
  return ForEachParallel(receipts.size(), kPublishers,
                         [&](size_t i) { return Publish(receipts[i]); });
}

arrow::Status ObjectDestination::Finish() {
  if (target_.mode == WriteMode::kOverwrite) {
    for (const DestinationTable& table : target_.tables) {
      ARROW_ASSIGN_OR_RAISE(const ObjectListing there, store_->List(KeyOf(table.name, ""), false));
      std::vector<std::string> replaced;
      for (const ObjectInfo& object : there.objects) {
        if (!published_.contains(object.key)) replaced.push_back(object.key);
      }
      if (!replaced.empty()) ARROW_RETURN_NOT_OK(store_->Delete(replaced));
    }
  }
  return Discard(target_.run_id);
}

arrow::Status ObjectDestination::Discard(const std::string& run_id) {
  const std::string folder = "staging/" + run_id;
  ARROW_ASSIGN_OR_RAISE(const auto text, documents_.Read(folder + "/run.json"));
  const Json doc = Json::parse(text.value_or("{}"), nullptr, /*allow_exceptions=*/false);
  if (doc.is_object() && doc.contains("tables") && doc["tables"].is_array()) {
    const auto named = doc.find("named_by_run");
    const std::string id =
        named != doc.end() && named->is_boolean() && !named->get<bool>() ? "" : run_id;
    for (const Json& table : doc["tables"]) {
      if (!table.is_string()) continue;
      ARROW_RETURN_NOT_OK(RemoveUnpublished(table.get<std::string>(), [&](std::string_view key) {
        return IsPartName(BaseName(key), id);
      }));
    }
  }
  return documents_.Remove(folder);
}

arrow::Result<std::vector<StoredFile>> ObjectDestination::List(const std::string& table) {
  const std::string prefix = KeyOf(table, "");
  ARROW_ASSIGN_OR_RAISE(const ObjectListing there, store_->List(prefix, /*by_folder=*/false));
  std::vector<StoredFile> files;
  for (const ObjectInfo& object : there.objects) {
    const std::string name = object.key.substr(prefix.size());
    const std::string in_folder = "/" + name;
    // An object that stands for the folder itself, as consoles make them, is no file.
    if (name.empty() || name.ends_with('/')) continue;
    if (in_folder.find("/_") != std::string::npos || in_folder.find("/.") != std::string::npos) {
      continue;
    }
    files.push_back({name, object.bytes});
  }
  return files;
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> ObjectDestination::Read(
    const std::string& table, const std::string& file) {
  const std::string key = KeyOf(table, file);
  ARROW_ASSIGN_OR_RAISE(auto object, store_->Head(key));
  if (!object) return arrow::Status::IOError(store_->UriOf(key), " is not there");
  return OpenObject(store_, std::move(*object));
}

}  // namespace synthmill::io
