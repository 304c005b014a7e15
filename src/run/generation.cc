// synthmill::Generation, first half: from options to a plan.
#include <arrow/config.h>
#include <arrow/io/memory.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/dates.h"
#include "io/delta/delta_destination.h"
#include "io/partition.h"
#include "run/estimate.h"
#include "run/generation_impl.h"
#include "run/resources.h"
#include "run/schema_json.h"
#include "run/table_reader.h"
#include "run/target.h"
#include "synthmill/version.h"

namespace synthmill {

namespace run {

namespace {

// The parameters that number the rows of an entity from somewhere else than 1, by entity.
std::vector<std::pair<std::string, std::string>> FirstParameters(const spec::Spec& spec) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const spec::Entity& entity : spec.entities) {
    if (!entity.first.given() || entity.first.expr->names().size() != 1) continue;
    const std::string& name = entity.first.expr->names()[0];
    // An expression of more than the name has no inverse to ask for.
    if (spec.FindParameter(name) && entity.first.text == name) out.emplace_back(entity.key, name);
  }
  return out;
}

Json ParametersToJson(const spec::Spec& spec, const spec::Environment& env) {
  Json out = Json::object();
  for (const spec::Parameter& parameter : spec.parameters) {
    const auto it = env.find(parameter.name);
    if (it == env.end()) continue;
    switch (it->second.type) {
      case spec::Value::Type::kInt:
        out[parameter.name] = it->second.number;
        break;
      case spec::Value::Type::kBool:
        out[parameter.name] = it->second.number != 0;
        break;
      default:
        out[parameter.name] = it->second.ToString();
    }
  }
  return out;
}

}  // namespace

arrow::Status GenerationImpl::Init() {
  if (options_.threads < 0) return arrow::Status::Invalid("--threads must be at least 1");
  threads_ = options_.threads > 0 ? options_.threads : ReadLimits().threads();
  ARROW_ASSIGN_OR_RAISE(dataset_, LoadDataset(options_.dataset));
  warnings_ = dataset_.warnings;
  ARROW_RETURN_NOT_OK(InitOutput());
  ARROW_ASSIGN_OR_RAISE(load_dialects_,
                        ChooseLoadDialects(dataset_.spec, options_.load_scripts, format_->name));
  ARROW_RETURN_NOT_OK(NumberAppendedRows());
  ARROW_RETURN_NOT_OK(Compile());
  ARROW_ASSIGN_OR_RAISE(plan_, plan::Plan::Make(*program_, plan_options_));
  ARROW_RETURN_NOT_OK(ChoosePartitions());
  DescribeRun();
  if (info_ && info_->one_stream && program_->tables().size() != 1) {
    std::vector<std::string> names;
    for (const auto& t : program_->tables()) names.push_back(t.name);
    return arrow::Status::Invalid(fmt::format("{} takes one table; choose it with --tables: {}",
                                              options_.to == "-" ? "standard output" : options_.to,
                                              fmt::join(names, ", ")));
  }
  return EstimateBytes(*program_, *format_, format_options_, &plan_);
}

arrow::Status GenerationImpl::InitOutput() {
  ARROW_ASSIGN_OR_RAISE(format_, io::FindFormat(options_.format));
  format_options_.compression = options_.compression;
  format_options_.csv_null = options_.csv_null;
  format_options_.delimiter = options_.delimiter;
  format_options_.header = options_.header;
  format_options_.row_group_rows = options_.row_group_rows;
  // Wrong options are told here, not after minutes of work.
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::io::BufferOutputStream::Create());
  ARROW_RETURN_NOT_OK(
      format_->open(buffer, arrow::schema({arrow::field("a", arrow::utf8())}), format_options_)
          .status());
  if (options_.to.empty()) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(info_, io::FindDestination(options_.to));
  ARROW_RETURN_NOT_OK(TellDestination());
  // Asked for as the destination's, but it is how the files are written, and remembered as that.
  format_options_.hive_int96 = options_.destination["hive-int96"] == "true";
  ARROW_ASSIGN_OR_RAISE(destination_, io::OpenDestination(options_.to, options_.destination));
  ARROW_RETURN_NOT_OK(io::delta::CheckFormat(destination_.get(), *format_, options_.to));
  if (!destination_->documents() && options_.resume) {
    return arrow::Status::Invalid("--resume needs a target that keeps a manifest; ", options_.to,
                                  " does not");
  }
  return arrow::Status::OK();
}

