// What destinations in buckets share: documents, the lock, names, reading back.
//
//   <prefix>/<table>/part-00000.parquet            of a target's first run
//   <prefix>/<table>/part-00000-<run id>.parquet   of runs that append or overwrite: no object is
//                                                  ever replaced, so whoever reads by the manifest
//                                                  reads the old run or the new one
//   <prefix>/_synthmill/staging/<run id>/run.json  which tables the run writes, while it works
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "io/destinations/destination.h"
#include "io/objects/object_documents.h"
#include "io/objects/object_store.h"

namespace synthmill::io {

class ObjectDestination : public Destination {
 public:
  // `remover`: a command that removes all objects below the URI that follows it.
  ObjectDestination(std::shared_ptr<ObjectStore> store, std::string prefix, std::string remover)
      : store_(std::move(store)),
        prefix_(std::move(prefix)),
        documents_(store_, JoinKey(prefix_, "_synthmill")),
        table_documents_(store_, prefix_),
        remover_(std::move(remover)) {}

  DocumentStore* documents() override { return &documents_; }
  DocumentStore* table_documents() override { return &table_documents_; }
  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string& owner) override;
  arrow::Status Begin(const RunTarget& target) override;
  // Publishes each receipt, many at once, after a last look at the lock.
  arrow::Status Commit(const std::vector<Receipt>& receipts, const std::string& state) override;
  arrow::Status Finish() override;
  arrow::Status Discard(const std::string& run_id) override;
  arrow::Result<std::vector<std::string>> Staged() override { return documents_.List("staging"); }
  std::string RemoveCommand(const std::string& document) const override {
    return remover_ + " " + ShellWord(store_->UriOf(JoinKey(prefix_, "_synthmill/" + document)));
  }
  arrow::Result<std::vector<StoredFile>> List(const std::string& table) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Read(
      const std::string& table, const std::string& file) override;

 protected:
  // Where the lock is kept.
  virtual std::shared_ptr<ObjectStore> LockStore() { return store_; }
  // A finished part becomes an object; done already is no error.
  virtual arrow::Status Publish(const Receipt& receipt) = 0;
  // Removes what the run left in a table's place that is not published. `is_mine`: by file name.
  virtual arrow::Status RemoveUnpublished(const std::string& table,
                                          const std::function<bool(std::string_view)>& is_mine) = 0;

  Receipt NewReceipt(size_t table, uint64_t part, const std::string& folder) const;
  std::string KeyOf(const std::string& table, const std::string& file) const {
    return JoinKey(prefix_, table + "/" + file);
  }
  std::string StagedKeyOf(const std::string& run_id, const std::string& table,
                          const std::string& file) const {
    return JoinKey(prefix_, "_synthmill/staging/" + run_id + "/" + table + "/" + file);
  }
  std::string uri() const { return store_->UriOf(prefix_); }
  // Whether the object `key` is the part of this receipt, published by this run.
  arrow::Result<bool> IsPublished(const std::string& key, const Receipt& receipt);
  // A part that could not be published: it was already, by this run, or it is Taken() or Lost().
  arrow::Status CheckPublished(const std::string& key, const Receipt& receipt,
                               const std::string& what);
  // Someone else took the place of a part.
  arrow::Status Taken(const std::string& key) const;
  // There is neither a part nor its object: `what` is gone.
  arrow::Status Lost(const std::string& what) const;
  // Whether the lock is still held: as far as is known, or by asking for it again.
  arrow::Status CheckLock() const;
  arrow::Status KeepLock() const;

  std::shared_ptr<ObjectStore> store_;
  std::string prefix_;
  RunTarget target_;

 private:
  ObjectDocuments documents_;
  ObjectDocuments table_documents_;
  std::string remover_;
  // Shared with the lease handed out, which may be dropped before or after this object.
  std::weak_ptr<ObjectLease> lease_;
  std::set<std::string> published_;  // keys of the last commit
};

}  // namespace synthmill::io
