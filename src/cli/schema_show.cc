// synthmill schema check and schema show: what a file of tables says.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/schema.h"
#include "generate/program.h"
#include "plan/plan.h"
#include "run/dataset.h"
#include "schema/relations.h"
#include "schema/show.h"

namespace synthmill::cli {

namespace {

struct Compiled {
  run::LoadedDataset dataset;
  std::shared_ptr<const generate::Program> program;
};

arrow::Result<Compiled> Compile(const std::string& path) {
  Compiled out;
  ARROW_ASSIGN_OR_RAISE(out.dataset, run::LoadDataset(path));
  const spec::Spec& spec = out.dataset.spec;
  generate::CompileOptions options;
  options.noise = spec.default_noise;
  ARROW_ASSIGN_OR_RAISE(const spec::Resolved resolved,
                        spec::ResolveParameters(spec, {}, std::nullopt, options.noise,
                                                static_cast<int64_t>(options.seed)));
  ARROW_ASSIGN_OR_RAISE(out.program, generate::Program::Compile(spec, resolved, options,
                                                                out.dataset.diagnostics.get()));
  return out;
}

void PrintWarnings(const Compiled& compiled) {
  for (const std::string& warning : compiled.dataset.warnings)
    fmt::print(stderr, "warning: {}\n", warning);
}

}  // namespace

arrow::Result<int> SchemaCheck(const CommandLine& line) {
  const auto compiled = Compile(line.words[0]);
  const bool json = line.On("json");
  if (!compiled.ok()) {
    if (json) {
      nlohmann::ordered_json doc = {
          {"version", 1}, {"ok", false}, {"errors", compiled.status().message()}};
      fmt::print("{}\n", doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
    PrintError(compiled.status());
    return kCheckFailed;
  }
  PrintWarnings(*compiled);
  uint64_t columns = 0, keys = 0, rows = 0;
  const auto& tables = compiled->program->tables();
  for (size_t t = 0; t < tables.size(); ++t) {
    columns += static_cast<uint64_t>(tables[t].schema->num_fields());
    rows += compiled->program->Rows(static_cast<int>(t));
  }
  for (const spec::Table& table : compiled->dataset.spec.tables) keys += table.keys.size();
  const size_t relations = schema::Relations(compiled->dataset.spec).size();
  if (json) {
    nlohmann::ordered_json doc = {{"version", 1},
                                  {"ok", true},
                                  {"tables", tables.size()},
                                  {"columns", columns},
                                  {"keys", keys},
                                  {"relations", relations},
                                  {"rows", rows},
                                  {"warnings", compiled->dataset.warnings}};
    fmt::print("{}\n", doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    fmt::print(
        "{}: fine · {} table{}, {} columns, {} key{}, {} relation{} · "
        "{} rows by default\n",
        line.words[0], tables.size(), tables.size() == 1 ? "" : "s", columns, keys,
        keys == 1 ? "" : "s", relations, relations == 1 ? "" : "s", plan::Grouped(rows));
  }
  return kDone;
}

arrow::Result<int> SchemaShow(const CommandLine& line) {
  const std::string format = line.On("json") ? "json" : line.Get("format", "text");
  std::string (*show)(const spec::Spec&, const std::vector<schema::ShownTable>&) = nullptr;
  if (format == "text") show = schema::ShowText;
  if (format == "dot") show = schema::ShowDot;
  if (format == "mermaid") show = schema::ShowMermaid;
  if (format == "json") show = schema::ShowJson;
  if (!show) {
    return arrow::Status::Invalid(
        "unknown --format '", format, "'; ",
        spec::Suggest(format, std::vector<std::string>{"text", "dot", "mermaid", "json"}));
  }
  ARROW_ASSIGN_OR_RAISE(const Compiled compiled, Compile(line.words[0]));
  PrintWarnings(compiled);
  std::vector<schema::ShownTable> tables;
  const auto& outputs = compiled.program->tables();
  for (size_t t = 0; t < outputs.size(); ++t)
    tables.push_back({outputs[t].key, outputs[t].name, compiled.program->Rows(static_cast<int>(t)),
                      outputs[t].schema});
  std::fputs(show(compiled.dataset.spec, tables).c_str(), stdout);
  return kDone;
}

}  // namespace synthmill::cli
