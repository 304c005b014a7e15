#include <algorithm>

#include "generate/noise_run.h"

namespace synthmill::generate {
namespace {

class Context : public NoiseContext {
 public:
  Context(CompileState* state, const std::string& key, const spec::NoiseRule& spec)
      : state_(state),
        stream_(core::MakeStream(state->seed, key, "noise/" + spec.name)),
        args_(spec.args, "noise rule '" + spec.name + "'", *state->env, state->diagnostics) {}
  const spec::Args& args() const override { return args_; }
  core::Stream stream() const override { return stream_; }
  const std::vector<NoiseColumn>& columns() const override { return columns_; }
  const std::vector<int64_t>& weights() const override { return weights_; }
  std::shared_ptr<const List> FindList(const std::string& name, spec::Location at) override {
    return state_->FindList(name, at);
  }
  void Add(NoiseColumn column, int64_t weight) {
    columns_.push_back(std::move(column));
    weights_.push_back(weight);
  }

 private:
  CompileState* state_;
  core::Stream stream_;
  spec::Args args_;
  std::vector<NoiseColumn> columns_;
  std::vector<int64_t> weights_;
};

// Finds what a rule with ghosts has to make: its columns, and what they are made from, up to the
// columns that are kept.
void PlanGhosts(CompileState* state, const spec::NoiseRule& spec, const Scope& table,
                const Scope* entity, const std::vector<std::string>& keep, CompiledRule* rule) {
  for (const std::string& name : keep) {
    const int c = entity ? entity->Find(name) : -1;
    if (c < 0) {
      std::vector<std::string> names;
      if (entity)
        for (const ScopeColumn& column : entity->columns) names.push_back(column.spec->name);
      state->diagnostics->Error(
          spec.at,
          "noise rule '" + spec.name + "' keeps '" + name + "', which the entity does not have",
          spec::Suggest(name, names));
      return;
    }
    rule->ghost_keep.push_back(c);
  }
  std::vector<bool> needed(entity ? entity->columns.size() : 0);
  for (int c : rule->columns) {
    const int from = table.columns[static_cast<size_t>(c)].entity_column;
    if (from < 0) {
      state->diagnostics->Error(spec.at, "noise rule '" + spec.name + "': column '" +
                                             table.columns[static_cast<size_t>(c)].spec->name +
                                             "' does not come from an entity");
      return;
    }
    rule->ghost_columns.push_back(from);
    needed[static_cast<size_t>(from)] = true;
  }
  auto kept = [&](int c) {
    return std::find(rule->ghost_keep.begin(), rule->ghost_keep.end(), c) != rule->ghost_keep.end();
  };
  for (auto it = entity->order.rbegin(); it != entity->order.rend(); ++it) {
    if (!needed[static_cast<size_t>(*it)] || kept(*it)) continue;
    rule->ghost_order.push_back(*it);
    for (int input : entity->columns[static_cast<size_t>(*it)].inputs)
      needed[static_cast<size_t>(input)] = true;
  }
  std::reverse(rule->ghost_order.begin(), rule->ghost_order.end());
}

bool CompileRule(CompileState* state, const std::string& key, const spec::NoiseRule& spec,
                 const Scope& table, const Scope* entity, CompiledRule* out) {
  const NoiseKind* kind = FindNoiseKind(spec.kind);
  if (!kind) {
    std::vector<std::string> names;
    for (const NoiseKind* k : NoiseKinds()) names.emplace_back(k->name);
    const spec::Node* at = spec.args.Find("rule");
    state->diagnostics->Error(at ? at->at : spec.at, "no noise rule '" + spec.kind + "'",
                              spec::Suggest(spec.kind, names));
    return false;
  }
  Context context(state, key, spec);
  std::vector<std::string> known(spec::CommonNoiseKeys().begin(), spec::CommonNoiseKeys().end());
  for (const ArgDoc& a : kind->args) known.emplace_back(a.name);
  context.args().RejectUnknown(known);
  const auto weights = context.args().Weights("columns");
  for (const auto& [name, weight] : weights) {
    const int c = table.Find(name);
    // A rule of a profile serves several tables; what this one does not have is left out.
    if (c < 0) continue;
    const ScopeColumn& column = table.columns[static_cast<size_t>(c)];
    const Column* made = column.column.get();
    if (!made && entity && column.entity_column >= 0)
      made = entity->columns[static_cast<size_t>(column.entity_column)].column.get();
    if (!made) return false;  // in error itself, and reported
    if (column.spec->required) {
      state->diagnostics->Error(spec.at, "noise rule '" + spec.name + "': column '" + name +
                                             "' is required and stays as it is");
      return false;
    }
    out->columns.push_back(c);
    context.Add({name, column.type, column.dictionary}, weight);
  }
  if (out->columns.empty()) return false;
  out->name = spec.name;
  out->rate = state->Share(spec.rate, 0, "rate");
  out->choose = context.stream().Sub("choose");
  out->rule = kind->compile(context);
  if (!out->rule) return false;
  const bool nested = std::any_of(out->columns.begin(), out->columns.end(), [&](int c) {
    return table.columns[static_cast<size_t>(c)].type.nested();
  });
  if (nested && out->rule->ghost_keep()) {
    state->diagnostics->Error(
        spec.at, "noise rule '" + spec.name + "' cannot make lists, maps and structs again");
    return false;
  }
  if (const auto* keep = out->rule->ghost_keep())
    PlanGhosts(state, spec, table, entity, *keep, out);
  return true;
}

// Derived columns are made again after the last rule that changes what they are made from, or
// before the first rule that changes them themselves.
void PlanSteps(CompileState* state, const Scope& table, const Scope* entity, TableNoise* noise) {
  struct Derived {
    int column;
    std::vector<int> from;
    bool done = false;
  };
  std::vector<Derived> derived;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const ScopeColumn& column = table.columns[c];
    if (!column.spec->rederive || column.entity_column < 0) continue;
    if (column.type.nested())
      state->diagnostics->Error(column.spec->at, "column '" + column.spec->name +
                                                     "': lists, maps and structs cannot be made "
                                                     "again after the noise");
    Derived d{static_cast<int>(c), {}};
    for (int input : entity->columns[static_cast<size_t>(column.entity_column)].inputs) {
      const int t = table.Find(entity->columns[static_cast<size_t>(input)].spec->name);
      if (t >= 0) d.from.push_back(t);
    }
    derived.push_back(std::move(d));
  }
  std::vector<bool> changes(table.columns.size());
  noise->new_text.resize(table.columns.size());
  for (size_t r = 0; r < noise->rules.size(); ++r) {
    const CompiledRule& rule = noise->rules[r];
    auto touches = [&](int c) {
      return std::find(rule.columns.begin(), rule.columns.end(), c) != rule.columns.end();
    };
    for (Derived& d : derived) {
      if (!d.done && touches(d.column)) {
        noise->steps.push_back({-1, d.column});
        d.done = true;
      }
      if (d.done && std::any_of(d.from.begin(), d.from.end(), touches))
        state->diagnostics->Error(
            table.columns[static_cast<size_t>(d.column)].spec->at,
            "rule '" + rule.name + "' changes what '" +
                table.columns[static_cast<size_t>(d.column)].spec->name +
                "' is made from after a rule has changed the column itself; put it before");
    }
    noise->steps.push_back({static_cast<int>(r), -1});
    for (int c : rule.columns) {
      changes[static_cast<size_t>(c)] = true;
      if (rule.rule->makes_new_text()) noise->new_text[static_cast<size_t>(c)] = true;
    }
  }
  for (Derived& d : derived) {
    const bool changed = std::any_of(d.from.begin(), d.from.end(),
                                     [&](int c) { return changes[static_cast<size_t>(c)]; });
    if (!changed && !d.done) continue;
    if (!d.done) noise->steps.push_back({-1, d.column});
    changes[static_cast<size_t>(d.column)] = true;
    noise->new_text[static_cast<size_t>(d.column)] = true;
  }
  for (size_t c = 0; c < changes.size(); ++c)
    if (changes[c]) noise->noised.push_back(static_cast<int>(c));
}

}  // namespace

TableNoise CompileNoise(CompileState* state, const std::string& key,
                        const std::vector<spec::NoiseRule>& rules, const Scope& table,
                        const Scope* entity) {
  TableNoise noise;
  for (const spec::NoiseRule& spec : rules) {
    if (!state->When(spec.when)) continue;
    CompiledRule rule;
    if (CompileRule(state, key, spec, table, entity, &rule)) noise.rules.push_back(std::move(rule));
  }
  if (noise.rules.size() > 64)
    state->diagnostics->Error(rules[64].at, "a table has at most 64 noise rules");
  if (state->diagnostics->ok()) PlanSteps(state, table, entity, &noise);
  return noise;
}

}  // namespace synthmill::generate
