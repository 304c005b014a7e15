// An output stream on a file descriptor, with errors a user can act on.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <string>
#include <vector>

#include "io/file_hash.h"

namespace synthmill::io {

// "cannot write /data/x: no space left on the disk; free some or choose another --to"
arrow::Status ErrnoStatus(int error, const std::string& what, const std::string& path);

// Small writes are gathered, large ones go straight through. Not thread-safe.
class FdOutputStream : public arrow::io::OutputStream {
 public:
  // Takes over `fd` (if `owned`); `path` is for messages.
  FdOutputStream(int fd, bool owned, std::string path);
  ~FdOutputStream() override;

  arrow::Status Write(const void* data, int64_t nbytes) override;
  using arrow::io::OutputStream::Write;
  arrow::Status Flush() override;
  arrow::Status Close() override;
  // Closes without writing what was gathered.
  arrow::Status Abort() override;
  arrow::Result<int64_t> Tell() const override { return position_; }
  bool closed() const override { return fd_ < 0; }

  int64_t position() const { return position_; }
  bool broken_pipe() const { return broken_pipe_; }
  // Of all that was written.
  std::string hash() const { return hash_.Hex(); }

 private:
  arrow::Status WriteAll(const char* data, int64_t size);

  int fd_;
  bool owned_;
  bool broken_pipe_ = false;
  std::string path_;
  int64_t position_ = 0;
  FileHash hash_;
  std::vector<char> pending_;
};

}  // namespace synthmill::io
