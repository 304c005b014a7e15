// The frame of a dataset file: its head, checks, truth and lists, and the order of reading.
#include <algorithm>
#include <utility>

#include "core/dates.h"
#include "spec/evaluate.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

constexpr std::string_view kMinimalFile =
    "a small one reads:\n"
    "  synthmill: 1\n"
    "  dataset: shop\n"
    "  tables:\n"
    "    orders:\n"
    "      rows: 1000\n"
    "      columns:\n"
    "        order_id: {kind: sequence, key: true}\n"
    "        paid: {kind: bool, share: 0.9}";

template <typename T>
const T* FindBy(const std::vector<T>& all, std::string T::*member, std::string_view wanted) {
  for (const T& item : all) {
    if (item.*member == wanted) return &item;
  }
  return nullptr;
}

}  // namespace

const Entity* Spec::FindEntity(std::string_view key) const {
  return FindBy(entities, &Entity::key, key);
}
const Table* Spec::FindTable(std::string_view key) const {
  return FindBy(tables, &Table::key, key);
}
const Parameter* Spec::FindParameter(std::string_view name) const {
  return FindBy(parameters, &Parameter::name, name);
}

Spec ParseSpec(std::string_view file, std::string_view text, Diagnostics* diagnostics) {
  Spec spec;
  spec.file = file;
  spec.text = text;
  bool complete = false;
  const Node root = ParseYaml(text, diagnostics, &complete);
  // Of half a tree only half could be said, and much of it would be wrong.
  if (complete) SpecReader(&spec, diagnostics).Read(root);
  return spec;
}

void SpecReader::Read(const Node& root) {
  if (!root.is_map() || root.entries.empty()) {
    Error(root.is_null() ? Location{1, 1} : root.at,
          root.is_null() ? "this file is empty, not a dataset" : "a dataset file must be a map",
          std::string(kMinimalFile));
    return;
  }
  CheckKeys(root, "a dataset file",
            {"synthmill", "dataset", "title", "help", "as_of", "parameters", "checks", "entities",
             "column_sets", "tables", "noise", "truth", "examples", "lists"});
  ReadHead(root);
  const Node none;
  const auto section = [&](std::string_view key) -> const Node& {
    const Node* node = root.Find(key);
    return node == nullptr ? none : *node;
  };
  // Names before their uses: parameters for all expressions, sets and entities for tables, tables
  // for noise and truth.
  ReadParameters(section("parameters"));
  ReadChecks(section("checks"));
  ReadColumnSets(section("column_sets"));
  ReadEntities(section("entities"));
  ReadTables(section("tables"));
  if (root.Find("tables") == nullptr) Missing(root, "tables", "a dataset file", "{…}");
  ReadExactRows(section("entities"));
  ReadNoise(section("noise"));
  ReadTableNoise(section("tables"));
  ReadTruth(section("truth"));
  ReadLists(section("lists"));
  spec_.examples = TextList(root, "examples", "a dataset file");
}

void SpecReader::ReadHead(const Node& root) {
  const std::string what = "a dataset file";
  if (const Node* version = root.Find("synthmill"); version == nullptr) {
    Missing(root, "synthmill", what, "1");
  } else if (!version->is_scalar() || version->text != "1") {
    Error(version->at,
          "this program reads version 1 of the spec language, not " +
              (version->is_scalar() ? Quoted(version->text) : "this"),
          "write: synthmill: 1");
  }
  spec_.dataset = Text(root, "dataset", what);
  if (const Node* dataset = root.Find("dataset"); dataset == nullptr) {
    Missing(root, "dataset", what, "my_data");
  } else if (dataset->is_scalar()) {
    CheckName(spec_.dataset, dataset->at, "a dataset", true);
  }
  spec_.title = Text(root, "title", what);
  spec_.help = Text(root, "help", what);
  spec_.as_of = *core::ParseIsoDate(kDefaultAsOf);
  if (root.Find("as_of") != nullptr) {
    // Parameters may count from it, so it counts from nothing.
    const LocatedExpr as_of =
        ReadExpr(*root.Find("as_of"), "'as_of'", std::span<const std::string>(), &diagnostics_);
    spec_.as_of = EvaluateDate(as_of, "'as_of'", {}, &diagnostics_, spec_.as_of);
  }
}

