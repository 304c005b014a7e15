// One bucket of Google Cloud Storage, by its JSON interface.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/gcs/auth.h"
#include "io/http/http.h"
#include "io/objects/object_store.h"

namespace synthmill::io {

struct GcsOptions {
  std::string endpoint = "https://storage.googleapis.com";
  // No token is sent over plain HTTP: an emulator needs none.
  bool authenticate = true;
  HttpOptions http;

  // --gcs-endpoint, else STORAGE_EMULATOR_HOST, else Google's.
  static arrow::Result<GcsOptions> From(
      const std::map<std::string, std::string, std::less<>>& flags);
};

// Thread-safe.
class GcsClient : public ObjectStore {
 public:
  GcsClient(std::string bucket, GcsOptions options);

  std::string UriOf(std::string_view key) const override;
  arrow::Result<std::optional<StoredObject>> Get(const std::string& key) override;
  arrow::Result<std::optional<ObjectInfo>> Head(const std::string& key) override;
  arrow::Result<std::optional<std::string>> Put(const std::string& key, std::string_view text,
                                                const PutCondition& condition) override;
  using ObjectStore::Put;
  arrow::Status Delete(const std::vector<std::string>& keys) override;
  arrow::Result<ObjectListing> List(const std::string& prefix, bool by_folder) override;
  arrow::Status ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                          void* out) override;

  // Resumable uploads. `run` is kept with the object and told by Head.
  arrow::Result<std::string> BeginUpload(const std::string& key,
                                         const std::string& run);  // session
  // Bytes from `offset` on; all but the last call bring a multiple of 256 KiB.
  arrow::Status Upload(const std::string& key, const std::string& session, uint64_t offset,
                       std::string_view bytes, bool last);
  arrow::Status AbortUpload(const std::string& session);
  // A copy within the bucket, without the bytes moving. False: `from` is not there, or `to` is.
  arrow::Result<bool> Rewrite(const std::string& from, const std::string& to,
                              const std::string& run);

  const GcsOptions& options() const { return options_; }

 private:
  struct Call {
    std::string what;  // "write": how a message begins, "cannot write gs://…"
    std::string method;
    std::string key;
    std::string path;  // below the endpoint
    std::vector<std::pair<std::string, std::string>> query = {};
    std::vector<std::string> headers = {};
    std::string_view body = {};
  };
  arrow::Result<HttpResponse> Send(const Call& call);
  arrow::Status Authorize(HttpRequest* request);
  arrow::Status Error(const Call& call, const HttpResponse& response) const;
  std::string ObjectPath(const std::string& key) const;

  std::string bucket_;
  GcsOptions options_;
  std::shared_ptr<HttpClient> http_;
  GoogleAuth auth_;
  mutable std::mutex mutex_;  // guards credential_source_
  std::string credential_source_ = "nowhere";
};

}  // namespace synthmill::io
