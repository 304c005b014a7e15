#include "io/objects/object_documents.h"

#include <algorithm>

namespace synthmill::io {

namespace {

// The commit point: the only document that writers without the lock could spoil for one another.
bool IsGuarded(std::string_view path) { return path == "manifest.json"; }

}  // namespace

arrow::Result<std::optional<std::string>> ObjectDocuments::Read(const std::string& path) const {
  ARROW_ASSIGN_OR_RAISE(auto object, store_->Get(KeyOf(path)));
  if (IsGuarded(path)) {
    std::lock_guard<std::mutex> lock(mutex_);
    seen_[path] = object ? object->version : std::string();
  }
  if (!object) return std::nullopt;
  return std::optional<std::string>(std::move(object->text));
}

arrow::Status ObjectDocuments::Write(const std::string& path, std::string_view text) {
  PutCondition condition;
  if (IsGuarded(path)) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (const auto seen = seen_.find(path); seen != seen_.end()) {
      condition = seen->second.empty() ? PutCondition{PutCondition::Kind::kAbsent}
                                       : PutCondition{PutCondition::Kind::kVersion, seen->second};
    }
  }
  ARROW_ASSIGN_OR_RAISE(const auto version, store_->Put(KeyOf(path), text, condition));
  if (!version) {
    return arrow::Status::Invalid(store_->UriOf(KeyOf(path)),
                                  " was changed by someone else since this run read it; nothing "
                                  "was replaced: go on with --resume");
  }
  if (IsGuarded(path)) {
    std::lock_guard<std::mutex> lock(mutex_);
    seen_[path] = *version;
  }
  return arrow::Status::OK();
}

arrow::Result<bool> ObjectDocuments::Create(const std::string& path, std::string_view text) {
  ARROW_ASSIGN_OR_RAISE(const auto version,
                        store_->Put(KeyOf(path), text, {PutCondition::Kind::kAbsent}));
  return version.has_value();
}

arrow::Result<std::vector<std::string>> ObjectDocuments::List(const std::string& folder) const {
  std::string prefix = KeyOf(folder);
  if (!prefix.empty() && !prefix.ends_with('/')) prefix.push_back('/');
  ARROW_ASSIGN_OR_RAISE(const ObjectListing listing, store_->List(prefix, /*by_folder=*/true));
  std::vector<std::string> names;
  for (const ObjectInfo& object : listing.objects) {
    if (object.key.size() > prefix.size()) names.push_back(object.key.substr(prefix.size()));
  }
  for (const std::string& key : listing.folders) {
    names.push_back(key.substr(prefix.size(), key.size() - prefix.size() - 1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

arrow::Status ObjectDocuments::Remove(const std::string& path) {
  std::string folder = KeyOf(path);
  while (folder.ends_with('/')) folder.pop_back();
  ARROW_ASSIGN_OR_RAISE(const ObjectListing below, store_->List(folder, /*by_folder=*/false));
  std::vector<std::string> keys;
  for (const ObjectInfo& object : below.objects) {
    // Not "receipts-old" where "receipts" was asked for.
    if (object.key == folder || object.key.starts_with(folder + "/")) keys.push_back(object.key);
  }
  if (IsGuarded(path)) {
    std::lock_guard<std::mutex> lock(mutex_);
    seen_.erase(path);
  }
  return keys.empty() ? arrow::Status::OK() : store_->Delete(keys);
}

}  // namespace synthmill::io
