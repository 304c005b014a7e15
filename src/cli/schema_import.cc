// synthmill schema import: DDL in, a dataset file out.
#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cli/schema.h"
#include "ddl/reader.h"
#include "schema/columns_only.h"
#include "schema/import.h"
#include "schema/load.h"
#include "schema/names.h"

namespace synthmill::cli {

namespace {

using Json = nlohmann::ordered_json;
using ddl::Problem;

arrow::Result<std::string> ReadFile(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec))
    return arrow::Status::IOError("cannot read ", path, ": it is a folder");
  std::ifstream in(path, std::ios::binary);
  if (!in) return arrow::Status::IOError("cannot read ", path, ": ", std::strerror(errno));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

Json PlaceJson(const ddl::Catalog& catalog, const ddl::Place& place) {
  const auto file = static_cast<size_t>(place.file);
  return {{"file", file < catalog.files.size() ? catalog.files[file] : ""},
          {"line", place.at.line},
          {"column", place.at.column}};
}

Json TableJson(const ddl::Table& table) {
  Json out;
  std::string name;
  for (const std::string& part : table.name.qualifier) name += part + ".";
  out["table"] = name + table.name.text;
  out["dialect"] = ddl::DialectName(table.dialect);
  out["columns"] = Json::array();
  for (const ddl::Column& c : table.columns)
    out["columns"].push_back(
        {{"name", c.name.text}, {"type", c.type.text}, {"not_null", c.not_null}});
  out["constraints"] = schema::CountConstraints(table);
  out["primary_key"] = table.primary_key.columns;
  out["unique"] = table.unique.size();
  out["foreign_keys"] = table.foreign_keys.size();
  out["checks"] = table.checks.size();
  return out;
}

std::string ReportJson(const ddl::Catalog& catalog, const std::vector<Problem>& problems) {
  Json doc;
  doc["version"] = 1;
  doc["files"] = catalog.files;
  doc["tables_there"] = catalog.tables_there;
  doc["tables_read"] = catalog.tables.size();
  uint64_t columns = 0, constraints = 0;
  for (const ddl::Table& table : catalog.tables) {
    columns += table.columns.size();
    constraints += schema::CountConstraints(table);
  }
  doc["columns"] = columns;
  doc["constraints"] = constraints;
  doc["tables"] = Json::array();
  for (const ddl::Table& table : catalog.tables) doc["tables"].push_back(TableJson(table));
  doc["problems"] = Json::array();
  for (const Problem& p : problems) {
    Json problem = PlaceJson(catalog, p.place);
    problem["severity"] = p.severity == Problem::Severity::kError ? "error" : "warning";
    problem["message"] = p.message;
    problem["hint"] = p.hint;
    doc["problems"].push_back(std::move(problem));
  }
  doc["skipped"] = Json::array();
  for (const ddl::SkippedStatements& s : catalog.skipped) {
    Json skipped = {{"kind", s.kind}, {"count", s.count}};
    skipped.update(PlaceJson(catalog, s.first));
    doc["skipped"].push_back(std::move(skipped));
  }
  return doc.dump(2, ' ', false, Json::error_handler_t::replace);
}

void PrintSkipped(const ddl::Catalog& catalog) {
  if (catalog.skipped.empty()) return;
  std::string counts;
  uint64_t sum = 0;
  for (const ddl::SkippedStatements& s : catalog.skipped) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", s.count, s.kind);
    sum += s.count;
  }
  const ddl::Place& first = catalog.skipped[0].first;
  const auto file = static_cast<size_t>(first.file);
  fmt::print(stderr, "{}:{}:{}: warning: {} statement{} skipped, which make no table: {}\n",
             file < catalog.files.size() ? catalog.files[file] : "", first.at.line, first.at.column,
             sum, sum == 1 ? "" : "s", counts);
}

// One file a table: the form holds one.
arrow::Status WriteColumnLists(const CommandLine& line, const ddl::Catalog& catalog) {
  const std::string folder = line.Get("output");
  if (folder.empty()) {
    if (catalog.tables.size() != 1) {
      return arrow::Status::Invalid("--columns-only holds one table, and there are ",
                                    catalog.tables.size(), ": give a folder, --output DIR");
    }
    fmt::print("{}", schema::WriteColumnsOnly(catalog.tables[0]));
    return arrow::Status::OK();
  }
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return arrow::Status::IOError("cannot make ", folder, ": ", ec.message());
  std::set<std::string> taken;
  for (const ddl::Table& table : catalog.tables) {
    const std::string name = schema::Unique(schema::FolderName(table.name.text), &taken);
    ARROW_RETURN_NOT_OK(WriteNewFile(folder + "/" + name + ".yaml", schema::WriteColumnsOnly(table),
                                     line.On("force")));
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<int> SchemaImport(const CommandLine& line) {
  ddl::ReadOptions options;
  if (const std::string name = line.Get("dialect"); !name.empty()) {
    options.dialect = ddl::ParseDialect(name);
    if (!options.dialect) {
      return arrow::Status::Invalid("unknown --dialect '", name, "'; ",
                                    spec::Suggest(name, ddl::DialectNames()));
    }
  }
  const std::string output = line.Get("output");
  const bool json = line.On("json");
  if (!output.empty() && !line.On("force") && !line.On("columns-only") &&
      std::filesystem::is_regular_file(output)) {
    return arrow::Status::Invalid(output, " is there already; --force replaces it");
  }
  std::vector<ddl::Source> sources;
  for (const std::string& path : line.words) {
    ARROW_ASSIGN_OR_RAISE(std::string text, ReadFile(path));
    sources.push_back({path, std::move(text)});
  }
  const ddl::Catalog catalog = ddl::ReadDdl(std::move(sources), options);
  schema::ImportOptions import;
  import.dataset = schema::StemOf(line.words[0]);
  const schema::Imported imported = schema::ImportCatalog(catalog, import);

  std::vector<Problem> problems = catalog.problems;
  problems.insert(problems.end(), imported.problems.begin(), imported.problems.end());
  size_t errors = 0;
  for (const Problem& p : problems) {
    errors += p.severity == Problem::Severity::kError;
    std::fputs(ddl::RenderProblem(catalog, p).c_str(), stderr);
  }
  PrintSkipped(catalog);
  if (catalog.tables.empty() && errors == 0) {
    return arrow::Status::Invalid(line.words[0], line.words.size() > 1 ? " and the others" : "",
                                  " hold no CREATE TABLE");
  }
  const bool refused = errors > 0 && (line.On("strict") || catalog.tables.empty());
  if (json) fmt::print("{}\n", ReportJson(catalog, problems));
  if (refused) {
    fmt::print(stderr, "{} of {} tables can be read; nothing was written{}\n",
               catalog.tables.size(), catalog.tables_there, line.On("strict") ? " (--strict)" : "");
    return kCheckFailed;
  }
  if (line.On("columns-only")) {
    ARROW_RETURN_NOT_OK(WriteColumnLists(line, catalog));
  } else if (!output.empty()) {
    ARROW_RETURN_NOT_OK(WriteNewFile(output, imported.text, line.On("force")));
  } else if (!json) {
    std::fwrite(imported.text.data(), 1, imported.text.size(), stdout);
  }
  if (!output.empty() || errors > 0) {
    fmt::print(stderr, "{} of {} tables read, {} columns, {} constraints{}\n",
               catalog.tables.size(), catalog.tables_there, imported.columns, imported.constraints,
               output.empty() ? "" : "; written to " + output);
  }
  return errors > 0 ? kCheckFailed : kDone;
}

}  // namespace synthmill::cli
