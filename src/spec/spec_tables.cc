// The sections `entities:` and `tables:`.
#include <algorithm>
#include <set>
#include <utility>

#include "spec/evaluate.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

constexpr int64_t kMaxCopies = 64;

}  // namespace

void SpecReader::ReadEntities(const Node& node) {
  if (node.is_null() || !IsMap(node, "'entities'", "{customer: {count: 1000, columns: {…}}}")) {
    return;
  }
  for (const Node::Entry& entry : node.entries) {
    Entity entity;
    entity.key = entry.key;
    entity.at = entry.at;
    CheckName(entry.key, entry.at, "an entity", false);
    const std::string what = "entity " + Quoted(entry.key);
    if (IsMap(entry.value, what, "{count: 1000, columns: {…}}")) {
      CheckKeys(entry.value, what, {"count", "first", "exact_rows", "groups", "columns"});
      entity.count = IntExpression(entry.value, "count", what, 0);
      entity.first = IntExpression(entry.value, "first", what, 1);
      if (entry.value.Find("count") == nullptr) Missing(entry.value, "count", what, "1000");
      if (const Node* groups = entry.value.Find("groups")) ReadGroups(*groups, &entity);
      if (const Node* columns = entry.value.Find("columns")) {
        entity.columns = ReadColumns(*columns, what, true);
      } else {
        Missing(entry.value, "columns", what, "{id: {kind: sequence}}");
      }
      CheckEntityColumns(entity);
    }
    spec_.entities.push_back(std::move(entity));
  }
}

void SpecReader::ReadGroups(const Node& node, Entity* entity) {
  const std::string owner = "entity " + Quoted(entity->key);
  if (!IsMap(node, "'groups' of " + owner, "{household: {share: 0.25, size: 2}}")) return;
  for (const Node::Entry& entry : node.entries) {
    Group group;
    group.name = entry.key;
    group.at = entry.at;
    CheckName(entry.key, entry.at, "a group", true);
    const std::string what = "group " + Quoted(entry.key) + " of " + owner;
    if (IsMap(entry.value, what, "{share: 0.25, size: 2}")) {
      CheckKeys(entry.value, what, {"share", "size", "stride", "when"});
      group.share = ShareExpression(entry.value, "share", what);
      group.size = IntExpression(entry.value, "size", what, 1);
      group.stride = IntExpression(entry.value, "stride", what, 1);
      group.when = Expression(entry.value, "when", what);
      if (entry.value.Find("share") == nullptr) Missing(entry.value, "share", what, "0.25");
      if (entry.value.Find("size") == nullptr) Missing(entry.value, "size", what, "2");
    }
    entity->groups.push_back(std::move(group));
  }
}

void SpecReader::CheckEntityColumns(const Entity& entity) {
  const std::vector<std::string> groups = NamesOf(entity.groups, &Group::name);
  for (const Column& column : entity.columns) {
    const std::string what = "column " + Quoted(column.name) + " of entity " + Quoted(entity.key);
    if (!column.of.empty()) {
      Error(column.at, what + " cannot be carried over: 'of' is for tables",
            "an entity makes its columns: {kind: …}");
    }
    for (const std::string& group : column.per) {
      if (Contains(groups, group)) continue;
      Unknown("group", group, column.args.Find("per")->at, what, groups);
    }
  }
}

// After the tables, which `trim` names.
void SpecReader::ReadExactRows(const Node& entities) {
  for (const Node::Entry& entry : entities.entries) {
    const Node* node = entry.value.Find("exact_rows");
    if (node == nullptr) continue;
    const std::string what = "'exact_rows' of entity " + Quoted(entry.key);
    if (!IsMap(*node, what, "{when: exact, rows: total_records, trim: [crm]}")) continue;
    CheckKeys(*node, what, {"when", "rows", "trim"});
    ExactRows exact;
    exact.when = Expression(*node, "when", what);
    exact.rows = IntExpression(*node, "rows", what, 0);
    if (node->Find("rows") == nullptr) Missing(*node, "rows", what, "total_records");
    if (node->Find("trim") == nullptr) Missing(*node, "trim", what, "[crm]");
    std::vector<Location> at;
    exact.trim = TextList(*node, "trim", what, &at);
    std::vector<std::string> drawn;
    for (const Table& table : spec_.tables) {
      if (table.from == entry.key) drawn.push_back(table.key);
    }
    for (size_t i = 0; i < exact.trim.size(); ++i) {
      const std::string& table = exact.trim[i];
      if (!Contains(drawn, table)) {
        Unknown("table drawn from " + entry.key + " called", table, at[i], what, drawn);
      } else if (Contains(std::span(exact.trim).first(i), table)) {
        Error(at[i], what + ": " + Quoted(table) + " is here twice");
      }
    }
    for (Entity& entity : spec_.entities) {
      if (entity.key == entry.key) entity.exact = exact;
    }
  }
}

