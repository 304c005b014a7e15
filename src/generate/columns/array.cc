#include "generate/columns/nested.h"

namespace synthmill::generate {
namespace {

class Array : public Column {
 public:
  Array(Repeats repeats, std::unique_ptr<NestedColumn> item)
      : repeats_(std::move(repeats)), item_(std::move(item)) {
    type_.id = TypeId::kList;
    type_.children = {{"element", item_->column->type()}};
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->StartNested(rows.count, 1, true);
    ItemRows items;
    repeats_.Place(rows, out->offsets.data(), &items);
    item_->Fill(items.rows(), &out->children[0]);
  }

 private:
  Repeats repeats_;
  std::unique_ptr<NestedColumn> item_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  Repeats repeats;
  const bool ok = repeats.Read(c);
  if (!c.args().Require("of", "of: {kind: int, min: 1, max: 9}") || !ok) return nullptr;
  auto item = c.CompileNested(*c.args().Get("of"), "element");
  return item ? std::make_unique<Array>(std::move(repeats), std::move(item)) : nullptr;
}

}  // namespace

extern const ColumnKind kArray = {
    "array",
    "a list of values of one kind",
    "{kind: array, of: {kind: int, min: 1, max: 6}, min: 0, max: 5}",
    {{"of", "a column without a name: what the items are; its null is the share of null items"},
     {"min", "fewest items; default 0"},
     {"max", "most items, up to 1000; default 5"}},
    Compile};

}  // namespace synthmill::generate
