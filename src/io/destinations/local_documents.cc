#include "io/destinations/local_documents.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "io/destinations/fd_stream.h"

namespace synthmill::io {

namespace fs = std::filesystem;

arrow::Result<std::optional<std::string>> LocalDocuments::Read(const std::string& path) const {
  const fs::path file = root_ / path;
  std::error_code ec;
  if (!fs::exists(file, ec)) {
    if (ec && ec != std::errc::not_a_directory) {
      return ErrnoStatus(ec.value(), "cannot read", file.string());
    }
    return std::nullopt;
  }
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return ErrnoStatus(errno, "cannot read", file.string());
  return std::optional<std::string>(std::move(text).str());
}

arrow::Status LocalDocuments::WriteFile(const fs::path& file, std::string_view text) {
  ARROW_RETURN_NOT_OK(MakeFolders(file.parent_path()));
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return ErrnoStatus(errno, "cannot write", file.string());
  FdOutputStream out(fd, /*owned=*/false, file.string());
  arrow::Status status = out.Write(text.data(), static_cast<int64_t>(text.size()));
  if (status.ok()) status = out.Close();
  ::close(fd);
  if (!status.ok()) ::unlink(file.c_str());
  return status;
}

arrow::Status LocalDocuments::Write(const std::string& path, std::string_view text) {
  const fs::path file = root_ / path;
  const fs::path temporary = file.string() + ".tmp";
  ARROW_RETURN_NOT_OK(WriteFile(temporary, text));
  if (::rename(temporary.c_str(), file.c_str()) == 0) return arrow::Status::OK();
  const int error = errno;
  ::unlink(temporary.c_str());
  return ErrnoStatus(error, "cannot write", file.string());
}

// A hard link fails where the name is taken, and appears with all its bytes.
arrow::Result<bool> LocalDocuments::Create(const std::string& path, std::string_view text) {
  const fs::path file = root_ / path;
  // Of this process and moment: two writers must not share it.
  static std::atomic<uint64_t> counter{0};
  fs::path temporary =
      file.parent_path() / ("." + file.filename().string() + "." + std::to_string(::getpid()) +
                            "." + std::to_string(counter++) + ".tmp");
  ARROW_RETURN_NOT_OK(WriteFile(temporary, text));
  const int linked = ::link(temporary.c_str(), file.c_str());
  const int error = errno;
  ::unlink(temporary.c_str());
  if (linked == 0) return true;
  if (error == EEXIST) return false;
  return ErrnoStatus(error, "cannot write", file.string());
}

arrow::Result<std::vector<std::string>> LocalDocuments::List(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code ec;
  for (fs::directory_iterator it(root_ / folder, ec), end; !ec && it != end; it.increment(ec)) {
    names.push_back(it->path().filename().string());
  }
  if (ec && ec != std::errc::no_such_file_or_directory && ec != std::errc::not_a_directory) {
    return ErrnoStatus(ec.value(), "cannot list", (root_ / folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

arrow::Status LocalDocuments::Remove(const std::string& path) { return RemoveTree(root_ / path); }

arrow::Status MakeFolders(const fs::path& folder, std::vector<fs::path>* made) {
  std::error_code ec;
  if (folder.empty() || fs::is_directory(folder, ec)) return arrow::Status::OK();
  ARROW_RETURN_NOT_OK(MakeFolders(folder.parent_path(), made));
  if (::mkdir(folder.c_str(), 0777) == 0) {
    if (made) made->push_back(folder);
    return arrow::Status::OK();
  }
  const int error = errno;
  if (error == EEXIST && fs::is_directory(folder, ec)) return arrow::Status::OK();
  return ErrnoStatus(error, "cannot make the folder", folder.string());
}

arrow::Status RemoveTree(const fs::path& path) {
  std::error_code ec;
  fs::remove_all(path, ec);
  if (ec && ec != std::errc::no_such_file_or_directory && ec != std::errc::not_a_directory) {
    return ErrnoStatus(ec.value(), "cannot remove", path.string());
  }
  return arrow::Status::OK();
}

namespace {

class FolderLease : public Lease {
 public:
  FolderLease(int fd, fs::path folder, std::vector<fs::path> made)
      : fd_(fd), folder_(std::move(folder)), made_(std::move(made)) {}
  ~FolderLease() override {
    const fs::path own = folder_ / "_synthmill";
    // Unlinked while still held: who waits for it notices (see LockFolder) and tries again.
    ::unlink((own / "lock").c_str());
    ::close(fd_);
    for (const fs::path& p : {own / "staging", own / "runs", own}) ::rmdir(p.c_str());
    for (auto it = made_.rbegin(); it != made_.rend(); ++it) ::rmdir(it->c_str());
  }

 private:
  int fd_;
  fs::path folder_;
  std::vector<fs::path> made_;
};

std::string FirstLine(int fd) {
  char buffer[256];
  const ssize_t n = ::pread(fd, buffer, sizeof buffer, 0);
  const std::string text(buffer, n > 0 ? static_cast<size_t>(n) : 0);
  return text.substr(0, text.find('\n'));
}

}  // namespace

arrow::Result<std::unique_ptr<Lease>> LockFolder(const fs::path& folder, const std::string& owner) {
  std::vector<fs::path> made;
  const arrow::Status folders = MakeFolders(folder / "_synthmill", &made);
  if (!folders.ok()) {
    for (auto it = made.rbegin(); it != made.rend(); ++it) ::rmdir(it->c_str());
    return folders;
  }
  const fs::path path = folder / "_synthmill" / "lock";
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
      const int error = errno;
      if (error == ENOENT) {  // another's last act removed the folder
        ARROW_RETURN_NOT_OK(MakeFolders(folder / "_synthmill", &made));
        continue;
      }
      for (auto it = made.rbegin(); it != made.rend(); ++it) ::rmdir(it->c_str());
      return ErrnoStatus(error, "cannot write", path.string());
    }
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      const std::string holder = FirstLine(fd);
      ::close(fd);
      if (error != EWOULDBLOCK) return ErrnoStatus(error, "cannot lock", path.string());
      return arrow::Status::Invalid(folder.string(), " is being written by another run (",
                                    holder.empty() ? "its owner is not known yet" : holder,
                                    "); wait until it is done, or choose another --to");
    }
    struct stat held, there;
    if (::fstat(fd, &held) == 0 && ::stat(path.c_str(), &there) == 0 &&
        held.st_ino == there.st_ino && held.st_dev == there.st_dev) {
      const std::string text = owner + "\n";
      if (::ftruncate(fd, 0) != 0 ||
          ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        // Only the words for others are missing (a full disk): the lock itself holds.
      }
      return std::make_unique<FolderLease>(fd, folder, std::move(made));
    }
    ::close(fd);  // locked a file that its last holder had just removed
  }
  return arrow::Status::IOError("cannot lock ", path.string(), ": others keep taking it");
}

}  // namespace synthmill::io
