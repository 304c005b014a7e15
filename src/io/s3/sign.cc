#include "io/s3/sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "io/http/http.h"

namespace synthmill::io {

namespace {

std::string Hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  return std::string(reinterpret_cast<const char*>(out.data()), size);
}

std::pair<std::string, std::string> NameAndValue(std::string_view line) {
  const size_t colon = line.find(':');
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string value;
  for (const char c : line.substr(std::min(line.size(), colon + 1))) {
    // Leading blanks go, runs of blanks count as one.
    if (c == ' ' && (value.empty() || value.back() == ' ')) continue;
    value.push_back(c);
  }
  while (value.ends_with(' ')) value.pop_back();
  return {std::move(name), std::move(value)};
}

}  // namespace

std::vector<std::string> SignHeaders(const SignedRequest& request, const S3Credentials& credentials,
                                     std::string_view region, std::string_view service,
                                     int64_t now) {
  const time_t seconds = static_cast<time_t>(now);
  std::tm tm{};
  ::gmtime_r(&seconds, &tm);
  char moment[32];
  std::strftime(moment, sizeof moment, "%Y%m%dT%H%M%SZ", &tm);
  const std::string day(moment, 8);

  std::vector<std::string> headers = request.headers;
  headers.push_back("Host: " + request.host);
  headers.push_back(std::string("x-amz-date: ") + moment);
  headers.push_back("x-amz-content-sha256: " + request.payload_hash);
  if (!credentials.session_token.empty()) {
    headers.push_back("x-amz-security-token: " + credentials.session_token);
  }
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const std::string& line : headers) sorted.push_back(NameAndValue(line));
  std::sort(sorted.begin(), sorted.end());
  std::string canonical = request.method + "\n" + request.path + "\n" + request.query + "\n";
  std::string names;
  for (const auto& [name, value] : sorted) {
    canonical += name + ":" + value + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  canonical += "\n" + names + "\n" + request.payload_hash;

  const std::string scope =
      day + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
  const std::string to_sign =
      std::string("AWS4-HMAC-SHA256\n") + moment + "\n" + scope + "\n" + Sha256Hex(canonical);
  const std::string key =
      Hmac(Hmac(Hmac(Hmac("AWS4" + credentials.secret_key, day), region), service), "aws4_request");
  headers.push_back("Authorization: AWS4-HMAC-SHA256 Credential=" + credentials.access_key + "/" +
                    scope + ", SignedHeaders=" + names + ", Signature=" + Hex(Hmac(key, to_sign)));
  return headers;
}

}  // namespace synthmill::io
