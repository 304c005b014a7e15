#include "io/s3/credentials.h"

#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/s3/xml.h"

namespace synthmill::io {

namespace {

// Asked again so long before they run out: a long upload must not outlive its signature's key.
constexpr int64_t kEarly = 300;

arrow::Result<std::string> ReadToken(const std::string& path, const char* variable) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    return arrow::Status::Invalid("S3 credentials: ", variable, " names the file ", path,
                                  ", which cannot be read");
  }
  std::string token = std::move(text).str();
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  return token;
}

// What containers and instances answer.
arrow::Result<S3Credentials> FromJson(const std::string& body, const std::string& source) {
  const auto doc = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  S3Credentials out;
  if (doc.is_object()) {
    const auto text = [&](const char* name) {
      const auto it = doc.find(name);
      return it != doc.end() && it->is_string() ? it->get<std::string>() : std::string();
    };
    out.access_key = text("AccessKeyId");
    out.secret_key = text("SecretAccessKey");
    out.session_token = text("Token");
    out.expires = ParseUtc(text("Expiration"));
    out.source = source;
  }
  if (out.access_key.empty() || out.secret_key.empty()) {
    return arrow::Status::IOError("S3 credentials: ", source, " answered without keys");
  }
  return out;
}

// Metadata services are near: no long waits, no proxy.
HttpRequest Near(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.ignore_proxy = true;
  request.connect_timeout_ms = 1'000;
  request.total_timeout_ms = 2'000;
  return request;
}

// Plain HTTP only to this machine and the two addresses where containers are answered.
bool IsSafeContainerUri(const std::string& uri) {
  if (uri.starts_with("https://")) return true;
  for (const char* host :
       {"http://127.0.0.1", "http://localhost", "http://[::1]", "http://169.254.170.2",
        "http://169.254.170.23", "http://[fd00:ec2::23]"}) {
    const std::string_view rest =
        std::string_view(uri).substr(std::min(uri.size(), std::char_traits<char>::length(host)));
    if (uri.starts_with(host) && (rest.empty() || rest[0] == ':' || rest[0] == '/')) return true;
  }
  return false;
}

}  // namespace

arrow::Result<S3Credentials> S3CredentialChain::Get() {
  std::lock_guard<std::mutex> lock(mutex_);
  const int64_t now = static_cast<int64_t>(std::time(nullptr));
  if (known_ && (known_->expires == 0 || known_->expires - kEarly > now)) return *known_;
  auto found = Find();
  if (!found.ok()) {
    // Those at hand may still hold for a moment.
    if (known_ && known_->expires > now) return *known_;
    return found.status();
  }
  known_ = *found;
  return *known_;
}

