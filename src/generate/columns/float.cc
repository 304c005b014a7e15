#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

// Made as an integer and divided once by a power of ten: the same number on every CPU.
std::unique_ptr<Column> Compile(ColumnContext& c) {
  Type type;
  if (!ReadType(c.args(), {"float32", "float64"}, "float64", &type)) return nullptr;
  const bool narrow = type.id == TypeId::kFloat32;
  const int64_t most = narrow ? 6 : 15;
  type.scale = static_cast<int>(c.args().Int("digits", narrow ? 3 : 6));
  if (type.scale < 0 || type.scale > most) {
    c.args().Error(c.args().At("digits"), "digits must be 0.." + std::to_string(most));
    return nullptr;
  }
  // Whole numbers a double holds exactly; a float32 is what that rounds to.
  constexpr int64_t kExact = 1ll << 53;
  return CompileNumber(c, type, -kExact, kExact);
}

}  // namespace

extern const ColumnKind kFloat = {
    "float", "a binary floating point number", "{kind: float, min: 0, max: 1, digits: 6}",
    WithNumberDocs({{"min", "lowest value; with cases, in each case"},
                    {"max", "highest value"},
                    {"digits", "after the point, 0..15 (float32: 0..6); default 6 (3)"},
                    {"step", "values lie on min + n * step; default the smallest"},
                    {"type", "float64 (default) or float32"},
                    {"given", "another column of few values that decides"},
                    {"cases", "with given: value of that column -> {min, max}"}}),
    Compile};

}  // namespace synthmill::generate