// A flag of the destination that the dataset has as a parameter too (a day's partition) takes the
// parameter's value; the as-of day stands behind those that want a day.
arrow::Status GenerationImpl::TellDestination() {
  if (info_->flags.empty()) return arrow::Status::OK();
  const spec::Spec& spec = dataset_.spec;
  ARROW_ASSIGN_OR_RAISE(const auto as_of, AsOf());
  options_.destination["as-of"] = core::FormatIsoDate(as_of.value_or(spec.as_of));
  ARROW_ASSIGN_OR_RAISE(
      const spec::Resolved resolved,
      spec::ResolveParameters(
          spec, spec::GivenParameters(options_.parameters.begin(), options_.parameters.end()),
          as_of, options_.noise.empty() ? spec.default_noise : options_.noise,
          static_cast<int64_t>(options_.seed)));
  for (const io::DestinationFlag& flag : info_->flags) {
    for (const spec::Parameter& parameter : spec.parameters) {
      if (parameter.FlagName() != flag.name) continue;
      const auto value = resolved.env.find(parameter.name);
      if (value != resolved.env.end()) options_.destination[flag.name] = value->second.ToString();
    }
  }
  return arrow::Status::OK();
}

arrow::Result<std::optional<int64_t>> GenerationImpl::AsOf() const {
  if (options_.as_of.empty()) return std::nullopt;
  const std::optional<int64_t> as_of = core::ParseIsoDate(options_.as_of);
  if (!as_of) {
    return arrow::Status::Invalid("--as-of ", options_.as_of,
                                  " is not a date; write it as 2026-01-31");
  }
  return as_of;
}

arrow::Status GenerationImpl::NumberAppendedRows() {
  if (options_.write_mode != WriteMode::kAppend) return arrow::Status::OK();
  if (!destination_ || !destination_->documents()) return arrow::Status::OK();
  const auto firsts = FirstParameters(dataset_.spec);
  if (firsts.empty()) {
    warnings_.push_back(
        "this dataset has no parameter for its first number: the rows appended "
        "repeat the ids that are there already");
  }
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination_.get(), {}));
  for (const auto& [entity, parameter] : firsts) {
    if (options_.parameters.contains(parameter)) continue;
    uint64_t first = 0;
    // One that is listed already but was cut off in the last steps of its commit goes on, too.
    std::vector<RunManifest> open = state.unfinished;
    for (const RunManifest& run : state.live) {
      if (run.state == RunState::kCommitting && options_.resume) open.push_back(run);
    }
    for (const RunManifest& run : open) {
      if (run.dataset() != dataset_.spec.dataset) continue;
      for (const ManifestRoot& root : run.roots) {
        // One whose commit had begun will be live by the time this run starts.
        const bool goes_on = options_.resume && run.mode == WriteMode::kAppend;
        if (root.first_parameter != parameter) continue;
        if (goes_on)
          first = root.begin + 1;
        else if (run.state == RunState::kCommitting)
          first = std::max(first, root.end + 1);
      }
    }
    if (first == 0) first = NextFree(state, dataset_.spec.dataset, parameter);
    options_.parameters[parameter] = std::to_string(first);
  }
  return arrow::Status::OK();
}

arrow::Status GenerationImpl::Compile() {
  const spec::Spec& spec = dataset_.spec;
  ARROW_ASSIGN_OR_RAISE(const auto as_of, AsOf());
  as_of_ = core::FormatIsoDate(as_of.value_or(spec.as_of));
  noise_ = options_.noise.empty() ? spec.default_noise : options_.noise;
  if (noise_.empty()) noise_ = "none";
  if (noise_ != "none" && !spec.noise_profiles.contains(noise_)) {
    std::vector<std::string> names = {"none"};
    for (const auto& [name, rules] : spec.noise_profiles) names.push_back(name);
    return arrow::Status::Invalid("unknown noise '", noise_, "'; ", spec::Suggest(noise_, names));
  }
  ARROW_RETURN_NOT_OK(CountRows());
  ARROW_ASSIGN_OR_RAISE(
      resolved_,
      spec::ResolveParameters(
          spec, spec::GivenParameters(options_.parameters.begin(), options_.parameters.end()),
          as_of, noise_, static_cast<int64_t>(options_.seed)));
  warnings_.insert(warnings_.end(), resolved_.warnings.begin(), resolved_.warnings.end());
  for (const spec::Diagnostic& d : dataset_.diagnostics->all()) {
    if (d.severity != spec::Diagnostic::Severity::kWarning) continue;
    warnings_.push_back(fmt::format("{}:{}:{}: {}{}{}", dataset_.diagnostics->file(), d.at.line,
                                    d.at.column, d.message, d.hint.empty() ? "" : "; ", d.hint));
  }
  ARROW_ASSIGN_OR_RAISE(program_, generate::Program::Compile(spec, resolved_, OptionsOfCompile(),
                                                             dataset_.diagnostics.get()));
  for (const auto& table : program_->tables()) {
    ARROW_RETURN_NOT_OK(SchemaToJson(*table.schema).status());
  }
  return arrow::Status::OK();
}

