#include "io/gcs/auth.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace synthmill::io {

namespace {

using Json = nlohmann::json;

constexpr int64_t kEarly = 300;
constexpr int64_t kJwtSeconds = 3600;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string Text(const Json& doc, const char* name) {
  const auto it = doc.find(name);
  return it != doc.end() && it->is_string() ? it->get<std::string>() : std::string();
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

arrow::Result<std::string> SignServiceAccountJwt(const std::string& email,
                                                 const std::string& key_id,
                                                 const std::string& private_key_pem,
                                                 const std::string& audience,
                                                 const std::string& scope, int64_t now) {
  const Json header = {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key_id}};
  const Json claims = {{"iss", email},    {"sub", email}, {"scope", scope},
                       {"aud", audience}, {"iat", now},   {"exp", now + kJwtSeconds}};
  const std::string signed_text = Base64Url(header.dump()) + "." + Base64Url(claims.dump());

  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(private_key_pem.size())));
  const std::unique_ptr<EVP_PKEY, FreeKey> key(
      bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key) return arrow::Status::Invalid("its private_key is no PEM key");
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  size_t size = 0;
  std::string signature;
  bool ok = context &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
            EVP_DigestSignUpdate(context.get(), signed_text.data(), signed_text.size()) == 1 &&
            EVP_DigestSignFinal(context.get(), nullptr, &size) == 1;
  if (ok) {
    signature.resize(size);
    ok = EVP_DigestSignFinal(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                             &size) == 1;
    signature.resize(size);
  }
  if (!ok) return arrow::Status::Invalid("its private_key cannot sign");
  return signed_text + "." + Base64Url(signature);
}

arrow::Result<GoogleToken> GoogleAuth::Get() {
  std::lock_guard<std::mutex> lock(mutex_);
  const int64_t now = static_cast<int64_t>(std::time(nullptr));
  if (known_ && known_->expires - kEarly > now) return *known_;
  auto found = Find();
  if (!found.ok()) {
    if (known_ && known_->expires > now) return *known_;
    return found.status();
  }
  known_ = *found;
  return *known_;
}

arrow::Result<GoogleToken> GoogleAuth::Find() {
  if (const std::string path = Variable("GOOGLE_APPLICATION_CREDENTIALS"); !path.empty()) {
    return FromFile(path);
  }
  std::string config = Variable("CLOUDSDK_CONFIG");
  if (config.empty()) config = Variable("HOME") + "/.config/gcloud";
  const std::string path = config + "/application_default_credentials.json";
  if (std::ifstream(path).good()) return FromFile(path);
  ARROW_ASSIGN_OR_RAISE(auto token, FromMachine());
  if (token) return *token;
  return arrow::Status::Invalid(
      "no Google Cloud credentials; looked for the file GOOGLE_APPLICATION_CREDENTIALS names, ",
      path,
      ", the machine's metadata service. Set the first, or run `gcloud auth "
      "application-default login`");
}

arrow::Result<GoogleToken> GoogleAuth::FromFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return arrow::Status::Invalid("Google credentials: cannot read ", path);
  const Json doc = Json::parse(std::move(text).str(), nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object()) return arrow::Status::Invalid("Google credentials: ", path, " is no JSON");
  const std::string type = Text(doc, "type");
  std::string url = Text(doc, "token_uri");
  if (url.empty()) url = "https://oauth2.googleapis.com/token";
  if (type == "service_account") {
    auto jwt = SignServiceAccountJwt(Text(doc, "client_email"), Text(doc, "private_key_id"),
                                     Text(doc, "private_key"), url, scope_,
                                     static_cast<int64_t>(std::time(nullptr)));
    if (!jwt.ok()) {
      return arrow::Status::Invalid("Google credentials: ", path, ": ", jwt.status().message());
    }
    return Exchange(
        url,
        "grant_type=" + UriEncode("urn:ietf:params:oauth:grant-type:jwt-bearer", false) +
            "&assertion=" + *jwt,
        "the service account of " + path);
  }
  if (type == "authorized_user") {
    return Exchange(
        url,
        "grant_type=refresh_token&client_id=" + UriEncode(Text(doc, "client_id"), false) +
            "&client_secret=" + UriEncode(Text(doc, "client_secret"), false) +
            "&refresh_token=" + UriEncode(Text(doc, "refresh_token"), false),
        "the user of " + path);
  }
  return arrow::Status::Invalid("Google credentials: ", path, " is of the type '", type,
                                "'; service_account and authorized_user are understood");
}

arrow::Result<GoogleToken> GoogleAuth::Exchange(const std::string& url, const std::string& form,
                                                const std::string& source) {
  if (!url.starts_with("https://") && !url.starts_with("http://127.0.0.1")) {
    return arrow::Status::Invalid("Google credentials: token_uri is not https");
  }
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, http_->Send([&](HttpRequest* request) {
    request->method = "POST";
    request->url = url;
    request->headers = {"Content-Type: application/x-www-form-urlencoded"};
    request->body = form;
    return arrow::Status::OK();
  }));
  const Json doc = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!response.ok() || !doc.is_object() || Text(doc, "access_token").empty()) {
    const std::string why =
        doc.is_object() ? Text(doc, "error") + " " + Text(doc, "error_description") : "";
    return arrow::Status::Invalid("Google credentials: ", ServerOf(url), " gives no token to ",
                                  source, ": ", why, " (HTTP ", response.status,
                                  "); log in again, or make a new key");
  }
  return GoogleToken{Text(doc, "access_token"),
                     static_cast<int64_t>(std::time(nullptr)) + doc.value("expires_in", 3600),
                     source};
}

arrow::Result<std::optional<GoogleToken>> GoogleAuth::FromMachine() {
  if (Variable("NO_GCE_CHECK") == "true") return std::nullopt;
  std::string host = Variable("GCE_METADATA_HOST");
  if (host.empty()) host = "metadata.google.internal";
  HttpRequest request;
  request.url = "http://" + host + "/computeMetadata/v1/instance/service-accounts/default/token";
  request.headers = {"Metadata-Flavor: Google"};
  request.ignore_proxy = true;
  request.connect_timeout_ms = 1'000;
  request.total_timeout_ms = 3'000;
  const auto response = http_->SendOnce(request);
  if (!response.ok() || !response->ok()) return std::nullopt;
  const Json doc = Json::parse(response->body, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object() || Text(doc, "access_token").empty()) return std::nullopt;
  return GoogleToken{Text(doc, "access_token"),
                     static_cast<int64_t>(std::time(nullptr)) + doc.value("expires_in", 3600),
                     "the machine's metadata service"};
}

}  // namespace synthmill::io
