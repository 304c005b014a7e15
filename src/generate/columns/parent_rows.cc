#include "generate/columns/parent_rows.h"

namespace synthmill::generate {

std::vector<ArgDoc> ParentRows::Arguments() {
  return {{"table", "the table referred to; of the column's own, an earlier row is taken"},
          {"skew",
           "which rows are taken more often than others: none (default), low, high, normal, "
           "zipf; they lie scattered over the table; without effect where rows belong to a parent"},
          {"distinct", "true: each row is taken at most once"},
          {"owner",
           "false: where the table's rows are counted by those of `table`, any row instead "
           "of the one it belongs to"}};
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

uint64_t ParentRows::distinct_rows() const {
  switch (form_) {
    case Form::kOwner:
      return fanout_->max() <= 1 ? ~0ull : 0;
    case Form::kDistinct:
      return parents_;
    case Form::kPrevious:
      return ~0ull;
    default:
      return 0;
  }
}

void ParentRows::Choose(const Rows& rows, Vector* out) const {
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

}  // namespace synthmill::generate