arrow::Result<S3Credentials> S3CredentialChain::Find() {
  static constexpr const char* kNames[][3] = {
      {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"},
      {"ACCESS_KEY", "SECRET_KEY", ""},
  };
  for (const auto& names : kNames) {
    S3Credentials out;
    out.access_key = Environment(names[0]);
    out.secret_key = Environment(names[1]);
    if (out.access_key.empty() && out.secret_key.empty()) continue;
    if (out.access_key.empty() || out.secret_key.empty()) {
      const bool no_secret = out.secret_key.empty();
      return arrow::Status::Invalid("S3 credentials: ", no_secret ? names[0] : names[1],
                                    " is set, ", no_secret ? names[1] : names[0],
                                    " is not: both are needed");
    }
    if (*names[2]) out.session_token = Environment(names[2]);
    out.source = std::string("the environment (") + names[0] + ")";
    return out;
  }
  if (!Environment("AWS_WEB_IDENTITY_TOKEN_FILE").empty()) return FromWebIdentity();

  bool found = false;
  const AwsProfile profile = ReadAwsProfile(&found);
  const std::string name = AwsProfileName();
  const auto get = [&](std::string_view key) {
    const auto it = profile.find(key);
    return it == profile.end() ? std::string() : it->second;
  };
  if (!get("aws_access_key_id").empty() && !get("aws_secret_access_key").empty()) {
    return S3Credentials{get("aws_access_key_id"), get("aws_secret_access_key"),
                         get("aws_session_token"), 0, "the profile '" + name + "' in ~/.aws"};
  }
  for (const char* other : {"sso_session", "sso_start_url", "role_arn", "credential_process"}) {
    if (get(other).empty()) continue;
    return arrow::Status::Invalid(
        "S3 credentials: the profile '", name, "' gets its keys by ", other,
        ", which only Amazon's own tools do; put them into the environment first: "
        "eval \"$(aws configure export-credentials --profile ",
        name, " --format env)\"");
  }
  if (!found && !Environment("AWS_PROFILE").empty()) {
    return arrow::Status::Invalid("S3 credentials: AWS_PROFILE is '", name,
                                  "', and neither ~/.aws/credentials nor ~/.aws/config has a "
                                  "profile of that name");
  }
  if (!Environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
      !Environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").empty()) {
    return FromContainer();
  }
  std::string instance = "the instance's metadata service";
  if (Environment("AWS_EC2_METADATA_DISABLED") == "true") {
    instance += " (switched off by AWS_EC2_METADATA_DISABLED)";
  } else {
    ARROW_ASSIGN_OR_RAISE(auto credentials, FromInstance());
    if (credentials) return *credentials;
    instance += " (does not answer)";
  }
  return arrow::Status::Invalid(
      "no S3 credentials; looked for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or ACCESS_KEY "
      "and "
      "SECRET_KEY) in the environment, AWS_WEB_IDENTITY_TOKEN_FILE, the profile '",
      name, "' in ~/.aws/credentials and ~/.aws/config, a container's endpoint, ", instance,
      ". Set the first two, or AWS_PROFILE");
}

arrow::Result<S3Credentials> S3CredentialChain::FromWebIdentity() {
  const std::string role = Environment("AWS_ROLE_ARN");
  if (role.empty()) {
    return arrow::Status::Invalid(
        "S3 credentials: AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not: both are needed");
  }
  ARROW_ASSIGN_OR_RAISE(
      const std::string token,
      ReadToken(Environment("AWS_WEB_IDENTITY_TOKEN_FILE"), "AWS_WEB_IDENTITY_TOKEN_FILE"));
  std::string session = Environment("AWS_ROLE_SESSION_NAME");
  if (session.empty()) session = "synthmill";
  std::string endpoint = Environment("AWS_ENDPOINT_URL_STS");
  if (endpoint.empty()) {
    std::string region = Environment("AWS_REGION");
    if (region.empty()) region = Environment("AWS_DEFAULT_REGION");
    endpoint = region.empty() ? "https://sts.amazonaws.com"
                              : "https://sts." + region + ".amazonaws.com" +
                                    (region.starts_with("cn-") ? ".cn" : "");
  }
  const std::string body =
      "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + UriEncode(role, false) +
      "&RoleSessionName=" + UriEncode(session, false) +
      "&WebIdentityToken=" + UriEncode(token, false);
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, http_->Send([&](HttpRequest* request) {
    request->method = "POST";
    request->url = endpoint + "/";
    request->headers = {"Content-Type: application/x-www-form-urlencoded"};
    request->body = body;
    return arrow::Status::OK();
  }));
  if (!response.ok()) {
    return arrow::Status::Invalid(
        "S3 credentials: ", endpoint, " refuses the role ", role,
        " for the token of AWS_WEB_IDENTITY_TOKEN_FILE: ", XmlText(response.body, "Message"), " (",
        XmlText(response.body, "Code"), ", HTTP ", response.status, ")");
  }
  S3Credentials out{
      XmlText(response.body, "AccessKeyId"), XmlText(response.body, "SecretAccessKey"),
      XmlText(response.body, "SessionToken"), ParseUtc(XmlText(response.body, "Expiration")),
      "the web identity token of the role " + role};
  if (out.access_key.empty() || out.secret_key.empty()) {
    return arrow::Status::IOError("S3 credentials: ", endpoint, " answered without keys");
  }
  return out;
}

arrow::Result<S3Credentials> S3CredentialChain::FromContainer() {
  const std::string relative = Environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string uri = relative.empty() ? Environment("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                                           : "http://169.254.170.2" + relative;
  if (!IsSafeContainerUri(uri)) {
    return arrow::Status::Invalid(
        "S3 credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI is plain HTTP to another machine; keys "
        "are only asked for by https, or of this machine");
  }
  std::string token = Environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string path = Environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
      !path.empty()) {
    ARROW_ASSIGN_OR_RAISE(token, ReadToken(path, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
  }
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, http_->Send([&](HttpRequest* request) {
    *request = Near(uri);
    if (!token.empty()) request->headers.push_back("Authorization: " + token);
    return arrow::Status::OK();
  }));
  if (!response.ok()) {
    return arrow::Status::Invalid("S3 credentials: the container's endpoint ", ServerOf(uri),
                                  " answers HTTP ", response.status);
  }
  return FromJson(response.body, "the container's endpoint");
}

arrow::Result<std::optional<S3Credentials>> S3CredentialChain::FromInstance() {
  std::string endpoint = Environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (endpoint.empty()) endpoint = "http://169.254.169.254";
  while (endpoint.ends_with('/')) endpoint.pop_back();
  HttpRequest ask = Near(endpoint + "/latest/api/token");
  ask.method = "PUT";
  ask.headers = {"X-aws-ec2-metadata-token-ttl-seconds: 21600"};
  const auto token = http_->SendOnce(ask);
  if (!token.ok() || !token->ok()) return std::nullopt;  // not on an instance
  const std::string roles = endpoint + "/latest/meta-data/iam/security-credentials/";
  const auto get = [&](const std::string& url) {
    return http_->Send([&](HttpRequest* request) {
      *request = Near(url);
      request->headers = {"X-aws-ec2-metadata-token: " + token->body};
      return arrow::Status::OK();
    });
  };
  ARROW_ASSIGN_OR_RAISE(const HttpResponse role, get(roles));
  if (role.status == 404 || role.body.empty()) return std::nullopt;  // an instance without a role
  const std::string name = role.body.substr(0, role.body.find('\n'));
  ARROW_ASSIGN_OR_RAISE(const HttpResponse keys, get(roles + name));
  if (!keys.ok()) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(auto credentials, FromJson(keys.body, "the instance's role " + name));
  return credentials;
}

}  // namespace synthmill::io
