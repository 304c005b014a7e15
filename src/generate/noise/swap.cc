#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// Two columns of text change places: the last name in the first name's field.
class Swap : public NoiseRule {
 public:
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    if (b->columns.size() < 2) return arrow::Status::OK();
    Vector &x = *b->columns[0], &y = *b->columns[1];
    for (int32_t row : rows) {
      if (x.IsNull(row) || y.IsNull(row)) continue;
      const std::string old(x.GetText(row).view());
      if (old == y.GetText(row).view()) continue;
      b->Touch(0, row);
      b->Touch(1, row);
      x.SetText(row, y.GetText(row).view());
      y.SetText(row, old);
    }
    return arrow::Status::OK();
  }
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  if (!c.RequireText()) return nullptr;
  if (c.args().TextList("columns").size() != 2) {
    c.args().Error(c.args().At("columns"), "swap takes exactly two columns");
    return nullptr;
  }
  return std::make_unique<Swap>();
}

}  // namespace

extern const NoiseKind kSwap = {"swap",
                                "two columns of text change places",
                                "{rule: swap, columns: [first_name, last_name], rate: 0.03}",
                                {},
                                Compile};

}  // namespace synthmill::generate
