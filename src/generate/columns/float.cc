#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

// Made as an integer and divided once by a power of ten: the same double on every CPU.
std::unique_ptr<Column> Compile(ColumnContext& c) {
  const Type type{TypeId::kFloat64, 0, static_cast<int>(c.args().Int("digits", 6))};
  if (type.scale < 0 || type.scale > 15) {
    c.args().Error(c.args().At("digits"), "digits must be 0..15");
    return nullptr;
  }
  constexpr int64_t kExact = 1ll << 53;  // whole numbers a double holds exactly
  return CompileNumber(c, type, -kExact, kExact);
}

}  // namespace

extern const ColumnKind kFloat = {"float",
                                  "a binary floating point number (float64)",
                                  "{kind: float, min: 0, max: 1, digits: 6}",
                                  {{"min", "lowest value; with cases, in each case"},
                                   {"max", "highest value"},
                                   {"digits", "after the point, 0..15; default 6"},
                                   {"step", "values lie on min + n * step; default the smallest"},
                                   {"skew", "none (default), low, high, normal"},
                                   {"given", "another column of few values that decides"},
                                   {"cases", "with given: value of that column -> {min, max}"}},
                                  Compile};

}  // namespace synthmill::generate
