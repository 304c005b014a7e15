// - : standard input. Types are inferred by reading twice, and Parquet is read from its end, so
// what comes is kept in a file without a name first (in TMPDIR), which is gone with the process.
#include <arrow/io/file.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <vector>

#include "io/destinations/fd_stream.h"
#include "io/sources/source.h"

namespace synthmill::io {

namespace {

class StdinSource : public Source {
 public:
  ~StdinSource() override {
    if (fd_ >= 0) ::close(fd_);
  }

  arrow::Result<std::vector<SourceFile>> List() override {
    ARROW_ASSIGN_OR_RAISE(const uint64_t bytes, Keep());
    return std::vector<SourceFile>{{"standard input", "stdin", bytes, 0}};
  }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(const SourceFile&) override {
    // A descriptor of its own, with a position of its own.
    const std::string path = "/proc/self/fd/" + std::to_string(fd_);
    return arrow::io::ReadableFile::Open(path);
  }
  arrow::Status CheckSame(const SourceFile&) override { return arrow::Status::OK(); }

 private:
  arrow::Result<uint64_t> Keep() {
    std::error_code ec;
    const std::string folder = std::filesystem::temp_directory_path(ec).string();
    fd_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd_ < 0) {
      std::string name = folder + "/synthmill-stdin-XXXXXX";
      fd_ = ::mkstemp(name.data());
      if (fd_ < 0) return ErrnoStatus(errno, "cannot keep standard input in", folder);
      ::unlink(name.c_str());
    }
    std::vector<char> buffer(1 << 20);
    uint64_t bytes = 0;
    while (true) {
      const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return ErrnoStatus(errno, "cannot read", "standard input");
      if (got == 0) return bytes;
      for (ssize_t done = 0; done < got;) {
        const ssize_t put = ::write(fd_, buffer.data() + done, static_cast<size_t>(got - done));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return ErrnoStatus(errno, "cannot keep standard input in", folder);
        done += put;
      }
      bytes += static_cast<uint64_t>(got);
    }
  }

  int fd_ = -1;
};

}  // namespace

extern const SourceInfo kStdinSource;
const SourceInfo kStdinSource = {
    .name = "stdin",
    .schemes = "-",
    .help = "one table from standard input; --from-format says in which format",
    .example = "psql -c 'COPY orders TO STDOUT CSV HEADER' | synthmill copy - orders.parquet",
    .matches = [](std::string_view uri) { return uri == "-"; },
    .open = [](const std::string&, const DestinationOptions&)
        -> arrow::Result<std::unique_ptr<Source>> { return std::make_unique<StdinSource>(); },
};

}  // namespace synthmill::io
