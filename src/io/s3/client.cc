#include "io/s3/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <ctime>

#include "io/s3/client_internal.h"
#include "io/s3/sign.h"
#include "io/s3/xml.h"

namespace synthmill::io {

namespace {

constexpr char kRunHeader[] = "x-amz-meta-synthmill-run";

std::string Unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string(etag);
}

std::string Quoted(std::string_view etag) { return "\"" + std::string(etag) + "\""; }

}  // namespace

S3Client::S3Client(std::string bucket, S3Options options)
    : bucket_(std::move(bucket)),
      options_(std::move(options)),
      http_(std::make_shared<HttpClient>(options_.http)),
      credentials_(http_),
      region_(options_.region) {}

std::string S3Client::UriOf(std::string_view key) const {
  return "s3://" + bucket_ + (key.empty() ? "" : "/" + std::string(key));
}

std::pair<std::string, std::string> S3Client::ServerAndFolder(const std::string& region) const {
  std::string server = options_.endpoint;
  if (server.empty()) {
    server = "https://s3." + region + ".amazonaws.com" + (region.starts_with("cn-") ? ".cn" : "");
  }
  // A dot in the bucket's name would not match the server's certificate.
  const bool virtual_host = options_.addressing == "virtual" ||
                            (options_.addressing == "auto" && options_.endpoint.empty() &&
                             bucket_.find('.') == std::string::npos);
  if (!virtual_host) return {server, "/" + UriEncode(bucket_, false)};
  return {server.insert(server.find("://") + 3, bucket_ + "."), ""};
}

arrow::Result<HttpResponse> S3Client::Send(const Call& call) {
  SignedRequest to_sign;
  to_sign.method = call.method;
  to_sign.headers = call.headers;
  for (const auto& [name, value] : call.query) {
    to_sign.query +=
        (to_sign.query.empty() ? "" : "&") + UriEncode(name, false) + "=" + UriEncode(value, false);
  }
  const auto prepare = [&](HttpRequest* request) -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(const S3Credentials credentials, credentials_.Get());
    std::string region;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      region = region_;
      credential_source_ = credentials.source;
    }
    const auto [server, folder] = ServerAndFolder(region);
    const bool tls = server.starts_with("https://");
    to_sign.host = server.substr(server.find("://") + 3);
    const std::string_view default_port = tls ? ":443" : ":80";
    if (to_sign.host.ends_with(default_port)) {
      to_sign.host.resize(to_sign.host.size() - default_port.size());
    }
    to_sign.path = folder + "/" + UriEncode(call.key, /*keep_slash=*/true);
    if (to_sign.payload_hash.empty()) {
      // TLS guards large bodies on their way; small ones and plain HTTP carry their hash.
      to_sign.payload_hash = call.large && tls ? "UNSIGNED-PAYLOAD" : Sha256Hex(call.body);
    }
    request->method = call.method;
    request->url = server + to_sign.path + (to_sign.query.empty() ? "" : "?" + to_sign.query);
    request->body = call.body;
    request->headers =
        SignHeaders(to_sign, credentials, region, "s3", static_cast<int64_t>(std::time(nullptr)));
    return arrow::Status::OK();
  };
  // Completing or copying may fail inside an answer of 200.
  const auto again = [](const HttpResponse& response) {
    if (response.status != 200 || response.body.size() > 4096) return false;
    const std::string code =
        XmlElements(response.body, "Error").empty() ? "" : XmlText(response.body, "Code");
    return code == "InternalError" || code == "SlowDown" || code == "ServiceUnavailable";
  };
  ARROW_ASSIGN_OR_RAISE(HttpResponse response, http_->Send(prepare, again));
  if (response.status == 301 || response.status == 307 || response.status == 400) {
    ARROW_ASSIGN_OR_RAISE(const bool learned, LearnRegion(response));
    if (learned) return http_->Send(prepare, again);
  }
  return response;
}

