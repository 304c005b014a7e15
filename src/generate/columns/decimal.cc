#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const Type type{TypeId::kDecimal, static_cast<int>(args.Int("precision", 18)),
                  static_cast<int>(args.Int("scale", 2))};
  if (type.precision < 1 || type.precision > 18 || type.scale < 0 || type.scale > type.precision) {
    args.Error(args.At("precision"), "precision must be 1..18 and scale 0..precision");
    return nullptr;
  }
  int64_t top = 1;
  for (int i = 0; i < type.precision; ++i) top *= 10;
  return CompileNumber(c, type, 1 - top, top - 1);
}

}  // namespace

extern const ColumnKind kDecimal = {
    "decimal",
    "an exact number with digits after the point",
    "{kind: decimal, precision: 12, scale: 2, min: 0.01, max: 9999.99, skew: low}",
    {{"precision", "digits in all, at most 18"},
     {"scale", "digits after the point; default 2"},
     {"min", "lowest value; with cases, in each case"},
     {"max", "highest value"},
     {"step", "values lie on min + n * step; default the smallest"},
     {"skew", "none (default), low, high, normal"},
     {"given", "another column of few values that decides"},
     {"cases", "with given: value of that column -> {min, max}"}},
    Compile};

}  // namespace synthmill::generate
