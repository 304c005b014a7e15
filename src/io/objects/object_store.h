// A bucket: what documents, locks and readers need of S3 and of Google Cloud Storage alike.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io {

struct ObjectInfo {
  std::string key;
  uint64_t bytes = 0;
  std::string version;   // changes with every write: an ETag, a generation
  int64_t modified = 0;  // seconds since 1970, by the server's clock
  std::string run;       // the run that wrote it, if one of ours did (Head only)
};

struct StoredObject {
  std::string text;
  std::string version;
  int64_t modified = 0;
  int64_t now = 0;  // the server's clock when it answered; 0 if it did not say
};

struct ObjectListing {
  std::vector<ObjectInfo> objects;   // sorted by key
  std::vector<std::string> folders;  // with `by_folder`: prefixes that end in '/', sorted
};

// When a Put is to happen: always, only if there is none, or only over this version.
struct PutCondition {
  enum class Kind { kAlways, kAbsent, kVersion };
  Kind kind = Kind::kAlways;
  std::string version = {};
};

// All of one bucket. Thread-safe. Errors name the object, the reason and what to do.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  // "s3://bucket/key"
  virtual std::string UriOf(std::string_view key) const = 0;
  // nullopt: there is none.
  virtual arrow::Result<std::optional<StoredObject>> Get(const std::string& key) = 0;
  virtual arrow::Result<std::optional<ObjectInfo>> Head(const std::string& key) = 0;
  // Whole and at once, for documents. The new version; nullopt: the condition did not hold, nothing
  // was changed.
  virtual arrow::Result<std::optional<std::string>> Put(const std::string& key,
                                                        std::string_view text,
                                                        const PutCondition& condition = {}) = 0;
  // Those that are not there are no error.
  virtual arrow::Status Delete(const std::vector<std::string>& keys) = 0;
  // All objects whose keys start with `prefix`; `by_folder`: those with a further '/' are told as
  // the folders they are in.
  virtual arrow::Result<ObjectListing> List(const std::string& prefix, bool by_folder) = 0;
  // Exactly `size` bytes from `offset` of this very version.
  virtual arrow::Status ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                                  void* out) = 0;
};

// A stored object to read, by ranges with read-ahead; its size and version are those of `object`.
std::shared_ptr<arrow::io::RandomAccessFile> OpenObject(std::shared_ptr<ObjectStore> store,
                                                        ObjectInfo object);

// A bucket and the prefix below it, of "s3://bucket/some/prefix" (no slashes at either end).
struct ObjectUri {
  std::string bucket;
  std::string prefix;
};
arrow::Result<ObjectUri> ParseObjectUri(std::string_view uri);
// "a/b"; "b" if a is empty.
std::string JoinKey(std::string_view a, std::string_view b);

// Runs `work` for each of `count` on up to `threads` threads; the first error, when all have ended.
arrow::Status ForEachParallel(size_t count, size_t threads,
                              const std::function<arrow::Status(size_t)>& work);

}  // namespace synthmill::io
