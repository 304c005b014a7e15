// Where S3 credentials come from, in the order of Amazon's tools:
//   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (older: ACCESS_KEY, SECRET_KEY)
//   2. a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN)
//   3. the profile AWS_PROFILE of ~/.aws/credentials and ~/.aws/config
//   4. a container's endpoint (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI)
//   5. the instance's metadata service (IMDSv2)
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "io/http/http.h"

namespace synthmill::io {

struct S3Credentials {
  std::string access_key, secret_key, session_token;
  int64_t expires = 0;  // seconds since 1970; 0: never
  std::string source;   // for messages: "the environment (AWS_ACCESS_KEY_ID)"
};

// The keys of one profile of the shared files; those of ~/.aws/credentials go first.
using AwsProfile = std::map<std::string, std::string, std::less<>>;
// Of AWS_PROFILE, else "default". `found`: whether any file has it.
AwsProfile ReadAwsProfile(bool* found);
// One profile of a file's text: "[name]" or "[profile name]", key = value lines.
AwsProfile ParseAwsProfile(std::string_view text, std::string_view name, bool* found);
std::string AwsProfileName();

// Thread-safe; asks again shortly before credentials run out.
class S3CredentialChain {
 public:
  explicit S3CredentialChain(std::shared_ptr<HttpClient> http) : http_(std::move(http)) {}
  // No credentials anywhere: Invalid, with the places that were looked at.
  arrow::Result<S3Credentials> Get();

 private:
  arrow::Result<S3Credentials> Find();
  arrow::Result<S3Credentials> FromWebIdentity();
  arrow::Result<S3Credentials> FromContainer();
  // nullopt: no such service here.
  arrow::Result<std::optional<S3Credentials>> FromInstance();

  std::shared_ptr<HttpClient> http_;
  std::mutex mutex_;  // guards known_
  std::optional<S3Credentials> known_;
};

// The value of an environment variable; empty if it is not set.
std::string Environment(const char* name);

}  // namespace synthmill::io
