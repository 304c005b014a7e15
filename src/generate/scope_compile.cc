#include "generate/finish.h"
#include "generate/relations.h"

namespace synthmill::generate {

std::span<const std::string> CommonKindKeys() {
  static const auto* const kKeys = new std::vector<std::string>{
      "kind",    "hidden",        "required",   "key",       "rederive", "when", "null", "per",
      "default", "default_share", "max_length", "max_bytes", "name",     "sql",  "help"};
  return *kKeys;
}

namespace {

// How deep lists, maps and structs may stand in each other.
constexpr int kMaxDepth = 16;

class ScopeCompiler : public ScopeBuilder {
 public:
  ScopeCompiler(CompileState* state, const std::string& key,
                const std::vector<spec::Column>& columns, const Scope* entity,
                const TableFacts* table)
      : state_(state), key_(key), columns_(columns), entity_(entity), table_(table) {
    scope_.columns.resize(columns.size());
    // Known before they are compiled: others may ask for them by name.
    for (size_t i = 0; i < columns.size(); ++i) scope_.columns[i].spec = &columns[i];
    progress_.resize(columns.size());
  }

  void AddGroups(const std::vector<spec::Group>& groups) {
    for (const spec::Group& g : groups) {
      Groups::Group out;
      out.name = g.name;
      out.stream = core::MakeStream(state_->seed, key_, "group/" + g.name);
      const int64_t share = state_->Share(g.share, 0, "a group's share");
      out.size = static_cast<uint64_t>(state_->Count(g.size, 2, 1, "a group's size"));
      out.stride = static_cast<uint64_t>(state_->Count(g.stride, 1, 1, "a group's stride"));
      if (out.size > 1024 || out.stride > 1'000'000)
        state_->diagnostics->Error(g.at, "a group's size is at most 1024, its stride 1000000");
      out.threshold = state_->When(g.when) ? core::Threshold(share) : 0;
      scope_.groups.groups.push_back(std::move(out));
    }
  }

  Outcome Compile(int c) override {
    if (progress_[static_cast<size_t>(c)] == Progress::kRunning) return Outcome::kRunning;
    CompileColumn(c);
    const ScopeColumn& column = scope_.columns[static_cast<size_t>(c)];
    return column.column || column.entity_column >= 0 ? Outcome::kDone : Outcome::kFailed;
  }
  void CompileAll() override {
    for (size_t i = 0; i < columns_.size(); ++i) CompileColumn(static_cast<int>(i));
  }
  const std::shared_ptr<Scope>& scope() const override { return shared_; }

 private:
  enum class Progress : char { kNone, kRunning, kDone };

  class Context;

  int Index(const std::string& name) const {
    for (size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].name == name) return static_cast<int>(i);
    return -1;
  }

  void CompileColumn(int c);
  void Carry(const spec::Column& spec, ScopeColumn* out);
  void MakeKind(const spec::Column& spec, ScopeColumn* out);

  CompileState* state_;
  const std::string key_;
  const std::vector<spec::Column>& columns_;
  const Scope* entity_;
  const TableFacts* table_;
  const std::shared_ptr<Scope> shared_ = std::make_shared<Scope>();
  Scope& scope_ = *shared_;
  std::vector<Progress> progress_;
};

// Compiles what `args` say with the kind they name. `common` are the keys that are not the kind's.
std::unique_ptr<Column> CompileKind(ColumnContext* context, const std::string& name,
                                    spec::Location at, std::span<const std::string> common) {
  const spec::Args& args = context->args();
  const ColumnKind* kind = FindColumnKind(name);
  if (!kind) {
    std::vector<std::string> names;
    for (const ColumnKind* k : ColumnKinds()) names.emplace_back(k->name);
    args.Error(at, "no column kind '" + name + "'", spec::Suggest(name, names));
    return nullptr;
  }
  std::vector<std::string> known(common.begin(), common.end());
  for (const ArgDoc& a : kind->args) known.emplace_back(a.name);
  args.RejectUnknown(known);
  std::unique_ptr<Column> column = kind->compile(*context);
  return column ? Finish(std::move(column), *context) : nullptr;
}

// What columns of a table and those within other columns' values have in common.
class CommonContext : public ColumnContext {
 public:
  CommonContext(CompileState* state, const std::string& key, std::string name,
                const spec::Node& node, const std::string& what, int depth)
      : state_(state),
        key_(key),
        name_(std::move(name)),
        args_(node, what, *state->env, state->diagnostics),
        depth_(depth) {}

