#pragma once

#include <memory>

#include "io/formats/format.h"

namespace synthmill::io::internal {

// Format::read of JSON Lines.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadJsonLines(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options);

}  // namespace synthmill::io::internal
