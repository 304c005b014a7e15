// `struct`, and `json`: the same values as one JSON text.
#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

class Struct : public Column {
 public:
  Struct(std::vector<std::string> names, std::vector<std::unique_ptr<NestedColumn>> fields)
      : fields_(std::move(fields)) {
    type_.id = TypeId::kStruct;
    for (size_t f = 0; f < names.size(); ++f)
      type_.children.push_back({std::move(names[f]), fields_[f]->column->type()});
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->StartNested(rows.count, fields_.size(), false);
    for (size_t f = 0; f < fields_.size(); ++f) fields_[f]->Fill(rows, &out->children[f]);
  }

 private:
  std::vector<std::unique_ptr<NestedColumn>> fields_;
};

class JsonText : public Column {
 public:
  explicit JsonText(std::unique_ptr<Column> inner) : inner_(std::move(inner)) {}
  bool takes_ending() const override { return false; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    Vector values;
    inner_->Fill(rows, inputs, &values);
    out->Start(Vector::Form::kTexts, rows.count);
    std::string text;
    for (int64_t i = 0; i < rows.count; ++i) {
      text.clear();
      AppendJson(values, i, inner_->type(), &text);
      out->texts[i] = out->arena.Copy(text);
    }
  }

 private:
  std::unique_ptr<Column> inner_;
};

std::unique_ptr<Column> CompileStruct(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (!args.Require("fields", "fields: {x: {kind: int, min: 1, max: 9}}")) return nullptr;
  const spec::Node& node = *args.Get("fields");
  if (!node.is_map() || node.entries.empty()) {
    args.Error(node.at, "'fields' maps each field's name to a column",
               "such as: {x: {kind: int, min: 1, max: 9}}");
    return nullptr;
  }
  std::vector<std::string> names;
  std::vector<std::unique_ptr<NestedColumn>> fields;
  bool ok = true;
  for (const spec::Node::Entry& e : node.entries) {
    fields.push_back(c.CompileNested(e.value, e.key));
    ok &= fields.back() != nullptr;
    names.push_back(e.key);
  }
  return ok ? std::make_unique<Struct>(std::move(names), std::move(fields)) : nullptr;
}

std::unique_ptr<Column> CompileJson(ColumnContext& c) {
  auto inner = CompileStruct(c);
  return inner ? std::make_unique<JsonText>(std::move(inner)) : nullptr;
}

}  // namespace

extern const ColumnKind kStruct = {
    "struct",
    "several named values in one",
    "{kind: struct, fields: {x: {kind: int, min: 0, max: 99}, tag: {kind: choice, values: [a, "
    "b]}}}",
    {{"fields", "name: column; the null of a field is its share of nulls"}},
    CompileStruct};

extern const ColumnKind kJson = {
    "json",
    "an object as JSON text",
    "{kind: json, fields: {id: {kind: int, min: 1, max: 999}, ok: {kind: bool}}}",
    {{"fields", "name: column, as of a struct; arrays, maps and structs may be in it"}},
    CompileJson};

}  // namespace synthmill::generate