  const spec::Args& args() const override { return args_; }
  core::Stream stream() const override { return core::MakeStream(state_->seed, key_, name_); }
  core::Stream shared_stream() const override { return core::MakeStream(state_->seed, "*", name_); }
  uint64_t scope_hash() const override { return core::MakeStream(0, "scope", key_).key; }
  std::shared_ptr<const List> FindList(const std::string& name, spec::Location at) override {
    return state_->FindList(name, at);
  }
  const Dictionary* Keep(const std::vector<std::string>& values) override {
    return state_->Keep(values);
  }
  std::unique_ptr<NestedColumn> CompileNested(const spec::Node& node,
                                              const std::string& path) override;

 protected:
  CompileState* state_;
  const std::string& key_;
  std::string name_;
  spec::Args args_;
  int depth_;
};

// An item, key, value or field: it has no neighbours.
class NestedContext : public CommonContext {
 public:
  using CommonContext::CommonContext;
  const Input* Use(const std::string& name, spec::Location at) override {
    args_.Error(at, "'" + name +
                        "': what stands inside a list, map or struct is made from no "
                        "other column");
    return nullptr;
  }
};

std::unique_ptr<NestedColumn> CommonContext::CompileNested(const spec::Node& node,
                                                           const std::string& path) {
  static const std::vector<std::string> kNestedKeys = {
      "kind", "null", "default", "default_share", "max_length", "max_bytes", "help"};
  const std::string name = name_ + "." + path;
  if (!node.is_map() || node.Find("kind") == nullptr || !node.Find("kind")->is_scalar()) {
    args_.Error(node.at.line > 0 ? node.at : args_.At("kind"),
                "'" + name + "' must be a map with a kind", "such as: {kind: int, min: 1, max: 9}");
    return nullptr;
  }
  if (depth_ >= kMaxDepth) {
    args_.Error(node.at, "'" + name + "' stands too deep: lists, maps and structs may hold each " +
                             "other to a depth of " + std::to_string(kMaxDepth));
    return nullptr;
  }
  const std::string& kind = node.Find("kind")->text;
  NestedContext context(state_, key_, name, node, "'" + name + "' (" + kind + ")", depth_ + 1);
  auto nested = std::make_unique<NestedColumn>();
  nested->column = CompileKind(&context, kind, node.Find("kind")->at, kNestedKeys);
  if (!nested->column) return nullptr;
  nested->null_stream = context.stream().Sub("null");
  nested->null_threshold = core::Threshold(context.args().Share("null", 0));
  return nested;
}

class ScopeCompiler::Context : public CommonContext {
 public:
  Context(ScopeCompiler* compiler, const spec::Column& column, ScopeColumn* out)
      : CommonContext(compiler->state_, compiler->key_, column.name, column.args,
                      "column '" + column.name + "' (" + column.kind + ")", 0),
        compiler_(compiler),
        column_(column),
        out_(out) {}

  const Input* Use(const std::string& name, spec::Location at) override {
    const int c = compiler_->Index(name);
    if (c < 0) {
      std::vector<std::string> names;
      for (const spec::Column& other : compiler_->columns_) names.push_back(other.name);
      args_.Error(at, "no column '" + name + "' here", spec::Suggest(name, names));
      return nullptr;
    }
    if (compiler_->progress_[static_cast<size_t>(c)] == Progress::kRunning) {
      args_.Error(at, "columns '" + column_.name + "' and '" + name + "' are made from each other");
      return nullptr;
    }
    compiler_->CompileColumn(c);
    const ScopeColumn& input = compiler_->scope_.columns[static_cast<size_t>(c)];
    const Column* column = input.column.get();
    if (!column && input.entity_column >= 0)
      column = compiler_->entity_->columns[static_cast<size_t>(input.entity_column)].column.get();
    if (!column) return nullptr;  // reported already
    for (size_t i = 0; i < out_->inputs.size(); ++i)
      if (out_->inputs[i] == c) return &inputs_[i];
    if (out_->inputs.size() >= 64) {
      args_.Error(at, "a column is made from at most 64 others");
      return nullptr;
    }
    out_->inputs.push_back(c);
    inputs_.reserve(64);  // pointers into it must stay
    inputs_.push_back({name, column});
    return &inputs_.back();
  }

