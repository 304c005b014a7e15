#include "generate/columns/number_range.h"
#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const int64_t precision = args.Int("precision", 18), scale = args.Int("scale", 2);
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
    args.Error(args.At("precision"), "precision must be 1..38 and scale 0..precision");
    return nullptr;
  }
  const Type type{TypeId::kDecimal, static_cast<int>(precision), static_cast<int>(scale)};
  // 38 digits are as many as a 128-bit integer holds; ranges reach to half of that.
  const Int128 top = PowerOfTen(type.precision) - 1;
  return CompileNumber(c, type, -top, top);
}

}  // namespace

extern const ColumnKind kDecimal = {
    "decimal", "an exact number with digits after the point",
    "{kind: decimal, precision: 12, scale: 2, min: 0.01, max: 9999.99, skew: low}",
    WithNumberDocs({{"precision", "digits in all, at most 38"},
                    {"scale", "digits after the point; default 2"},
                    {"min", "lowest value; with cases, in each case"},
                    {"max", "highest value"},
                    {"step", "values lie on min + n * step; default the smallest"},
                    {"given", "another column of few values that decides"},
                    {"cases", "with given: value of that column -> {min, max}"}}),
    Compile};

}  // namespace synthmill::generate
