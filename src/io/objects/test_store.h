// A bucket in memory, for unit tests.
#pragma once

#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "io/objects/object_store.h"

namespace synthmill::io {

class MemoryStore : public ObjectStore {
 public:
  struct Object {
    std::string text;
    int64_t version = 0;
    int64_t modified = 0;
  };
  int64_t now = 1'000'000;
  int ranges_read = 0;
  std::map<std::string, Object> objects;

  std::string UriOf(std::string_view key) const override { return "mem://" + std::string(key); }
  arrow::Result<std::optional<StoredObject>> Get(const std::string& key) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = objects.find(key);
    if (it == objects.end()) return std::nullopt;
    return StoredObject{it->second.text, std::to_string(it->second.version), it->second.modified,
                        now};
  }
  arrow::Result<std::optional<ObjectInfo>> Head(const std::string& key) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = objects.find(key);
    if (it == objects.end()) return std::nullopt;
    return Info(key, it->second);
  }
  arrow::Result<std::optional<std::string>> Put(const std::string& key, std::string_view text,
                                                const PutCondition& condition) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = objects.find(key);
    using Kind = PutCondition::Kind;
    if (condition.kind == Kind::kAbsent && it != objects.end()) return std::nullopt;
    if (condition.kind == Kind::kVersion &&
        (it == objects.end() || std::to_string(it->second.version) != condition.version)) {
      return std::nullopt;
    }
    objects[key] = {std::string(text), ++versions_, now};
    return std::to_string(versions_);
  }
  using ObjectStore::Put;
  arrow::Status Delete(const std::vector<std::string>& keys) override {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& key : keys) objects.erase(key);
    return arrow::Status::OK();
  }
  arrow::Result<ObjectListing> List(const std::string& prefix, bool by_folder) override {
    std::lock_guard<std::mutex> lock(mutex_);
    ObjectListing out;
    for (const auto& [key, object] : objects) {
      if (!key.starts_with(prefix)) continue;
      const size_t slash = key.find('/', prefix.size());
      if (by_folder && slash != std::string::npos) {
        const std::string folder = key.substr(0, slash + 1);
        if (out.folders.empty() || out.folders.back() != folder) out.folders.push_back(folder);
      } else {
        out.objects.push_back(Info(key, object));
      }
    }
    return out;
  }
  arrow::Status ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                          void* out) override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++ranges_read;
    std::memcpy(out, objects.at(object.key).text.data() + offset, size);
    return arrow::Status::OK();
  }

 private:
  static ObjectInfo Info(const std::string& key, const Object& object) {
    return {key, object.text.size(), std::to_string(object.version), object.modified, ""};
  }

  std::mutex mutex_;
  int64_t versions_ = 0;
};

}  // namespace synthmill::io
