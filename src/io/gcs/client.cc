#include "io/gcs/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

namespace synthmill::io {

namespace {

using Json = nlohmann::json;

constexpr char kRunKey[] = "synthmill-run";

std::string Text(const Json& doc, const char* name) {
  const auto it = doc.find(name);
  return it != doc.end() && it->is_string() ? it->get<std::string>() : std::string();
}

ObjectInfo InfoFrom(const Json& doc) {
  ObjectInfo out;
  out.key = Text(doc, "name");
  out.bytes = std::strtoull(Text(doc, "size").c_str(), nullptr, 10);
  out.version = Text(doc, "generation");
  out.modified = ParseUtc(Text(doc, "updated"));
  const auto metadata = doc.find("metadata");
  if (metadata != doc.end() && metadata->is_object()) out.run = Text(*metadata, kRunKey);
  return out;
}

std::string ErrorText(const HttpResponse& response) {
  const Json doc = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  const auto error = doc.is_object() ? doc.find("error") : doc.end();
  std::string message;
  if (doc.is_object() && error != doc.end()) {
    message = error->is_object()   ? Text(*error, "message")
              : error->is_string() ? error->get<std::string>()
                                   : "";
  } else if (response.body.size() < 200) {
    message = response.body;
  }
  while (!message.empty() && (message.back() == '\n' || message.back() == '.')) message.pop_back();
  return message + (message.empty() ? "(HTTP " : " (HTTP ") + std::to_string(response.status) + ")";
}

// How far a session has got, of "Range: bytes=0-1048575".
uint64_t Persisted(const HttpResponse& response) {
  const std::string range(response.Header("range"));
  const size_t dash = range.rfind('-');
  return dash == std::string::npos ? 0 : std::strtoull(range.c_str() + dash + 1, nullptr, 10) + 1;
}

}  // namespace

GcsClient::GcsClient(std::string bucket, GcsOptions options)
    : bucket_(std::move(bucket)),
      options_(std::move(options)),
      http_(std::make_shared<HttpClient>(options_.http)),
      auth_(http_, "https://www.googleapis.com/auth/devstorage.read_write") {}

std::string GcsClient::UriOf(std::string_view key) const {
  return "gs://" + bucket_ + (key.empty() ? "" : "/" + std::string(key));
}

std::string GcsClient::ObjectPath(const std::string& key) const {
  return "/storage/v1/b/" + UriEncode(bucket_, false) + "/o/" + UriEncode(key, false);
}

arrow::Status GcsClient::Authorize(HttpRequest* request) {
  if (!options_.authenticate) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(const GoogleToken token, auth_.Get());
  {
    std::lock_guard<std::mutex> lock(mutex_);
    credential_source_ = token.source;
  }
  request->headers.push_back("Authorization: Bearer " + token.token);
  return arrow::Status::OK();
}

arrow::Result<HttpResponse> GcsClient::Send(const Call& call) {
  return http_->Send([&](HttpRequest* request) {
    request->method = call.method;
    request->url = options_.endpoint + call.path;
    std::string separator = "?";
    for (const auto& [name, value] : call.query) {
      request->url += separator + name + "=" + UriEncode(value, false);
      separator = "&";
    }
    request->headers = call.headers;
    request->body = call.body;
    return Authorize(request);
  });
}

arrow::Status GcsClient::Error(const Call& call, const HttpResponse& response) const {
  std::string source;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    source = credential_source_;
  }
  const std::string begin = "cannot " + call.what + " " + UriOf(call.key) + ": ";
  const std::string told = ErrorText(response);
  switch (response.status) {
    case 401:
      return arrow::Status::Invalid(begin, "not let in: ", told, "; the credentials are ", source);
    case 403:
      return arrow::Status::Invalid(
          begin, "no permission: ", told, "; the credentials are ", source,
          ". Writing needs the role Storage Object User on the bucket, reading Storage Object "
          "Viewer");
    case 404:
      return arrow::Status::Invalid("there is no bucket '", bucket_, "' at ", options_.endpoint,
                                    "; make it first, or correct the URI");
    case 429:
    case 503:
      return arrow::Status::IOError(begin, options_.endpoint,
                                    " keeps refusing because of load: ", told, ", after ",
                                    response.attempts,
                                    " attempts; try again later, with fewer --threads, or a longer "
                                    "--retry-seconds");
    default:
      return arrow::Status::IOError(begin, told);
  }
}

