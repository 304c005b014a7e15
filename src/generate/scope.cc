#include "generate/scope.h"

#include <algorithm>

namespace synthmill::generate {

uint64_t Groups::Group::Head(uint64_t row) const {
  const uint64_t unit = size * stride;
  const uint64_t block = row / unit, lane = row % unit % stride;
  const bool grouped = stream.At(core::RowHash(block * stride + lane)) < threshold;
  return grouped ? block * unit + lane : row;
}

int Groups::View(const std::vector<std::string>& names) {
  std::vector<int> view;
  for (const std::string& name : names) {
    const auto it =
        std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.name == name; });
    if (it == groups.end()) return -1;
    // A group that is switched off would only cost time.
    if (it->threshold) view.push_back(static_cast<int>(it - groups.begin()));
  }
  for (size_t v = 0; v < views.size(); ++v)
    if (views[v] == view) return static_cast<int>(v);
  views.push_back(std::move(view));
  return static_cast<int>(views.size()) - 1;
}

const TableFacts* ColumnContext::FindTable(const std::string& name, spec::Location at) {
  args().Error(at, "'" + name + "' cannot be referred to from here");
  return nullptr;
}

const ScopeView* ColumnContext::View(const std::string&, const std::string&, spec::Location) {
  return nullptr;
}

int Scope::Find(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i)
    if (columns[i].spec->name == name) return static_cast<int>(i);
  return -1;
}

void Scope::Close(std::vector<bool>* needed) const {
  for (auto it = order.rbegin(); it != order.rend(); ++it)
    if ((*needed)[static_cast<size_t>(*it)])
      for (int input : columns[static_cast<size_t>(*it)].inputs)
        (*needed)[static_cast<size_t>(input)] = true;
}

void Scope::Make(int c, int64_t count, const uint64_t* number,
                 const std::vector<const uint64_t*>& hashes, std::vector<Vector>* vectors) const {
  const ScopeColumn& column = columns[static_cast<size_t>(c)];
  const Vector* inputs[64];
  for (size_t i = 0; i < column.inputs.size(); ++i)
    inputs[i] = &(*vectors)[static_cast<size_t>(column.inputs[i])];
  const uint64_t* hash = hashes[static_cast<size_t>(column.view)];
  Vector* out = &(*vectors)[static_cast<size_t>(c)];
  column.column->Fill({count, number, hash}, {inputs, column.inputs.size()}, out);
  if (column.null_threshold == 0) return;
  for (int64_t i = 0; i < count; ++i)
    if (column.null_stream.At(hash[i]) < column.null_threshold || column.null_threshold == ~0ull)
      out->SetNull(i);
}

void NestedColumn::Fill(const Rows& rows, Vector* out) const {
  column->Fill(rows, {}, out);
  if (null_threshold == 0) return;
  for (int64_t i = 0; i < rows.count; ++i)
    if (null_stream.At(rows.hash[i]) < null_threshold || null_threshold == ~0ull) out->SetNull(i);
}

const Dictionary* CompileState::Keep(const std::vector<std::string>& values) {
  auto [it, fresh] = kept.emplace(values, nullptr);
  if (fresh) {
    dictionaries->push_back(std::make_unique<Dictionary>(values));
    it->second = dictionaries->back().get();
  }
  return it->second;
}

std::shared_ptr<const List> CompileState::FindList(const std::string& name, spec::Location at) {
  auto list = lists->Find(name);
  if (list.ok()) return *list;
  diagnostics->Error(at, list.status().message());
  return nullptr;
}

namespace {

bool Evaluate(CompileState* s, const spec::LocatedExpr& e, spec::Value* value) {
  auto result = e.expr->Evaluate(*s->env);
  if (!result.ok()) {
    s->diagnostics->Error(e.at, result.status().message());
    return false;
  }
  *value = *result;
  return true;
}

}  // namespace

int64_t CompileState::Share(const spec::LocatedExpr& e, int64_t fallback, const char* what) {
  spec::Value v;
  if (!e.given() || !Evaluate(this, e, &v)) return fallback;
  int64_t share = -1;
  if (v.type == spec::Value::Type::kDecimal) share = v.number;
  if (v.type == spec::Value::Type::kInt && (v.number == 0 || v.number == 1))
    share = v.number * spec::Value::kDecimalOne;
  if (share < 0 || share > spec::Value::kDecimalOne) {
    diagnostics->Error(e.at,
                       std::string(what) + " must be a share from 0 to 1, not " + v.ToString());
    return fallback;
  }
  return share;
}

int64_t CompileState::Count(const spec::LocatedExpr& e, int64_t fallback, int64_t min,
                            const char* what) {
  spec::Value v;
  if (!e.given() || !Evaluate(this, e, &v)) return fallback;
  if (v.type != spec::Value::Type::kInt || v.number < min) {
    diagnostics->Error(e.at, std::string(what) + " must be a whole number of at least " +
                                 std::to_string(min) + ", not " + v.ToString());
    return fallback;
  }
  return v.number;
}

bool CompileState::When(const spec::LocatedExpr& e) {
  spec::Value v;
  if (!e.given()) return true;
  if (!Evaluate(this, e, &v)) return false;
  if (v.type != spec::Value::Type::kBool) {
    diagnostics->Error(e.at, "a condition must be true or false, not " + v.ToString());
    return false;
  }
  return v.number != 0;
}

}  // namespace synthmill::generate