  const TableFacts* table() const override { return compiler_->table_; }
  const TableFacts* FindTable(const std::string& name, spec::Location at) override {
    return compiler_->state_->relations->Find(name, at);
  }
  const ScopeView* View(const std::string& table, const std::string& column,
                        spec::Location at) override {
    return compiler_->state_->relations->View(table, column, args_.what(), at);
  }

 private:
  ScopeCompiler* compiler_;
  const spec::Column& column_;
  ScopeColumn* out_;
  std::vector<Input> inputs_;
};

void ScopeCompiler::CompileColumn(int c) {
  Progress& progress = progress_[static_cast<size_t>(c)];
  if (progress != Progress::kNone) return;
  progress = Progress::kRunning;
  const spec::Column& spec = columns_[static_cast<size_t>(c)];
  ScopeColumn* out = &scope_.columns[static_cast<size_t>(c)];
  out->output = !spec.hidden && state_->When(spec.when);
  out->view = scope_.groups.View(spec.per);
  if (out->view < 0) {
    state_->diagnostics->Error(spec.at, "column '" + spec.name + "': no such group");
    out->view = 0;
  }
  if (!spec.of.empty()) {
    Carry(spec, out);
  } else {
    MakeKind(spec, out);
  }
  const int64_t nulls = state_->Share(spec.null_share, 0, "null");
  out->nullable |= nulls > 0;
  if (out->nullable && spec.required)
    state_->diagnostics->Error(
        spec.at,
        "column '" + spec.name + "' is required, but it, or what it is made from, may be null");
  out->null_threshold = core::Threshold(nulls);
  out->null_stream = core::MakeStream(state_->seed, key_, spec.name).Sub("null");
  scope_.order.push_back(c);
  progress = Progress::kDone;
}

void ScopeCompiler::Carry(const spec::Column& spec, ScopeColumn* out) {
  const int from = entity_ ? entity_->Find(spec.name) : -1;
  if (from < 0) {
    std::vector<std::string> names;
    if (entity_)
      for (const ScopeColumn& other : entity_->columns) names.push_back(other.spec->name);
    state_->diagnostics->Error(spec.at, "'" + spec.of + "' has no column '" + spec.name + "'",
                               spec::Suggest(spec.name, names));
    return;
  }
  const ScopeColumn& source = entity_->columns[static_cast<size_t>(from)];
  // A null here would be a difference to the truth that no noise rule explains.
  if (spec.null_share.given())
    state_->diagnostics->Error(spec.null_share.at,
                               "column '" + spec.name + "' is carried over from '" + spec.of +
                                   "', which says how often it is null",
                               "nulls of one table alone are noise: {rule: missing, columns: [" +
                                   spec.name + "], rate: 0.1}");
  for (const char* key : {"default", "default_share", "max_length", "max_bytes"})
    if (const spec::Node* at = spec.args.Find(key))
      state_->diagnostics->Error(at->at, "column '" + spec.name + "' is carried over from '" +
                                             spec.of + "', where '" + key + "' belongs");
  out->entity_column = from;
  out->type = source.type;
  out->dictionary = source.dictionary;
  out->mostly_distinct = source.mostly_distinct;
  out->nullable = source.nullable;
}

void ScopeCompiler::MakeKind(const spec::Column& spec, ScopeColumn* out) {
  if (spec.kind.empty()) return;  // reported when the file was read
  Context context(this, spec, out);
  const spec::Node* at = spec.args.Find("kind");
  out->column = CompileKind(&context, spec.kind, at ? at->at : spec.at, CommonKindKeys());
  if (!out->column) return;
  out->type = out->column->type();
  out->dictionary = out->column->dictionary();
  out->mostly_distinct = out->column->mostly_distinct();
  out->nullable |= out->column->may_be_null();
  for (int input : out->inputs)
    out->nullable |=
        out->column->passes_nulls() && scope_.columns[static_cast<size_t>(input)].nullable;
}

}  // namespace

std::unique_ptr<ScopeBuilder> MakeScopeBuilder(CompileState* state, const std::string& key,
                                               const std::vector<spec::Column>& columns,
                                               const std::vector<spec::Group>& groups,
                                               const Scope* entity, const TableFacts* table) {
  auto compiler = std::make_unique<ScopeCompiler>(state, key, columns, entity, table);
  compiler->AddGroups(groups);
  return compiler;
}

}  // namespace synthmill::generate
