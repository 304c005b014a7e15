// Columns of typed files as the types a table has.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "io/ingest/columns.h"

namespace synthmill::io::ingest {

// The type a column gets where no schema says: dictionaries as their values, narrow unsigned
// numbers as the next larger signed ones, large texts as texts, times in microseconds.
std::shared_ptr<arrow::DataType> PlainType(const std::shared_ptr<arrow::DataType>& type);

// The column as `field` wants it, no value changed. What does not fit is in *failures, and null.
arrow::Result<std::shared_ptr<arrow::Array>> CastColumn(const std::shared_ptr<arrow::Array>& column,
                                                        const arrow::Field& field, int index,
                                                        std::vector<CellFailure>* failures);

}  // namespace synthmill::io::ingest
