// The section `parameters:`.
#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "spec/evaluate.h"
#include "spec/parameter_values.h"
#include "spec/regex.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

constexpr size_t kMaxParameters = 256;

// Flags and verbs that every dataset has, and the words of the expression language.
constexpr auto kReserved = std::to_array<std::string_view>({"to",
                                                            "format",
                                                            "compression",
                                                            "seed",
                                                            "as_of",
                                                            "partitions",
                                                            "threads",
                                                            "tables",
                                                            "write_mode",
                                                            "resume",
                                                            "truth",
                                                            "noise",
                                                            "dry_run",
                                                            "json",
                                                            "quiet",
                                                            "no_progress",
                                                            "engine",
                                                            "help",
                                                            "csv_null",
                                                            "delimiter",
                                                            "no_header",
                                                            "slice",
                                                            "slices",
                                                            "scale",
                                                            "chunks",
                                                            "version",
                                                            "list",
                                                            "show",
                                                            "header",
                                                            "progress",
                                                            "records_per_chunk"});
constexpr auto kWords =
    std::to_array<std::string_view>({"and", "or", "not", "true", "false", "min", "max"});

constexpr auto kTypes = std::to_array<std::pair<std::string_view, Parameter::Type>>(
    {{"int", Parameter::Type::kInt},
     {"decimal", Parameter::Type::kDecimal},
     {"share", Parameter::Type::kShare},
     {"bool", Parameter::Type::kBool},
     {"string", Parameter::Type::kString},
     {"date", Parameter::Type::kDate}});

