#include "cli/kinds.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

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
  out += "\n## Destinations\n\n| `--to` | | guarantee |\n|---|---|---|\n";
  for (const auto* d : io::Destinations())
    out += fmt::format("| {} | {} | {} |\n", d->name, d->help, d->guarantee);
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
