// Uploads in the background: the threads that make rows go on while the network works.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace synthmill::io {

// Memory that uploads share and use again.
struct UploadBuffer {
  std::unique_ptr<char[]> data;
  size_t size = 0;
  size_t capacity = 0;
};

// A few threads, and a limit on the bytes that wait. Thread-safe.
class UploadPool {
 public:
  UploadPool(size_t threads, uint64_t bytes) : limit_threads_(threads), limit_bytes_(bytes) {}
  ~UploadPool();

  // Waits until there is room for `bytes`. `job` must not throw and must not wait for other jobs.
  void Submit(uint64_t bytes, std::function<void()> job);
  UploadBuffer TakeBuffer(size_t capacity);
  void GiveBuffer(UploadBuffer buffer);

 private:
  void Work();

  const size_t limit_threads_;
  const uint64_t limit_bytes_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable room_, wake_;
  std::deque<std::pair<uint64_t, std::function<void()>>> jobs_;
  std::vector<std::thread> threads_;
  std::vector<UploadBuffer> buffers_;
  size_t idle_ = 0;
  uint64_t bytes_ = 0;  // of jobs that wait or work
  bool stop_ = false;
};

}  // namespace synthmill::io
