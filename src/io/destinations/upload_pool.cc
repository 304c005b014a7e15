#include "io/destinations/upload_pool.h"

namespace synthmill::io {

UploadPool::~UploadPool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void UploadPool::Submit(uint64_t bytes, std::function<void()> job) {
  std::unique_lock<std::mutex> lock(mutex_);
  // One that is larger than the limit goes alone.
  room_.wait(lock, [&] { return bytes_ == 0 || bytes_ + bytes <= limit_bytes_; });
  bytes_ += bytes;
  jobs_.emplace_back(bytes, std::move(job));
  if (idle_ < jobs_.size() && threads_.size() < limit_threads_) {
    threads_.emplace_back([this] { Work(); });
  }
  lock.unlock();
  wake_.notify_one();
}

void UploadPool::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    --idle_;
    if (jobs_.empty()) return;
    auto [bytes, job] = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    bytes_ -= bytes;
    room_.notify_all();
  }
}

UploadBuffer UploadPool::TakeBuffer(size_t capacity) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!buffers_.empty() && buffers_.back().capacity >= capacity) {
      UploadBuffer buffer = std::move(buffers_.back());
      buffers_.pop_back();
      buffer.size = 0;
      return buffer;
    }
  }
  // Not initialised: what is never written takes no memory.
  return {std::unique_ptr<char[]>(new char[capacity]), 0, capacity};
}

void UploadPool::GiveBuffer(UploadBuffer buffer) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (buffers_.size() < 4) buffers_.push_back(std::move(buffer));
}

}  // namespace synthmill::io
