#include <algorithm>
#include <filesystem>

#include "generate/exact_rows.h"
#include "generate/program_internal.h"
#include "generate/program_outputs.h"
#include "generate/relations.h"

namespace synthmill::generate {

uint64_t TableRows(const CompiledTable& t, uint64_t begin, uint64_t end) {
  if (begin >= end) return 0;
  if (t.rows_in_order) return end - begin;
  uint64_t rows = t.shape.Rows(begin, end);
  for (const Trimmed& x : t.trimmed) rows -= x.row >= begin && x.row < end;
  return rows;
}

double ProgramImpl::ChangesPerRow(int root) const {
  std::call_once(sampled_, [&] {
    changes_per_row_.assign(compiled.size(), 0);
    for (size_t r = 0; r < compiled.size(); ++r) {
      const CompiledRoot& c = compiled[r];
      if (c.truth_changes < 0 || c.root.blocks() == 0) continue;
      const uint64_t last = std::min((c.root.first_block() + 4) * kBlockRows, c.root.end);
      auto part = Part(static_cast<int>(r), c.root.begin, last);
      std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
      uint64_t rows = 0, changes = 0;
      while (part.ok() && (*part)->Next(&batches).ValueOr(false)) {
        for (const CompiledTable& t : c.tables)
          if (const auto& b = batches[static_cast<size_t>(t.output)])
            rows += static_cast<uint64_t>(b->num_rows());
        if (const auto& b = batches[static_cast<size_t>(c.truth_changes)])
          changes += static_cast<uint64_t>(b->num_rows());
      }
      if (rows) changes_per_row_[r] = static_cast<double>(changes) / static_cast<double>(rows);
    }
  });
  return changes_per_row_[static_cast<size_t>(root)];
}

uint64_t ProgramImpl::Rows(int t, uint64_t begin, uint64_t end) const {
  const OutputTable& output = outputs[static_cast<size_t>(t)];
  const CompiledRoot& root = compiled[static_cast<size_t>(output.root)];
  begin = std::max(root.root.begin, begin);
  end = std::min(root.root.end, end);
  if (begin >= end) return 0;
  if (t == root.truth_entity) return end - begin;
  uint64_t rows = 0;
  for (const CompiledTable& table : root.tables)
    if (table.output == t || t == root.truth_records || t == root.truth_changes)
      rows += TableRows(table, begin, end);
  if (t == root.truth_changes)
    return static_cast<uint64_t>(static_cast<double>(rows) * ChangesPerRow(output.root));
  return rows;
}

namespace {

class Compiler {
 public:
  Compiler(const spec::Spec& spec, const spec::Resolved& resolved, const CompileOptions& options,
           spec::Diagnostics* diagnostics)
      : options_(options), resolved_(resolved), program_(std::make_shared<ProgramImpl>()) {
    program_->spec = spec;
    std::map<std::string, std::string> own;
    for (const auto& [name, path] : spec.lists)
      own[name] = (std::filesystem::path(spec.file).parent_path() / path.first).string();
    lists_ = std::make_unique<Lists>(std::move(own));
    state_.seed = options.seed;
    state_.env = &resolved.env;
    state_.diagnostics = diagnostics;
    state_.lists = lists_.get();
    state_.dictionaries = &program_->dictionaries;
    relations_ = std::make_unique<Relations>(&state_, program_->spec);
    state_.relations = relations_.get();
  }

  arrow::Result<std::shared_ptr<const Program>> Run() {
    const spec::Spec& spec = program_->spec;
    ARROW_RETURN_NOT_OK(CheckTableNames());
    ARROW_RETURN_NOT_OK(relations_->Override(options_.rows));
    relations_->CountRows();
    for (const spec::Entity& e : spec.entities) CompileEntity(e);
    for (const spec::Table& t : spec.tables)
      if (t.from.empty() && Wanted(t)) CompileAlone(t);
    relations_->MakeKeys();
    for (CompiledRoot& r : program_->compiled)
      if (!r.entity) CompileNoiseOf(&r.tables[0], nullptr);
    ARROW_RETURN_NOT_OK(state_.diagnostics->ToStatus());
    program_->views = relations_->CloseViews();
    AddOutputs(*relations_, program_.get());
    if (options_.truth && spec.truth) AddTruth(program_.get());
    for (CompiledRoot& r : program_->compiled) {
      FindNeeded(&r);
      program_->root_list.push_back(r.root);
    }
    ARROW_RETURN_NOT_OK(state_.diagnostics->ToStatus());
    return std::shared_ptr<const Program>(program_);
  }

