// How a column is written to Parquet: decided by its type, its hints and its first values.
#pragma once

#include <arrow/array.h>
#include <arrow/type.h>

#include "io/formats/format_internal.h"

namespace synthmill::io::internal {

struct ParquetColumn {
  bool dictionary = true;
  bool statistics = true;
  bool compress = true;
};

// `sample` is the column of the file's first batch, or nullptr if there is none. The choice is a
// function of the arguments alone.
arrow::Result<ParquetColumn> ChooseParquetColumn(const arrow::Field& field,
                                                 const arrow::Array* sample,
                                                 const CompressionChoice& compression);

}  // namespace synthmill::io::internal
