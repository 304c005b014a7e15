#include "io/hdfs/store.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "io/file_hash.h"

namespace synthmill::io::hdfs {

namespace {

constexpr std::string_view kNext = ".next";

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// "/a/.b.next" for "/a/b".
std::string NextOf(const std::string& path) {
  return FolderOf(path) + "/." + NameOf(path) + std::string(kNext);
}

std::string VersionOf(std::string_view text) {
  FileHash hash;
  hash.Add(text.data(), static_cast<int64_t>(text.size()));
  return hash.Hex();
}

// The document a hidden name stands for; empty: it is a temporary file, or someone else's.
std::string_view DocumentOfNext(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(kNext) || name.size() <= kNext.size() + 1)
    return {};
  return name.substr(1, name.size() - 1 - kNext.size());
}

}  // namespace

std::string TemporaryBeside(const std::string& path) {
  uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) {
    bits = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
           (static_cast<uint64_t>(::getpid()) << 40);
  }
  return fmt::format("{}/.{}.{:016x}.tmp", FolderOf(path), NameOf(path), bits);
}

arrow::Status WriteFile(const Client& client, const std::string& path, std::string_view text) {
  ARROW_ASSIGN_OR_RAISE(auto file, client.Create(path));
  arrow::Status status = file->Write(text.data(), static_cast<int64_t>(text.size()));
  if (status.ok()) status = file->Close();
  file.reset();
  if (!status.ok()) (void)client.Remove(path);
  return status;
}

arrow::Result<std::optional<std::string>> ReadFile(const Client& client, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const auto there, client.Info(path));
  if (!there || there->folder) return std::nullopt;
  std::string text(there->bytes, '\0');
  if (text.empty()) return std::optional<std::string>(std::move(text));
  const arrow::Status status = client.ReadRange(path, 0, text.size(), text.data());
  if (!status.ok()) {  // replaced in this moment?
    ARROW_ASSIGN_OR_RAISE(const auto still, client.Info(path));
    if (!still) return std::nullopt;
    return status;
  }
  return std::optional<std::string>(std::move(text));
}

std::string Store::UriOf(std::string_view key) const { return client_->UriOf(PathOf(key)); }

arrow::Result<std::optional<StoredObject>> Store::Get(const std::string& key) {
  const std::string path = PathOf(key);
  // A replacement may pass between two looks.
  for (int attempt = 0; attempt < 3; ++attempt) {
    for (const std::string& place : {path, NextOf(path)}) {
      ARROW_ASSIGN_OR_RAISE(auto text, ReadFile(*client_, place));
      if (!text) continue;
      StoredObject out;
      out.version = VersionOf(*text);
      out.text = std::move(*text);
      return out;
    }
  }
  return std::nullopt;
}

arrow::Result<std::optional<ObjectInfo>> Store::Head(const std::string& key) {
  ARROW_ASSIGN_OR_RAISE(const auto there, client_->Info(PathOf(key)));
  if (!there || there->folder) return std::nullopt;
  return ObjectInfo{key, there->bytes, fmt::format("{}:{}", there->modified, there->bytes),
                    there->modified, ""};
}

