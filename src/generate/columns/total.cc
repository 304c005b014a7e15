// A sum over the rows of another table that belong to this row, or their number. Nothing is stored:
// those rows are found by arithmetic and made a second time.
#include <set>

#include "generate/columns/kinds.h"
#include "generate/row_deal.h"
#include "generate/scope_view.h"

namespace synthmill::generate {
namespace {

// Rows of the other table that are made at a time.
constexpr size_t kChunk = 8192;

// A column that must have one of some values.
class Condition {
 public:
  static bool Compile(ColumnContext& c, const std::string& table, const spec::Node::Entry& entry,
                      Condition* out) {
    const spec::Args& args = c.args();
    out->view_ = c.View(table, entry.key, entry.at);
    if (!out->view_) return false;
    const Type& type = out->view_->type();
    if (!type.text() && type.id != TypeId::kBool) {
      args.Error(entry.at, args.what() + ": 'where' compares texts and booleans; '" + entry.key +
                               "' is neither");
      return false;
    }
    std::vector<const spec::Node*> values;
    if (entry.value.is_scalar()) values.push_back(&entry.value);
    for (const spec::Node& item : entry.value.items) values.push_back(&item);
    for (const spec::Node* value : values) {
      if (!value->is_scalar() ||
          (!type.text() && value->text != "true" && value->text != "false")) {
        args.Error(value->at, args.what() + ": 'where' needs a value or a list of values",
                   type.text() ? "where: {status: completed}" : "where: {is_active: true}");
        return false;
      }
      if (const Dictionary* d = out->view_->dictionary(); d && d->Find(value->text) < 0) {
        std::vector<std::string> known;
        for (const Text& t : d->entries()) known.emplace_back(t.view());
        args.Error(value->at, "'" + entry.key + "' is never '" + value->text + "'",
                   spec::Suggest(value->text, known));
        return false;
      }
      out->values_.insert(value->text);
    }
    if (const Dictionary* d = out->view_->dictionary()) {
      for (const Text& t : d->entries()) out->codes_.push_back(out->values_.contains(t.view()));
    }
    return true;
  }

  // Keeps the rows, and their owners, that meet it; returns how many.
  int64_t Keep(int64_t n, uint64_t* number, int32_t* owner, Vector* scratch) const {
    view_->Make(n, number, scratch);
    int64_t kept = 0;
    for (int64_t i = 0; i < n; ++i) {
      if (!Meets(*scratch, i)) continue;
      number[kept] = number[i];
      owner[kept++] = owner[i];
    }
    return kept;
  }

 private:
  bool Meets(const Vector& v, int64_t i) const {
    if (v.IsNull(i)) return false;
    if (v.form == Vector::Form::kInts) return values_.contains(v.ints[i] ? "true" : "false");
    if (v.form == Vector::Form::kCodes && static_cast<size_t>(v.codes[i]) < codes_.size())
      return codes_[static_cast<size_t>(v.codes[i])];
    return values_.contains(v.GetText(i).view());
  }

  const ScopeView* view_ = nullptr;
  std::set<std::string, std::less<>> values_;
  std::vector<char> codes_;  // by code of the view's dictionary
};

class Total : public Column {
 public:
  Total(Type type, std::shared_ptr<const RowDeal> rows, std::vector<Condition> conditions,
        const ScopeView* sum)
      : rows_(std::move(rows)), conditions_(std::move(conditions)), sum_(sum) {
    type_ = type;
    top_ = type.id == TypeId::kInt32 ? INT32_MAX : INT64_MAX;
    if (type.id != TypeId::kDecimal) return;
    top_ = 1;
    for (int i = 0; i < type.precision; ++i) top_ *= 10;
    --top_;
  }

  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    auto* room = dynamic_cast<Room*>(out->workspace.get());
    if (!room) {
      out->workspace = std::make_unique<Room>();
      room = static_cast<Room*>(out->workspace.get());
      room->conditions.resize(conditions_.size());
    }
    room->totals.assign(static_cast<size_t>(rows.count), 0);
    uint64_t* number = room->number.Resize(kChunk);
    int32_t* owner = room->owner.Resize(kChunk);
    int64_t n = 0;
    for (int64_t i = 0; i < rows.count; ++i) {
      const RowDeal::Place place = rows_->Of(rows.number[i]);
      for (uint64_t s = place.begin; s < place.end; ++s) {
        number[n] = rows_->Row(s);
        owner[n++] = static_cast<int32_t>(i);
        if (n == static_cast<int64_t>(kChunk)) {
          Add(n, room);
          n = 0;
        }
      }
    }
    Add(n, room);
    out->Start(Vector::Form::kInts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      const Int128 t = room->totals[static_cast<size_t>(i)];
      out->ints[i] = static_cast<int64_t>(t > top_ ? top_ : t < -top_ ? -top_ : t);
    }
  }

