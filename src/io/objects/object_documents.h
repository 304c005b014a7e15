// Documents and locks in a bucket.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "io/destinations/destination.h"
#include "io/objects/object_store.h"

namespace synthmill::io {

// Below `prefix`. A document that was read is written only over the version that was read: two
// writers cannot undo each other's work without noticing.
class ObjectDocuments : public DocumentStore {
 public:
  ObjectDocuments(std::shared_ptr<ObjectStore> store, std::string prefix)
      : store_(std::move(store)), prefix_(std::move(prefix)) {}
  arrow::Result<std::optional<std::string>> Read(const std::string& path) const override;
  arrow::Status Write(const std::string& path, std::string_view text) override;
  arrow::Result<bool> Create(const std::string& path, std::string_view text) override;
  arrow::Result<std::vector<std::string>> List(const std::string& folder) const override;
  arrow::Status Remove(const std::string& path) override;

 private:
  std::string KeyOf(const std::string& path) const { return JoinKey(prefix_, path); }

  std::shared_ptr<ObjectStore> store_;
  std::string prefix_;
  mutable std::mutex mutex_;  // guards seen_
  // Of manifest.json files: the version last read or written; empty: it was not there.
  mutable std::map<std::string, std::string> seen_;
};

// An object that says who writes, renewed by a thread as long as it lives; a lock that was not
// renewed for its time to live is free (by the server's clock), and so is one of a process of this
// machine that is no more.
class ObjectLease : public Lease {
 public:
  // Refuses (Invalid) where another holds it.
  static arrow::Result<std::unique_ptr<ObjectLease>> Take(std::shared_ptr<ObjectStore> store,
                                                          const std::string& key,
                                                          const std::string& owner,
                                                          const std::string& target);
  ~ObjectLease() override;
  // Renews it now. An error if another has taken it, or it cannot be told.
  arrow::Status Renew();
  // An error once it is known to be lost: whatever is being written must stop.
  arrow::Status Check() const;

 private:
  ObjectLease() = default;
  void Keep();  // the thread

  std::shared_ptr<ObjectStore> store_;
  std::string key_, target_, owner_, id_;
  std::mutex renewing_;  // held while the server is asked; guards version_ and renewals_
  std::string version_;
  uint64_t renewals_ = 0;
  std::atomic<bool> lost_{false};
  std::mutex mutex_;  // guards stop_
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

// How long a lock that is not renewed holds.
inline constexpr int kLeaseSeconds = 60;

}  // namespace synthmill::io
