#include "generate/relations.h"

#include <algorithm>
#include <set>

#include "generate/keys.h"
#include "generate/program.h"

namespace synthmill::generate {

namespace {

// Tables that refer to tables that refer to tables …: as many as anybody has, and no stack is ever
// at its end.
constexpr int kMaxDepth = 64;

}  // namespace

Relations::Relations(CompileState* state, const spec::Spec& spec) : state_(state), spec_(spec) {
  for (const spec::Table& t : spec.tables) {
    if (!t.from.empty()) continue;
    Table& table = tables_[t.key];
    table.spec = &t;
    table.facts.key = t.key;
    table.facts.popular = core::MakeStream(state->seed, "t/" + t.key, "popular");
  }
}

std::string Relations::OutputName(const spec::Table& table) const {
  return spec::Interpolate(table.name, *state_->env).ValueOr(table.name);
}

arrow::Status Relations::Override(const std::vector<spec::RowsOverride>& rows) {
  for (const spec::RowsOverride& r : rows) {
    if (r.table.empty()) {
      if (tables_.empty()) {
        return arrow::Status::Invalid(
            "--rows ", r.text, ": no table of this dataset has rows of its own; they follow from ",
            "the entities, whose numbers are parameters (--help lists them)");
      }
      for (auto& [key, table] : tables_)
        if (!table.spec->per && table.rows.text.empty()) table.rows = r;
      continue;
    }
    const spec::Table* found = nullptr;
    std::vector<std::string> known;
    for (const spec::Table& t : spec_.tables) {
      const std::string name = OutputName(t);
      if (r.table == t.key || r.table == name) found = &t;
      known.push_back(t.key);
      if (name != t.key) known.push_back(name);
    }
    if (!found) {
      return arrow::Status::Invalid("--rows ", r.text, ": there is no table '", r.table, "'; ",
                                    spec::Suggest(r.table, known));
    }
    if (!found->from.empty()) {
      return arrow::Status::Invalid("--rows ", r.text, ": the rows of '", r.table,
                                    "' follow from the entity '", found->from,
                                    "', its coverage and copies");
    }
    Table& table = tables_.find(found->key)->second;
    table.rows = r;
    if (r.per_parent) ARROW_RETURN_NOT_OK(FindParent(&table));
  }
  return arrow::Status::OK();
}

// Whose rows `3..9` are for: the table named, else that of `rows: {per: …}`, else the only other
// one the table refers to.
arrow::Status Relations::FindParent(Table* table) {
  std::string& parent = table->rows.parent;
  if (parent.empty() && table->spec->per) parent = table->spec->per->table;
  std::set<std::string> candidates;
  for (const spec::Column& column : table->spec->columns) {
    const spec::Node* named = column.args.Find("table");
    if ((column.kind == "parent" || column.kind == "reference") && named && named->is_scalar() &&
        named->text != table->spec->key && tables_.contains(named->text))
      candidates.insert(named->text);
  }
  if (parent.empty() && candidates.size() == 1) parent = *candidates.begin();
  if (!parent.empty()) {
    std::vector<std::string> known;
    for (const auto& [key, other] : tables_)
      if (&other != table) known.push_back(key);
    if (std::find(known.begin(), known.end(), parent) != known.end()) return arrow::Status::OK();
    return arrow::Status::Invalid("--rows ", table->rows.text, ": there is no table '", parent,
                                  "' to count by; ", spec::Suggest(parent, known));
  }
  std::string list;
  for (const std::string& c : candidates) list += (list.empty() ? "" : ", ") + c;
  return arrow::Status::Invalid(
      "--rows ", table->rows.text, ": so many for each row of which table? '", table->spec->key,
      "' refers to ", list.empty() ? "none" : list,
      list.empty() ? "" : "; say it as " + table->rows.text + "/" + *candidates.begin());
}

void Relations::CountRows() {
  for (const spec::Table& t : spec_.tables)
    if (t.from.empty()) Count(&tables_.find(t.key)->second);
}

bool Relations::Count(Table* table) {
  if (table->counted == Progress::kDone) return true;
  if (table->counted == Progress::kRunning || depth_ > kMaxDepth) return false;
  table->counted = Progress::kRunning;
  ++depth_;
  const spec::Table& spec = *table->spec;
  if (table->rows.per_parent || (table->rows.text.empty() && spec.per)) {
    CountPerParent(table);
  } else if (!table->rows.text.empty()) {
    table->facts.rows = static_cast<uint64_t>(table->rows.rows);
  } else {
    table->facts.rows = static_cast<uint64_t>(state_->Count(spec.rows, 0, 0, "rows"));
  }
  --depth_;
  if (table->facts.rows > kMaxRootRows) {
    state_->diagnostics->Error(spec.rows.at.line ? spec.rows.at : spec.at,
                               "table '" + spec.key + "' would have " +
                                   std::to_string(table->facts.rows) + " rows; the most is 10^15");
    table->facts.rows = 0;
  }
  table->counted = Progress::kDone;
  return true;
}

void Relations::CountPerParent(Table* table) {
  const spec::Table& spec = *table->spec;
  TableFacts& facts = table->facts;
  int64_t min = table->rows.min, max = table->rows.max;
  facts.owner = table->rows.parent;
  const spec::Location at = spec.per ? spec.per->at : spec.at;
  if (!table->rows.per_parent) {
    facts.owner = spec.per->table;
    min = state_->Count(spec.per->min, 0, 0, "min");
    max = state_->Count(spec.per->max, min, 0, "max");
  }
  auto found = tables_.find(facts.owner);
  if (found == tables_.end()) return;  // reported when the file was read
  constexpr int64_t kMost = 1'000'000'000;
  if (min > max || max > kMost) {
    state_->diagnostics->Error(at, "table '" + spec.key + "': " + std::to_string(min) + " to " +
                                       std::to_string(max) + " rows per row of '" + facts.owner +
                                       "': min is at most max, and max at most 10^9");
    return;
  }
  if (!Count(&found->second)) {
    state_->diagnostics->Error(at, "tables '" + spec.key + "' and '" + facts.owner +
                                       "' take their numbers of rows from each other");
    return;
  }
  const uint64_t parents = found->second.facts.rows;
  const auto most = static_cast<unsigned __int128>(parents) * static_cast<uint64_t>(max);
  if (most > kMaxRootRows) {
    state_->diagnostics->Error(
        at, "table '" + spec.key + "' could have more than 10^15 rows: " + std::to_string(parents) +
                " rows of '" + facts.owner + "' with up to " + std::to_string(max) + " each");
    return;
  }
  facts.fanout.emplace(core::MakeStream(state_->seed, "t/" + spec.key, "rows"),
                       static_cast<uint64_t>(min), static_cast<uint64_t>(max));
  facts.rows = facts.fanout->Begin(parents);
}

const TableFacts* Relations::Find(std::string_view key) const {
  auto found = tables_.find(key);
  return found == tables_.end() ? nullptr : &found->second.facts;
}

const TableFacts* Relations::Find(const std::string& key, spec::Location at) const {
  if (const TableFacts* facts = Find(key)) return facts;
  std::vector<std::string> known;
  for (const auto& [name, table] : tables_) known.push_back(name);
  const bool drawn = spec_.FindTable(key) || spec_.FindEntity(key);
  state_->diagnostics->Error(at,
                             drawn ? "'" + key +
                                         "' cannot be referred to: only tables without an "
                                         "entity can"
                                   : "there is no table '" + key + "'",
                             spec::Suggest(drawn ? "" : key, known));
  return nullptr;
}

ScopeBuilder* Relations::Builder(Table* table) {
  if (!table->builder)
    table->builder = MakeScopeBuilder(state_, "t/" + table->spec->key, table->spec->columns, {},
                                      nullptr, &table->facts);
  return table->builder.get();
}

std::shared_ptr<const Scope> Relations::CompileAll(const std::string& key) {
  ScopeBuilder* builder = Builder(&tables_.find(key)->second);
  builder->CompileAll();
  return builder->scope();
}

const ScopeView* Relations::View(const std::string& table, const std::string& column,
                                 const std::string& what, spec::Location at) {
  Table& target = tables_.find(table)->second;
  ScopeBuilder* builder = Builder(&target);
  const int c = builder->scope()->Find(column);
  if (c < 0) {
    std::vector<std::string> names;
    for (const spec::Column& other : target.spec->columns) names.push_back(other.name);
    state_->diagnostics->Error(at, "table '" + table + "' has no column '" + column + "'",
                               spec::Suggest(column, names));
    return nullptr;
  }
  if (depth_ >= kMaxDepth) {
    state_->diagnostics->Error(at, what + ": columns refer to each other over more than " +
                                       std::to_string(kMaxDepth) + " tables");
    return nullptr;
  }
  ++depth_;
  const ScopeBuilder::Outcome outcome = builder->Compile(c);
  --depth_;
  if (outcome == ScopeBuilder::Outcome::kRunning) {
    state_->diagnostics->Error(
        at,
        what + " and '" + table + "." + column + "' are made from each other: it cannot be filled",
        "let one of the columns on the way have values of its own, such as {kind: sequence}");
  }
  if (outcome != ScopeBuilder::Outcome::kDone) return nullptr;
  bool keyed = false;
  keyed = target.spec->columns[static_cast<size_t>(c)].key;
  for (const spec::Key& key : target.spec->keys)
    keyed |= std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
  // Keys may become texts that no dictionary holds.
  views_.push_back(std::make_unique<ScopeView>(builder->scope(), c, keyed));
  return views_.back().get();
}

void Relations::MakeKeys() {
  // A table of which others have only asked for some columns has the same keys as when it is made
  // itself. Their columns may refer to further tables.
  std::set<std::string> seen;
  for (bool more = true; more;) {
    more = false;
    for (auto& [key, table] : tables_) {
      if (!table.builder || !seen.insert(key).second) continue;
      more = true;
      for (const spec::Key& k : table.spec->keys)
        for (const std::string& name : k.columns)
          table.builder->Compile(table.builder->scope()->Find(name));
      for (size_t c = 0; c < table.spec->columns.size(); ++c)
        if (table.spec->columns[c].key) table.builder->Compile(static_cast<int>(c));
    }
  }
  if (!state_->diagnostics->ok()) return;
  for (auto& [key, table] : tables_)
    if (table.builder)
      KeyMaker(state_, this, table.spec, &table.facts, table.builder->scope().get()).Run();
}

bool Relations::Identifies(const std::string& table,
                           const std::vector<std::string>& columns) const {
  const Table& target = tables_.find(table)->second;
  auto given = [&](const std::string& name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
  };
  for (const spec::Key& key : target.spec->keys)
    if (std::all_of(key.columns.begin(), key.columns.end(), given)) return true;
  const Scope& scope = *target.builder->scope();
  for (const std::string& name : columns) {
    const ScopeColumn& c = scope.columns[static_cast<size_t>(scope.Find(name))];
    if (c.spec->key || c.column->distinct_rows() >= target.facts.rows) return true;
  }
  return false;
}

std::vector<std::string> Relations::Through(const std::string& table, const std::string& parent,
                                            const std::vector<std::string>& columns) const {
  const Scope& scope = *tables_.find(table)->second.builder->scope();
  const int from = scope.Find(parent);
  std::vector<std::string> out;
  for (const ScopeColumn& c : scope.columns) {
    const Relation* relation = c.column ? c.column->relation() : nullptr;
    if (!relation || relation->column.empty() || relation->drawn || c.inputs.empty()) continue;
    if (c.inputs[0] != from) continue;
    if (std::find(columns.begin(), columns.end(), relation->column) != columns.end())
      out.push_back(c.spec->name);
  }
  return out;
}

std::vector<std::unique_ptr<ScopeView>> Relations::CloseViews() {
  for (const auto& view : views_) view->Close();
  return std::move(views_);
}

}  // namespace synthmill::generate