 private:
  struct Room : Workspace {
    Buffer<uint64_t> number;
    Buffer<int32_t> owner;
    std::vector<Vector> conditions;
    Vector sum;
    std::vector<Int128> totals;  // by row of the batch
  };

  void Add(int64_t n, Room* room) const {
    uint64_t* number = room->number.data();
    const int32_t* owner = room->owner.data();
    for (size_t k = 0; k < conditions_.size() && n > 0; ++k)
      n = conditions_[k].Keep(n, number, room->owner.data(), &room->conditions[k]);
    if (n == 0) return;
    if (sum_) sum_->Make(n, number, &room->sum);
    for (int64_t i = 0; i < n; ++i)
      if (!sum_ || !room->sum.IsNull(i))
        room->totals[static_cast<size_t>(owner[i])] += sum_ ? room->sum.ints[i] : 1;
  }

  std::shared_ptr<const RowDeal> rows_;
  std::vector<Condition> conditions_;
  const ScopeView* sum_;  // nullptr: rows are counted
  Int128 top_;
};

// The rows that belong to a row of the own table, by the `parent` column of the other.
std::shared_ptr<const RowDeal> CompileRows(ColumnContext& c, const std::string& table) {
  const spec::Args& args = c.args();
  if (!c.table()) {
    args.Error(args.At("kind"), args.what() + " is for tables without an entity");
    return nullptr;
  }
  if (!c.FindTable(table, args.At("of"))) return nullptr;
  const std::string name = args.Text("parent", "");
  const ScopeView* view = c.View(table, name, args.At("parent"));
  if (!view) return nullptr;
  const Relation* relation = view->relation();
  if (!relation || !relation->column.empty() || relation->position ||
      relation->table != c.table()->key) {
    args.Error(args.At("parent"), "'" + table + "." + name +
                                      "' is not a column of kind parent that refers to '" +
                                      c.table()->key + "'");
    return nullptr;
  }
  // Without rows there is nothing to be dealt.
  if (!c.FindTable(table, args.At("of"))->rows)
    return std::make_shared<RowDeal>(core::Fanout({}, 0, 0), 0);
  if (!relation->deal || !relation->same.empty()) {
    args.Error(args.At("parent"),
               "which rows of '" + table + "' belong to a row cannot be found from here",
               "give '" + table + "." + name + "' counted: true");
    return nullptr;
  }
  return relation->deal;
}

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (!args.Require("of", "of: orders") || !args.Require("parent", "parent: customer"))
    return nullptr;
  const std::string table = args.Text("of", "");
  std::shared_ptr<const RowDeal> rows = CompileRows(c, table);
  if (!rows) return nullptr;

  std::vector<Condition> conditions;
  if (const spec::Node* where = args.Get("where")) {
    if (!where->is_map()) {
      args.Error(where->at, args.what() + ": 'where' is a map of columns and values",
                 "where: {status: completed}");
      return nullptr;
    }
    for (const spec::Node::Entry& entry : where->entries)
      if (!Condition::Compile(c, table, entry, &conditions.emplace_back())) return nullptr;
  }

  Type type{TypeId::kInt64};
  const ScopeView* sum = nullptr;
  if (args.Has("sum")) {
    sum = c.View(table, args.Text("sum", ""), args.At("sum"));
    if (!sum) return nullptr;
    const TypeId id = sum->type().id;
    const bool decimal = id == TypeId::kDecimal && !sum->type().wide();
    if (!decimal && (id < TypeId::kInt8 || id > TypeId::kInt64)) {
      args.Error(args.At("sum"), args.what() +
                                     ": 'sum' adds integers, and decimals of up to 18 "
                                     "digits, exactly; '" +
                                     args.Text("sum", "") + "' is neither");
      return nullptr;
    }
    if (decimal) {
      type = {TypeId::kDecimal, static_cast<int>(args.Int("precision", 18)), sum->type().scale};
      if (type.precision < type.scale || type.precision > 18) {
        args.Error(args.At("precision"), "'precision' must be at most 18, and at least the scale");
        return nullptr;
      }
    }
  }
  if (type.id == TypeId::kInt64 && !ReadType(args, {"int32", "int64"}, "int64", &type))
    return nullptr;
  return std::make_unique<Total>(type, std::move(rows), std::move(conditions), sum);
}

}  // namespace

extern const ColumnKind kTotal = {
    "total",
    "the number of rows of another table that refer to this row, or a sum over them",
    "{kind: total, of: orders, parent: customer, sum: amount, where: {status: paid}}",
    {{"of", "the other table"},
     {"parent",
      "its column of kind parent (with counted: true, or by which the rows are counted) that says "
      "whose a row is"},
     {"sum", "a column of it to add up; absent: the rows are counted"},
     {"where", "only rows in which these columns have this value, or one of these"},
     {"type", "of counts and of sums of integers: int32, int64 (default)"},
     {"precision", "of sums of decimals: digits in all, at most 18 (default)"}},
    Compile};

}  // namespace synthmill::generate
