// What `int`, `decimal`, `float` and `time` share: a number in a range, on steps, with a skew or a
// distribution, the range chosen by another column where `cases` say so, rules against other
// columns, and correlation with one.
#pragma once

#include "generate/columns/kinds.h"

namespace synthmill::generate {

struct NumberRange {
  Int128 min = 0, max = 0;
  Int128 step = 1;  // values are min + n * step
  // How many there are; a range over all of int64 loses its top value.
  unsigned __int128 steps() const { return span() / static_cast<unsigned __int128>(step) + 1; }
  // max - min and min + n * step, unsigned: all of decimal(38) is wider than an Int128 counts.
  unsigned __int128 span() const {
    return static_cast<unsigned __int128>(max) - static_cast<unsigned __int128>(min);
  }
  Int128 At(unsigned __int128 n) const {
    return static_cast<Int128>(static_cast<unsigned __int128>(min) +
                               n * static_cast<unsigned __int128>(step));
  }
};

// Compiles the arguments below with numbers scaled by 10^scale; values fit low..high. Returns
// nullptr after errors.
std::unique_ptr<Column> CompileNumber(ColumnContext& context, Type type, Int128 low, Int128 high);

// The same for a range that is known: `min`, `max`, `step`, `given` and `cases` are not read.
std::unique_ptr<Column> CompileNumberIn(ColumnContext& context, Type type, NumberRange range);

// `docs`, and the documents of the arguments that all of these have: skew, distribution and its
// parameters, correlate, rules.
std::vector<ArgDoc> WithNumberDocs(std::vector<ArgDoc> docs);

}  // namespace synthmill::generate
