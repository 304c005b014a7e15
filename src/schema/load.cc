#include "schema/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "ddl/reader.h"
#include "schema/columns_only.h"
#include "schema/import.h"

namespace synthmill::schema {

namespace {

// A warning in one line, an error with its line and caret.
std::string OneLine(const ddl::Catalog& catalog, const ddl::Problem& p) {
  const auto file = static_cast<size_t>(p.place.file);
  return fmt::format("{}:{}:{}: {}{}", file < catalog.files.size() ? catalog.files[file] : "",
                     p.place.at.line, p.place.at.column, p.message,
                     p.hint.empty() ? "" : "; " + p.hint);
}

arrow::Result<DatasetText> FromCatalog(const std::string& path, ddl::Catalog catalog) {
  ImportOptions options;
  options.dataset = StemOf(path);
  Imported imported = ImportCatalog(catalog, options);
  std::vector<ddl::Problem> problems = catalog.problems;
  problems.insert(problems.end(), imported.problems.begin(), imported.problems.end());
  DatasetText out;
  std::string errors;
  for (const ddl::Problem& p : problems) {
    if (p.severity == ddl::Problem::Severity::kError) {
      errors += ddl::RenderProblem(catalog, p);
    } else {
      out.warnings.push_back(OneLine(catalog, p));
    }
  }
  if (!errors.empty()) {
    return arrow::Status::Invalid(errors, "`synthmill schema import ", path,
                                  " -o FILE.yaml` writes the tables that can be read");
  }
  if (catalog.tables.empty()) {
    return arrow::Status::Invalid(path, " holds no CREATE TABLE");
  }
  out.text = std::move(imported.text);
  out.imported = true;
  return out;
}

}  // namespace

std::string StemOf(const std::string& path) { return std::filesystem::path(path).stem().string(); }

arrow::Result<DatasetText> AsDatasetText(const std::string& path, std::string text) {
  if (path.ends_with(".sql") || path.ends_with(".ddl")) {
    std::vector<ddl::Source> sources(1);
    sources[0] = {path, std::move(text)};
    return FromCatalog(path, ddl::ReadDdl(std::move(sources)));
  }
  if (IsColumnsOnly(text)) {
    spec::Diagnostics diagnostics(path, text);
    ddl::Catalog catalog = ReadColumnsOnly(path, text, StemOf(path), &diagnostics);
    ARROW_RETURN_NOT_OK(diagnostics.ToStatus());
    return FromCatalog(path, std::move(catalog));
  }
  DatasetText out;
  out.text = std::move(text);
  return out;
}

}  // namespace synthmill::schema
