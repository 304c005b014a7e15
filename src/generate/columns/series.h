// Columns that go on from row to row: a series of moments, a series of numbers.
#pragma once

#include "generate/columns/kinds.h"

namespace synthmill::generate {

// The timestamps of `series: {start, step, jitter, index}`, on whole ticks. nullptr after errors.
std::unique_ptr<Column> CompileMoments(ColumnContext& context, Type type, int64_t tick);

// Reads "250ms", "90s", "15m", "1h" or "2d" as microseconds.
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace synthmill::generate