generate::CompileOptions GenerationImpl::OptionsOfCompile() const {
  generate::CompileOptions compile;
  compile.seed = options_.seed;
  compile.noise = noise_;
  compile.truth = options_.truth;
  compile.tables = options_.tables;
  if (compile.tables.empty()) compile.tables = sliced_tables_;
  compile.rows = row_overrides_;
  return compile;
}

std::vector<TableInfo> GenerationImpl::tables() const {
  std::vector<TableInfo> out;
  for (size_t t = 0; t < program_->tables().size(); ++t) {
    const generate::OutputTable& table = program_->tables()[t];
    const plan::PlannedTable& planned = plan_.tables()[t];
    out.push_back({table.key, table.name, table.help, table.truth, planned.rows, planned.rows_exact,
                   io::LogicalSchema(*table.schema)});
  }
  return out;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> GenerationImpl::Read(
    const std::string& table, bool dictionaries) const {
  std::vector<std::string> names;
  for (size_t t = 0; t < program_->tables().size(); ++t) {
    const generate::OutputTable& output = program_->tables()[t];
    names.push_back(output.name);
    if (output.name != table && output.key != table) continue;
    // The caller's thread works too, on what it does with the rows.
    const int ahead = std::max(1, threads_ - 1);
    if (output.truth) return MakeTableReader(program_, plan_, t, ahead, dictionaries);
    // Tables drawn from the same entity are made together: this one alone costs less.
    generate::CompileOptions compile = OptionsOfCompile();
    compile.truth = false;
    compile.tables = {output.key};
    spec::Diagnostics diagnostics(dataset_.diagnostics->file(), dataset_.diagnostics->text());
    ARROW_ASSIGN_OR_RAISE(
        auto program, generate::Program::Compile(dataset_.spec, resolved_, compile, &diagnostics));
    ARROW_ASSIGN_OR_RAISE(const plan::Plan plan, plan::Plan::Make(*program, plan_options_));
    return MakeTableReader(std::move(program), plan, 0, ahead, dictionaries);
  }
  return arrow::Status::KeyError("no table '", table, "'; ", spec::Suggest(table, names));
}

// The names under which the columns of a table's `partition_by` are written.
std::vector<std::string> GenerationImpl::PartitionsOf(const spec::Table& table) {
  std::vector<std::string> names;
  for (const std::string& key : table.partition_by) {
    for (const spec::Column& column : table.columns) {
      if (column.name == key) names.push_back(column.output);
    }
  }
  return names;
}

arrow::Status GenerationImpl::ChoosePartitions() {
  bool used = false;
  std::vector<std::string> known;
  for (size_t t = 0; t < program_->tables().size(); ++t) {
    const generate::OutputTable& table = program_->tables()[t];
    std::vector<std::string> columns;
    if (const spec::Table* from = dataset_.spec.FindTable(table.key); from && !table.truth) {
      const std::vector<std::string> names = table.schema->field_names();
      known.insert(known.end(), names.begin(), names.end());
      const bool all = std::all_of(
          options_.partition_by.begin(), options_.partition_by.end(),
          [&](const std::string& name) { return table.schema->GetFieldIndex(name) >= 0; });
      if (all) columns = options_.partition_by;
      // What the dataset says is of no use to a stream, which has no folders.
      if (options_.partition_by.empty() && !(info_ && info_->one_stream)) {
        columns = PartitionsOf(*from);
      }
      used = used || all;
    }
    const arrow::Status status = io::CheckPartitionColumns(*table.schema, columns);
    if (!status.ok()) {
      return status.WithMessage("table ", table.name, " in folders: ", status.message());
    }
    if (!columns.empty() && info_ && info_->one_stream) {
      return arrow::Status::Invalid("table ", table.name, " is kept in folders by ",
                                    fmt::format("{}", fmt::join(columns, ", ")), ", and ",
                                    options_.to == "-" ? "standard output" : options_.to,
                                    " has none");
    }
    plan_.tables()[t].partition_by = columns;
    partition_by_.push_back(std::move(columns));
  }
  if (options_.partition_by.empty() || used) return arrow::Status::OK();
  for (const std::string& name : options_.partition_by) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return arrow::Status::Invalid("--partition-by: no table has a column '", name, "'; ",
                                  spec::Suggest(name, known));
  }
  return arrow::Status::Invalid("--partition-by: no table has all of ",
                                fmt::format("{}", fmt::join(options_.partition_by, ", ")));
}