arrow::Result<bool> S3Client::LearnRegion(const HttpResponse& response) {
  std::string region(response.Header("x-amz-bucket-region"));
  if (region.empty()) region = XmlText(response.body, "Region");
  std::lock_guard<std::mutex> lock(mutex_);
  if (region.empty() || region == region_) return false;
  if (options_.region_given) {
    return arrow::Status::Invalid("the bucket ", bucket_, " is in the region ", region, ", not in ",
                                  region_, " (", options_.region_source, "); use --s3-region ",
                                  region);
  }
  region_ = region;
  return true;
}

arrow::Status S3Client::Error(const Call& call, const HttpResponse& response) const {
  std::string source;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    source = credential_source_;
  }
  return S3Error({call.what, UriOf(call.key), bucket_,
                  options_.endpoint.empty() ? "Amazon S3" : options_.endpoint, source},
                 response);
}

arrow::Result<std::optional<StoredObject>> S3Client::Get(const std::string& key) {
  Call call{"read", "GET", key};
  ARROW_ASSIGN_OR_RAISE(HttpResponse response, Send(call));
  if (response.status == 404 && !IsNoBucket(response)) return std::nullopt;
  if (!response.ok()) return Error(call, response);
  StoredObject out;
  out.version = Unquoted(response.Header("etag"));
  out.modified = ParseHttpDate(response.Header("last-modified"));
  out.now = ParseHttpDate(response.Header("date"));
  out.text = std::move(response.body);
  return out;
}

arrow::Result<std::optional<ObjectInfo>> S3Client::Head(const std::string& key) {
  Call call{"read", "HEAD", key};
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (response.status == 404) return std::nullopt;
  if (!response.ok()) return Error(call, response);
  ObjectInfo out;
  out.key = key;
  out.bytes = std::strtoull(std::string(response.Header("content-length")).c_str(), nullptr, 10);
  out.version = Unquoted(response.Header("etag"));
  out.modified = ParseHttpDate(response.Header("last-modified"));
  out.run = std::string(response.Header(kRunHeader));
  return out;
}

arrow::Result<std::optional<std::string>> S3Client::Put(const std::string& key,
                                                        std::string_view text,
                                                        const PutCondition& condition) {
  Call call{"write", "PUT", key};
  call.body = text;
  AddEncryption(options_, &call.headers);
  if (condition.kind == PutCondition::Kind::kAbsent) call.headers.push_back("If-None-Match: *");
  if (condition.kind == PutCondition::Kind::kVersion) {
    call.headers.push_back("If-Match: " + Quoted(condition.version));
  }
  ARROW_ASSIGN_OR_RAISE(HttpResponse response, Send(call));
  // 409: another conditional write of the same key was under way; who won is seen by asking again.
  for (int i = 0; i < 10 && response.status == 409; ++i) {
    ARROW_ASSIGN_OR_RAISE(response, Send(call));
  }
  const bool refused = response.status == 412 || (condition.kind == PutCondition::Kind::kVersion &&
                                                  response.status == 404 && !IsNoBucket(response));
  if (refused) {
    if (!response.maybe_repeated) return std::nullopt;
    // The answer to an earlier attempt was lost: was it this very text that got there?
    ARROW_ASSIGN_OR_RAISE(const auto there, Get(key));
    if (!there || there->text != text) return std::nullopt;
    return there->version;
  }
  if (!response.ok()) return Error(call, response);
  return Unquoted(response.Header("etag"));
}

arrow::Status S3Client::Delete(const std::vector<std::string>& keys) {
  for (size_t begin = 0; begin < keys.size(); begin += 1000) {
    const size_t end = std::min(keys.size(), begin + 1000);
    if (keys.size() == 1) {
      Call one{"remove", "DELETE", keys[0]};
      ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(one));
      if (!response.ok() && (response.status != 404 || IsNoBucket(response))) {
        return Error(one, response);
      }
      return arrow::Status::OK();
    }
    std::string body = "<Delete><Quiet>true</Quiet>";
    for (size_t i = begin; i < end; ++i) {
      body += "<Object><Key>" + XmlEscape(keys[i]) + "</Key></Object>";
    }
    body += "</Delete>";
    Call call{"remove objects in", "POST", ""};
    call.query = {{"delete", ""}};
    call.body = body;
    call.headers = {"Content-Type: application/xml", "Content-MD5: " + Md5Base64(body)};
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (!response.ok()) return Error(call, response);
    for (const std::string_view error : XmlElements(response.body, "Error")) {
      if (XmlText(error, "Code") == "NoSuchKey") continue;
      return arrow::Status::IOError("cannot remove ", UriOf(XmlText(error, "Key")), ": ",
                                    XmlText(error, "Message"), " (", XmlText(error, "Code"), ")");
    }
  }
  return arrow::Status::OK();
}

