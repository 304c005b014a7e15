// Settings of S3: flags, then the environment, then the profile of ~/.aws.
#include <algorithm>
#include <cstdlib>

#include "io/s3/client.h"

namespace synthmill::io {

namespace {

// The first of these that is not empty, and where it came from.
std::string FirstOf(const std::vector<std::pair<std::string, std::string>>& places,
                    std::string* source) {
  for (const auto& [name, value] : places) {
    if (value.empty()) continue;
    *source = name;
    return value;
  }
  return {};
}

}  // namespace

arrow::Result<S3Options> S3Options::From(
    const std::map<std::string, std::string, std::less<>>& flags) {
  const auto flag = [&](std::string_view name) {
    const auto it = flags.find(name);
    return it == flags.end() ? std::string() : it->second;
  };
  bool found = false;
  const AwsProfile profile = ReadAwsProfile(&found);
  const auto of_profile = [&](std::string_view key) {
    const auto it = profile.find(key);
    return it == profile.end() ? std::string() : it->second;
  };
  const std::string in_profile = "the profile '" + AwsProfileName() + "'";

  S3Options out;
  out.endpoint = FirstOf({{"--s3-endpoint", flag("s3-endpoint")},
                          {"AWS_ENDPOINT_URL_S3", Environment("AWS_ENDPOINT_URL_S3")},
                          {"AWS_ENDPOINT_URL", Environment("AWS_ENDPOINT_URL")},
                          {in_profile, of_profile("endpoint_url")}},
                         &out.endpoint_source);
  if (!out.endpoint.empty()) {
    if (out.endpoint.find("://") == std::string::npos) out.endpoint = "https://" + out.endpoint;
    while (out.endpoint.ends_with('/')) out.endpoint.pop_back();
    const bool http = out.endpoint.starts_with("http://") || out.endpoint.starts_with("https://");
    const std::string_view host =
        std::string_view(out.endpoint).substr(out.endpoint.find("://") + 3);
    if (!http || host.empty() || host.find_first_of("@/?#") != std::string_view::npos) {
      return arrow::Status::Invalid("the S3 endpoint of ", out.endpoint_source,
                                    " is not a server's address; write it as https://HOST or "
                                    "http://HOST:PORT and nothing more");
    }
  }
  out.region = FirstOf({{"--s3-region", flag("s3-region")},
                        {"AWS_REGION", Environment("AWS_REGION")},
                        {"AWS_DEFAULT_REGION", Environment("AWS_DEFAULT_REGION")},
                        {in_profile, of_profile("region")}},
                       &out.region_source);
  out.region_given = !flag("s3-region").empty();
  if (out.region.empty()) out.region = "us-east-1";
  if (out.region.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
                                   "_.") != std::string::npos) {
    return arrow::Status::Invalid("the S3 region '", out.region, "' of ", out.region_source,
                                  " is none; one looks like eu-central-1");
  }
  out.sse = flag("s3-sse");
  out.kms_key = flag("s3-kms-key");
  if (!out.sse.empty() && out.sse != "AES256" && out.sse != "aws:kms" &&
      out.sse != "aws:kms:dsse") {
    return arrow::Status::Invalid("--s3-sse ", out.sse, " is unknown; AES256 or aws:kms");
  }
  if (!out.kms_key.empty() && !out.sse.starts_with("aws:kms")) {
    return arrow::Status::Invalid("--s3-kms-key needs --s3-sse aws:kms");
  }
  if (const std::string addressing = flag("s3-addressing"); !addressing.empty()) {
    out.addressing = addressing;
  }
  if (out.addressing != "auto" && out.addressing != "path" && out.addressing != "virtual") {
    return arrow::Status::Invalid("--s3-addressing ", out.addressing,
                                  " is unknown; auto, path or virtual");
  }
  ARROW_ASSIGN_OR_RAISE(out.http.retry_seconds, RetrySeconds(flag("retry-seconds")));
  out.http.ca_bundle = Environment("AWS_CA_BUNDLE");
  return out;
}

}  // namespace synthmill::io
