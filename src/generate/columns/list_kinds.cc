// Three kinds that draw from value lists: `list` (a value), `list_row` (a whole row, as a hidden
// column) and `field` (a value of that row).
#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

// Distinct values of a list column and the code of each row.
const Dictionary* Distinct(ColumnContext& c, const std::vector<std::string>& values,
                           std::vector<int32_t>* code_of_row) {
  std::unordered_map<std::string_view, int32_t> seen;
  std::vector<std::string> distinct;
  for (const std::string& v : values) {
    auto [it, fresh] = seen.emplace(v, static_cast<int32_t>(distinct.size()));
    if (fresh) distinct.push_back(v);
    code_of_row->push_back(it->second);
  }
  return c.Keep(distinct);
}

int ListColumn(ColumnContext& c, const List& list, std::string_view key) {
  if (!c.args().Require(key, std::string(key) + ": " + list.columns[0])) return -1;
  const std::string name = c.args().Text(key, "");
  const int column = list.Find(name);
  if (column < 0)
    c.args().Error(c.args().At(key), "list '" + list.name + "' has no column '" + name + "'",
                   spec::Suggest(name, list.columns));
  return column;
}

// A sampler over list rows, or one for each value of a given column.
struct RowSampler {
  struct Group {
    core::Sampler sampler;
    std::vector<int32_t> rows;  // empty: the sample is the row
  };
  std::vector<Group> groups;
  core::Stream stream;

  template <typename Emit>
  void Sample(const Rows& rows, Inputs inputs, Emit emit) const {
    if (inputs.empty()) {
      const Group& g = groups[0];
      for (int64_t i = 0; i < rows.count; ++i)
        emit(i, static_cast<int32_t>(g.sampler(stream.At(rows.hash[i]))));
      return;
    }
    const int32_t* given = inputs[0]->codes.data();
    for (int64_t i = 0; i < rows.count; ++i) {
      const Group& g = groups[static_cast<size_t>(given[i])];
      emit(i, g.rows[g.sampler(stream.At(rows.hash[i]))]);
    }
  }
};

bool CompileSampler(ColumnContext& c, const List& list, RowSampler* out) {
  out->stream = c.stream();
  const spec::Args& args = c.args();
  const spec::Node* given = args.Get("given");
  if (!given) {
    out->groups.push_back({core::Sampler(list.weights), {}});
    return true;
  }
  if (!given->is_map() || given->entries.size() != 1) {
    args.Error(given->at, "'given' names one column of the list and the column that decides",
               "given: {gender: gender}");
    return false;
  }
  const auto& [key, key_at, value] = given->entries[0];
  const int column = list.Find(key);
  if (column < 0) {
    args.Error(key_at, "list '" + list.name + "' has no column '" + key + "'",
               spec::Suggest(key, list.columns));
    return false;
  }
  const Input* input = UseCodes(c, value.text, value.at);
  if (!input) return false;
  const Dictionary& values = *input->column->dictionary();
  std::vector<std::vector<int64_t>> weights(static_cast<size_t>(values.size()));
  out->groups.resize(weights.size());
  for (size_t r = 0; r < list.rows(); ++r) {
    const int32_t code = values.Find(list.values[static_cast<size_t>(column)][r]);
    if (code < 0) continue;
    weights[static_cast<size_t>(code)].push_back(list.weights[r]);
    out->groups[static_cast<size_t>(code)].rows.push_back(static_cast<int32_t>(r));
  }
  for (size_t g = 0; g < weights.size(); ++g) {
    if (weights[g].empty()) {
      args.Error(value.at, "list '" + list.name + "' has no row with " + key + " = '" +
                               std::string(values[static_cast<int32_t>(g)].view()) + "'");
      return false;
    }
    out->groups[g].sampler = core::Sampler(weights[g]);
  }
  return true;
}

class ListValue : public Column {
 public:
  ListValue(RowSampler sampler, const Dictionary* values, std::vector<int32_t> code_of_row)
      : sampler_(std::move(sampler)), values_(values), code_of_row_(std::move(code_of_row)) {}
  const Dictionary* dictionary() const override { return values_; }
  uint64_t domain() const override {
    return sampler_.groups.size() == 1 && sampler_.groups[0].rows.empty()
               ? static_cast<uint64_t>(values_->size())
               : 0;
  }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kCodes, n, values_);
    for (int64_t i = 0; i < n; ++i) out->codes[i] = static_cast<int32_t>(index[i]);
  }
  // Names and the like: there are more than a list holds.
  bool takes_ending() const override { return true; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kCodes, rows.count, values_);
    int32_t* codes = out->codes.data();
    const int32_t* code_of_row = code_of_row_.data();
    sampler_.Sample(rows, inputs, [&](int64_t i, int32_t row) { codes[i] = code_of_row[row]; });
  }

 private:
  RowSampler sampler_;
  const Dictionary* values_;
  std::vector<int32_t> code_of_row_;
};

