#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

class Product : public Column {
 public:
  Product(Type type, std::vector<size_t> factors, int64_t divisor, int64_t min, int64_t max)
      : factors_(std::move(factors)), divisor_(divisor), min_(min), max_(max) {
    type_ = type;
  }
  bool passes_nulls() const override { return true; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      __int128 v = 1;
      bool null = false;
      for (size_t k : factors_) {
        v *= inputs[k]->ints[i];
        null |= inputs[k]->IsNull(i);
      }
      // Half away from zero where digits are dropped.
      if (divisor_ > 1) v = (v + (v < 0 ? -divisor_ / 2 : divisor_ / 2)) / divisor_;
      out->ints[i] = static_cast<int64_t>(v < min_ ? min_ : v > max_ ? max_ : v);
      if (null) out->SetNull(i);
    }
  }

 private:
  std::vector<size_t> factors_;  // of the inputs; one may be here twice
  int64_t divisor_, min_, max_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (!args.Require("columns", "columns: [quantity, price]")) return nullptr;
  Type type{TypeId::kDecimal, static_cast<int>(args.Int("precision", 18)),
            static_cast<int>(args.Int("scale", 2))};
  if (type.precision < 1 || type.precision > 18 || type.scale < 0 || type.scale > type.precision) {
    args.Error(args.At("precision"), "precision must be 1..18 and scale 0..precision");
    return nullptr;
  }
  int digits = 0;
  const std::vector<std::string> names = args.TextList("columns");
  if (names.empty() || names.size() > 4) {
    args.Error(args.At("columns"), "one to four columns");
    return nullptr;
  }
  std::vector<const Input*> inputs;
  std::vector<size_t> factors;
  for (const std::string& name : names) {
    const Input* input = UseInts(c, name, args.At("columns"));
    if (!input) return nullptr;
    factors.push_back(InputIndex(&inputs, input));
    digits += input->column->type().scale;
  }
  if (digits < type.scale) {
    args.Error(args.At("scale"), "the factors have " + std::to_string(digits) +
                                     " decimal places together, fewer than the product's scale");
    return nullptr;
  }
  int64_t divisor = 1, top = 1;
  for (int i = type.scale; i < digits; ++i) divisor *= 10;
  for (int i = 0; i < type.precision; ++i) top *= 10;
  return std::make_unique<Product>(type, std::move(factors), divisor,
                                   args.Scaled("min", type.scale, -(top - 1)),
                                   args.Scaled("max", type.scale, top - 1));
}

}  // namespace

extern const ColumnKind kProduct = {
    "product",
    "the product of other columns, as a decimal",
    "{kind: product, columns: [quantity, price], precision: 12, scale: 2}",
    {{"columns", "the factors"},
     {"precision", "digits in all, at most 18"},
     {"scale", "digits after the point; default 2"},
     {"min", "values below are raised to this"},
     {"max", "values above are lowered to this"}},
    Compile};

}  // namespace synthmill::generate
