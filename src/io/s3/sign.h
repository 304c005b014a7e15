// Signature version 4 of Amazon Web Services, for requests that carry it in a header.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/s3/credentials.h"

namespace synthmill::io {

struct SignedRequest {
  std::string method;
  std::string host;                  // with a port that is not the scheme's own
  std::string path;                  // percent-encoded, begins with '/'
  std::string query;                 // percent-encoded, sorted by name, '=' after each name
  std::vector<std::string> headers;  // "name: value"; all of them are signed
  std::string payload_hash;          // SHA-256 in hex, or UNSIGNED-PAYLOAD
};

// The headers to send: those of `request`, Host, x-amz-date, x-amz-content-sha256, the session
// token and Authorization. `now`: seconds since 1970.
std::vector<std::string> SignHeaders(const SignedRequest& request, const S3Credentials& credentials,
                                     std::string_view region, std::string_view service,
                                     int64_t now);

}  // namespace synthmill::io
