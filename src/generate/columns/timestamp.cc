#include "generate/columns/date_range.h"
#include "generate/columns/series.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  Type type{TypeId::kTimestamp};
  static const std::vector<std::string> kZones = {"none", "UTC"};
  type.utc = c.args().Choice("zone", kZones, "none") == "UTC";
  const int64_t tick = ReadTick(c.args(), "microsecond");
  if (c.args().Has("series")) return CompileMoments(c, type, tick);
  return CompileTime(c, type, 86'400'000'000, tick);
}

}  // namespace

extern const ColumnKind kTimestamp = {
    "timestamp", "a moment between two days (microseconds)",
    "{kind: timestamp, from: as_of - 30d, to: as_of - 1d}",
    WithTimeDocs(
        {{"from", "first day, from 00:00; an expression such as as_of - 5y"},
         {"to", "last day, to its last moment"},
         {"after", "instead of from and to: a column of dates or timestamps to count from"},
         {"series",
          "instead: {start, step, jitter, index}: later with every row by a step such as 15m, and "
          "by up "
          "to the share `jitter` of it; index: a column that counts instead of the row number"},
         {"precision", "second, millisecond, microsecond (default)"},
         {"zone", "UTC: a moment in UTC; none (default): a local time without a zone"}}),
    Compile};

}  // namespace synthmill::generate
