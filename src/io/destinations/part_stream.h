// Parts that are streams of bytes to a server.
#pragma once

#include <arrow/io/interfaces.h>

#include <memory>
#include <string>

#include "io/destinations/destination.h"
#include "io/file_hash.h"

namespace synthmill::io {

// Close() leaves all bytes with the server, not yet visible; Abort() and the destructor, where it
// was not closed, leave nothing. Not thread-safe.
class PartStream : public arrow::io::OutputStream {
 public:
  arrow::Result<int64_t> Tell() const override { return position_; }
  bool closed() const override { return closed_; }

  int64_t position() const { return position_; }
  // Of all that was written.
  std::string hash() const { return hash_.Hex(); }
  // What the destination needs to commit it, after Close().
  virtual std::string token() const { return {}; }

 protected:
  int64_t position_ = 0;
  bool closed_ = false;
  FileHash hash_;
};

// A part in the target's format, through `stream`; Close() completes `receipt`.
arrow::Result<std::unique_ptr<PartWriter>> OpenStreamPart(const RunTarget& target, size_t table,
                                                          Receipt receipt,
                                                          std::shared_ptr<PartStream> stream);

}  // namespace synthmill::io