void SpecReader::ReadChecks(const Node& node) {
  if (node.is_null() || !IsList(node, "'checks'", "[{if: a > b, say: \"a ({a}) exceeds b\"}]")) {
    return;
  }
  for (const Node& item : node.items) {
    const std::string what = "a check";
    if (!IsMap(item, what, "{if: a > b, say: \"a ({a}) exceeds b ({b})\"}")) continue;
    CheckKeys(item, what, {"if", "severity", "say", "fix"});
    Check check;
    check.at = item.at;
    check.condition = Expression(item, "if", what);
    if (item.Find("if") == nullptr) Missing(item, "if", what, "a > b");
    const std::vector<std::string> severities = {"error", "warning"};
    if (const Node* severity = item.Find("severity")) {
      check.error = severity->text != "warning";
      if (!Contains(severities, severity->text)) {
        Error(severity->at, "a check's 'severity' cannot be " + Quoted(severity->text),
              Suggest(severity->text, severities));
      }
    }
    if (const Node* say = item.Find("say")) {
      check.say = Template(*say, "a check's 'say'");
    } else {
      Missing(item, "say", what, "\"a ({a}) exceeds b ({b})\"");
    }
    if (const Node* fix = item.Find("fix")) {
      const std::vector<Node> one = {*fix};
      for (const Node& text : fix->is_sequence() ? fix->items : one) {
        check.fixes.push_back(Template(text, "a check's 'fix'"));
      }
    }
    spec_.checks.push_back(std::move(check));
  }
}

void SpecReader::ReadTruth(const Node& node) {
  if (node.is_null() || !IsMap(node, "'truth'", "{records: …, entities: …, changes: …}")) return;
  CheckKeys(node, "'truth'", {"records", "entities", "changes"});
  Truth truth;
  truth.at = node.at;
  std::vector<std::string> columns;
  for (const Table& table : spec_.tables) {
    for (const Column& column : table.columns) columns.push_back(column.name);
  }
  const auto check_column = [&](const std::string& name, Location at, std::string_view where) {
    if (!Contains(columns, name)) Unknown("column of a table called", name, at, where, columns);
  };
  const auto named = [&](const Node& map, const std::string& what) {
    if (const Node* name = map.Find("name")) return Template(*name, what + ": 'name'");
    Missing(map, "name", what, "truth_records");
    return std::string();
  };
  if (const Node* records = node.Find("records")) {
    const std::string what = "'records' of the truth";
    if (IsMap(*records, what, "{name: truth_records, columns: [record_id]}")) {
      CheckKeys(*records, what, {"name", "columns"});
      truth.records_name = named(*records, what);
      std::vector<Location> at;
      truth.records_columns = TextList(*records, "columns", what, &at);
      if (records->Find("columns") == nullptr) Missing(*records, "columns", what, "[record_id]");
      for (size_t i = 0; i < at.size(); ++i) check_column(truth.records_columns[i], at[i], what);
    }
  }
  if (const Node* entities = node.Find("entities")) {
    const std::string what = "'entities' of the truth";
    if (IsMap(*entities, what, "{customer: truth_customers}")) {
      const std::vector<std::string> known = NamesOf(spec_.entities, &Entity::key);
      for (const Node::Entry& entry : entities->entries) {
        if (!Contains(known, entry.key)) Unknown("entity", entry.key, entry.at, what, known);
        truth.entities[entry.key] = Template(entry.value, what + ": table of " + entry.key);
      }
    }
  }
  if (const Node* changes = node.Find("changes")) {
    const std::string what = "'changes' of the truth";
    if (IsMap(*changes, what, "{name: truth_changes, key: record_id}")) {
      CheckKeys(*changes, what, {"name", "key"});
      truth.changes_name = named(*changes, what);
      truth.changes_key = Text(*changes, "key", what);
      if (const Node* key = changes->Find("key")) {
        if (key->is_scalar()) check_column(key->text, key->at, what);
      } else {
        Missing(*changes, "key", what, "record_id");
      }
    }
  }
  spec_.truth = std::move(truth);
}

void SpecReader::ReadLists(const Node& node) {
  if (node.is_null() || !IsMap(node, "'lists'", "{colours: lists/colours.csv}")) return;
  for (const Node::Entry& entry : node.entries) {
    CheckName(entry.key, entry.at, "a list", true);
    if (!entry.value.is_scalar() || entry.value.text.empty()) {
      Error(entry.value.at, "a list is the path of a CSV file beside this file",
            "such as: colours: lists/colours.csv");
      continue;
    }
    spec_.lists[entry.key] = {entry.value.text, entry.value.at};
  }
}

}  // namespace synthmill::spec