 private:
  bool Wanted(const spec::Table& t) const {
    if (options_.tables.empty()) return true;
    auto name = spec::Interpolate(t.name, resolved_.env);
    return std::any_of(options_.tables.begin(), options_.tables.end(), [&](const std::string& w) {
      return w == t.key || (name.ok() && w == *name);
    });
  }

  arrow::Status CheckTableNames() {
    std::map<std::string, std::string> seen;  // output name -> key
    std::vector<std::string> known;
    for (const spec::Table& t : program_->spec.tables) {
      ARROW_ASSIGN_OR_RAISE(std::string name, spec::Interpolate(t.name, resolved_.env));
      known.push_back(t.key);
      known.push_back(name);
      if (name.empty() || name.size() > 128 || name[0] == '.' || name[0] == '_' ||
          name.find_first_of("/\\") != std::string::npos ||
          std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 32 || c == 127; }))
        state_.diagnostics->Error(t.at,
                                  "table '" + t.key + "': '" + name + "' cannot be a folder's name",
                                  "names of 1 to 128 bytes, without / and \\ and control "
                                  "characters, not starting with . or _");
      auto [it, fresh] = seen.emplace(name, t.key);
      if (!fresh)
        state_.diagnostics->Error(
            t.at, "tables '" + it->second + "' and '" + t.key + "' are both called '" + name + "'");
    }
    for (const std::string& w : options_.tables)
      if (std::find(known.begin(), known.end(), w) == known.end())
        return arrow::Status::Invalid("--tables: no table '", w, "'; ", spec::Suggest(w, known));
    return arrow::Status::OK();
  }

  void CompileEntity(const spec::Entity& e) {
    CompiledRoot root;
    root.entity = &e;
    root.root.key = e.key;
    root.scope = Scoped("e/" + e.key, e.columns, e.groups, nullptr);
    const uint64_t first = static_cast<uint64_t>(state_.Count(e.first, 1, 1, "the first row"));
    uint64_t count = static_cast<uint64_t>(state_.Count(e.count, 0, 0, "the count"));
    // Shapes of all tables, wanted or not: an exact row count speaks of all of them.
    std::vector<CompiledTable> all;
    for (const spec::Table& t : program_->spec.tables)
      if (t.from == e.key) all.push_back(ShapeOf(t));
    root.root.begin = first - 1;
    if (e.exact && state_.When(e.exact->when)) {
      const int64_t wanted = state_.Count(e.exact->rows, 1, 1, "rows");
      count = RootRowsFor(static_cast<uint64_t>(wanted), e.exact->trim, root.root.begin, &all);
    }
    root.root.end = root.root.begin + count;
    if (count > kMaxRootRows || root.root.end > kMaxRootRows)
      state_.diagnostics->Error(e.count.at.line ? e.count.at : e.at,
                                "entity '" + e.key + "' would have rows up to number " +
                                    std::to_string(root.root.end) + "; the most is 10^15");
    for (CompiledTable& t : all) {
      if (!Wanted(*t.spec)) continue;
      t.scope = Scoped("t/" + t.spec->key, t.spec->columns, {}, root.scope.get());
      CompileNoiseOf(&t, root.scope.get());
      CheckKeys(t, *root.scope);
      root.tables.push_back(std::move(t));
    }
    if (!root.tables.empty()) program_->compiled.push_back(std::move(root));
  }

  void CompileAlone(const spec::Table& t) {
    CompiledRoot root;
    root.root.key = t.key;
    root.root.entity = false;
    root.root.end = relations_->Find(t.key)->rows;
    root.scope = std::make_shared<Scope>();
    CompiledTable table = ShapeOf(t);
    table.rows_in_order = true;
    table.scope = relations_->CompileAll(t.key);
    root.tables.push_back(std::move(table));
    program_->compiled.push_back(std::move(root));
  }

