// Two kinds that say where a row stands among others: `parent` (which row of another table it
// refers to, mostly a hidden column) and `position` (its place among the rows of its parent).
#include "generate/columns/parent_rows.h"

namespace synthmill::generate {
namespace {

class Parent : public Column {
 public:
  explicit Parent(std::unique_ptr<const ParentRows> rows)
      : rows_(std::move(rows)), relation_(rows_->relation()) {
    type_.id = TypeId::kInt64;
  }
  uint64_t domain() const override { return rows_->domain(); }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kInts, n);
    std::memcpy(out->ints.data(), index, static_cast<size_t>(n) * sizeof(int64_t));
  }
  uint64_t distinct_rows() const override { return rows_->distinct_rows(); }
  bool may_be_null() const override { return rows_->may_be_null(); }
  bool passes_nulls() const override { return rows_->passes_nulls(); }
  std::optional<core::Popularity> popularity(uint64_t parts) const override {
    return rows_->popularity(parts);
  }
  const Relation* relation() const override { return &relation_; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    rows_->Choose(rows, inputs, out);
  }

 private:
  std::unique_ptr<const ParentRows> rows_;
  Relation relation_;
};

class Position : public Column {
 public:
  Position(Type type, const std::string& owner, core::Fanout fanout, int64_t start)
      : relation_{.table = owner, .position = true}, fanout_(fanout), start_(start) {
    type_ = type;
  }
  const Relation* relation() const override { return &relation_; }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    core::Fanout::Place place{0, 0, 0};
    for (int64_t i = 0; i < rows.count; ++i) {
      place = i == 0 ? fanout_.Find(rows.number[i]) : fanout_.Find(rows.number[i], place);
      out->ints[i] = start_ + static_cast<int64_t>(rows.number[i] - place.begin);
    }
  }

 private:
  Relation relation_;
  core::Fanout fanout_;
  int64_t start_;
};

std::unique_ptr<Column> CompileParent(ColumnContext& c) {
  if (!c.args().Require("table", "table: customers")) return nullptr;
  auto rows = ParentRows::Compile(c, c.args().Text("table", ""), c.args().At("table"));
  return rows ? std::make_unique<Parent>(std::move(rows)) : nullptr;
}

std::unique_ptr<Column> CompilePosition(ColumnContext& c) {
  const spec::Args& args = c.args();
  Type type;
  if (!ReadType(args, {"int32", "int64"}, "int32", &type)) return nullptr;
  const TableFacts* table = c.table();
  if (!table || !table->fanout) {
    args.Error(args.At("kind"),
               args.what() + ": the table's rows are not counted by another table's",
               "rows: {per: orders, min: 1, max: 9} does that; {kind: sequence} counts all rows");
    return nullptr;
  }
  // A table without rows has no places to find.
  const core::Fanout fanout =
      table->fanout->max() == 0 ? core::Fanout(core::Stream{}, 1, 1) : *table->fanout;
  return std::make_unique<Position>(type, table->owner, fanout, args.Int("start", 1));
}

}  // namespace

extern const ColumnKind kParent = {
    "parent",
    "the number of the row of another table that this row refers to (from 0), for `reference` "
    "columns to read",
    "{kind: parent, table: customers, skew: low, hidden: true}", ParentRows::Arguments(),
    CompileParent};
extern const ColumnKind kPosition = {
    "position",
    "the place of a row among those of its parent, where rows are counted per parent",
    "{kind: position}",
    {{"start", "number of the first; default 1"}, {"type", "int32 (default), int64"}},
    CompilePosition};

}  // namespace synthmill::generate
