// A column of the row that another column, `from`, points to, or of one drawn here: nothing is
// stored or looked up, the parent's value is made a second time.
#include "generate/columns/parent_rows.h"
#include "generate/scope_view.h"

namespace synthmill::generate {
namespace {

class Reference : public Column {
 public:
  // Without `rows` they are the input.
  Reference(const ScopeView* view, Relation relation, std::unique_ptr<const ParentRows> rows)
      : view_(view), relation_(std::move(relation)), rows_(std::move(rows)) {
    type_ = view->type();
    relation_.drawn = rows_ != nullptr;
    if (!rows_) return;
    Relation parent = rows_->relation();
    relation_.owner = parent.owner;
    relation_.deal = std::move(parent.deal);
    relation_.same = std::move(parent.same);
    relation_.theirs = std::move(parent.theirs);
    relation_.same_deal = std::move(parent.same_deal);
  }
  const Relation* relation() const override { return &relation_; }
  // Of the rows referred to; whether their values differ is for keys to find out.
  uint64_t domain() const override { return rows_ ? rows_->domain() : 0; }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    view_->Make(n, index, out);
  }
  std::optional<core::Popularity> popularity(uint64_t parts) const override {
    return rows_ ? rows_->popularity(parts) : std::nullopt;
  }
  uint64_t distinct_rows() const override { return 0; }
  bool takes_ending() const override { return false; }
  const Dictionary* dictionary() const override { return view_->dictionary(); }
  bool mostly_distinct() const override { return view_->mostly_distinct(); }
  std::optional<ValueRange> range() const override { return view_->range(); }
  bool passes_nulls() const override { return true; }
  bool may_be_null() const override { return view_->nullable() || (rows_ && rows_->may_be_null()); }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    const Vector* parent = rows_ ? ScopeView::Scratch(out) : inputs[0];
    if (rows_) rows_->Choose(rows, inputs, ScopeView::Scratch(out));
    // Where the parent is null its row number is one that can be made all the same.
    view_->Make(rows.count, reinterpret_cast<const uint64_t*>(parent->ints.data()), out);
    if (!parent->has_nulls) return;
    for (int64_t i = 0; i < rows.count; ++i)
      if (parent->nulls[i]) out->SetNull(i);
  }

 private:
  const ScopeView* view_;
  Relation relation_;
  std::unique_ptr<const ParentRows> rows_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (!args.Require("column", "column: id")) return nullptr;
  const std::string column = args.Text("column", "");
  const spec::Node* from = args.Get("from");
  if (!from) {
    if (!args.Require("table", "table: customers")) return nullptr;
    const std::string table = args.Text("table", "");
    auto rows = ParentRows::Compile(c, table, args.At("table"));
    if (!rows) return nullptr;
    const ScopeView* view = c.View(table, column, args.At("column"));
    return view ? std::make_unique<Reference>(view, Relation{table, column}, std::move(rows))
                : nullptr;
  }
  for (const ArgDoc& a : ParentRows::Arguments())
    if (args.Has(a.name)) {
      args.Error(args.At(a.name), args.what() + ": with 'from', '" + a.name +
                                      "' belongs to the column '" + from->text + "'");
      return nullptr;
    }
  const Input* parent = c.Use(args.Text("from", ""), from->at);
  if (!parent) return nullptr;
  const Relation* relation = parent->column->relation();
  if (!relation || !relation->column.empty() || relation->position) {
    args.Error(from->at, "'" + parent->name + "' is not a column of kind parent");
    return nullptr;
  }
  const ScopeView* view = c.View(relation->table, column, args.At("column"));
  return view ? std::make_unique<Reference>(view, Relation{relation->table, column}, nullptr)
              : nullptr;
}

std::vector<ArgDoc> Arguments() {
  std::vector<ArgDoc> out = {
      {"from", "the `parent` column that says which row; several references may share it"},
      {"column", "the column of that row"}};
  for (const ArgDoc& a : ParentRows::Arguments()) out.push_back(a);
  out[2].help =
      "instead of from: a table; a row of it is drawn here, of the column's own an earlier one";
  return out;
}

}  // namespace

extern const ColumnKind kReference = {
    "reference", "a foreign key: a column of a row of another table, which is sure to be there",
    "{kind: reference, table: customers, column: id, skew: low}", Arguments(), Compile};

}  // namespace synthmill::generate