  CompiledTable ShapeOf(const spec::Table& t) {
    CompiledTable table;
    table.spec = &t;
    table.name = spec::Interpolate(t.name, resolved_.env).ValueOr(t.name);
    const int64_t coverage = state_.Share(t.coverage, spec::Value::kDecimalOne, "coverage");
    // at_least[k]: the share with at least k + 2 copies.
    std::vector<int64_t> at_least;
    int64_t sum = 0;
    for (const spec::Table::Copies& c : t.copies) {
      const int64_t share = state_.Share(c.share, 0, "a share of copies");
      sum += share;
      for (int k = 2; k <= c.copies; ++k) {
        if (at_least.size() < static_cast<size_t>(k - 1)) at_least.push_back(0);
        at_least[static_cast<size_t>(k - 2)] += share;
      }
    }
    // Constant shares are checked when the file is read; these are what parameters have made of
    // them.
    if (!t.copies.empty() && sum != spec::Value::kDecimalOne) {
      state_.diagnostics->Error(t.copies[0].share.at,
                                "'copies' of table '" + t.key + "': the shares add up to " +
                                    spec::Value::Decimal(sum).ToString() + ", not 1");
      at_least.clear();
    }
    table.shape = TableShape(core::MakeStream(options_.seed, "t/" + t.key, "shape"), coverage,
                             std::move(at_least));
    return table;
  }

  std::shared_ptr<const Scope> Scoped(const std::string& key,
                                      const std::vector<spec::Column>& columns,
                                      const std::vector<spec::Group>& groups, const Scope* entity) {
    auto builder = MakeScopeBuilder(&state_, key, columns, groups, entity, nullptr);
    builder->CompileAll();
    return builder->scope();
  }

  // Coverage and copies decide which rows there are, so keys hold by a column's kind or not at all.
  void CheckKeys(const CompiledTable& t, const Scope& entity) {
    for (const spec::Key& key : t.spec->keys) {
      bool holds = false;
      for (const std::string& name : key.columns) {
        const ScopeColumn& c = t.scope->columns[static_cast<size_t>(t.scope->Find(name))];
        const Column* column = c.column.get();
        if (c.entity_column >= 0 && t.shape.max_copies() == 1)
          column = entity.columns[static_cast<size_t>(c.entity_column)].column.get();
        holds |= column && column->distinct_rows() == ~0ull;
      }
      if (!holds)
        state_.diagnostics->Error(key.at,
                                  "table '" + t.spec->key +
                                      "' is drawn from an entity: a key of it holds only where a "
                                      "column is unique by its kind",
                                  "such as {kind: uuid}");
    }
  }

  void CompileNoiseOf(CompiledTable* table, const Scope* entity) {
    const std::string key = "t/" + table->spec->key;
    std::vector<spec::NoiseRule> rules;
    if (options_.noise != "none" && table->spec->noisy) {
      auto profile = program_->spec.noise_profiles.find(options_.noise);
      if (profile != program_->spec.noise_profiles.end()) rules = profile->second;
      rules.insert(rules.end(), table->spec->noise.begin(), table->spec->noise.end());
    }
    table->noise = CompileNoise(&state_, key, rules, *table->scope, entity);
    for (size_t c = 0; c < table->scope->columns.size(); ++c)
      if (table->scope->columns[c].output) table->columns.push_back(static_cast<int>(c));
    if (table->columns.empty())
      state_.diagnostics->Error(table->spec->at, "table '" + table->spec->key + "' has no columns");
  }

  void FindNeeded(CompiledRoot* root) {
    root->needed.assign(root->scope->columns.size(), false);
    auto need = [&](int c) { root->needed[static_cast<size_t>(c)] = true; };
    for (const CompiledTable& t : root->tables) {
      for (const ScopeColumn& c : t.scope->columns)
        if (c.entity_column >= 0) need(c.entity_column);
      for (const CompiledRule& r : t.noise.rules)
        for (int c : r.ghost_keep) need(c);
    }
    if (root->truth_entity >= 0)
      for (int c : root->truth_entity_columns) need(c);
    root->scope->Close(&root->needed);
  }

  const CompileOptions& options_;
  const spec::Resolved& resolved_;
  std::shared_ptr<ProgramImpl> program_;
  std::unique_ptr<Lists> lists_;
  CompileState state_;
  std::unique_ptr<Relations> relations_;
};

}  // namespace

arrow::Result<std::shared_ptr<const Program>> Program::Compile(const spec::Spec& spec,
                                                               const spec::Resolved& parameters,
                                                               const CompileOptions& options,
                                                               spec::Diagnostics* diagnostics) {
  return Compiler(spec, parameters, options, diagnostics).Run();
}

}  // namespace synthmill::generate
