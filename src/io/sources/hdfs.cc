// Files of Hadoop's distributed file system.
#include "io/hdfs/client.h"
#include "io/hdfs/store.h"
#include "io/objects/object_file_system.h"
#include "io/sources/source.h"

namespace synthmill::io {

extern const SourceInfo kHdfsSource;
const SourceInfo kHdfsSource = {
    .name = "hdfs",
    .schemes = "hdfs:",
    .help = "a file, a folder of tables, or a glob, of Hadoop's file system",
    .example = "synthmill copy 'hdfs://namenode:8020/exports/orders-*.csv' data/orders",
    .matches = [](std::string_view uri) { return uri.starts_with("hdfs:"); },
    .open = [](const std::string& text,
               const DestinationOptions&) -> arrow::Result<std::unique_ptr<Source>> {
      ARROW_ASSIGN_OR_RAISE(const hdfs::Uri uri, hdfs::ParseUri(text));
      ARROW_ASSIGN_OR_RAISE(auto client, hdfs::Client::Connect(uri, /*replication=*/0));
      auto store = std::make_shared<hdfs::Store>(std::move(client));
      // The host stands where buckets have their name.
      return MakeFileSystemSource(MakeObjectFileSystem(std::move(store), uri.root(), "hdfs"),
                                  uri.root() + (uri.path == "/" ? "" : uri.path),
                                  uri.root() + (uri.path == "/" ? "" : uri.path));
    },
};

}  // namespace synthmill::io
