// How tables hang together: rows per row of another table, keys.
#include <algorithm>
#include <utility>

#include "spec/spec_reader.h"

namespace synthmill::spec {

void SpecReader::ReadRows(const Node& node, Table* table) {
  const std::string what = "table " + Quoted(table->key);
  const Node* rows = node.Find("rows");
  if (rows == nullptr || !rows->is_map()) {
    table->rows = IntExpression(node, "rows", what, 0);
    return;
  }
  const std::string where = "'rows' of " + what;
  CheckKeys(*rows, where, {"per", "min", "max"});
  RowsPer per;
  per.at = rows->at;
  per.table = Text(*rows, "per", where);
  per.min = IntExpression(*rows, "min", where, 0);
  per.max = IntExpression(*rows, "max", where, 0);
  if (rows->Find("per") == nullptr) Missing(*rows, "per", where, "customers");
  if (rows->Find("max") == nullptr) Missing(*rows, "max", where, "9");
  table->per = std::move(per);
}

void SpecReader::ReadKeys(const Node& node, Table* table) {
  const std::string what = "table " + Quoted(table->key);
  const std::vector<std::string> columns = NamesOf(table->columns, &Column::name);
  const auto add = [&](const Node& holder, std::string_view name, bool primary) {
    Key key;
    key.primary = primary;
    std::vector<Location> at;
    key.columns = TextList(holder, name, what, &at);
    key.at = holder.Find(name)->at;
    if (key.columns.empty()) {
      Error(key.at, what + ": '" + std::string(name) + "' names no column");
      return;
    }
    for (size_t i = 0; i < key.columns.size(); ++i) {
      const std::string& column = key.columns[i];
      if (!Contains(columns, column)) {
        Unknown("column", column, at[i], what + ": '" + std::string(name) + "'", columns);
        return;
      }
      if (Contains(std::span(key.columns).first(i), column)) {
        Error(at[i], what + ": '" + std::string(name) + "' names " + Quoted(column) + " twice");
        return;
      }
    }
    table->keys.push_back(std::move(key));
  };
  if (node.Find("primary_key") != nullptr) add(node, "primary_key", true);
  const Node* unique = node.Find("unique");
  if (unique == nullptr) return;
  if (!IsList(*unique, what + ": 'unique'", "[[email], [country, number]]")) return;
  for (const Node& item : unique->items) {
    // TextList reads a value of a map.
    Node holder;
    holder.kind = Node::Kind::kMap;
    holder.at = item.at;
    holder.entries.push_back({"unique", item.at, item});
    add(holder, "unique", false);
  }
}

// After all tables: those that others count their rows by.
void SpecReader::CheckParents(const Node& tables) {
  std::vector<std::string> known;
  for (const Table& table : spec_.tables) {
    if (table.from.empty()) known.push_back(table.key);
  }
  for (const Table& table : spec_.tables) {
    if (!table.per || table.per->table.empty()) continue;
    if (Contains(known, table.per->table) && table.per->table != table.key) continue;
    const Node* rows = tables.Find(table.key)->Find("rows");
    const Location at = rows->Find("per")->at;
    const std::string what = "'rows' of table " + Quoted(table.key);
    if (table.per->table == table.key) {
      Error(at, what + ": a table cannot count its rows by its own");
    } else if (spec_.FindTable(table.per->table) != nullptr) {
      Error(at, what + ": " + Quoted(table.per->table) +
                    " is drawn from an entity; only tables with rows of their own can be counted "
                    "by");
    } else {
      Unknown("table", table.per->table, at, what, known);
    }
  }
}

}  // namespace synthmill::spec
