#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  Type type;
  if (!ReadType(c.args(), {"int32", "int64"}, "int64", &type)) return nullptr;
  const bool narrow = type.id == TypeId::kInt32;
  return CompileNumber(c, type, narrow ? INT32_MIN : INT64_MIN, narrow ? INT32_MAX : INT64_MAX);
}

}  // namespace

extern const ColumnKind kInt = {"int",
                                "a whole number in a range",
                                "{kind: int, min: 1000, max: 50000, step: 500, skew: low}",
                                {{"min", "lowest value; with cases, in each case"},
                                 {"max", "highest value"},
                                 {"step", "values lie on min + n * step; default 1"},
                                 {"skew", "none (default), low, high, normal"},
                                 {"type", "int32 or int64 (default)"},
                                 {"given", "another column of few values that decides"},
                                 {"cases", "with given: value of that column -> {min, max}"}},
                                Compile};

}  // namespace synthmill::generate
