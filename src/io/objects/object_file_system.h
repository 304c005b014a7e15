// A bucket as one of Arrow's file systems, to be read from. Paths are "bucket/key".
#pragma once

#include <arrow/filesystem/filesystem.h>

#include <memory>
#include <string>

#include "io/objects/object_store.h"

namespace synthmill::io {

// `type` is the scheme ("s3"). Writing is refused: that is what destinations are for.
std::shared_ptr<arrow::fs::FileSystem> MakeObjectFileSystem(std::shared_ptr<ObjectStore> store,
                                                            std::string bucket, std::string type);

}  // namespace synthmill::io
