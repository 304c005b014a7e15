// Access tokens of Google Cloud, from the places Google's tools look at, in their order:
//   1. the file GOOGLE_APPLICATION_CREDENTIALS names (service_account or authorized_user)
//   2. ~/.config/gcloud/application_default_credentials.json (`gcloud auth application-default
//   login`)
//   3. the metadata service of the machine
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "io/http/http.h"

namespace synthmill::io {

struct GoogleToken {
  std::string token;
  int64_t expires = 0;  // seconds since 1970
  std::string source;   // for messages
};

// Thread-safe; asks again shortly before a token runs out.
class GoogleAuth {
 public:
  GoogleAuth(std::shared_ptr<HttpClient> http, std::string scope)
      : http_(std::move(http)), scope_(std::move(scope)) {}
  // No credentials anywhere: Invalid, with the places that were looked at.
  arrow::Result<GoogleToken> Get();

 private:
  arrow::Result<GoogleToken> Find();
  arrow::Result<GoogleToken> FromFile(const std::string& path);
  arrow::Result<GoogleToken> Exchange(const std::string& url, const std::string& form,
                                      const std::string& source);
  // nullopt: no such service here.
  arrow::Result<std::optional<GoogleToken>> FromMachine();

  std::shared_ptr<HttpClient> http_;
  std::string scope_;
  std::mutex mutex_;  // guards known_
  std::optional<GoogleToken> known_;
};

// A JSON Web Token of a service account, signed with its RSA key (RS256). `now`: seconds since
// 1970. An error names what is wrong with the key, never the key.
arrow::Result<std::string> SignServiceAccountJwt(const std::string& email,
                                                 const std::string& key_id,
                                                 const std::string& private_key_pem,
                                                 const std::string& audience,
                                                 const std::string& scope, int64_t now);

}  // namespace synthmill::io