void SpecReader::ReadTables(const Node& node) {
  const std::string example = "{orders: {rows: 1000, columns: {…}}}";
  if (node.is_null() || !IsMap(node, "'tables'", example)) return;
  if (node.entries.empty()) Error(node.at, "a dataset has at least one table");
  std::map<std::string, const Node::Entry*> outputs;
  for (const Node::Entry& entry : node.entries) {
    Table table;
    table.key = entry.key;
    table.at = entry.at;
    CheckName(entry.key, entry.at, "a table", false);
    if (IsMap(entry.value, "table " + Quoted(entry.key), "{rows: 1000, columns: {…}}")) {
      ReadTable(entry.value, &table);
      // Names that differ only by a parameter's value are looked at when it is known.
      const auto [first, fresh] = outputs.emplace(table.name, &entry);
      if (!fresh && !table.name.empty()) {
        Error(entry.at, "table " + Quoted(entry.key) + " is called " + Quoted(table.name) +
                            " like table " + Quoted(first->second->key));
      }
    }
    spec_.tables.push_back(std::move(table));
  }
  CheckParents(node);
}

void SpecReader::ReadTable(const Node& node, Table* table) {
  const std::string what = "table " + Quoted(table->key);
  CheckKeys(node, what,
            {"name", "help", "from", "rows", "coverage", "copies", "primary_key", "unique",
             "columns", "noise", "sql", "partition_by"});
  table->name = table->key;
  if (const Node* name = node.Find("name")) {
    table->name = Template(*name, what + ": 'name'");
    if (name->is_scalar() && name->text.empty()) Error(name->at, what + " has an empty name");
  }
  table->help = Text(node, "help", what);
  if (const Node* sql = node.Find("sql")) ReadTableSql(*sql, table);
  table->from = Text(node, "from", what);
  ReadRows(node, table);
  table->coverage = ShareExpression(node, "coverage", what);
  const Node* from = node.Find("from");
  const Node* rows = node.Find("rows");
  if (from == nullptr && rows == nullptr) {
    Error(table->at, what + " needs 'from' (an entity) or 'rows'",
          "such as: from: customer, or rows: 1000");
  } else if (from != nullptr && rows != nullptr) {
    Error(rows->at, what + " has both 'from' and 'rows'",
          "the rows of a table drawn from an entity follow from coverage and copies");
  }
  const std::vector<std::string> entities = NamesOf(spec_.entities, &Entity::key);
  if (from != nullptr && from->is_scalar() && !Contains(entities, table->from)) {
    Unknown("entity", table->from, from->at, what, entities);
  }
  for (const std::string_view key : {"coverage", "copies"}) {
    const Node* found = node.Find(key);
    if (from != nullptr || found == nullptr) continue;
    Error(found->at, what + ": '" + std::string(key) + "' is for a table drawn from an entity");
  }
  // A list of rules is read after the profiles.
  if (const Node* noise = node.Find("noise"); noise != nullptr && noise->is_scalar()) {
    table->noisy = Flag(node, "noise", what);
  }
  if (const Node* copies = node.Find("copies")) ReadCopies(*copies, table);
  if (const Node* columns = node.Find("columns")) {
    table->columns = ReadColumns(*columns, what, true);
    CheckTableColumns(*table);
    ReadKeys(node, table);
    ReadPartitions(node, table);
  } else {
    Missing(node, "columns", what, "{id: {kind: sequence}}");
  }
}

