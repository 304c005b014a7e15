#include "io/hdfs/client.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>

namespace synthmill::io::hdfs {

namespace {

constexpr int kJavaError = 255;  // EINTERNAL of hdfs.h: a Java exception without an errno

std::string Reason(int error) {
  switch (error) {
    case EACCES:
      return "permission denied";
    case EROFS:
      return "the name node is in safe mode";
    case EDQUOT:
      return "a quota is used up";
    case ENOSPC:
      return "no space is left";
    case ESTALE:
      return "someone else writes or has removed the file";
    case kJavaError:
      return "see Java's words above";
    default:
      return std::strerror(error);
  }
}

// Java asks a server that is away again for many seconds and prints pages about it: a connection
// that is refused is told at once, in one line.
arrow::Status CheckReachable(const Uri& uri) {
  if (uri.host.empty() || uri.port == 0) return arrow::Status::OK();
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  std::string host = uri.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string port = std::to_string(uri.port);
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &raw); error != 0) {
    return arrow::Status::IOError("cannot find the host of ", uri.root(), ": ",
                                  ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, ::freeaddrinfo);
  int error = 0;
  for (const addrinfo* a = found.get(); a; a = a->ai_next) {
    const int fd = ::socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    error = ::connect(fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      pollfd wait = {fd, POLLOUT, 0};
      socklen_t size = sizeof error;
      error = ETIMEDOUT;
      if (::poll(&wait, 1, 10'000) == 1) ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    ::close(fd);
    if (error == 0) return arrow::Status::OK();
  }
  return arrow::Status::IOError("nothing answers at ", uri.root(), ": ", std::strerror(error),
                                "; is the name node up, and is this its RPC port "
                                "(fs.defaultFS of its core-site.xml)?");
}

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Entry EntryOf(const PathInfo& info) {
  return {std::string(BaseName(info.name)), info.kind == 'D', static_cast<uint64_t>(info.bytes),
          static_cast<int64_t>(info.modified)};
}

}  // namespace

std::string Uri::root() const {
  return "hdfs://" + host + (port ? ":" + std::to_string(port) : std::string());
}

arrow::Result<Uri> ParseUri(std::string_view text) {
  const auto wrong = [&](const char* why) {
    return arrow::Status::Invalid("cannot read ", std::string(text), ": ", why,
                                  "; wanted hdfs://host:port/folder");
  };
  std::string_view rest = text;
  if (!rest.starts_with("hdfs://")) return wrong("no host");
  rest.remove_prefix(7);
  const size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view host = rest.substr(0, slash);
  Uri out;
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) {
    out.user = host.substr(0, at);
    host.remove_prefix(at + 1);
  }
  const size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc() || end != port.data() + port.size() || out.port == 0) {
      return wrong("the port is no number from 1 to 65535");
    }
    host = host.substr(0, colon);
    if (host.empty()) return wrong("no host");
  }
  out.host = host;
  for (std::string_view path = rest.substr(slash); !path.empty();) {
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    path.remove_prefix(end);
    if (name.empty()) continue;
    if (name == "." || name == "..") return wrong("a folder cannot be called . or ..");
    if (name.find(':') != std::string_view::npos) return wrong("HDFS allows no ':' in names");
    out.path += "/" + std::string(name);
  }
  if (out.path.empty()) out.path = "/";
  return out;
}

FileWriter::~FileWriter() {
  if (file_) (void)client_->lib_->close(client_->fs_, file_);
}

arrow::Status FileWriter::Write(const void* data, int64_t size) {
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    const auto n = static_cast<int32_t>(std::min<int64_t>(size, 1 << 20));
    const int32_t written = client_->lib_->write(client_->fs_, file_, from, n);
    if (written <= 0) return client_->Failed("cannot write", path_, errno);
    from += written;
    size -= written;
  }
  return arrow::Status::OK();
}

arrow::Status FileWriter::Close() {
  FileHandle* file = std::exchange(file_, nullptr);
  if (client_->lib_->close(client_->fs_, file) != 0) {
    return client_->Failed("cannot complete", path_, errno);
  }
  return arrow::Status::OK();
}

