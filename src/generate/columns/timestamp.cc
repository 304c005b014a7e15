#include "generate/columns/date_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  static const std::vector<std::string> kPrecisions = {"second", "millisecond", "microsecond"};
  const std::string precision = c.args().Choice("precision", kPrecisions, "microsecond");
  const int64_t tick = precision == "second" ? 1'000'000 : precision == "millisecond" ? 1'000 : 1;
  return CompileTime(c, Type{TypeId::kTimestamp}, 86'400'000'000, tick);
}

}  // namespace

extern const ColumnKind kTimestamp = {
    "timestamp",
    "a moment between two days (UTC, microseconds)",
    "{kind: timestamp, from: as_of - 30d, to: as_of - 1d}",
    {{"from", "first day, from 00:00; an expression such as as_of - 5y"},
     {"to", "last day, to its last moment"},
     {"after", "instead of from and to: a column of dates or timestamps to count from"},
     {"min_days", "with after: at least so many days later; default 0"},
     {"max_days", "with after: at most so many; default 30"},
     {"year_of", "a column whose calendar year it must share"},
     {"not_before", "a column that is a lower bound too"},
     {"not_after", "a column that is an upper bound too"},
     {"precision", "second, millisecond, microsecond (default)"},
     {"skew", "none (default), low, high, normal"}},
    Compile};

}  // namespace synthmill::generate
