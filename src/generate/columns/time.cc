#include "core/dates.h"
#include "generate/columns/date_range.h"
#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const int64_t tick = ReadTick(args, "second");
  bool ok = true;
  auto clock = [&](const char* key, int64_t fallback) {
    if (!args.Has(key)) return fallback;
    const std::string text = args.Text(key, "");
    const auto read = core::ParseClock(text);
    if (!read) args.Error(args.At(key), "'" + text + "' is not a time, such as 08:30:00");
    ok &= read.has_value();
    return read.value_or(fallback);
  };
  const int64_t from = clock("from", 0), to = clock("to", core::kMicrosPerDay - tick);
  if (ok && from > to) {
    args.Error(args.At("to"), "the end is before the start");
    ok = false;
  }
  if (!ok) return nullptr;
  return CompileNumberIn(c, Type{TypeId::kTime}, {from, to, tick});
}

}  // namespace

extern const ColumnKind kTime = {
    "time", "a time of day (microseconds, no zone)",
    "{kind: time, from: \"08:00\", to: \"17:59:59\", skew: normal}",
    WithNumberDocs({{"from", "earliest; default 00:00:00"},
                    {"to", "latest; default the last of the day"},
                    {"precision", "second (default), millisecond, microsecond"}}),
    Compile};

}  // namespace synthmill::generate
