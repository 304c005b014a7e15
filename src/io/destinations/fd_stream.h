// An output stream on a file descriptor, with errors a user can act on.
#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

#include "io/destinations/part_stream.h"

namespace synthmill::io {

// "cannot write /data/x: no space left on the disk; free some or choose another --to"
arrow::Status ErrnoStatus(int error, const std::string& what, const std::string& path);

// Small writes are gathered, large ones go straight through. Not thread-safe.
class FdOutputStream : public PartStream {
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
  bool closed() const override { return fd_ < 0; }

  bool broken_pipe() const { return broken_pipe_; }

 private:
  arrow::Status WriteAll(const char* data, int64_t size);

  int fd_;
  bool owned_;
  bool broken_pipe_ = false;
  std::string path_;
  std::vector<char> pending_;
};

}  // namespace synthmill::io
