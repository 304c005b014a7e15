// Objects of a bucket of Google Cloud Storage.
#include "io/gcs/client.h"
#include "io/objects/object_file_system.h"
#include "io/sources/source.h"

namespace synthmill::io {

extern const SourceInfo kGcsSource;
const SourceInfo kGcsSource = {
    .name = "gcs",
    .schemes = "gs:",
    .help = "an object, a prefix of tables, or a glob, in a bucket of Google Cloud Storage",
    .example = "synthmill copy gs://bucket/exports/orders data/orders",
    .matches = [](std::string_view uri) { return uri.starts_with("gs:"); },
    .open = [](const std::string& uri,
               const DestinationOptions& options) -> arrow::Result<std::unique_ptr<Source>> {
      ARROW_ASSIGN_OR_RAISE(const ObjectUri at, ParseObjectUri(uri));
      ARROW_ASSIGN_OR_RAISE(GcsOptions settings, GcsOptions::From(options));
      auto store = std::make_shared<GcsClient>(at.bucket, std::move(settings));
      return MakeFileSystemSource(MakeObjectFileSystem(std::move(store), at.bucket, "gs"),
                                  JoinKey(at.bucket, at.prefix), uri);
    },
};

}  // namespace synthmill::io
