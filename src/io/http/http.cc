#include "io/http/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>

namespace synthmill::io {

namespace {

constexpr double kFirstPause = 0.1, kLongestPause = 8;
constexpr double kFirstPatience = 10;
constexpr size_t kIdleHandles = 64;

void InitCurl() {
  static const bool done = [] {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return true;
  }();
  (void)done;
}

size_t OnBody(char* data, size_t, size_t size, void* out) {
  static_cast<std::string*>(out)->append(data, size);
  return size;
}

size_t OnHeader(char* data, size_t, size_t size, void* out) {
  auto* headers = static_cast<std::map<std::string, std::string, std::less<>>*>(out);
  std::string_view line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) headers->clear();  // of an earlier, provisional answer
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  (*headers)[std::move(name)] = std::string(value);
  return size;
}

struct Upload {
  std::string_view body;
  size_t position = 0;
  bool again = false;  // libcurl sends it a second time: a kept connection broke without an answer
};

size_t OnRead(char* to, size_t size, size_t count, void* from) {
  auto* upload = static_cast<Upload*>(from);
  const size_t n = std::min(size * count, upload->body.size() - upload->position);
  std::memcpy(to, upload->body.data() + upload->position, n);
  upload->position += n;
  return n;
}

int OnSeek(void* from, curl_off_t offset, int origin) {
  auto* upload = static_cast<Upload*>(from);
  if (origin != SEEK_SET || offset < 0 || static_cast<size_t>(offset) > upload->body.size()) {
    return CURL_SEEKFUNC_FAIL;
  }
  upload->again = upload->again || upload->position > 0;
  upload->position = static_cast<size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

bool Passes(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

bool Passes(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
         status == 504;
}

double RetryAfter(const HttpResponse& response) {
  const std::string value(response.Header("retry-after"));
  if (value.empty()) return 0;
  char* end = nullptr;
  const double seconds = std::strtod(value.c_str(), &end);
  return *end == '\0' ? std::clamp(seconds, 0.0, 60.0) : 0;
}

// Between half and all of `seconds`, so that clients that failed together come back apart.
double Jittered(double seconds) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return seconds * std::uniform_real_distribution<double>(0.5, 1)(random);
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl = curl_easy_init();
  ~Handle() { curl_easy_cleanup(curl); }
};

struct HttpClient::Attempt {
  CURLcode code = CURLE_OK;
  std::string error;
  HttpResponse response;
  bool sent = false;  // bytes of the request had left
};

HttpClient::HttpClient(HttpOptions options) : options_(std::move(options)) {
  InitCurl();
  // As curl's own program takes it: certificates of a company's servers or of a proxy.
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    const char* file = std::getenv(name);
    if (options_.ca_bundle.empty() && file) options_.ca_bundle = file;
  }
}
HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Handle> HttpClient::Take() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_.empty()) {
      auto handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  return std::make_unique<Handle>();
}

void HttpClient::Give(std::unique_ptr<Handle> handle) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (idle_.size() < kIdleHandles) idle_.push_back(std::move(handle));
}

HttpClient::Attempt HttpClient::Try(const HttpRequest& request) {
  Attempt attempt;
  auto handle = Take();
  CURL* curl = handle->curl;
  curl_easy_reset(curl);  // keeps the connections
  char error[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);  // ".." in a key is a name like any other
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout_ms));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stall_seconds));
  if (request.total_timeout_ms > 0) {
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout_ms));
  }
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 256L * 1024);
  curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "synthmill");
  if (request.ignore_proxy) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (!options_.ca_bundle.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_bundle.c_str());
  }
  curl_slist* headers = nullptr;
  const auto add = [&](const char* line) { headers = curl_slist_append(headers, line); };
  for (const std::string& line : request.headers) add(line.c_str());
  add("Expect:");
  Upload upload{request.body};
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method == "PUT" || request.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, OnRead);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, OnSeek);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, &upload);
  } else if (request.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &attempt.response.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &attempt.response.headers);

  attempt.code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  attempt.response.status = static_cast<int>(status);
  curl_off_t sent = 0;
  curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &sent);
  attempt.sent = sent > 0;
  attempt.response.maybe_repeated = upload.again;
  if (attempt.code != CURLE_OK) {
    attempt.error = error[0] ? error : curl_easy_strerror(attempt.code);
    // An answer that came before all was sent is an answer: a refusal closes the connection.
    if (attempt.code == CURLE_SEND_ERROR && status >= 400) attempt.code = CURLE_OK;
  }
  curl_slist_free_all(headers);
  Give(std::move(handle));
  return attempt;
}

arrow::Result<HttpResponse> HttpClient::SendOnce(const HttpRequest& request) {
  Attempt attempt = Try(request);
  if (attempt.code == CURLE_OK) return std::move(attempt.response);
  return arrow::Status::IOError(ServerOf(request.url), " does not answer: ", attempt.error);
}

arrow::Result<HttpResponse> HttpClient::Send(const Prepare& prepare, const Again& again) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  double pause = kFirstPause;
  bool maybe_repeated = false;
  for (int attempts = 1;; ++attempts) {
    HttpRequest request;
    ARROW_RETURN_NOT_OK(prepare(&request));
    Attempt attempt = Try(request);
    attempt.response.attempts = attempts;
    attempt.response.maybe_repeated |= maybe_repeated;
    const bool answered = attempt.code == CURLE_OK;
    if (answered) answered_ = true;
    const double patience = std::min(options_.retry_seconds, gave_up_    ? 1.0
                                                             : answered_ ? options_.retry_seconds
                                                                         : kFirstPatience);
    if (answered && !Passes(attempt.response.status) && !(again && again(attempt.response))) {
      gave_up_ = false;
      return std::move(attempt.response);
    }
    if (attempt.sent) maybe_repeated = true;
    const double wait = std::max(Jittered(pause), answered ? RetryAfter(attempt.response) : 0);
    const double spent = std::chrono::duration<double>(Clock::now() - begun).count();
    if ((!answered && !Passes(attempt.code)) || spent + wait > patience) {
      gave_up_ = true;
      if (answered) return std::move(attempt.response);
      std::string tried;
      if (attempts > 1) {
        tried = " (tried " + std::to_string(attempts) + " times in " +
                std::to_string(static_cast<int>(spent)) + " s)";
      }
      return arrow::Status::IOError(ServerOf(request.url), " does not answer: ", attempt.error,
                                    tried);
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(wait));
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace synthmill::io
