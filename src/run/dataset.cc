#include "run/dataset.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "core/resources.h"
#include "generate/program.h"
#include "schema/load.h"

namespace synthmill::run {

namespace {
constexpr std::string_view kSuffix = ".yaml";
// More than any dataset needs; a data file given by mistake is not read into memory. Dumps hold
// rows, too.
constexpr uintmax_t kMostBytes = 16 << 20;
constexpr uintmax_t kMostSqlBytes = uintmax_t{1} << 30;
}  // namespace

std::vector<std::string> BuiltInDatasets() {
  std::vector<std::string> names;
  for (const Resource& resource : Resources()) {
    if (resource.name.ends_with(kSuffix) && resource.name.find('/') == std::string_view::npos) {
      names.emplace_back(resource.name.substr(0, resource.name.size() - kSuffix.size()));
    }
  }
  return names;
}

bool IsDatasetPath(std::string_view word) {
  return word.find('/') != std::string_view::npos || word.ends_with(".yaml") ||
         word.ends_with(".yml") || word.ends_with(".sql");
}

arrow::Result<std::string> ReadDatasetText(const std::string& name_or_path) {
  if (!IsDatasetPath(name_or_path)) {
    if (const Resource* resource = FindResource(name_or_path + std::string(kSuffix))) {
      return std::string(resource->bytes);
    }
    return arrow::Status::Invalid("unknown dataset '", name_or_path, "'; ",
                                  spec::Suggest(name_or_path, BuiltInDatasets()),
                                  " (a file of your own is given by its path, as ./my.yaml)");
  }
  std::error_code ec;
  if (std::filesystem::is_directory(name_or_path, ec)) {
    return arrow::Status::IOError("cannot read ", name_or_path, ": it is a folder");
  }
  const uintmax_t size = std::filesystem::file_size(name_or_path, ec);
  if (!ec && size > (name_or_path.ends_with(".sql") ? kMostSqlBytes : kMostBytes)) {
    return arrow::Status::Invalid(name_or_path,
                                  " is too large for a dataset file (16 MB at most; DDL: 1 GB)");
  }
  std::ifstream in(name_or_path, std::ios::binary);
  if (!in) {
    return arrow::Status::IOError("cannot read ", name_or_path, ": ", std::strerror(errno));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

namespace {

// What column and noise kinds find wrong with their arguments is told when a spec is compiled. A
// file with other errors is compiled for these alone, so that all its errors come at once.
void AddErrorsOfKinds(const spec::Spec& spec, spec::Diagnostics* diagnostics) {
  generate::CompileOptions options;
  options.noise = spec.default_noise;
  const auto parameters = spec::ResolveParameters(spec, {}, std::nullopt, options.noise,
                                                  static_cast<int64_t>(options.seed));
  if (!parameters.ok()) return;
  spec::Diagnostics more(diagnostics->file(), diagnostics->text());
  const auto program = generate::Program::Compile(spec, *parameters, options, &more);
  (void)program;  // its errors are in `more`
  const std::vector<spec::Diagnostic> known = diagnostics->all();
  for (const spec::Diagnostic& d : more.all()) {
    const bool told = std::any_of(known.begin(), known.end(), [&](const spec::Diagnostic& k) {
      return k.at.line == d.at.line && k.at.column == d.at.column;
    });
    if (!told && d.severity == spec::Diagnostic::Severity::kError)
      diagnostics->Error(d.at, d.message, d.hint);
  }
}

}  // namespace

arrow::Result<LoadedDataset> LoadDataset(const std::string& name_or_path) {
  ARROW_ASSIGN_OR_RAISE(std::string given, ReadDatasetText(name_or_path));
  LoadedDataset loaded;
  loaded.built_in = !IsDatasetPath(name_or_path);
  std::string file = name_or_path + std::string(loaded.built_in ? kSuffix : "");
  std::string text = std::move(given);
  if (!loaded.built_in) {
    ARROW_ASSIGN_OR_RAISE(schema::DatasetText read,
                          schema::AsDatasetText(name_or_path, std::move(text)));
    text = std::move(read.text);
    loaded.warnings = std::move(read.warnings);
    // Places in what the import made; `schema import` prints it.
    if (read.imported) file += " (imported)";
  }
  loaded.diagnostics = std::make_unique<spec::Diagnostics>(file, text);
  loaded.spec = spec::ParseSpec(file, text, loaded.diagnostics.get());
  if (!loaded.diagnostics->ok()) AddErrorsOfKinds(loaded.spec, loaded.diagnostics.get());
  ARROW_RETURN_NOT_OK(loaded.diagnostics->ToStatus());
  return loaded;
}

}  // namespace synthmill::run