arrow::Result<ObjectListing> S3Client::List(const std::string& prefix, bool by_folder) {
  ObjectListing out;
  std::string token;
  while (true) {
    Call call{"list", "GET", ""};
    if (!token.empty()) call.query.push_back({"continuation-token", token});
    if (by_folder) call.query.push_back({"delimiter", "/"});
    call.query.push_back({"encoding-type", "url"});
    call.query.push_back({"list-type", "2"});
    call.query.push_back({"prefix", prefix});
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (!response.ok()) return Error(call, response);
    const bool encoded = XmlText(response.body, "EncodingType") == "url";
    const auto name = [&](std::string text) { return encoded ? UriDecode(text) : text; };
    for (const std::string_view entry : XmlElements(response.body, "Contents")) {
      ObjectInfo info;
      info.key = name(XmlText(entry, "Key"));
      info.bytes = std::strtoull(XmlText(entry, "Size").c_str(), nullptr, 10);
      info.version = Unquoted(XmlText(entry, "ETag"));
      info.modified = ParseUtc(XmlText(entry, "LastModified"));
      out.objects.push_back(std::move(info));
    }
    for (const std::string_view entry : XmlElements(response.body, "CommonPrefixes")) {
      out.folders.push_back(name(XmlText(entry, "Prefix")));
    }
    token = XmlText(response.body, "NextContinuationToken");
    if (XmlText(response.body, "IsTruncated") != "true" || token.empty()) break;
  }
  std::sort(out.objects.begin(), out.objects.end(),
            [](const ObjectInfo& a, const ObjectInfo& b) { return a.key < b.key; });
  std::sort(out.folders.begin(), out.folders.end());
  return out;
}

arrow::Status S3Client::ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                                  void* out) {
  if (size == 0) return arrow::Status::OK();
  Call call{"read", "GET", object.key};
  call.headers = {fmt::format("Range: bytes={}-{}", offset, offset + size - 1)};
  if (!object.version.empty()) call.headers.push_back("If-Match: " + Quoted(object.version));
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (response.status == 412) {
    return arrow::Status::IOError(UriOf(object.key), " was replaced while it was read");
  }
  if (!response.ok()) return Error(call, response);
  const bool whole = response.status == 200 && offset == 0 && response.body.size() >= size;
  if (!whole && (response.status != 206 || response.body.size() != size)) {
    return arrow::Status::IOError("cannot read ", UriOf(object.key), ": ", size,
                                  " bytes were asked for, ", response.body.size(), " came (HTTP ",
                                  response.status, ")");
  }
  std::memcpy(out, response.body.data(), size);
  return arrow::Status::OK();
}

arrow::Result<std::string> S3Client::CreateUpload(const std::string& key, const std::string& run) {
  Call call{"write", "POST", key};
  call.query = {{"uploads", ""}};
  call.headers = {std::string(kRunHeader) + ": " + run, "Content-Type: application/octet-stream"};
  AddEncryption(options_, &call.headers);
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (!response.ok()) return Error(call, response);
  std::string id = XmlText(response.body, "UploadId");
  if (id.empty()) {
    return arrow::Status::IOError("cannot write ", UriOf(key), ": the server began no upload");
  }
  return id;
}

arrow::Result<std::string> S3Client::UploadPart(const S3Upload& upload, int number,
                                                std::string_view bytes) {
  Call call{"write", "PUT", upload.key};
  call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload.id}};
  call.body = bytes;
  call.large = true;
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (!response.ok()) return Error(call, response);
  std::string etag = Unquoted(response.Header("etag"));
  if (etag.empty()) {
    return arrow::Status::IOError("cannot write ", UriOf(upload.key), ": no ETag for part ",
                                  number);
  }
  return etag;
}

