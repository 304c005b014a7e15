// Settings of Google Cloud Storage: flags, then the environment.
#include <cstdlib>

#include "io/gcs/client.h"

namespace synthmill::io {

arrow::Result<GcsOptions> GcsOptions::From(
    const std::map<std::string, std::string, std::less<>>& flags) {
  GcsOptions out;
  const auto flag = [&](std::string_view name) {
    const auto it = flags.find(name);
    return it == flags.end() ? std::string() : it->second;
  };
  const char* emulator = std::getenv("STORAGE_EMULATOR_HOST");
  std::string endpoint = flag("gcs-endpoint");
  const char* source = "--gcs-endpoint";
  if (endpoint.empty() && emulator && *emulator) {
    endpoint = emulator;
    source = "STORAGE_EMULATOR_HOST";
  }
  if (!endpoint.empty()) {
    if (endpoint.find("://") == std::string::npos) endpoint = "http://" + endpoint;
    while (endpoint.ends_with('/')) endpoint.pop_back();
    const bool http = endpoint.starts_with("http://") || endpoint.starts_with("https://");
    if (!http || endpoint.find('@') != std::string::npos) {
      return arrow::Status::Invalid("the GCS endpoint of ", source,
                                    " is not a server's address; write it as https://HOST or "
                                    "http://HOST:PORT, without user and password");
    }
    out.endpoint = endpoint;
  }
  out.authenticate = out.endpoint.starts_with("https://");
  ARROW_ASSIGN_OR_RAISE(out.http.retry_seconds, RetrySeconds(flag("retry-seconds")));
  return out;
}

}  // namespace synthmill::io
