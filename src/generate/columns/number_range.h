// What `int`, `decimal` and `float` share: a number in a range, on steps, with a skew, and the
// range chosen by another column where `cases` say so.
#pragma once

#include "generate/columns/kinds.h"

namespace synthmill::generate {

struct NumberRange {
  int64_t min = 0;
  int64_t step = 1;
  uint64_t steps = 1;  // values are min + step * [0, steps)
};

// Compiles the range arguments with numbers scaled by 10^scale. Returns nullptr after errors.
std::unique_ptr<Column> CompileNumber(ColumnContext& context, Type type, int64_t low, int64_t high);

}  // namespace synthmill::generate
