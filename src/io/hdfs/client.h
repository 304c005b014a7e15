// One HDFS, spoken to through libhdfs. Paths begin with '/'.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/hdfs/library.h"

namespace synthmill::io::hdfs {

// hdfs://[user@]host[:port]/path; hdfs:///path is the one of Hadoop's own configuration, and a host
// without a port may be the name of several that stand in for each other.
struct Uri {
  std::string user;
  std::string host;          // empty: as configured
  uint16_t port = 0;         // 0: as configured
  std::string path;          // "/a/b", "/" at least, no slash at the end
  std::string root() const;  // "hdfs://host:port"
};
arrow::Result<Uri> ParseUri(std::string_view text);

struct Entry {
  std::string name;
  bool folder = false;
  uint64_t bytes = 0;
  int64_t modified = 0;  // seconds since 1970, by the name node's clock
};

class Client;

// A file that is being written. Not thread-safe. Destroyed without Close(): it stays as it is.
class FileWriter {
 public:
  ~FileWriter();
  arrow::Status Write(const void* data, int64_t size);
  // All its bytes are with the data nodes.
  arrow::Status Close();

 private:
  friend class Client;
  FileWriter(const Client* client, std::string path, FileHandle* file)
      : client_(client), path_(std::move(path)), file_(file) {}

  const Client* client_;
  std::string path_;
  FileHandle* file_;
};

// Thread-safe.
class Client {
 public:
  static arrow::Result<std::shared_ptr<Client>> Connect(const Uri& uri, int replication);
  ~Client();

  std::string UriOf(std::string_view path) const { return root_ + std::string(path); }
  arrow::Result<std::optional<Entry>> Info(const std::string& path) const;
  // Names directly below, sorted; none if there is no such folder.
  arrow::Result<std::vector<Entry>> List(const std::string& path) const;
  arrow::Status MakeFolder(const std::string& path) const;  // and those above it
  // Atomic. False, nothing changed: `from` is not there, or a file `to` is. (A folder `to` would
  // take it in: look first.)
  arrow::Result<bool> Rename(const std::string& from, const std::string& to) const;
  // With all it holds; no error if it is not there.
  arrow::Status Remove(const std::string& path) const;
  // Replaces what is there.
  arrow::Result<std::unique_ptr<FileWriter>> Create(const std::string& path) const;
  // Exactly `size` bytes from `offset`.
  arrow::Status ReadRange(const std::string& path, uint64_t offset, uint64_t size, void* out) const;

 private:
  friend class FileWriter;
  Client(const Library* library, FileSystemHandle* handle, std::string root, int replication)
      : lib_(library), fs_(handle), root_(std::move(root)), replication_(replication) {}
  // Of the last call, by this thread: `error` is errno.
  arrow::Status Failed(const char* what, const std::string& path, int error) const;

  const Library* lib_;
  FileSystemHandle* fs_;
  std::string root_;
  int replication_;  // 0: as configured
};

}  // namespace synthmill::io::hdfs
