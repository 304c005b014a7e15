#include "io/hdfs/lock_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "io/hdfs/store.h"

namespace synthmill::io::hdfs {

namespace {

std::string NumberedFile(const std::string& key, uint64_t number) {
  return PathOf(key) + fmt::format("/{:012}", number);
}

// 0: the name is none of ours.
uint64_t NumberOf(std::string_view name) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : 0;
}

// Of a temporary file: the number it was for.
uint64_t NumberOfTemporary(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(".tmp")) return 0;
  name.remove_prefix(1);
  return NumberOf(name.substr(0, name.find('.')));
}

}  // namespace

std::string LockStore::UriOf(std::string_view key) const { return client_->UriOf(PathOf(key)); }

arrow::Result<LockStore::Latest> LockStore::Find(const std::string& key) const {
  ARROW_ASSIGN_OR_RAISE(const auto entries, client_->List(PathOf(key)));
  Latest out;
  for (const Entry& entry : entries) {
    if (const uint64_t number = NumberOf(entry.name); number > out.number) {
      out = {number, entry.bytes, entry.modified};
    }
  }
  return out;
}

arrow::Result<bool> LockStore::Make(const std::string& key, uint64_t number,
                                    std::string_view text) const {
  const std::string path = NumberedFile(key, number);
  const std::string temporary = TemporaryBeside(path);
  const arrow::Status written = WriteFile(*client_, temporary, text);
  const arrow::Result<bool> made =
      written.ok() ? client_->Rename(temporary, path) : arrow::Result<bool>(written);
  if (!made.ok() || !*made) (void)client_->Remove(temporary);
  if (!made.ok()) {
    // Whoever was first has removed what this one was writing.
    const arrow::Result<Latest> latest = Find(key);
    if (latest.ok() && latest->number >= number) return false;
    return made;
  }
  if (!*made) return false;
  ARROW_ASSIGN_OR_RAISE(const auto entries, client_->List(PathOf(key)));
  for (const Entry& entry : entries) {
    if (NumberOf(entry.name) <= number) continue;
    // Passed long ago, and its file removed since.
    (void)client_->Remove(path);
    return false;
  }
  // What is passed, and what kills have left. If not now, then next time.
  for (const Entry& entry : entries) {
    const uint64_t old = NumberOf(entry.name), unfinished = NumberOfTemporary(entry.name);
    if ((old > 0 && old < number) || (unfinished > 0 && unfinished <= number)) {
      (void)client_->Remove(PathOf(key) + "/" + entry.name);
    }
  }
  return true;
}

arrow::Result<int64_t> LockStore::Now(const std::string& key, uint64_t number) const {
  // Who makes the next number removes it: then the lock is fresh, and its age does not matter.
  const std::string probe = TemporaryBeside(NumberedFile(key, number));
  if (const arrow::Status written = WriteFile(*client_, probe, ""); !written.ok()) {
    const arrow::Result<Latest> latest = Find(key);
    return latest.ok() && latest->number > number ? arrow::Result<int64_t>(0) : written;
  }
  const auto there = client_->Info(probe);
  (void)client_->Remove(probe);
  ARROW_RETURN_NOT_OK(there.status());
  return *there ? (*there)->modified : 0;
}

arrow::Result<std::optional<StoredObject>> LockStore::Get(const std::string& key) {
  for (int attempt = 0; attempt < 10; ++attempt) {
    ARROW_ASSIGN_OR_RAISE(const Latest latest, Find(key));
    if (latest.bytes == 0) return std::nullopt;
    ARROW_ASSIGN_OR_RAISE(auto text, ReadFile(*client_, NumberedFile(key, latest.number)));
    if (!text) continue;  // renewed in this moment
    ARROW_ASSIGN_OR_RAISE(const int64_t now, Now(key, latest.number));
    return StoredObject{std::move(*text), std::to_string(latest.number), latest.modified, now};
  }
  return arrow::Status::IOError("cannot read the lock ", UriOf(key), ": it keeps changing");
}

arrow::Result<std::optional<std::string>> LockStore::Put(const std::string& key,
                                                         std::string_view text,
                                                         const PutCondition& condition) {
  ARROW_ASSIGN_OR_RAISE(const Latest latest, Find(key));
  using Kind = PutCondition::Kind;
  if (condition.kind == Kind::kAbsent && latest.bytes > 0) return std::nullopt;
  if (condition.kind == Kind::kVersion && std::to_string(latest.number) != condition.version) {
    return std::nullopt;
  }
  ARROW_ASSIGN_OR_RAISE(const bool made, Make(key, latest.number + 1, text));
  if (!made) return std::nullopt;
  return std::to_string(latest.number + 1);
}

arrow::Status LockStore::Delete(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    ARROW_ASSIGN_OR_RAISE(const Latest latest, Find(key));
    if (latest.bytes > 0) ARROW_RETURN_NOT_OK(Make(key, latest.number + 1, "").status());
  }
  return arrow::Status::OK();
}

}  // namespace synthmill::io::hdfs
