#include "io/objects/object_store.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace synthmill::io {

arrow::Status ForEachParallel(size_t count, size_t threads,
                              const std::function<arrow::Status(size_t)>& work) {
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;  // guards first
  arrow::Status first;
  const auto run = [&] {
    for (size_t i = next++; i < count && !failed; i = next++) {
      const arrow::Status status = work(i);
      if (status.ok()) continue;
      std::lock_guard<std::mutex> lock(mutex);
      if (first.ok()) first = status;
      failed = true;
    }
  };
  std::vector<std::thread> pool;
  for (size_t t = 1; t < std::min(count, threads); ++t) pool.emplace_back(run);
  run();
  for (std::thread& thread : pool) thread.join();
  return first;
}

arrow::Result<ObjectUri> ParseObjectUri(std::string_view uri) {
  const size_t scheme = uri.find("://");
  ObjectUri out;
  if (scheme != std::string_view::npos) {
    const std::string_view rest = uri.substr(scheme + 3);
    const size_t slash = rest.find('/');
    out.bucket = std::string(rest.substr(0, slash));
    if (slash != std::string_view::npos) out.prefix = std::string(rest.substr(slash + 1));
  }
  while (out.prefix.ends_with('/')) out.prefix.pop_back();
  while (out.prefix.starts_with('/')) out.prefix.erase(0, 1);
  if (out.bucket.empty()) {
    const std::string word(uri.substr(0, uri.find(':')));
    return arrow::Status::Invalid(std::string(uri), " names no bucket; write ", word,
                                  "://BUCKET or ", word, "://BUCKET/PREFIX");
  }
  if (out.bucket.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "-._:") != std::string::npos) {
    // No secret may stand in a URI: one that looks like user:password@bucket is not repeated.
    return arrow::Status::Invalid("the bucket's name in ", std::string(uri.substr(0, scheme + 3)),
                                  "… holds characters that no bucket's name has; credentials "
                                  "never go into the URI, they come from the environment");
  }
  return out;
}

std::string JoinKey(std::string_view a, std::string_view b) {
  if (a.empty()) return std::string(b);
  return std::string(a) + "/" + std::string(b);
}

}  // namespace synthmill::io
