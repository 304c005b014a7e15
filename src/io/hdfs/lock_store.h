// Locks on HDFS, as a store of which ObjectLease uses one key.
//
// HDFS has no conditional writes, but a rename never replaces a file. So a lock is a folder of
// numbered files, LOCK/000000000007, of which the highest counts; to take, renew or release it is
// to make the next number, which exactly one can. Numbers never go back: who was asleep for long
// finds its next number passed. An empty file says that nobody holds the lock.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/hdfs/client.h"
#include "io/objects/object_store.h"

namespace synthmill::io::hdfs {

class LockStore : public ObjectStore {
 public:
  explicit LockStore(std::shared_ptr<Client> client) : client_(std::move(client)) {}

  std::string UriOf(std::string_view key) const override;
  arrow::Result<std::optional<StoredObject>> Get(const std::string& key) override;
  arrow::Result<std::optional<std::string>> Put(const std::string& key, std::string_view text,
                                                const PutCondition& condition = {}) override;
  arrow::Status Delete(const std::vector<std::string>& keys) override;

  // Not for locks.
  arrow::Result<std::optional<ObjectInfo>> Head(const std::string&) override { return No(); }
  arrow::Result<ObjectListing> List(const std::string&, bool) override { return No(); }
  arrow::Status ReadRange(const ObjectInfo&, uint64_t, uint64_t, void*) override { return No(); }

 private:
  struct Latest {
    uint64_t number = 0;  // 0: it was never taken
    uint64_t bytes = 0;   // 0: it is free
    int64_t modified = 0;
  };
  static arrow::Status No() { return arrow::Status::NotImplemented("locks are read whole"); }
  arrow::Result<Latest> Find(const std::string& key) const;
  // False: someone else was quicker.
  arrow::Result<bool> Make(const std::string& key, uint64_t number, std::string_view text) const;
  // The name node's clock; 0: the lock was renewed meanwhile.
  arrow::Result<int64_t> Now(const std::string& key, uint64_t number) const;

  std::shared_ptr<Client> client_;
};

}  // namespace synthmill::io::hdfs
