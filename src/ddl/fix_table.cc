#include <algorithm>
#include <unordered_map>
#include <utility>

#include "ddl/statement_parser.h"

namespace synthmill::ddl {
namespace {

// Finds columns by name: by a map where a search through all would be done too often.
class ColumnFinder {
 public:
  ColumnFinder(const Table& table, size_t lookups) : table_(table) {
    if (lookups * table.columns.size() < 100000) return;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      exact_.emplace(table.columns[i].name.text, i);
      lower_.emplace(Lower(table.columns[i].name.text), i);
    }
  }
  // The name as the table spells it; empty: it has no such column.
  std::string Find(const std::string& column) const {
    if (lower_.empty()) return Builder::Spelling(table_, column);
    if (exact_.contains(column)) return column;
    const auto found = lower_.find(Lower(column));
    return found == lower_.end() ? "" : table_.columns[found->second].name.text;
  }

 private:
  const Table& table_;
  std::unordered_map<std::string, size_t> exact_, lower_;
};

}  // namespace

StatementParser::Before StatementParser::SizesOf(const Table& table) {
  return {table.columns.size(), table.unique.size(), table.foreign_keys.size(), table.checks.size(),
          !table.primary_key.columns.empty()};
}

bool StatementParser::FixTable(Table* table, const Before& before, const Token& at) {
  size_t lookups = table->primary_key.columns.size();
  for (size_t i = before.unique; i < table->unique.size(); ++i)
    lookups += table->unique[i].columns.size();
  for (size_t i = before.foreign_keys; i < table->foreign_keys.size(); ++i)
    lookups += table->foreign_keys[i].columns.size();
  for (size_t i = before.checks; i < table->checks.size(); ++i)
    lookups += table->checks[i].rules.size();
  const ColumnFinder finder(*table, lookups);
  const auto fix = [&](std::vector<std::string>* columns) {
    for (std::string& column : *columns) {
      std::string spelling = finder.Find(column);
      if (spelling.empty())
        return c_.Fail(at, "a key of table '" + table->name.text + "' names a column '" + column +
                               "', which it has not");
      column = std::move(spelling);
    }
    return true;
  };
  const auto twice = [&](const Name& name, const Name& other) {
    if (!EqualsIgnoreCase(name.text, other.text)) return true;
    if (name.text != other.text && name.quoted && other.quoted) return true;
    return c_.Fail(at, "table '" + table->name.text + "' has two columns '" + name.text + "'");
  };
  if (before.columns == 0) {
    std::unordered_map<std::string, size_t> seen;
    for (size_t i = 0; i < table->columns.size(); ++i) {
      const Name& name = table->columns[i].name;
      const auto [there, is_new] = seen.try_emplace(Lower(name.text), i);
      if (!is_new && !twice(name, table->columns[there->second].name)) return false;
    }
  }
  for (size_t i = before.columns; before.columns > 0 && i < table->columns.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (!twice(table->columns[i].name, table->columns[j].name)) return false;
  if (!before.primary_key && !table->primary_key.columns.empty()) {
    if (!fix(&table->primary_key.columns)) return false;
    for (Column& column : table->columns)
      if (std::find(table->primary_key.columns.begin(), table->primary_key.columns.end(),
                    column.name.text) != table->primary_key.columns.end())
        column.not_null = true;
  }
  for (size_t i = before.unique; i < table->unique.size(); ++i)
    if (!fix(&table->unique[i].columns)) return false;
  for (size_t i = before.foreign_keys; i < table->foreign_keys.size(); ++i)
    if (!fix(&table->foreign_keys[i].columns)) return false;
  for (size_t i = before.checks; i < table->checks.size(); ++i) {
    Check& check = table->checks[i];
    for (Rule& rule : check.rules) {
      const std::string column = finder.Find(rule.column);
      if (rule.op == "json" && rule.kind == Rule::Kind::kOther && !column.empty()) {
        const int index = table->Find(column);
        table->columns[static_cast<size_t>(index)].type.kind = Type::Kind::kJson;
        continue;
      }
      std::string other = rule.other.empty() ? "" : finder.Find(rule.other);
      const bool known = !column.empty() && (rule.other.empty() || !other.empty());
      if (known) {
        rule.column = column;
        rule.other = std::move(other);
      } else {
        rule = {};
      }
    }
    std::erase_if(check.rules, [](const Rule& rule) {
      return rule.op == "json" && rule.kind == Rule::Kind::kOther;
    });
  }
  std::erase_if(table->checks, [](const Check& check) { return check.rules.empty(); });
  return true;
}

}  // namespace synthmill::ddl
