#include "spec/row_counts.h"

#include <algorithm>

#include "spec/parameter_values.h"

namespace synthmill::spec {

namespace {

constexpr char kForms[] =
    "; written as 1000, orders=1000000, or items=3..9 (so many for each row of its parent)";

arrow::Result<int64_t> Count(std::string_view text, const std::string& given) {
  Parameter number;
  auto value = ParseGiven(number, text);
  if (value.ok() && value->number >= 0) return value->number;
  return arrow::Status::Invalid("--rows ", given, ": '", text, "' is not a number of rows", kForms);
}

arrow::Result<RowsOverride> ParseOne(const std::string& given) {
  RowsOverride out;
  out.text = given;
  std::string_view rest = given;
  if (const size_t equals = rest.find('='); equals != rest.npos) {
    out.table = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    if (out.table.empty()) {
      return arrow::Status::Invalid("--rows ", given, ": no table before the =", kForms);
    }
  }
  const size_t dots = rest.find("..");
  if (dots == rest.npos) {
    ARROW_ASSIGN_OR_RAISE(out.rows, Count(rest, given));
    return out;
  }
  if (out.table.empty()) {
    return arrow::Status::Invalid("--rows ", given, ": a range is for one table", kForms);
  }
  std::string_view max = rest.substr(dots + 2);
  if (const size_t slash = max.find('/'); slash != max.npos) {
    out.parent = max.substr(slash + 1);
    max = max.substr(0, slash);
  }
  out.per_parent = true;
  ARROW_ASSIGN_OR_RAISE(out.min, Count(rest.substr(0, dots), given));
  ARROW_ASSIGN_OR_RAISE(out.max, Count(max, given));
  if (out.min > out.max) {
    return arrow::Status::Invalid("--rows ", given, ": ", out.min, " is more than ", out.max);
  }
  return out;
}

}  // namespace

arrow::Result<std::vector<RowsOverride>> ParseRows(const std::vector<std::string>& given) {
  std::vector<RowsOverride> out;
  for (const std::string& list : given) {
    for (size_t begin = 0; begin <= list.size();) {
      const size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) {
        ARROW_ASSIGN_OR_RAISE(RowsOverride one, ParseOne(list.substr(begin, end - begin)));
        std::erase_if(out, [&](const RowsOverride& r) { return r.table == one.table; });
        out.push_back(std::move(one));
      }
      begin = end + 1;
    }
  }
  return out;
}

}  // namespace synthmill::spec
