#include "io/destinations/fd_stream.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace synthmill::io {

namespace {
constexpr int64_t kGather = 64 * 1024;
}  // namespace

arrow::Status ErrnoStatus(int error, const std::string& what, const std::string& path) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return arrow::Status::IOError(what, " ", path, ": no space left on the disk (",
                                    std::strerror(error),
                                    "); free some space or choose another place with --to");
    case EACCES:
    case EPERM:
    case EROFS:
      return arrow::Status::IOError(what, " ", path, ": ", std::strerror(error),
                                    "; choose another place with --to, or change its permissions");
    case ENOTDIR:
    case EEXIST:
      return arrow::Status::IOError(
          what, " ", path, ": ", std::strerror(error),
          "; a file stands where a folder is needed: choose another --to");
    case EMFILE:
    case ENFILE:
      return arrow::Status::IOError(what, " ", path, ": ", std::strerror(error),
                                    "; use fewer --threads or raise `ulimit -n`");
    default:
      return arrow::Status::IOError(what, " ", path, ": ", std::strerror(error));
  }
}

FdOutputStream::FdOutputStream(int fd, bool owned, std::string path)
    : fd_(fd), owned_(owned), path_(std::move(path)) {
  pending_.reserve(kGather);
}

FdOutputStream::~FdOutputStream() {
  if (fd_ >= 0 && owned_) ::close(fd_);
}

arrow::Status FdOutputStream::WriteAll(const char* data, int64_t size) {
  while (size > 0) {
    const ssize_t n = ::write(fd_, data, static_cast<size_t>(size));
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EPIPE) broken_pipe_ = true;
      return ErrnoStatus(errno, "cannot write", path_);
    }
    data += n;
    size -= n;
  }
  return arrow::Status::OK();
}

arrow::Status FdOutputStream::Write(const void* data, int64_t nbytes) {
  if (fd_ < 0) return arrow::Status::Invalid("write to a closed file: ", path_);
  const char* bytes = static_cast<const char*>(data);
  position_ += nbytes;
  hash_.Add(data, nbytes);
  if (static_cast<int64_t>(pending_.size()) + nbytes > kGather) ARROW_RETURN_NOT_OK(Flush());
  if (nbytes >= kGather) return WriteAll(bytes, nbytes);
  pending_.insert(pending_.end(), bytes, bytes + nbytes);
  return arrow::Status::OK();
}

arrow::Status FdOutputStream::Flush() {
  if (pending_.empty()) return arrow::Status::OK();
  const arrow::Status status = WriteAll(pending_.data(), static_cast<int64_t>(pending_.size()));
  pending_.clear();
  return status;
}

arrow::Status FdOutputStream::Close() {
  if (fd_ < 0) return arrow::Status::OK();
  arrow::Status status = Flush();
  // Network file systems report a full disk only here.
  if (owned_ && ::close(fd_) != 0 && status.ok()) {
    status = ErrnoStatus(errno, "cannot write", path_);
  }
  fd_ = -1;
  return status;
}

arrow::Status FdOutputStream::Abort() {
  pending_.clear();
  if (fd_ >= 0 && owned_) ::close(fd_);
  fd_ = -1;
  return arrow::Status::OK();
}

}  // namespace synthmill::io