void GenerationImpl::DescribeRun() {
  const spec::Spec& spec = dataset_.spec;
  run_.spec_file = spec.file;
  run_.spec_text = spec.text;
  run_.mode = options_.write_mode;
  run_.versions = {{"synthmill", SYNTHMILL_VERSION},
                   {"generator", SYNTHMILL_GENERATOR_VERSION},
                   {"arrow", ARROW_VERSION_STRING}};
  run_.tasks = plan_.tasks();
  const auto firsts = FirstParameters(spec);
  for (const plan::PlannedRoot& root : plan_.roots()) {
    ManifestRoot r{root.key, root.begin, root.end, ""};
    for (const auto& [entity, parameter] : firsts) {
      if (entity == root.key) r.first_parameter = parameter;
    }
    run_.roots.push_back(std::move(r));
  }
  std::vector<std::string> names;
  for (const generate::OutputTable& t : program_->tables()) {
    run_.tables.push_back({t.key, t.name, t.truth, plan_.roots()[t.root].key,
                           io::LogicalSchema(*t.schema), partition_by_[names.size()]});
    names.push_back(t.name);
  }
  run_.identity = {{"dataset", spec.dataset},
                   {"spec_hash", Hash(spec.text)},
                   {"parameters", ParametersToJson(spec, resolved_.env)},
                   {"seed", options_.seed},
                   {"as_of", as_of_},
                   {"noise", noise_},
                   {"tables", names},
                   {"format", FormatToJson(*format_, format_options_)},
                   {"partitions", options_.partitions},
                   {"generator", SYNTHMILL_GENERATOR_VERSION}};
  // Only where given: runs begun by a version that did not know them go on.
  if (options_.part_rows > 0) run_.identity["part_rows"] = options_.part_rows;
  if (!sliced_.is_null()) run_.identity["slices"] = sliced_;
  if (!rows_.empty()) {
    std::sort(rows_.begin(), rows_.end());
    run_.identity["rows"] = rows_;
  }
  if (!options_.partition_by.empty()) run_.identity["partition_by"] = options_.partition_by;
  run_.hash = Hash(run_.identity.dump(-1, ' ', false, Json::error_handler_t::replace));
}

plan::PlanContext GenerationImpl::Context() const {
  plan::PlanContext context;
  context.dataset = dataset_.spec.dataset;
  context.uri = options_.to;
  if (info_) {
    context.destination = info_->name;
    context.guarantee = io::delta::HasLog(*format_) ? io::delta::kGuarantee : info_->guarantee;
  }
  context.format = format_->name;
  context.compression = options_.compression;
  if (context.compression.empty()) {
    const std::string all = format_->compressions;
    context.compression = all.substr(0, all.find(' '));
  }
  context.write_mode = WriteModeName(options_.write_mode);
  context.run_hash = run_.hash;
  context.seed = options_.seed;
  context.as_of = as_of_;
  context.noise = noise_;
  context.threads = threads_;
  return context;
}

}  // namespace run

arrow::Result<std::unique_ptr<Generation>> Generation::Prepare(GenerateOptions options) {
  auto generation = std::make_unique<run::GenerationImpl>(std::move(options));
  ARROW_RETURN_NOT_OK(generation->Init());
  return generation;
}

}  // namespace synthmill