void SpecReader::ReadPartitions(const Node& node, Table* table) {
  if (node.Find("partition_by") == nullptr) return;
  const std::string what = "table " + Quoted(table->key);
  std::vector<Location> at;
  table->partition_by = TextList(node, "partition_by", what, &at);
  const std::vector<std::string> columns = NamesOf(table->columns, &Column::name);
  for (size_t i = 0; i < table->partition_by.size(); ++i) {
    const std::string& column = table->partition_by[i];
    if (!Contains(columns, column)) {
      Unknown("column", column, at[i], what + ": 'partition_by'", columns);
    } else if (Contains(std::span(table->partition_by).first(i), column)) {
      Error(at[i], what + ": 'partition_by' names " + Quoted(column) + " twice");
    }
  }
}

void SpecReader::ReadTableSql(const Node& node, Table* table) {
  const std::string what = "'sql' of table " + Quoted(table->key);
  if (!IsMap(node, what, "{dialect: postgres, name: [public, orders]}")) return;
  CheckKeys(node, what, {"dialect", "name", "checks"});
  table->sql.dialect = Text(node, "dialect", what);
  table->sql.name = TextList(node, "name", what);
  table->sql.checks = TextList(node, "checks", what);
}

void SpecReader::ReadCopies(const Node& node, Table* table) {
  const std::string what = "'copies' of table " + Quoted(table->key);
  if (!IsMap(node, what, "{1: 0.85, 2: 0.15}")) return;
  bool constant = true;
  int64_t sum = 0;
  std::set<int64_t> seen;
  for (const Node::Entry& entry : node.entries) {
    const std::optional<int64_t> copies = ParseFixed(entry.key, 0);
    if (!copies || *copies < 1 || *copies > kMaxCopies) {
      Error(entry.at, what + ": " + Quoted(entry.key) + " is not a number of copies from 1 to " +
                          std::to_string(kMaxCopies));
      constant = false;
      continue;
    }
    if (!seen.insert(*copies).second) {
      Error(entry.at, what + ": " + std::to_string(*copies) + " is here twice");
    }
    const std::string share = what + ": share of " + entry.key;
    LocatedExpr expr = ReadExpr(entry.value, share, names_, &diagnostics_);
    if (expr.given() && expr.expr->names().empty()) {
      // Each share is at most one and there are at most 64.
      const int64_t value = EvaluateShare(expr, share, {}, &diagnostics_, -1);
      if (value < 0) constant = false;
      sum += value;
    } else {
      constant = false;
    }
    table->copies.push_back({static_cast<int>(*copies), std::move(expr)});
  }
  if (constant && sum != Value::kDecimalOne) {
    Error(node.at, what + ": the shares add up to " + Value::Decimal(sum).ToString() + ", not 1");
  }
}

void SpecReader::CheckTableColumns(const Table& table) {
  const Entity* entity = spec_.FindEntity(table.from);
  std::map<std::string_view, const Column*> outputs;
  for (const Column& column : table.columns) {
    // Whether `when` leaves one of two out is not known yet.
    if (column.hidden || column.when.given()) continue;
    const auto [first, fresh] = outputs.emplace(column.output, &column);
    if (fresh || first->second->name == column.name) continue;
    Error(column.at, "columns " + Quoted(first->second->name) + " and " + Quoted(column.name) +
                         " of table " + Quoted(table.key) + " are both called " +
                         Quoted(column.output));
  }
  const std::vector<std::string> entities = NamesOf(spec_.entities, &Entity::key);
  std::vector<std::string> columns;
  if (entity != nullptr) columns = NamesOf(entity->columns, &Column::name);
  for (const Column& column : table.columns) {
    const std::string what = "column " + Quoted(column.name) + " of table " + Quoted(table.key);
    if (!column.per.empty()) {
      Error(column.args.Find("per")->at, what + ": 'per' is for columns of an entity");
    }
    if (column.of.empty()) continue;
    const Location at = column.args.Find("of")->at;
    if (!Contains(entities, column.of)) {
      Unknown("entity", column.of, at, "column " + Quoted(column.name), entities);
    } else if (table.from != column.of) {
      // An unknown `from` is reported where it stands.
      if (entity == nullptr && !table.from.empty()) continue;
      Error(at, what + " is of " + Quoted(column.of) + ", but the table is " +
                    (table.from.empty() ? "not drawn from an entity"
                                        : "drawn from " + Quoted(table.from)));
    } else if (!Contains(columns, column.name)) {
      // Without the table's name, so that a mistake of a column set is reported once.
      Unknown("column of entity " + column.of + " called", column.name, column.at, "carried over",
              columns);
    }
  }
}

}  // namespace synthmill::spec
