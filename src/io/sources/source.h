// Sources: where files are read from.
//
// A source is one file and one line in the registry (sources.cc), chosen by URI scheme as
// destinations are. It knows files, nothing of what is in them.
#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/destinations/destination.h"

namespace synthmill::io {

struct SourceFile {
  std::string name;   // as messages show it, and as Open() wants it
  std::string table;  // the table it holds rows of
  uint64_t bytes = 0;
  int64_t modified = 0;  // nanoseconds since 1970; 0 where it is not known
  // Values of columns that are not inside the file ("region=EU/day=2026-01-31", io/partition.h).
  std::string partition = {};
};

// What a source knows of a table without opening its files.
struct SourceTable {
  const Format* format = nullptr;
  std::shared_ptr<arrow::Schema> schema;  // all columns, those of partitions too
  std::vector<std::string> partition_by;  // the columns of SourceFile::partition
};

// Open() and Same() may be called from many threads.
class Source {
 public:
  virtual ~Source() = default;
  // All files, in the order in which they are read: sorted by table, then by name.
  virtual arrow::Result<std::vector<SourceFile>> List() = 0;
  virtual arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(
      const SourceFile& file) = 0;
  // Nothing: the files tell.
  virtual arrow::Result<std::optional<SourceTable>> Describe(const std::string& /*table*/) {
    return std::nullopt;
  }
  // An error if the file is no longer what was listed.
  virtual arrow::Status CheckSame(const SourceFile& file) = 0;
};

struct SourceInfo {
  const char* name;     // "local"
  const char* schemes;  // "PATH file:", as DestinationInfo::schemes
  const char* help;     // one line
  const char* example;  // a command line
  bool (*matches)(std::string_view uri);
  // Flags (credentials, endpoints) are those of the destination of the same scheme.
  arrow::Result<std::unique_ptr<Source>> (*open)(const std::string& uri,
                                                 const DestinationOptions& options);
  // Its tables have readers of their own (a metastore's), and are what these see: manifests of runs
  // are not asked.
  bool has_readers = false;
};

std::span<const SourceInfo* const> Sources();
// Unknown schemes are refused with a suggestion.
arrow::Result<const SourceInfo*> FindSource(std::string_view uri);

// A file, a folder or a glob of any of Arrow's file systems: what most sources are.
//
//   FILE          one table, called as the file without its extensions
//   FOLDER        each folder below is a table; of the files in FOLDER itself each is one, but
//                 part-… files are together the table FOLDER. Names that begin with _ or . are
//                 passed over, as Spark does.
//   FOLDER/a*.csv all that match are one table: `a`, or FOLDER where the name begins with the star.
//                 *, ? and [a-z] stand for characters of a name, ** for any number of folders.
//
// `path` is what the file system calls it, `shown` what messages begin with instead of `path`.
std::unique_ptr<Source> MakeFileSystemSource(std::shared_ptr<arrow::fs::FileSystem> file_system,
                                             std::string path, std::string shown);

// Whether `name` matches the glob `pattern`; `*` does not match '/', `**` does.
bool MatchesGlob(std::string_view pattern, std::string_view name);
bool HasGlob(std::string_view path);

}  // namespace synthmill::io
