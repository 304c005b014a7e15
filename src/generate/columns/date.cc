#include "generate/columns/date_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  return CompileTime(c, Type{TypeId::kDate}, 1, 1);
}

}  // namespace

extern const ColumnKind kDate = {
    "date", "a day between two others",
    "{kind: date, from: as_of - 1y, to: as_of - 1d, not_before: registration_date}",
    WithTimeDocs({{"from", "first day; an expression such as as_of - 5y"},
                  {"to", "last day"},
                  {"after", "instead of from and to: a column of dates to count from"}}),
    Compile};

}  // namespace synthmill::generate
