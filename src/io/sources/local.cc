// Files of this machine.
#include <arrow/filesystem/localfs.h>

#include "io/sources/source.h"

namespace synthmill::io {

namespace {

bool IsPath(std::string_view uri) {
  if (uri == "-") return false;
  if (uri.starts_with("file:")) return true;
  const size_t colon = uri.find(':');
  return colon == std::string_view::npos || colon == 0 ||
         uri.substr(0, colon).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+") !=
             std::string_view::npos;
}

}  // namespace

extern const SourceInfo kLocalSource;
const SourceInfo kLocalSource = {
    .name = "local",
    .schemes = "PATH file:",
    .help = "a file, a folder of tables, or a glob in quotes",
    .example = "synthmill copy 'exports/orders-*.csv.gz' data/orders",
    .matches = IsPath,
    .open = [](const std::string& uri,
               const DestinationOptions&) -> arrow::Result<std::unique_ptr<Source>> {
      std::string path = uri;
      if (path.starts_with("file://")) {
        path = path.substr(7);
      } else if (path.starts_with("file:")) {
        path = path.substr(5);
      }
      if (path.empty()) return arrow::Status::Invalid("'", uri, "' names no file");
      return MakeFileSystemSource(std::make_shared<arrow::fs::LocalFileSystem>(), path, path);
    },
};

}  // namespace synthmill::io
