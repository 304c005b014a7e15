// What `date` and `timestamp` share: a time between two fixed ones, or some while after another
// column's, never before (or after) further columns', with rules and correlation as numbers have.
#pragma once

#include "generate/columns/kinds.h"

namespace synthmill::generate {

// `unit` is how many ticks of the column a day has: 1 for dates, 86,400,000,000 for timestamps.
std::unique_ptr<Column> CompileTime(ColumnContext& context, Type type, int64_t unit, int64_t tick);

// Reads `precision` as microseconds.
int64_t ReadTick(const spec::Args& args, const std::string& fallback);

// `docs` and those of the arguments that both have.
std::vector<ArgDoc> WithTimeDocs(std::vector<ArgDoc> docs);

}  // namespace synthmill::generate