arrow::Result<std::shared_ptr<Client>> Client::Connect(const Uri& uri, int replication) {
  ARROW_ASSIGN_OR_RAISE(const Library* lib, Load());
  ARROW_RETURN_NOT_OK(CheckReachable(uri));
  Builder* builder = lib->new_builder();
  if (!builder) return arrow::Status::OutOfMemory("no memory for a connection to HDFS");
  const std::string name_node = uri.host.empty() ? "default" : "hdfs://" + uri.host;
  lib->set_name_node(builder, name_node.c_str());
  if (uri.port) lib->set_port(builder, uri.port);
  if (!uri.user.empty()) lib->set_user(builder, uri.user.c_str());
  lib->set_new_instance(builder);                    // to be closed without closing another's
  FileSystemHandle* handle = lib->connect(builder);  // frees the builder
  if (!handle) {
    const int error = errno;
    return arrow::Status::IOError("cannot connect to ", uri.root(), ": ", Reason(error));
  }
  return std::shared_ptr<Client>(new Client(lib, handle, uri.root(), replication));
}

Client::~Client() { (void)lib_->disconnect(fs_); }

arrow::Status Client::Failed(const char* what, const std::string& path, int error) const {
  const char* words = lib_->last_error ? lib_->last_error() : nullptr;
  std::string reason = Reason(error);
  if (words && *words) {
    std::string_view cause = words;
    cause = cause.substr(0, cause.find('\n'));
    reason = error == kJavaError ? std::string(cause) : reason + " (" + std::string(cause) + ")";
  }
  return arrow::Status::IOError(what, " ", UriOf(path), ": ", reason);
}

arrow::Result<std::optional<Entry>> Client::Info(const std::string& path) const {
  PathInfo* info = lib_->info(fs_, path.c_str());
  if (!info) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) return std::nullopt;
    return Failed("cannot look at", path, error);
  }
  std::optional<Entry> out = EntryOf(*info);
  lib_->free_info(info, 1);
  return out;
}

arrow::Result<std::vector<Entry>> Client::List(const std::string& path) const {
  int count = 0;
  errno = 0;
  PathInfo* infos = lib_->list(fs_, path.c_str(), &count);
  const int error = errno;
  std::vector<Entry> out;
  if (!infos) {
    if (error == 0 || error == ENOENT || error == ENOTDIR) return out;
    return Failed("cannot list", path, error);
  }
  for (int i = 0; i < count; ++i) out.push_back(EntryOf(infos[i]));
  lib_->free_info(infos, count);
  std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return out;
}

arrow::Status Client::MakeFolder(const std::string& path) const {
  if (lib_->make_folder(fs_, path.c_str()) == 0) return arrow::Status::OK();
  return Failed("cannot make the folder", path, errno);
}

arrow::Result<bool> Client::Rename(const std::string& from, const std::string& to) const {
  if (lib_->rename(fs_, from.c_str(), to.c_str()) == 0) return true;
  const int error = errno;
  if (error == EIO || error == ENOENT) return false;
  return Failed("cannot rename to", to, error);
}

arrow::Status Client::Remove(const std::string& path) const {
  if (lib_->remove(fs_, path.c_str(), /*recursive=*/1) == 0) return arrow::Status::OK();
  const int error = errno;
  ARROW_ASSIGN_OR_RAISE(const auto there, Info(path));
  return there ? Failed("cannot remove", path, error) : arrow::Status::OK();
}

arrow::Result<std::unique_ptr<FileWriter>> Client::Create(const std::string& path) const {
  FileHandle* file =
      lib_->open(fs_, path.c_str(), O_WRONLY, 0, static_cast<short>(replication_), 0);  // NOLINT
  if (!file) return Failed("cannot write", path, errno);
  return std::unique_ptr<FileWriter>(new FileWriter(this, path, file));
}

arrow::Status Client::ReadRange(const std::string& path, uint64_t offset, uint64_t size,
                                void* out) const {
  FileHandle* file = lib_->open(fs_, path.c_str(), O_RDONLY, 0, 0, 0);
  if (!file) return Failed("cannot read", path, errno);
  char* to = static_cast<char*>(out);
  arrow::Status status;
  while (size > 0) {
    const auto n = static_cast<int32_t>(std::min<uint64_t>(size, 4 << 20));
    const int32_t got = lib_->read_at(fs_, file, static_cast<int64_t>(offset), to, n);
    if (got <= 0) {
      status = got < 0 ? Failed("cannot read", path, errno)
                       : arrow::Status::IOError(UriOf(path), " ends before ", offset + size);
      break;
    }
    to += got;
    offset += static_cast<uint64_t>(got);
    size -= static_cast<uint64_t>(got);
  }
  (void)lib_->close(fs_, file);
  return status;
}

}  // namespace synthmill::io::hdfs