arrow::Result<bool> S3Client::CompleteUpload(const S3Upload& upload,
                                             const std::vector<S3Part>& parts, bool only_new) {
  std::string body = "<CompleteMultipartUpload>";
  for (const S3Part& part : parts) {
    body += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", part.number,
                        XmlEscape(Quoted(part.etag)));
  }
  body += "</CompleteMultipartUpload>";
  Call call{"publish", "POST", upload.key};
  call.query = {{"uploadId", upload.id}};
  call.headers = {"Content-Type: application/xml"};
  if (only_new) call.headers.push_back("If-None-Match: *");
  call.body = body;
  ARROW_ASSIGN_OR_RAISE(HttpResponse response, Send(call));
  for (int i = 0; i < 10 && response.status == 409; ++i) {
    ARROW_ASSIGN_OR_RAISE(response, Send(call));
  }
  if (response.status == 412) return false;
  if (response.status == 404 && !IsNoBucket(response)) return false;
  const bool error_inside = !XmlElements(response.body, "Error").empty();
  if (error_inside && XmlText(response.body, "Code") == "NoSuchUpload") return false;
  if (!response.ok() || error_inside) return Error(call, response);
  return true;
}

arrow::Status S3Client::AbortUpload(const S3Upload& upload) {
  Call call{"abort the upload of", "DELETE", upload.key};
  call.query = {{"uploadId", upload.id}};
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (response.ok() || (response.status == 404 && !IsNoBucket(response))) {
    return arrow::Status::OK();
  }
  return Error(call, response);
}

arrow::Result<std::vector<S3Upload>> S3Client::ListUploads(const std::string& prefix) {
  std::vector<S3Upload> out;
  std::string key_marker, id_marker;
  while (true) {
    Call call{"list the uploads of", "GET", ""};
    call.query = {{"encoding-type", "url"}};
    if (!key_marker.empty()) call.query.push_back({"key-marker", key_marker});
    call.query.push_back({"prefix", prefix});
    if (!key_marker.empty()) call.query.push_back({"upload-id-marker", id_marker});
    call.query.push_back({"uploads", ""});
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (!response.ok()) return Error(call, response);
    const bool encoded = XmlText(response.body, "EncodingType") == "url";
    const auto name = [&](std::string text) { return encoded ? UriDecode(text) : text; };
    for (const std::string_view entry : XmlElements(response.body, "Upload")) {
      S3Upload upload{name(XmlText(entry, "Key")), XmlText(entry, "UploadId")};
      // Some servers take no notice of the prefix.
      if (upload.key.starts_with(prefix)) out.push_back(std::move(upload));
    }
    const std::string next = name(XmlText(response.body, "NextKeyMarker"));
    const std::string next_id = XmlText(response.body, "NextUploadIdMarker");
    if (XmlText(response.body, "IsTruncated") != "true" || next.empty()) return out;
    if (next == key_marker && next_id == id_marker) return out;
    key_marker = next;
    id_marker = next_id;
  }
}

arrow::Result<std::optional<std::vector<S3Part>>> S3Client::ListParts(const S3Upload& upload) {
  std::vector<S3Part> out;
  std::string marker;
  while (true) {
    Call call{"list the parts of", "GET", upload.key};
    if (!marker.empty()) call.query.push_back({"part-number-marker", marker});
    call.query.push_back({"uploadId", upload.id});
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (response.status == 404 && !IsNoBucket(response)) return std::nullopt;
    if (!response.ok()) return Error(call, response);
    for (const std::string_view entry : XmlElements(response.body, "Part")) {
      out.push_back({std::atoi(XmlText(entry, "PartNumber").c_str()),
                     Unquoted(XmlText(entry, "ETag")),
                     std::strtoull(XmlText(entry, "Size").c_str(), nullptr, 10)});
    }
    const std::string next = XmlText(response.body, "NextPartNumberMarker");
    if (XmlText(response.body, "IsTruncated") != "true" || next.empty() || next == marker) break;
    marker = next;
  }
  return out;
}

}  // namespace synthmill::io
