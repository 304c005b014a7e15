// Columns of entities and tables, and the sets of columns that are spliced into them.
#include <array>
#include <utility>

#include "spec/evaluate.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

constexpr std::string_view kExample =
    "such as: source_system: {kind: constant, value: crm}, or {of: customer} for a column of the "
    "entity";

}  // namespace

std::span<const std::string> CommonColumnKeys() {
  static const auto* const kKeys = new std::vector<std::string>{
      "kind", "of",  "name",    "hidden",        "required",   "key",       "rederive", "when",
      "null", "per", "default", "default_share", "max_length", "max_bytes", "sql",      "help"};
  return *kKeys;
}

void SpecReader::ReadColumnSets(const Node& node) {
  if (node.is_null() || !IsMap(node, "'column_sets'", "{person: {name: {of: customer}}}")) return;
  for (const Node::Entry& entry : node.entries) {
    CheckName(entry.key, entry.at, "a column set", true);
    column_sets_[entry.key] = ReadColumns(entry.value, "column set " + Quoted(entry.key), false);
  }
}

std::vector<Column> SpecReader::ReadColumns(const Node& parent, const std::string& owner,
                                            bool sets) {
  std::vector<Column> columns;
  if (!IsMap(parent, "columns of " + owner, "{id: {kind: sequence, key: true}}")) return columns;
  if (parent.entries.empty()) Error(parent.at, owner + " has no columns");
  constexpr size_t kMaxColumns = 5000;
  for (const Node::Entry& entry : parent.entries) {
    if (!entry.key.starts_with('+')) {
      columns.push_back(ReadColumn(entry, owner));
    } else if (sets) {
      SpliceSet(entry, owner, &columns);
    } else {
      Error(entry.at, owner + ": a column set does not hold another");
    }
  }
  if (columns.size() > kMaxColumns) {
    Error(parent.at, owner + " has more than " + std::to_string(kMaxColumns) + " columns");
    return {};
  }
  // Keys of one map are different, so what is here twice came with a set.
  std::map<std::string_view, const Column*> seen;
  for (const Column& column : columns) {
    const auto [first, fresh] = seen.emplace(column.name, &column);
    if (fresh) continue;
    Error(column.at, owner + " has two columns " + Quoted(column.name),
          "the other one stands in line " + std::to_string(first->second->at.line));
  }
  return columns;
}

void SpecReader::SpliceSet(const Node::Entry& entry, const std::string& owner,
                           std::vector<Column>* columns) {
  const std::string name = entry.key.substr(1);
  const auto found = column_sets_.find(name);
  if (found == column_sets_.end()) {
    std::vector<std::string> known;
    for (const auto& [set, ignored] : column_sets_) known.push_back(set);
    Unknown("column set", name, entry.at, owner, known);
    return;
  }
  if (!entry.value.is_null()) {
    Error(entry.value.at, owner + ": nothing stands after '" + entry.key + ":'");
  }
  for (const Column& column : found->second) {
    if (!Afford(column.args, entry.at)) return;
    columns->push_back(column);
  }
}

Column SpecReader::ReadColumn(const Node::Entry& entry, const std::string& owner) {
  Column column;
  column.name = entry.key;
  column.output = entry.key;
  column.at = entry.at;
  const std::string what = "column " + Quoted(entry.key) + " of " + owner;
  CheckName(entry.key, entry.at, "a column", false);
  const Node& node = entry.value;
  if (!node.is_map()) {
    Error(node.at.line > 0 ? node.at : entry.at, what + " must be a map", std::string(kExample));
    return column;
  }
  column.args = node;
  column.kind = Text(node, "kind", what);
  if (const Node* kind = node.Find("kind"); kind != nullptr) {
    if (kind->is_scalar()) CheckName(kind->text, kind->at, "a column kind", true);
  } else if (node.Find("of") != nullptr) {
    column.of = Text(node, "of", what);
    const std::span<const std::string> known = CommonColumnKeys();
    for (const Node::Entry& key : node.entries) {
      if (Contains(known, key.key)) continue;
      Error(key.at, what + ", carried over from an entity, has no " + Quoted(key.key),
            Suggest(key.key, known));
    }
  } else {
    // Perhaps the word is there, misspelt.
    std::string hint(kExample);
    const auto words = std::to_array<std::string>({"kind", "of"});
    for (const Node::Entry& key : node.entries) {
      if (NearMiss(key.key, words).empty()) continue;
      hint = "instead of '" + key.key + "', " + Suggest(key.key, words);
    }
    Error(entry.at, what + " needs 'kind' or 'of'", hint);
  }
  column.hidden = Flag(node, "hidden", what);
  column.required = Flag(node, "required", what);
  // A map's keys are described by a map; then it is an argument of the kind.
  const Node* key = node.Find("key");
  column.key = key != nullptr && !key->is_map() && Flag(node, "key", what);
  column.rederive = Flag(node, "rederive", what);
  column.when = Expression(node, "when", what);
  column.null_share = ShareExpression(node, "null", what);
  column.per = TextList(node, "per", what);
  column.help = Text(node, "help", what);
  column.sql_type = Text(node, "sql", what);
  if (const Node* name = node.Find("name")) {
    column.output = Text(node, "name", what);
    if (name->is_scalar() && name->text.empty()) Error(name->at, what + " has an empty name");
  }
  if (column.rederive && column.of.empty()) {
    Error(node.Find("rederive")->at,
          what + ": 'rederive' is for a column carried over from an entity by 'of'");
  }
  if (column.required && column.null_share.given()) {
    Error(node.Find("null")->at, what + " is required, so it has no share of nulls");
  }
  return column;
}

}  // namespace synthmill::spec