arrow::Result<std::optional<StoredObject>> GcsClient::Get(const std::string& key) {
  Call call{"read", "GET", key, ObjectPath(key), {{"alt", "media"}}};
  // Content and generation in one answer; an emulator that leaves the generation out is asked for
  // it first, and then for this very generation.
  ARROW_ASSIGN_OR_RAISE(HttpResponse response, Send(call));
  if (response.status == 404) return std::nullopt;
  if (!response.ok()) return Error(call, response);
  StoredObject out;
  out.version = std::string(response.Header("x-goog-generation"));
  out.modified = ParseHttpDate(response.Header("last-modified"));
  out.now = ParseHttpDate(response.Header("date"));
  out.text = std::move(response.body);
  if (out.version.empty() || out.modified == 0) {
    ARROW_ASSIGN_OR_RAISE(const auto info, Head(key));
    if (!info) return std::nullopt;
    out.version = info->version;
    out.modified = info->modified;
    call.query.emplace_back("generation", info->version);
    ARROW_ASSIGN_OR_RAISE(response, Send(call));
    if (response.status == 404) return std::nullopt;
    if (!response.ok()) return Error(call, response);
    out.text = std::move(response.body);
  }
  return out;
}

arrow::Result<std::optional<ObjectInfo>> GcsClient::Head(const std::string& key) {
  Call call{"read", "GET", key, ObjectPath(key)};
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (response.status == 404) return std::nullopt;
  if (!response.ok()) return Error(call, response);
  const Json doc = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object()) return Error(call, response);
  return InfoFrom(doc);
}

arrow::Result<std::optional<std::string>> GcsClient::Put(const std::string& key,
                                                         std::string_view text,
                                                         const PutCondition& condition) {
  Call call{"write",
            "POST",
            key,
            "/upload/storage/v1/b/" + UriEncode(bucket_, false) + "/o",
            {{"uploadType", "media"}, {"name", key}}};
  call.headers = {"Content-Type: application/json"};
  call.body = text;
  if (condition.kind == PutCondition::Kind::kAbsent) {
    call.query.emplace_back("ifGenerationMatch", "0");
  } else if (condition.kind == PutCondition::Kind::kVersion) {
    call.query.emplace_back("ifGenerationMatch", condition.version);
  }
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (response.status == 412) {
    if (!response.maybe_repeated) return std::nullopt;
    // The answer to an earlier attempt was lost: was it this very text that got there?
    ARROW_ASSIGN_OR_RAISE(const auto there, Get(key));
    if (!there || there->text != text) return std::nullopt;
    return there->version;
  }
  if (!response.ok()) return Error(call, response);
  const Json doc = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object()) return Error(call, response);
  return Text(doc, "generation");
}

arrow::Status GcsClient::Delete(const std::vector<std::string>& keys) {
  return ForEachParallel(keys.size(), 16, [&](size_t i) -> arrow::Status {
    Call call{"remove", "DELETE", keys[i], ObjectPath(keys[i])};
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (response.ok() || response.status == 404) return arrow::Status::OK();
    return Error(call, response);
  });
}

arrow::Result<ObjectListing> GcsClient::List(const std::string& prefix, bool by_folder) {
  ObjectListing out;
  std::string token;
  do {
    Call call{"list",
              "GET",
              prefix,
              "/storage/v1/b/" + UriEncode(bucket_, false) + "/o",
              {{"prefix", prefix}}};
    if (by_folder) call.query.emplace_back("delimiter", "/");
    if (!token.empty()) call.query.emplace_back("pageToken", token);
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (!response.ok()) return Error(call, response);
    const Json doc = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    if (!doc.is_object()) return Error(call, response);
    if (const auto items = doc.find("items"); items != doc.end() && items->is_array()) {
      for (const Json& item : *items) {
        if (item.is_object()) out.objects.push_back(InfoFrom(item));
      }
    }
    if (const auto folders = doc.find("prefixes"); folders != doc.end() && folders->is_array()) {
      for (const Json& folder : *folders) {
        if (folder.is_string()) out.folders.push_back(folder.get<std::string>());
      }
    }
    token = Text(doc, "nextPageToken");
  } while (!token.empty());
  std::sort(out.objects.begin(), out.objects.end(),
            [](const ObjectInfo& a, const ObjectInfo& b) { return a.key < b.key; });
  std::sort(out.folders.begin(), out.folders.end());
  return out;
}