bool Among(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

void SpecReader::ReadParameters(const Node& node) {
  const std::string example = "{rows_wanted: {type: int, default: 1000}}";
  const bool readable = !node.is_null() && IsMap(node, "'parameters'", example);
  if (readable && node.entries.size() > kMaxParameters) {
    Error(node.at, "a dataset has at most " + std::to_string(kMaxParameters) + " parameters");
  }
  const size_t count = readable ? std::min(node.entries.size(), kMaxParameters) : 0;
  // All names first: a default may use a parameter that stands below it.
  for (size_t i = 0; i < count; ++i) names_.push_back(node.entries[i].key);
  names_.insert(names_.end(), {"as_of", "noise", "seed"});
  for (size_t i = 0; i < count; ++i) {
    const Node::Entry& entry = node.entries[i];
    CheckName(entry.key, entry.at, "a parameter", true);
    if (Among(kReserved, entry.key)) {
      Error(entry.at, Quoted(entry.key) +
                          " cannot be the name of a parameter: it is a flag of "
                          "every dataset");
    } else if (Among(kWords, entry.key)) {
      Error(entry.at, Quoted(entry.key) +
                          " cannot be the name of a parameter: it is a word of "
                          "the expression language");
    } else if (entry.key.starts_with("no_")) {
      Error(entry.at,
            Quoted(entry.key) +
                " cannot be the name of a parameter: --no-NAME switches "
                "a bool off",
            "name what is, not what is not: " + entry.key.substr(3));
    }
    Parameter parameter;
    parameter.name = entry.key;
    parameter.at = entry.at;
    if (IsMap(entry.value, "parameter " + Quoted(entry.key), "{type: int, default: 1000}")) {
      ReadParameter(entry.value, &parameter);
    }
    spec_.parameters.push_back(std::move(parameter));
  }
  CheckDefaultCycles();
}

void SpecReader::ReadParameter(const Node& node, Parameter* parameter) {
  const std::string what = "parameter " + Quoted(parameter->name);
  CheckKeys(node, what, {"type", "default", "min", "max", "choices", "pattern", "help"});
  std::vector<std::string> types;
  bool typed = false;
  const std::string type = Text(node, "type", what);
  for (const auto& [name, value] : kTypes) {
    types.emplace_back(name);
    if (name != type) continue;
    parameter->type = value;
    typed = true;
  }
  if (node.Find("type") == nullptr) {
    Error(node.at, what + " needs 'type'", Suggest("", types));
  } else if (!typed && node.Find("type")->is_scalar()) {
    Error(node.Find("type")->at, what + ": there is no type " + Quoted(type), Suggest(type, types));
  }
  parameter->help = Text(node, "help", what);
  const bool text = parameter->type == Parameter::Type::kString;
  const bool ordered = !text && parameter->type != Parameter::Type::kBool;
  for (const std::string_view key : {"min", "max", "choices", "pattern"}) {
    const bool limit = key == "min" || key == "max";
    const Node* found = node.Find(key);
    if (found == nullptr || !typed || (limit ? ordered : text)) continue;
    Error(found->at, what + ": '" + std::string(key) + "' is for " +
                         (limit ? "numbers and dates" : "strings") + ", not for type " + type);
  }
  if (!typed) return;
  if (ordered) {
    parameter->min = Expression(node, "min", what);
    parameter->max = Expression(node, "max", what);
    for (const LocatedExpr* limit : {&parameter->min, &parameter->max}) {
      if (!limit->given() || !limit->expr->names().empty()) continue;
      auto value = limit->expr->Evaluate({});
      if (value.ok()) value = Convert(*value, ValueType(parameter->type));
      if (!value.ok()) Error(limit->at, what + ": limit: " + value.status().message());
    }
  }
  if (text) {
    parameter->choices = TextList(node, "choices", what);
    parameter->pattern = Text(node, "pattern", what);
    if (const auto regex = Regex::Parse(parameter->pattern); !regex.ok()) {
      Error(node.Find("pattern")->at, what + ": 'pattern': " + regex.status().message());
      parameter->pattern.clear();
    }
  }
  if (const Node* value = node.Find("default")) ReadDefault(*value, what, parameter);
}

void SpecReader::ReadDefault(const Node& node, std::string_view what, Parameter* parameter) {
  const std::string name = std::string(what) + ": 'default'";
  if (parameter->type == Parameter::Type::kString) {
    // The text as it stands, no expression: `default: _scale` means what it says.
    if (!node.is_scalar() && !node.is_null()) {
      Error(node.at, name + " must be a text");
      return;
    }
    parameter->default_value.at = node.at;
    parameter->default_value.text = node.text;
    parameter->default_value.expr = Expr::Literal(Value::String(node.text));
  } else {
    parameter->default_value = ReadExpr(node, name, names_, &diagnostics_);
  }
  const LocatedExpr& expr = parameter->default_value;
  if (!expr.given() || !expr.expr->names().empty()) return;
  // A default without parameters is wrong or right once and for all.
  auto value = expr.expr->Evaluate({});
  if (value.ok()) value = Convert(*value, ValueType(parameter->type));
  if (!value.ok()) {
    Error(expr.at, name + ": " + value.status().message());
  } else if (const std::string wrong = WrongForParameter(*parameter, *value); !wrong.empty()) {
    Error(expr.at, name + " " + wrong,
          parameter->choices.empty() ? "" : Suggest(value->text, parameter->choices));
  }
}

// Depth-first over defaults; a parameter met again while it is being visited closes a cycle. The
// depth is bounded by the number of parameters.
void SpecReader::CheckDefaultCycles() {
  enum State { kNew, kOpen, kDone };
  std::map<std::string, State> states;
  std::vector<std::string> path;
  const auto visit = [&](const auto& self, const Parameter& parameter) -> void {
    State& state = states[parameter.name];
    if (state == kDone) return;
    if (state == kOpen) {
      const auto start = std::find(path.begin(), path.end(), parameter.name);
      std::string cycle;
      for (auto it = start; it != path.end(); ++it) cycle += *it + " -> ";
      Error(parameter.default_value.at, "defaults go in a circle: " + cycle + parameter.name);
      return;
    }
    state = kOpen;
    path.push_back(parameter.name);
    if (parameter.default_value.given()) {
      for (const std::string& name : parameter.default_value.expr->names()) {
        if (const Parameter* next = spec_.FindParameter(name)) self(self, *next);
      }
    }
    path.pop_back();
    states[parameter.name] = kDone;
  };
  for (const Parameter& parameter : spec_.parameters) visit(visit, parameter);
}

}  // namespace synthmill::spec
