// Parts of the S3 client that are files of their own: options, and errors as people read them.
#pragma once

#include <arrow/status.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/s3/client.h"

namespace synthmill::io {

struct S3Client::Call {
  std::string what;  // "write": how a message begins, "cannot write s3://…"
  std::string method;
  std::string key;                                              // empty: of the bucket
  std::vector<std::pair<std::string, std::string>> query = {};  // sorted by name
  std::vector<std::string> headers = {};
  std::string_view body = {};
  bool large = false;
};

// What an error message tells of the request.
struct S3Where {
  std::string what, uri, bucket, server, credential_source;
};
arrow::Status S3Error(const S3Where& where, const HttpResponse& response);
bool IsNoBucket(const HttpResponse& response);
// Headers of server-side encryption.
void AddEncryption(const S3Options& options, std::vector<std::string>* headers);

}  // namespace synthmill::io
