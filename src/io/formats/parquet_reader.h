#pragma once

#include <memory>

#include "io/formats/format.h"

namespace synthmill::io::internal {

// Format::read of Parquet.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadParquet(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options);

}  // namespace synthmill::io::internal