class ListRow : public Column {
 public:
  ListRow(RowSampler sampler, std::shared_ptr<const List> list)
      : sampler_(std::move(sampler)), list_(std::move(list)) {
    type_.id = TypeId::kInt32;
  }
  const List& list() const { return *list_; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    int64_t* ints = out->ints.data();
    sampler_.Sample(rows, inputs, [&](int64_t i, int32_t row) { ints[i] = row; });
  }

 private:
  RowSampler sampler_;
  std::shared_ptr<const List> list_;
};

class Field : public Column {
 public:
  Field(const Dictionary* values, std::vector<int32_t> code_of_row)
      : values_(values), code_of_row_(std::move(code_of_row)) {}
  const Dictionary* dictionary() const override { return values_; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kCodes, rows.count, values_);
    const int64_t* row = inputs[0]->ints.data();
    for (int64_t i = 0; i < rows.count; ++i)
      out->codes[i] = code_of_row_[static_cast<size_t>(row[i])];
  }

 private:
  const Dictionary* values_;
  std::vector<int32_t> code_of_row_;
};

std::shared_ptr<const List> TheList(ColumnContext& c) {
  if (!c.args().Require("list", "list: last_names")) return nullptr;
  return c.FindList(c.args().Text("list", ""), c.args().At("list"));
}

std::unique_ptr<Column> CompileList(ColumnContext& c) {
  std::shared_ptr<const List> list = TheList(c);
  if (!list) return nullptr;
  const int column = ListColumn(c, *list, "value");
  RowSampler sampler;
  if (column < 0 || !CompileSampler(c, *list, &sampler)) return nullptr;
  std::vector<int32_t> codes;
  const Dictionary* values = Distinct(c, list->values[static_cast<size_t>(column)], &codes);
  return std::make_unique<ListValue>(std::move(sampler), values, std::move(codes));
}

std::unique_ptr<Column> CompileListRow(ColumnContext& c) {
  std::shared_ptr<const List> list = TheList(c);
  RowSampler sampler;
  if (!list || !CompileSampler(c, *list, &sampler)) return nullptr;
  return std::make_unique<ListRow>(std::move(sampler), std::move(list));
}

std::unique_ptr<Column> CompileField(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (!args.Require("of", "of: place")) return nullptr;
  const Input* input = c.Use(args.Text("of", ""), args.At("of"));
  if (!input) return nullptr;
  const auto* row = dynamic_cast<const ListRow*>(input->column);
  if (!row) {
    args.Error(args.At("of"), "'" + input->name + "' is not a column of kind list_row");
    return nullptr;
  }
  const int column = ListColumn(c, row->list(), "field");
  if (column < 0) return nullptr;
  std::vector<int32_t> codes;
  const Dictionary* values = Distinct(c, row->list().values[static_cast<size_t>(column)], &codes);
  return std::make_unique<Field>(values, std::move(codes));
}

}  // namespace

extern const ColumnKind kList = {
    "list",
    "a value of a list, by weight",
    "{kind: list, list: first_names, value: name, given: {gender: gender}}",
    {{"list", "a built-in list, or one of the file's own `lists:`"},
     {"value", "the list's column"},
     {"given", "list column: column of few values that it must equal"}},
    CompileList};
extern const ColumnKind kListRow = {
    "list_row",
    "a row of a list, by weight, for `field` columns to read",
    "{kind: list_row, list: places, hidden: true}",
    {{"list", "a built-in list, or one of the file's own `lists:`"},
     {"given", "list column: column of few values that it must equal"}},
    CompileListRow};
extern const ColumnKind kField = {"field",
                                  "a value of the row that a list_row column has drawn",
                                  "{kind: field, of: place, field: city}",
                                  {{"of", "the list_row column"}, {"field", "the list's column"}},
                                  CompileField};

}  // namespace synthmill::generate
