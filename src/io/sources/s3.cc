// Objects of an S3 bucket.
#include "io/objects/object_file_system.h"
#include "io/s3/client.h"
#include "io/sources/source.h"

namespace synthmill::io {

extern const SourceInfo kS3Source;
const SourceInfo kS3Source = {
    .name = "s3",
    .schemes = "s3: s3a:",
    .help = "an object, a prefix of tables, or a glob, in a bucket of S3 or of what speaks like it",
    .example = "synthmill copy 's3://bucket/exports/orders-*.csv.gz' data/orders",
    .matches =
        [](std::string_view uri) { return uri.starts_with("s3:") || uri.starts_with("s3a:"); },
    .open = [](const std::string& uri,
               const DestinationOptions& options) -> arrow::Result<std::unique_ptr<Source>> {
      ARROW_ASSIGN_OR_RAISE(const ObjectUri at, ParseObjectUri(uri));
      ARROW_ASSIGN_OR_RAISE(S3Options settings, S3Options::From(options));
      auto store = std::make_shared<S3Client>(at.bucket, std::move(settings));
      return MakeFileSystemSource(MakeObjectFileSystem(std::move(store), at.bucket, "s3"),
                                  JoinKey(at.bucket, at.prefix), uri);
    },
};

}  // namespace synthmill::io