arrow::Result<std::optional<std::string>> Store::Put(const std::string& key, std::string_view text,
                                                     const PutCondition& condition) {
  using Kind = PutCondition::Kind;
  const std::string path = PathOf(key), next = NextOf(path);
  if (condition.kind == Kind::kVersion) {
    ARROW_ASSIGN_OR_RAISE(const auto there, Get(key));
    if (!there || there->version != condition.version) return std::nullopt;
  }
  // Of the same name each time where a lock is held: what a kill has left is written over.
  const std::string temporary = condition.kind == Kind::kAbsent
                                    ? TemporaryBeside(path)
                                    : FolderOf(path) + "/." + NameOf(path) + ".tmp";
  ARROW_RETURN_NOT_OK(WriteFile(*client_, temporary, text));
  const auto put = [&]() -> arrow::Result<bool> {
    ARROW_ASSIGN_OR_RAISE(auto old_next, client_->Info(next));
    if (old_next) {
      // A replacement that was cut off is completed, or was overtaken.
      ARROW_ASSIGN_OR_RAISE(const bool completed, client_->Rename(next, path));
      if (!completed) ARROW_RETURN_NOT_OK(client_->Remove(next));
    }
    ARROW_ASSIGN_OR_RAISE(const bool is_new, client_->Rename(temporary, path));
    if (is_new) return true;
    ARROW_ASSIGN_OR_RAISE(const auto taken, client_->Info(path));
    if (!taken) return arrow::Status::IOError("cannot write ", UriOf(key));
    if (condition.kind == Kind::kAbsent) return false;
    ARROW_ASSIGN_OR_RAISE(const bool ready, client_->Rename(temporary, next));
    if (!ready) return arrow::Status::IOError("another run writes ", UriOf(key), " too");
    ARROW_RETURN_NOT_OK(client_->Remove(path));
    ARROW_ASSIGN_OR_RAISE(const bool replaced, client_->Rename(next, path));
    if (!replaced) return arrow::Status::IOError("another run writes ", UriOf(key), " too");
    return true;
  };
  const arrow::Result<bool> done = put();
  if (!done.ok() || !*done) (void)client_->Remove(temporary);
  ARROW_RETURN_NOT_OK(done.status());
  if (!*done) return std::nullopt;
  return VersionOf(text);
}

arrow::Status Store::Delete(const std::vector<std::string>& keys) {
  std::set<std::string> folders;
  for (const std::string& key : keys) {
    const std::string path = PathOf(key);
    ARROW_RETURN_NOT_OK(
        client_->Remove(NextOf(path)));  // first, or it would stand for the document
    ARROW_RETURN_NOT_OK(client_->Remove(path));
    folders.insert(FolderOf(path));
  }
  // From below: a folder in which only what was cut off is left goes, and so may the one above.
  while (!folders.empty()) {
    const std::string folder = *folders.rbegin();
    folders.erase(folder);
    if (folder.empty()) continue;
    ARROW_ASSIGN_OR_RAISE(const auto left, client_->List(folder));
    const bool empty = std::all_of(left.begin(), left.end(), [](const Entry& entry) {
      return entry.name.starts_with('.') && entry.name.ends_with(".tmp");
    });
    if (!empty) continue;
    ARROW_RETURN_NOT_OK(client_->Remove(folder));
    folders.insert(FolderOf(folder));
  }
  return arrow::Status::OK();
}

arrow::Result<ObjectListing> Store::List(const std::string& prefix, bool by_folder) {
  ObjectListing out;
  const size_t slash = prefix.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : prefix.substr(0, slash);
  const std::string name = slash == std::string::npos ? prefix : prefix.substr(slash + 1);
  ARROW_RETURN_NOT_OK(ListFolder(folder, name, by_folder, &out));
  std::sort(out.objects.begin(), out.objects.end(),
            [](const ObjectInfo& a, const ObjectInfo& b) { return a.key < b.key; });
  return out;
}

arrow::Status Store::ListFolder(const std::string& folder, const std::string& first_name,
                                bool by_folder, ObjectListing* out) {
  ARROW_ASSIGN_OR_RAISE(const auto entries, client_->List(PathOf(folder)));
  std::set<std::string_view> names;
  for (const Entry& entry : entries) names.insert(entry.name);
  for (const Entry& entry : entries) {
    std::string_view name = entry.name;
    if (const std::string_view document = DocumentOfNext(name); !document.empty()) {
      name = document;
      if (names.contains(name)) continue;
    } else if (name.starts_with('.') && (by_folder || !name.ends_with(".tmp"))) {
      continue;
    }
    if (!name.starts_with(first_name)) continue;
    const std::string key = JoinKey(folder, name);
    if (!entry.folder) {
      out->objects.push_back({key, entry.bytes, fmt::format("{}:{}", entry.modified, entry.bytes),
                              entry.modified, ""});
    } else if (by_folder) {
      out->folders.push_back(key + "/");
    } else {
      ARROW_RETURN_NOT_OK(ListFolder(key, "", false, out));
    }
  }
  return arrow::Status::OK();
}

arrow::Status Store::ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                               void* out) {
  return client_->ReadRange(PathOf(object.key), offset, size, out);
}

}  // namespace synthmill::io::hdfs
