#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "run/dataset.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {

namespace {

// Keys of a file are written with either dash.
std::string FlagName(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

const spec::Node* FindFlag(const spec::Node& map, const std::string& name) {
  for (const auto& entry : map.entries) {
    if (FlagName(entry.key) == name) return &entry.value;
  }
  return nullptr;
}

arrow::Result<std::string> Text(const spec::Node& node, const std::string& where) {
  if (node.is_scalar()) return node.text;
  if (node.is_sequence()) {
    std::string out;
    for (const spec::Node& item : node.items) {
      if (!item.is_scalar()) return arrow::Status::Invalid(where, ": a list of words is needed");
      out += (out.empty() ? "" : ",") + item.text;
    }
    return out;
  }
  return arrow::Status::Invalid(where, ": a value is needed");
}

arrow::Result<std::string> Normalize(const Flag& flag, std::string text, const std::string& where) {
  if (!flag.value.empty()) return text;
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text == "true" || text == "yes" || text == "on" || text == "1") return std::string("true");
  if (text == "false" || text == "no" || text == "off" || text == "0" || text.empty()) {
    return std::string("false");
  }
  return arrow::Status::Invalid(where, ": ", flag.name, " is true or false, not '", text, "'");
}

// Flags of all commands, those of built-in datasets left out (they stand in sections).
std::vector<std::string> AllFlags() {
  std::set<std::string> names;
  for (const Command* command : Commands()) {
    auto flags = command->flags({});
    if (!flags.ok()) continue;
    for (const Flag& flag : *flags) names.insert(flag.name);
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::vector<std::string> Settings::Paths() {
  std::vector<std::string> paths = {"synthmill.yaml"};
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  if (config && *config) {
    paths.push_back(std::string(config) + "/synthmill/config.yaml");
  } else if (home && *home) {
    paths.push_back(std::string(home) + "/.config/synthmill/config.yaml");
  }
  return paths;
}

std::string Settings::VariableName(const std::string& flag) {
  std::string name = "SYNTHMILL_";
  for (char c : flag) {
    name.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

arrow::Result<Settings> Settings::Load() {
  Settings settings;
  for (const std::string& path : Paths()) {
    std::error_code ec;
    if (!std::filesystem::is_regular_file(path, ec)) continue;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return arrow::Status::IOError("cannot read ", path);
    spec::Diagnostics diagnostics(path, text.str());
    File file{path, spec::ParseYaml(text.str(), &diagnostics)};
    ARROW_RETURN_NOT_OK(diagnostics.ToStatus());
    if (file.root.is_null()) continue;
    if (!file.root.is_map()) {
      return arrow::Status::Invalid(path, ": lines `flag: value` are needed");
    }
    // A dataset file of this name is not a configuration file.
    if (file.root.Find("synthmill") && file.root.Find("dataset")) continue;
    settings.files_.push_back(std::move(file));
  }
  return settings;
}

arrow::Status Settings::Apply(const std::vector<Flag>& flags, const std::string& section,
                              CommandLine* line) const {
  for (const File& file : files_) {
    for (const auto& entry : file.root.entries) {
      if (entry.value.is_map()) continue;  // a dataset's section
      const std::vector<std::string> known = AllFlags();
      const std::string name = FlagName(entry.key);
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      return arrow::Status::Invalid(fmt::format(
          "{}:{}:{}: '{}' is no flag; {} (a dataset's parameters stand below the dataset's name)",
          file.path, entry.at.line, entry.at.column, entry.key, spec::Suggest(name, known)));
    }
  }
  for (const Flag& flag : flags) {
    if (!flag.layered || line->Has(flag.name)) continue;
    const std::string variable = VariableName(flag.name);
    if (const char* value = std::getenv(variable.c_str())) {
      ARROW_ASSIGN_OR_RAISE(line->flags[flag.name], Normalize(flag, value, variable));
      line->sources[flag.name] = variable;
      continue;
    }
    for (const File& file : files_) {
      const spec::Node* own = section.empty() ? nullptr : file.root.Find(section);
      const spec::Node* node = own && own->is_map() ? FindFlag(*own, flag.name) : nullptr;
      if (!node) node = FindFlag(file.root, flag.name);
      if (!node || node->is_map()) continue;
      const std::string where = fmt::format("{}:{}:{}", file.path, node->at.line, node->at.column);
      ARROW_ASSIGN_OR_RAISE(std::string text, Text(*node, where));
      ARROW_ASSIGN_OR_RAISE(line->flags[flag.name], Normalize(flag, std::move(text), where));
      line->sources[flag.name] = where;
      break;
    }
  }
  return arrow::Status::OK();
}

}  // namespace synthmill::cli
