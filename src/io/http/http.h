// HTTP for the clients of object stores: one request at a time per thread, connections kept open,
// failures that pass by themselves tried again.
//
//   HttpClient http(options);
//   ARROW_ASSIGN_OR_RAISE(HttpResponse r, http.Send([&](HttpRequest* r) { … return Status::OK();
//   }));
//
// The request is made anew for every attempt, so that signatures and tokens are of the moment.
#pragma once

#include <arrow/result.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "name: value"
  std::string_view body;             // must live until the request is done; sent for PUT and POST
  bool ignore_proxy = false;         // for addresses that exist on this machine only
  int connect_timeout_ms = 10'000;
  int stall_seconds = 30;    // no byte moves for so long: the attempt is given up
  int total_timeout_ms = 0;  // 0: none
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;
  int attempts = 1;
  // An attempt before this one may have reached the server: its answer was lost.
  bool maybe_repeated = false;

  std::string_view Header(std::string_view name) const {
    const auto it = headers.find(name);
    return it == headers.end() ? std::string_view() : std::string_view(it->second);
  }
  bool ok() const { return status >= 200 && status < 300; }
};

struct HttpOptions {
  // How long a request that fails for reasons that may pass is tried again.
  double retry_seconds = 120;
  std::string ca_bundle = {};  // file; empty: the system's
};

// Thread-safe.
class HttpClient {
 public:
  explicit HttpClient(HttpOptions options = {});
  ~HttpClient();

  using Prepare = std::function<arrow::Status(HttpRequest*)>;
  // Sends what `prepare` makes. Connection failures, timeouts, cut-off answers, 408, 429 and 5xx
  // are tried again with growing, jittered pauses (or what Retry-After says) until retry_seconds
  // are over. Every other answer is returned, also 4xx; so is a last 5xx.
  // No answer at all: an IOError that names the server and the reason. A server that never answered
  // is given 10 seconds only (its name may be wrong), and one that was waited for in vain a moment.
  arrow::Result<HttpResponse> Send(const Prepare& prepare) { return Send(prepare, nullptr); }
  // `again`: whether an answer, though complete, should be tried again (an error inside a 200).
  using Again = std::function<bool(const HttpResponse&)>;
  arrow::Result<HttpResponse> Send(const Prepare& prepare, const Again& again);
  // One attempt.
  arrow::Result<HttpResponse> SendOnce(const HttpRequest& request);

  const HttpOptions& options() const { return options_; }

 private:
  struct Handle;
  std::unique_ptr<Handle> Take();
  void Give(std::unique_ptr<Handle> handle);
  struct Attempt;
  Attempt Try(const HttpRequest& request);

  HttpOptions options_;
  std::atomic<bool> answered_{false};  // ever
  std::atomic<bool> gave_up_{false};
  std::mutex mutex_;  // guards idle_
  std::vector<std::unique_ptr<Handle>> idle_;
};

// The value of --retry-seconds; empty: the default.
arrow::Result<double> RetrySeconds(const std::string& text);
// Percent-encoding of all but unreserved characters (RFC 3986), and '/' where `keep_slash`.
std::string UriEncode(std::string_view text, bool keep_slash);
std::string UriDecode(std::string_view text);
// "http://host:port" of a URL, for messages.
std::string ServerOf(std::string_view url);
std::string Base64(std::string_view bytes);
std::string Base64Url(std::string_view bytes);  // without padding
std::string Hex(std::string_view bytes);
std::string Sha256Hex(std::string_view bytes);
std::string Md5Base64(std::string_view bytes);
// Seconds since 1970 of an HTTP date ("Tue, 24 Nov 2026 19:00:00 GMT"); 0 if it is none.
int64_t ParseHttpDate(std::string_view text);
// Of 2026-11-24T19:00:00Z (fractions are cut); 0 if it is none.
int64_t ParseUtc(std::string_view text);

}  // namespace synthmill::io
