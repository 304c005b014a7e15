#include <limits>

#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  Type type;
  if (!ReadType(c.args(), {"int8", "int16", "int32", "int64"}, "int64", &type)) return nullptr;
  auto within = [&](auto limits) { return CompileNumber(c, type, limits.min(), limits.max()); };
  switch (type.id) {
    case TypeId::kInt8:
      return within(std::numeric_limits<int8_t>());
    case TypeId::kInt16:
      return within(std::numeric_limits<int16_t>());
    case TypeId::kInt32:
      return within(std::numeric_limits<int32_t>());
    default:
      return within(std::numeric_limits<int64_t>());
  }
}

}  // namespace

extern const ColumnKind kInt = {
    "int", "a whole number in a range", "{kind: int, min: 1000, max: 50000, step: 500, skew: low}",
    WithNumberDocs({{"min", "lowest value; with cases, in each case"},
                    {"max", "highest value"},
                    {"step", "values lie on min + n * step; default 1"},
                    {"type", "int8, int16, int32 or int64 (default)"},
                    {"given", "another column of few values that decides"},
                    {"cases", "with given: value of that column -> {min, max}"}}),
    Compile};

}  // namespace synthmill::generate
