#include "run/load_scripts.h"

#include <fmt/format.h>

#include <algorithm>

namespace synthmill::run {

arrow::Result<std::vector<const schema::LoadDialect*>> ChooseLoadDialects(
    const spec::Spec& spec, const std::vector<std::string>& asked, const std::string& format) {
  std::vector<const schema::LoadDialect*> chosen;
  const auto add = [&](const schema::LoadDialect* dialect) {
    if (std::find(chosen.begin(), chosen.end(), dialect) == chosen.end()) chosen.push_back(dialect);
  };
  if (asked.size() == 1 && asked[0] == "none") return chosen;
  for (const std::string& name : asked) {
    ARROW_ASSIGN_OR_RAISE(const schema::LoadDialect* dialect, schema::FindLoadDialect(name));
    if (!schema::Loads(*dialect, format)) {
      const std::string formats = dialect->formats;
      return arrow::Status::Invalid("--load-script ", name, ": ", dialect->help, " does not load ",
                                    format, "; add --format ",
                                    formats.substr(0, formats.find(' ')));
    }
    add(dialect);
  }
  if (!asked.empty()) return chosen;
  for (const spec::Table& table : spec.tables) {
    if (table.sql.dialect.empty()) continue;
    const auto duckdb = schema::FindLoadDialect("duckdb");
    if (duckdb.ok()) add(*duckdb);
    // A dialect that no database speaks (ansi) has no script.
    const auto own = schema::FindLoadDialect(table.sql.dialect);
    if (own.ok()) add(*own);
  }
  return chosen;
}

arrow::Status WriteLoadScripts(const std::vector<const schema::LoadDialect*>& dialects,
                               const spec::Spec& spec, const generate::Program& program,
                               const std::vector<std::vector<std::string>>& partition_by,
                               const std::string& uri, const io::Format& format,
                               const io::FormatOptions& options, io::Destination* destination) {
  if (dialects.empty() || !destination->documents()) return arrow::Status::OK();
  std::vector<std::pair<std::string, std::shared_ptr<arrow::Schema>>> schemas;
  std::vector<std::string> folders;
  for (const generate::OutputTable& table : program.tables()) {
    schemas.emplace_back(table.key, table.schema);
    folders.push_back(table.name);
  }
  schema::ScriptInput input = schema::MakeScriptInput(spec, schemas, folders);
  input.uri = uri;
  input.format = format.name;
  input.extension = std::string(".") + format.extension;
  input.delimiter = options.delimiter;
  input.header = options.header;
  input.csv_null = options.csv_null;
  for (schema::ScriptTable& table : input.tables) {
    ARROW_ASSIGN_OR_RAISE(const auto files, destination->List(table.folder));
    for (size_t t = 0; t < folders.size(); ++t) {
      if (folders[t] == table.folder) table.partition_by = partition_by[t];
    }
    for (const io::StoredFile& file : files) table.files.push_back(file.name);
    std::sort(table.files.begin(), table.files.end());
  }
  for (const schema::LoadDialect* dialect : dialects) {
    ARROW_RETURN_NOT_OK(destination->documents()->Write(fmt::format("load.{}.sql", dialect->name),
                                                        schema::LoadScript(*dialect, input)));
  }
  return arrow::Status::OK();
}

}  // namespace synthmill::run
