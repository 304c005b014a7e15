#include "cli/kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/skew.h"
#include "generate/column.h"
#include "generate/noise.h"
#include "io/destinations/destination.h"
#include "io/formats/format.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {
namespace {

// Column and noise kinds have the same shape.
struct Kind {
  const char* family;
  const char* name;
  const char* help;
  const char* example;
  const std::vector<generate::ArgDoc>* args;
};

std::vector<Kind> All() {
  std::vector<Kind> kinds;
  for (const auto* k : generate::ColumnKinds())
    kinds.push_back({"column", k->name, k->help, k->example, &k->args});
  for (const auto* k : generate::NoiseKinds())
    kinds.push_back({"noise", k->name, k->help, k->example, &k->args});
  return kinds;
}

// "PATH file:" -> "`PATH`, `file:`"
std::string CodeWords(std::string_view words) {
  std::istringstream in{std::string(words)};
  std::string out;
  for (std::string word; in >> word;) out += (out.empty() ? "`" : ", `") + word + "`";
  return out;
}

// Also a part of docs/destinations.md.
std::string DestinationsMarkdown() {
  std::string out =
      "\n## Destinations\n\n| name | `--to` | | what a reader may see |\n|---|---|---|---|\n";
  for (const auto* d : io::Destinations()) {
    out += fmt::format("| {} | {} | {} | {} |\n", d->name, CodeWords(d->schemes), d->help,
                       d->guarantee);
  }
  out += "\n```sh\n";
  for (const auto* d : io::Destinations()) out += std::string(d->example) + "\n";
  out += "```\n\n| flag | of | |\n|---|---|---|\n";
  std::vector<std::string> told;
  for (const auto* d : io::Destinations()) {
    for (const io::DestinationFlag& f : d->flags) {
      if (std::find(told.begin(), told.end(), f.name) != told.end()) continue;
      told.emplace_back(f.name);
      std::string owners;
      for (const auto* other : io::Destinations()) {
        for (const io::DestinationFlag& g : other->flags) {
          if (std::string_view(g.name) != f.name) continue;
          owners += (owners.empty() ? "" : ", ") + std::string(other->name);
        }
      }
      out += fmt::format("| `--{}{}{}` | {} | {} |\n", f.name, *f.value ? " " : "", f.value, owners,
                         f.help);
    }
  }
  return out;
}

}  // namespace

arrow::Result<std::string> KindsText(const std::string& name) {
  std::string out;
  if (!name.empty()) {
    std::vector<std::string> names;
    for (const Kind& k : All()) {
      names.emplace_back(k.name);
      if (name != k.name) continue;
      out += fmt::format("{} ({} kind): {}\n\n  {}\n", k.name, k.family, k.help, k.example);
      if (!k.args->empty()) out += "\n";
      for (const auto& a : *k.args) out += fmt::format("  {:<12} {}\n", a.name, a.help);
    }
    if (out.empty())
      return arrow::Status::Invalid("no kind '", name, "'; ", spec::Suggest(name, names));
    return out;
  }
  const char* family = "";
  for (const Kind& k : All()) {
    if (family != std::string(k.family))
      out += fmt::format("{}{} kinds:\n", *family ? "\n" : "", k.family);
    family = k.family;
    out += fmt::format("  {:<14} {}\n", k.name, k.help);
  }
  return out + "\n`synthmill datasets kinds NAME` tells the arguments of one.\n";
}

std::string KindsMarkdown() {
  std::string out =
      "# Kinds\n\n"
      "Made from the registries by `synthmill datasets kinds --markdown`; a test keeps it so.\n"
      "What all columns have in common (`hidden`, `required`, `null`, `per`, …) is in "
      "[spec.md](spec.md).\n";
  const char* family = "";
  for (const Kind& k : All()) {
    if (family != std::string(k.family)) out += fmt::format("\n## {} kinds\n", k.family);
    family = k.family;
    out += fmt::format("\n### {}\n{}.\n```yaml\n{}\n```\n", k.name, k.help, k.example);
    if (k.args->empty()) continue;
    out += "\n| argument | |\n|---|---|\n";
    for (const auto& a : *k.args) out += fmt::format("| {} | {} |\n", a.name, a.help);
  }
  out += "\n## Skews\n\n| name | |\n|---|---|\n";
  for (const auto& s : core::Skew::Shapes()) out += fmt::format("| {} | {} |\n", s.name, s.help);
  out +=
      "\n## File formats\n\n| `--format` | | `--compression`, the default first |\n|---|---|---|\n";
  for (const auto* f : io::Formats())
    out += fmt::format("| {} | {} | {} |\n", f->name, f->help, f->compressions);
  out += DestinationsMarkdown();
  return out;
}

std::string KindsJson() {
  auto doc = nlohmann::ordered_json::array();
  for (const Kind& k : All()) {
    auto args = nlohmann::ordered_json::object();
    for (const auto& a : *k.args) args[a.name] = a.help;
    doc.push_back({{"family", k.family},
                   {"name", k.name},
                   {"help", k.help},
                   {"example", k.example},
                   {"arguments", args}});
  }
  return doc.dump(2) + "\n";
}

}  // namespace synthmill::cli
