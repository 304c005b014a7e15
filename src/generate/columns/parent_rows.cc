#include "generate/columns/parent_rows.h"

#include "generate/scope_view.h"

namespace synthmill::generate {

std::vector<ArgDoc> ParentRows::Arguments() {
  return {{"table", "the table referred to; of the column's own, an earlier row is taken"},
          {"skew",
           "which rows are taken more often than others: none (default), low, high, normal, "
           "zipf; they lie scattered over the table; without effect where rows belong to a parent"},
          {"distinct", "true: each row is taken at most once"},
          {"owner",
           "false: where the table's rows are counted by those of `table`, any row instead "
           "of the one it belongs to"},
          {"counted",
           "true: how many rows each has is counted out, not drawn, so that they can be found: for "
           "`same` of other tables, and `total` of `table`"},
          {"shared_with",
           "with counted: only as many rows of `table` are taken as each of these tables has rows, "
           "so that all can have some of the same"},
          {"same",
           "{their column: this table's column}, both parents of one table: a row is taken that "
           "belongs to the same one; theirs is counted or the one its rows belong to"}};
}

std::unique_ptr<const ParentRows> ParentRows::Compile(ColumnContext& c, const std::string& name,
                                                      spec::Location at) {
  const spec::Args& args = c.args();
  const TableFacts* parent = c.FindTable(name, at);
  if (!parent) return nullptr;
  const TableFacts* own = c.table();
  const bool self = own && own->key == name;
  const bool required = args.Bool("required", false);
  auto out = std::make_unique<ParentRows>();
  out->table_ = name;
  out->stream_ = c.stream().Sub("parent");
  out->parents_ = parent->rows;
  out->no_rows_ = own && own->rows == 0;
  out->required_ = required;

  std::vector<std::string> skews;
  for (const core::Skew::Shape& s : core::Skew::Shapes()) skews.emplace_back(s.name);
  skews.push_back("zipf");
  const std::string skew = args.Choice("skew", skews, "none");
  const bool zipf = skew == "zipf";
  out->skew_ = core::Skew::Find(skew).value_or(core::Skew());
  const bool distinct = args.Bool("distinct", false);

  if (parent->rows == 0) {
    if (required && (!own || own->rows > 0)) {
      args.Error(
          at,
          args.what() + " is required, but table '" + name + "', which it refers to, has no rows",
          "give '" + name + "' rows, or let the column be null");
      return nullptr;
    }
    out->form_ = Form::kNone;
  } else if (args.Has("same")) {
    if (!out->CompileSame(c, self)) return nullptr;
  } else if (own && own->fanout && own->owner == name && args.Bool("owner", true)) {
    // `skew` has no say: it may stand there for when rows are counted otherwise (--rows).
    if (args.Has("distinct")) {
      args.Error(args.At("distinct"),
                 "the rows of '" + own->key + "' belong to those of '" + name +
                     "', so nothing is drawn here",
                 "owner: false takes any row of '" + name + "'");
      return nullptr;
    }
    out->form_ = own->fanout->max() == 0 ? Form::kNone : Form::kOwner;
    out->fanout_ = own->fanout;
    if (own->fanout->max() > 0) out->deal_ = std::make_shared<RowDeal>(*own->fanout, parent->rows);
  } else if (args.Bool("counted", false)) {
    if (!out->CompileCounted(c, *parent)) return nullptr;
  } else if (distinct) {
    if (!own) {
      args.Error(args.At("distinct"), "'distinct' is for tables without an entity");
      return nullptr;
    }
    if (own->rows > parent->rows) {
      args.Error(args.At("distinct"), args.what() + ": " + std::to_string(own->rows) +
                                          " rows cannot refer to " + std::to_string(parent->rows) +
                                          " rows of '" + name + "', each at most once");
      return nullptr;
    }
    out->form_ = self && !required ? Form::kPrevious : Form::kDistinct;
    out->null_first_ = out->form_ == Form::kPrevious;
    out->order_.emplace(out->stream_.Sub("order"), parent->rows);
  } else {
    out->form_ = self ? Form::kEarlier : zipf || !out->skew_.uniform() ? Form::kSkewed : Form::kAny;
    out->null_first_ = self && !required;
    if (zipf) out->zipf_.emplace(parent->rows);
    if (out->form_ == Form::kSkewed) out->scatter_.emplace(out->stream_.Sub("order"), parent->rows);
  }
  return out;
}

bool ParentRows::CompileCounted(ColumnContext& c, const TableFacts& parent) {
  const spec::Args& args = c.args();
  const TableFacts* own = c.table();
  for (const char* key : {"distinct", "null", "default"})
    if (args.Has(key)) {
      args.Error(args.At(key), args.what() + ": what is counted out has no '" + key + "'");
      return false;
    }
  if (!own || own->key == parent.key) {
    args.Error(args.At("counted"), args.what() +
                                       ": 'counted' is for tables without an entity, "
                                       "referring to another one");
    return false;
  }
  uint64_t ranks = std::min(parent.rows, std::max<uint64_t>(own->rows, 1));
  for (const std::string& name : args.TextList("shared_with")) {
    const TableFacts* other = c.FindTable(name, args.At("shared_with"));
    if (!other) return false;
    ranks = std::min(ranks, std::max<uint64_t>(other->rows, 1));
  }
  form_ = own->rows == 0 ? Form::kNone : Form::kCounted;
  if (own->rows == 0) return true;
  const core::Popularity popularity = args.Text("skew", "") == "zipf"
                                          ? core::Popularity::Zipf(ranks)
                                          : core::Popularity(skew_, ranks);
  deal_ = std::make_shared<RowDeal>(stream_.Sub("order"), parent.popular, own->rows, parent.rows,
                                    popularity, own->rows, true);
  return true;
}

bool ParentRows::CompileSame(ColumnContext& c, bool self) {
  const spec::Args& args = c.args();
  const spec::Node& node = *args.Get("same");
  const auto wrong = [&](const std::string& message, const std::string& hint = "") {
    args.Error(node.at, args.what() + ": " + message, hint);
    return false;
  };
  for (const char* key : {"distinct", "counted", "owner"})
    if (args.Has(key)) return wrong(std::string("either 'same' or '") + key + "'");
  if (!node.is_map() || node.entries.size() != 1 || !node.entries[0].value.is_scalar())
    return wrong("'same' is one pair of columns", "such as: same: {tenant_row: tenant_row}");
  const std::string theirs = node.entries[0].key;
  const Input* mine = c.Use(node.entries[0].value.text, node.entries[0].value.at);
  if (!mine) return false;
  const Relation* own = mine->column->relation();
  if (!own || !own->column.empty() || own->position)
    return wrong("'" + mine->name + "' is not a column of kind parent");
  if (args.Text("skew", "") == "zipf")
    return wrong("with 'same' the skew is none, low, high or normal");
  std::shared_ptr<const RowDeal> deal = own->deal;
  if (self && theirs != mine->name)
    return wrong("within one table 'same' names one column twice",
                 "same: {" + mine->name + ": " + mine->name + "}");
  if (!self) {
    const ScopeView* view = c.View(table_, theirs, node.at);
    if (!view) return false;
    const Relation* other = view->relation();
    if (!other || !other->column.empty() || other->position || other->table != own->table)
      return wrong("'" + theirs + "' of '" + table_ + "' is not a parent of '" + own->table +
                   "', as '" + mine->name + "' is");
    if (view->nullable()) return wrong("'" + theirs + "' of '" + table_ + "' may be null");
    deal = other->same.empty() ? other->deal : nullptr;
  }
  if (!deal)
    return wrong(
        "which rows of '" + table_ + "' belong to one of '" + own->table + "' cannot be told",
        "counted: true in its column '" + theirs + "'");
  const TableFacts* parent = c.FindTable(own->table, node.at);
  const uint64_t asked = own->deal ? own->deal->ranks() : parent->rows;
  may_lack_ = !self && asked > deal->filled();
  if (may_lack_ && required_)
    return wrong("it is required, but only " + std::to_string(deal->filled()) + " of " +
                     std::to_string(asked) + " rows of '" + own->table +
                     "' are sure to have rows "
                     "in '" +
                     table_ + "'",
                 "more rows of '" + table_ + "', fewer of '" + own->table + "', or shared_with: [" +
                     table_ + "] in '" + mine->name + "'");
  form_ = Form::kSame;
  earlier_ = self;
  same_ = mine->name;
  theirs_ = theirs;
  deal_ = std::move(deal);
  return true;
}

std::optional<core::Popularity> ParentRows::popularity(uint64_t parts) const {
  if (domain() == 0 || (!zipf_ && skew_.uniform())) return std::nullopt;
  return zipf_ ? core::Popularity::Zipf(parents_, parts) : core::Popularity(skew_, parents_, parts);
}

Relation ParentRows::relation() const {
  Relation out;
  out.table = table_;
  out.owner = form_ == Form::kOwner;
  if (form_ == Form::kOwner || form_ == Form::kCounted) out.deal = deal_;
  if (form_ != Form::kSame) return out;
  out.same = same_;
  out.theirs = theirs_;
  if (!earlier_ && !may_lack_) out.same_deal = deal_;
  return out;
}

uint64_t ParentRows::distinct_rows() const {
  switch (form_) {
    case Form::kOwner:
      return fanout_->max() <= 1 ? ~0ull : 0;
    case Form::kCounted:
      return deal_->most() <= 1 ? ~0ull : 0;
    case Form::kDistinct:
      return parents_;
    case Form::kPrevious:
      return ~0ull;
    default:
      return 0;
  }
}

void ParentRows::Choose(const Rows& rows, Inputs inputs, Vector* out) const {
  out->Start(Vector::Form::kInts, rows.count);
  int64_t* parent = out->ints.data();
  const int64_t n = rows.count;
  switch (form_) {
    case Form::kNone:
      for (int64_t i = 0; i < n; ++i) {
        parent[i] = 0;
        out->SetNull(i);
      }
      return;
    case Form::kOwner: {
      core::Fanout::Place place{0, 0, 0};
      for (int64_t i = 0; i < n; ++i) {
        place = i == 0 ? fanout_->Find(rows.number[i]) : fanout_->Find(rows.number[i], place);
        parent[i] = static_cast<int64_t>(place.parent);
      }
      return;
    }
    case Form::kAny:
      for (int64_t i = 0; i < n; ++i)
        parent[i] = static_cast<int64_t>(core::Below(stream_.At(rows.hash[i]), parents_));
      return;
    case Form::kCounted:
      for (int64_t i = 0; i < n; ++i)
        parent[i] = static_cast<int64_t>(deal_->Find(rows.number[i]).parent);
      return;
    case Form::kSame:
      return ChooseSame(rows, *inputs[0], out);
    case Form::kSkewed:
      for (int64_t i = 0; i < n; ++i)
        parent[i] = static_cast<int64_t>((*scatter_)(Rank(stream_.At(rows.hash[i]))));
      return;
    case Form::kDistinct:
      for (int64_t i = 0; i < n; ++i) parent[i] = static_cast<int64_t>((*order_)(rows.number[i]));
      return;
    case Form::kEarlier: {
      // Skewed like the whole table, in small.
      for (int64_t i = 0; i < n; ++i) {
        const uint64_t row = rows.number[i], bits = stream_.At(rows.hash[i]);
        const uint64_t p =
            zipf_ ? static_cast<uint64_t>(static_cast<unsigned __int128>((*zipf_)(bits)) * row /
                                          parents_)
                  : skew_.Below(bits, row);
        parent[i] = static_cast<int64_t>(row == 0 ? 0 : p);
      }
      break;
    }
    case Form::kPrevious:
      for (int64_t i = 0; i < n; ++i)
        parent[i] = static_cast<int64_t>(rows.number[i] == 0 ? 0 : rows.number[i] - 1);
      break;
  }
  if (!null_first_) return;
  for (int64_t i = 0; i < n; ++i)
    if (rows.number[i] == 0) out->SetNull(i);
}

void ParentRows::ChooseSame(const Rows& rows, const Vector& parent, Vector* out) const {
  int64_t* row = out->ints.data();
  for (int64_t i = 0; i < rows.count; ++i) {
    row[i] = 0;  // where it is null: a row that can be made all the same
    if (parent.IsNull(i)) {
      out->SetNull(i);
      continue;
    }
    const RowDeal::Place place =
        earlier_ ? deal_->Find(rows.number[i]) : deal_->Of(static_cast<uint64_t>(parent.ints[i]));
    const uint64_t many = (earlier_ ? place.slot : place.end) - place.begin;
    if (many == 0) {
      // The first of its parent's rows has nobody above it.
      if (earlier_ && required_) {
        row[i] = static_cast<int64_t>(rows.number[i]);
      } else {
        out->SetNull(i);
      }
      continue;
    }
    row[i] =
        static_cast<int64_t>(deal_->Row(place.begin + skew_.Below(stream_.At(rows.hash[i]), many)));
  }
}

}  // namespace synthmill::generate
