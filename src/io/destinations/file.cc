#include "io/destinations/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "io/destinations/fd_stream.h"
#include "io/destinations/local_documents.h"

namespace synthmill::io {

namespace fs = std::filesystem;

namespace {

// The hidden file, locked as long as this lives.
class FileLease : public Lease {
 public:
  FileLease(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~FileLease() override {
    // Renamed, it is no longer there.
    ::unlink(path_.c_str());
    ::close(fd_);
  }

 private:
  int fd_;
  std::string path_;
};

class FileDestination : public Destination {
 public:
  explicit FileDestination(fs::path path)
      : path_(std::move(path)),
        hidden_(path_.parent_path() / ("." + path_.filename().string() + ".inprogress")) {}

  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string&) override {
    if (path_.has_parent_path()) ARROW_RETURN_NOT_OK(MakeFolders(path_.parent_path()));
    while (true) {
      const int fd = ::open(hidden_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
      if (fd < 0) return ErrnoStatus(errno, "cannot write", hidden_.string());
      if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        return arrow::Status::Invalid(path_.string(), " is being written by another run");
      }
      // Whoever held it may have renamed or removed it in between.
      struct stat locked, there;
      if (::fstat(fd, &locked) == 0 && ::stat(hidden_.c_str(), &there) == 0 &&
          locked.st_ino == there.st_ino && locked.st_dev == there.st_dev) {
        return std::make_unique<FileLease>(fd, hidden_.string());
      }
      ::close(fd);
    }
  }

  arrow::Status Begin(const RunTarget& target) override {
    if (target.tables.size() != 1) {
      return arrow::Status::Invalid("one file takes one table, these are ", target.tables.size(),
                                    "; give a folder, or choose one with --tables");
    }
    if (target.mode == WriteMode::kAppend) {
      return arrow::Status::Invalid("nothing can be appended to the file ", path_.string(),
                                    "; a folder takes further files");
    }
    std::error_code ec;
    if (target.mode == WriteMode::kError && fs::exists(path_, ec)) {
      return arrow::Status::Invalid(path_.string(),
                                    " is there already\n  replace it:  --write-mode overwrite");
    }
    target_ = target;
    return arrow::Status::OK();
  }

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t,
                                                  const std::string&) override {
    const int fd = ::open(hidden_.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (fd < 0) return ErrnoStatus(errno, "cannot write", hidden_.string());
    auto stream = std::make_shared<FdOutputStream>(fd, /*owned=*/true, path_.string());
    Receipt receipt;
    receipt.table = target_.tables[table].name;
    receipt.file = path_.filename().string();
    return OpenStreamPart(target_, table, std::move(receipt), std::move(stream));
  }

  arrow::Result<bool> Holds(const Receipt&) override { return false; }

  arrow::Status Commit(const std::vector<Receipt>&, const std::string&) override {
    const unsigned flags = target_.mode == WriteMode::kError ? RENAME_NOREPLACE : 0;
    if (::renameat2(AT_FDCWD, hidden_.c_str(), AT_FDCWD, path_.c_str(), flags) == 0) {
      return arrow::Status::OK();
    }
    if (flags != 0 && (errno == EINVAL || errno == ENOSYS)) {
      // A file system without such a rename: a link is refused in the same way.
      if (::link(hidden_.c_str(), path_.c_str()) == 0) return arrow::Status::OK();
    }
    return ErrnoStatus(errno, "cannot publish", path_.string());
  }
  arrow::Status Finish() override { return arrow::Status::OK(); }
  arrow::Status Discard(const std::string&) override { return arrow::Status::OK(); }

 private:
  const fs::path path_, hidden_;
  RunTarget target_;
};

}  // namespace

arrow::Result<std::unique_ptr<Destination>> OpenFileDestination(const std::string& path) {
  return std::make_unique<FileDestination>(fs::path(path));
}

}  // namespace synthmill::io
