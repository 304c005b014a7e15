// HDFS as a store of objects: a key is a path without its first slash. What buckets share
// (documents, destinations, reading) works on it as it is.
//
// HDFS renames atomically and never onto a file that is there, but cannot replace one: a document
// is replaced by removing it and renaming the new one, `.NAME.next`, to its place. Get() and List()
// take a complete `.NAME.next` for the document where NAME itself is missing, so a reader finds the
// old text or the new one at any moment, also after a crash.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/hdfs/client.h"
#include "io/objects/object_store.h"

namespace synthmill::io::hdfs {

class Store : public ObjectStore {
 public:
  explicit Store(std::shared_ptr<Client> client) : client_(std::move(client)) {}

  std::string UriOf(std::string_view key) const override;
  arrow::Result<std::optional<StoredObject>> Get(const std::string& key) override;
  arrow::Result<std::optional<ObjectInfo>> Head(const std::string& key) override;
  // A version is the hash of a text. Of two writers at once under kAbsent one succeeds; kVersion
  // compares first and replaces then, which a lock must protect.
  arrow::Result<std::optional<std::string>> Put(const std::string& key, std::string_view text,
                                                const PutCondition& condition = {}) override;
  // Folders that are left empty are removed as well.
  arrow::Status Delete(const std::vector<std::string>& keys) override;
  // Without names that begin with '.', but for what kills have left of documents: a list of all
  // that is below a folder, as it is made to remove it, has that too.
  arrow::Result<ObjectListing> List(const std::string& prefix, bool by_folder) override;
  arrow::Status ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                          void* out) override;

  Client* client() const { return client_.get(); }

 private:
  arrow::Status ListFolder(const std::string& folder, const std::string& first_name, bool by_folder,
                           ObjectListing* out);

  std::shared_ptr<Client> client_;
};

// "/a/b" for "a/b".
inline std::string PathOf(std::string_view key) { return "/" + std::string(key); }
// A name in the folder of `path` that nobody else uses: ".b.1f….tmp" for "/a/b".
std::string TemporaryBeside(const std::string& path);
// Writes a whole file; whatever fails, nothing of it stays. Replaces what is there.
arrow::Status WriteFile(const Client& client, const std::string& path, std::string_view text);
// nullopt: there is none.
arrow::Result<std::optional<std::string>> ReadFile(const Client& client, const std::string& path);

}  // namespace synthmill::io::hdfs
