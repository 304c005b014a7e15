#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

class Copy : public Column {
 public:
  explicit Copy(const Column* of)
      : dictionary_(of->dictionary()), distinct_(of->mostly_distinct()) {
    type_ = of->type();
    range_ = of->range();
    longest_ = of->longest();
  }
  const Dictionary* dictionary() const override { return dictionary_; }
  bool mostly_distinct() const override { return distinct_; }
  bool passes_nulls() const override { return true; }
  bool takes_ending() const override { return false; }
  std::optional<ValueRange> range() const override { return range_; }
  uint32_t longest() const override { return longest_; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    (void)rows;
    out->CopyFrom(*inputs[0]);
  }

 private:
  const Dictionary* dictionary_;
  bool distinct_;
  std::optional<ValueRange> range_;
  uint32_t longest_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  if (!c.args().Require("column", "column: email")) return nullptr;
  const Input* input = c.Use(c.args().Text("column", ""), c.args().At("column"));
  return input ? std::make_unique<Copy>(input->column) : nullptr;
}

}  // namespace

extern const ColumnKind kCopy = {"copy",
                                 "the value of another column of the row",
                                 "{kind: copy, column: first_name}",
                                 {{"column", "the other column"}},
                                 Compile};

}  // namespace synthmill::generate
