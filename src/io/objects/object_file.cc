// Reading objects.
#include <arrow/buffer.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "io/objects/object_store.h"

namespace synthmill::io {

namespace {

// Each request costs tens of milliseconds on a real store, so neighbouring small reads share one.
constexpr int64_t kReadAhead = 4 << 20;

class ObjectFile : public arrow::io::RandomAccessFile {
 public:
  ObjectFile(std::shared_ptr<ObjectStore> store, ObjectInfo object)
      : store_(std::move(store)), object_(std::move(object)) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Seek(int64_t position) override {
    if (position < 0) return arrow::Status::Invalid("a negative position in ", Name());
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> GetSize() override { return Size(); }

  arrow::Result<int64_t> Read(int64_t nbytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t n, ReadAt(position_, nbytes, out));
    position_ += n;
    return n;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t nbytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, nbytes));
    position_ += buffer->size();
    return buffer;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t nbytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(
                                           std::clamp(Size() - position, int64_t{0}, nbytes)));
    ARROW_ASSIGN_OR_RAISE(const int64_t n,
                          ReadAt(position, buffer->size(), buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(n, /*shrink_to_fit=*/false));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

  arrow::Result<int64_t> ReadAt(int64_t position, int64_t nbytes, void* out) override {
    if (closed_) return arrow::Status::Invalid("a read of ", Name(), ", which is closed");
    if (position < 0 || nbytes < 0) return arrow::Status::Invalid("a negative place in ", Name());
    nbytes = std::min(nbytes, Size() - position);
    if (nbytes <= 0) return 0;
    std::lock_guard<std::mutex> lock(mutex_);
    char* to = static_cast<char*>(out);
    int64_t left = nbytes;
    while (left > 0) {
      const int64_t in_window = position - window_begin_;
      if (in_window >= 0 && in_window < static_cast<int64_t>(window_.size())) {
        const int64_t n = std::min(left, static_cast<int64_t>(window_.size()) - in_window);
        std::memcpy(to, window_.data() + in_window, static_cast<size_t>(n));
        to += n;
        position += n;
        left -= n;
      } else if (left >= kReadAhead) {
        ARROW_RETURN_NOT_OK(store_->ReadRange(object_, static_cast<uint64_t>(position),
                                              static_cast<uint64_t>(left), to));
        left = 0;
      } else {
        ARROW_RETURN_NOT_OK(FillWindow(position));
      }
    }
    return nbytes;
  }

 private:
  int64_t Size() const { return static_cast<int64_t>(object_.bytes); }
  std::string Name() const { return store_->UriOf(object_.key); }

  arrow::Status FillWindow(int64_t position) {
    int64_t begin = position;
    // Near the end (a footer) what stands before it is wanted next.
    if (Size() - begin < kReadAhead / 64) begin = std::max<int64_t>(0, Size() - kReadAhead / 64);
    const int64_t size = std::min(kReadAhead, Size() - begin);
    window_.resize(static_cast<size_t>(size));
    window_begin_ = begin;
    const arrow::Status status = store_->ReadRange(object_, static_cast<uint64_t>(begin),
                                                   static_cast<uint64_t>(size), window_.data());
    if (!status.ok()) window_.clear();
    return status;
  }

  std::shared_ptr<ObjectStore> store_;
  ObjectInfo object_;
  std::mutex mutex_;  // guards the window
  std::vector<char> window_;
  int64_t window_begin_ = 0;
  int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<arrow::io::RandomAccessFile> OpenObject(std::shared_ptr<ObjectStore> store,
                                                        ObjectInfo object) {
  return std::make_shared<ObjectFile>(std::move(store), std::move(object));
}

}  // namespace synthmill::io
