// One bucket of Amazon S3 or of anything that speaks its protocol.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/http/http.h"
#include "io/objects/object_store.h"
#include "io/s3/credentials.h"

namespace synthmill::io {

struct S3Options {
  std::string endpoint;  // "http://127.0.0.1:9000"; empty: Amazon's of the region
  std::string region;
  bool region_given = false;  // else the bucket's own is found out
  std::string sse;            // "AES256" or "aws:kms"
  std::string kms_key;
  std::string addressing = "auto";  // auto, path, virtual
  std::string endpoint_source, region_source = "default";
  HttpOptions http;

  // Flags ("s3-endpoint": …), then the environment, then the profile of ~/.aws.
  static arrow::Result<S3Options> From(
      const std::map<std::string, std::string, std::less<>>& flags);
};

struct S3Part {
  int number = 0;  // from 1
  std::string etag;
  uint64_t bytes = 0;
};

struct S3Upload {
  std::string key;
  std::string id;
};

// Thread-safe.
class S3Client : public ObjectStore {
 public:
  S3Client(std::string bucket, S3Options options);

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

  // Multipart uploads. `run` is kept with the object and told by Head.
  arrow::Result<std::string> CreateUpload(const std::string& key, const std::string& run);
  // Its ETag. All parts but the last have at least 5 MiB.
  arrow::Result<std::string> UploadPart(const S3Upload& upload, int number, std::string_view bytes);
  // Makes the object visible. False: there is no such upload (completed earlier, or aborted), or
  // with `only_new` an object of that name is there.
  arrow::Result<bool> CompleteUpload(const S3Upload& upload, const std::vector<S3Part>& parts,
                                     bool only_new);
  arrow::Status AbortUpload(const S3Upload& upload);  // no error if there is none
  arrow::Result<std::vector<S3Upload>> ListUploads(const std::string& prefix);
  // nullopt: there is no such upload.
  arrow::Result<std::optional<std::vector<S3Part>>> ListParts(const S3Upload& upload);

  const S3Options& options() const { return options_; }
  const std::string& bucket() const { return bucket_; }

 private:
  struct Call;
  arrow::Result<HttpResponse> Send(const Call& call);
  // "https://bucket.s3.eu-central-1.amazonaws.com" and "", or "http://host:port" and "/bucket".
  std::pair<std::string, std::string> ServerAndFolder(const std::string& region) const;
  arrow::Status Error(const Call& call, const HttpResponse& response) const;
  // After a 301 or a signature for the wrong region: whether the region was corrected.
  arrow::Result<bool> LearnRegion(const HttpResponse& response);

  std::string bucket_;
  S3Options options_;
  std::shared_ptr<HttpClient> http_;
  S3CredentialChain credentials_;
  mutable std::mutex mutex_;  // guards what follows
  std::string region_;
  std::string credential_source_;
};

}  // namespace synthmill::io