arrow::Status GcsClient::ReadRange(const ObjectInfo& object, uint64_t offset, uint64_t size,
                                   void* out) {
  if (size == 0) return arrow::Status::OK();
  Call call{"read", "GET", object.key, ObjectPath(object.key), {{"alt", "media"}}};
  if (!object.version.empty()) call.query.emplace_back("generation", object.version);
  call.headers = {fmt::format("Range: bytes={}-{}", offset, offset + size - 1)};
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (response.status == 404) {
    return arrow::Status::IOError(UriOf(object.key), " was replaced or removed while it was read");
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

arrow::Result<std::string> GcsClient::BeginUpload(const std::string& key, const std::string& run) {
  const std::string body = Json{
      {"name", key},
      {"contentType", "application/octet-stream"},
      {"metadata",
       {{kRunKey, run}}}}.dump();
  Call call{"write",
            "POST",
            key,
            "/upload/storage/v1/b/" + UriEncode(bucket_, false) + "/o",
            {{"uploadType", "resumable"}, {"name", key}}};
  call.headers = {"Content-Type: application/json; charset=UTF-8",
                  "X-Upload-Content-Type: application/octet-stream"};
  call.body = body;
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
  if (!response.ok()) return Error(call, response);
  std::string session(response.Header("location"));
  if (session.empty()) {
    return arrow::Status::IOError("cannot write ", UriOf(key), ": the server began no upload");
  }
  return session;
}

arrow::Status GcsClient::Upload(const std::string& key, const std::string& session, uint64_t offset,
                                std::string_view bytes, bool last) {
  Call call{"write", "PUT", key, ""};
  const uint64_t end = offset + bytes.size();
  const std::string total = last ? std::to_string(end) : "*";
  uint64_t at = offset;  // what the server has
  while (true) {
    bool again = false, done = false;
    const auto sent = http_->Send([&](HttpRequest* request) {
      if (again) {
        // The answer to the last attempt was lost: how much got there?
        HttpRequest ask;
        ask.method = "PUT";
        ask.url = session;
        ask.headers = {"Content-Range: bytes */" + total};
        ARROW_RETURN_NOT_OK(Authorize(&ask));
        const auto answer = http_->SendOnce(ask);
        if (answer.ok() && answer->status == 308) {
          at = std::clamp(Persisted(*answer), offset, end);
        }
        done = answer.ok() && (answer->ok() || (!last && answer->status == 308 && at == end));
        if (done) return arrow::Status::Cancelled("nothing is left to send");
      }
      again = true;
      request->method = "PUT";
      request->url = session;
      request->body = bytes.substr(at - offset);
      request->headers = {request->body.empty()
                              ? "Content-Range: bytes */" + total
                              : fmt::format("Content-Range: bytes {}-{}/{}", at, end - 1, total)};
      return Authorize(request);
    });
    if (done) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, sent);
    if (response.ok()) {
      if (last) return arrow::Status::OK();
      return arrow::Status::IOError("cannot write ", UriOf(key),
                                    ": the server ended the upload early");
    }
    if (response.status == 404 || response.status == 410) {
      // Some forget an upload once it is finished; the answer that said so was lost.
      if (last && response.maybe_repeated) {
        ARROW_ASSIGN_OR_RAISE(const auto there, Head(key));
        if (there && there->bytes == end) return arrow::Status::OK();
      }
      return arrow::Status::IOError("cannot write ", UriOf(key),
                                    ": the server gave up the upload (HTTP ", response.status,
                                    "); start again with --resume");
    }
    if (response.status != 308) return Error(call, response);
    const uint64_t persisted = std::clamp(Persisted(response), offset, end);
    if (persisted == end && !last) return arrow::Status::OK();
    if (persisted <= at && !bytes.empty()) {
      return arrow::Status::IOError("cannot write ", UriOf(key),
                                    ": the server takes no more bytes of the upload");
    }
    at = persisted;
  }
}

arrow::Status GcsClient::AbortUpload(const std::string& session) {
  HttpRequest request;
  request.method = "DELETE";
  request.url = session;
  ARROW_RETURN_NOT_OK(Authorize(&request));
  // Answered by 499 when it worked; one that is left over ends by itself after a week.
  return http_->SendOnce(request).status();
}

arrow::Result<bool> GcsClient::Rewrite(const std::string& from, const std::string& to,
                                       const std::string& run) {
  const std::string body =
      Json{{"contentType", "application/octet-stream"}, {"metadata", {{kRunKey, run}}}}.dump();
  std::string token;
  while (true) {
    Call call{"publish",
              "POST",
              to,
              ObjectPath(from) + "/rewriteTo/b/" + UriEncode(bucket_, false) + "/o/" +
                  UriEncode(to, false),
              {{"ifGenerationMatch", "0"}}};
    if (!token.empty()) call.query.emplace_back("rewriteToken", token);
    call.headers = {"Content-Type: application/json"};
    call.body = body;
    ARROW_ASSIGN_OR_RAISE(const HttpResponse response, Send(call));
    if (response.status == 404 || response.status == 412) return false;
    if (!response.ok()) return Error(call, response);
    const Json doc = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    if (!doc.is_object()) return Error(call, response);
    if (doc.value("done", true)) return true;
    token = Text(doc, "rewriteToken");  // another place or storage class: the bytes are copied
    if (token.empty()) return true;
  }
}

}  // namespace synthmill::io
