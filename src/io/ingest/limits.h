// Values against what a spec says of them beyond their types.
#pragma once

#include <arrow/record_batch.h>

#include <vector>

#include "core/value_limits.h"
#include "io/ingest/failures.h"

namespace synthmill::io::ingest {

// Adds the cells of a batch that are beyond their column's limits. Cells of types for which a limit
// has no meaning, nested ones too, are not looked at.
void CheckLimits(const arrow::RecordBatch& batch, const std::vector<core::ValueLimits>& limits,
                 std::vector<CellFailure>* failures);

}  // namespace synthmill::io::ingest
