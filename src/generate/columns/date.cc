#include "generate/columns/date_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  return CompileTime(c, Type{TypeId::kDate}, 1, 1);
}

}  // namespace

extern const ColumnKind kDate = {
    "date",
    "a day between two others",
    "{kind: date, from: as_of - 1y, to: as_of - 1d, not_before: registration_date}",
    {{"from", "first day; an expression such as as_of - 5y"},
     {"to", "last day"},
     {"after", "instead of from and to: a column of dates to count from"},
     {"min_days", "with after: at least so many days later; default 0"},
     {"max_days", "with after: at most so many; default 30"},
     {"year_of", "a column whose calendar year it must share"},
     {"not_before", "a column of dates that is a lower bound too"},
     {"not_after", "a column of dates that is an upper bound too"},
     {"skew", "none (default), low, high, normal"}},
    Compile};

}  // namespace synthmill::generate
