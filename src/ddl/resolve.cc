// What can be known only when all statements of all files are read.
#include <algorithm>
#include <utility>

#include "ddl/builder.h"
#include "ddl/dialect.h"

namespace synthmill::ddl {

void Builder::ResolveTypes() {
  for (size_t t = 0; t < catalog_.tables.size(); ++t) {
    const auto pending = pending_.find(t);
    if (pending == pending_.end()) continue;
    Table& table = catalog_.tables[t];
    for (const auto& [c, name] : pending->second) {
      Column& column = table.columns[c];
      const UserType* known = FindType(name);
      UserType extension;  // public.citext: a type of an extension
      if (known == nullptr && !name.qualifier.empty()) {
        const TypeWord* word = FindTypeWord(EntryOf(table.dialect), name.text);
        if (word != nullptr) {
          extension.type.kind = word->kind;
          extension.type.bits = word->bits;
          extension.type.length = word->length;
          extension.type.precision = word->precision;
          extension.type.scale = word->scale;
          known = &extension;
        }
      }
      if (known == nullptr) {
        // MySQL's dumps of PostgreSQL's types and the like: the innermost element is unknown.
        Report(Problem::Severity::kWarning, column.place,
               "column '" + table.name.text + "." + column.name.text + "' has type '" +
                   column.type.text + "', which is not known",
               "it is read as a type without a meaning; give it another one in the dataset");
        continue;
      }
      // mood[]: the arrays around it stay.
      Type* inner = &column.type;
      const std::string text = column.type.text;
      while (inner->kind == Type::Kind::kArray && !inner->children.empty())
        inner = &inner->children[0];
      *inner = known->type;
      if (known != &extension) inner->domain = name.text;
      column.type.text = text;
      if (inner != &column.type) continue;
      column.not_null = column.not_null || known->not_null;
      if (column.default_value.kind == Default::Kind::kNone)
        column.default_value = known->default_value;
      for (Check check : known->checks) {
        check.place = column.place;
        for (Rule& rule : check.rules) {
          if (EqualsIgnoreCase(rule.column, "VALUE") && rule.other.empty())
            rule.column = column.name.text;
          else
            rule = {};
        }
        table.checks.push_back(std::move(check));
      }
    }
  }
}

void Builder::ResolveChecks() {
  for (const Table& table : catalog_.tables) {
    for (const Check& check : table.checks) {
      const auto other = std::find_if(check.rules.begin(), check.rules.end(),
                                      [](const Rule& r) { return r.kind == Rule::Kind::kOther; });
      if (other == check.rules.end()) continue;
      const bool all = std::all_of(check.rules.begin(), check.rules.end(),
                                   [](const Rule& r) { return r.kind == Rule::Kind::kOther; });
      Report(Problem::Severity::kWarning, check.place,
             std::string(all ? "this CHECK" : "a part of this CHECK") + " of table '" +
                 table.name.text +
                 "' is not understood; it is kept as text: " + check.text.substr(0, 200));
    }
  }
}

void Builder::ResolveForeignKeys() {
  for (Table& table : catalog_.tables) {
    for (ForeignKey& key : table.foreign_keys) {
      Name wanted = key.table;
      key.parent = FindTable(wanted);
      // The parent of an unqualified name stands in the child's own schema first.
      if (wanted.qualifier.empty() && !table.name.qualifier.empty()) {
        wanted.qualifier = table.name.qualifier;
        const int beside = FindTable(wanted);
        if (beside >= 0) key.parent = beside;
      }
      const std::string from = "the foreign key of table '" + table.name.text + "'";
      if (key.parent < 0) {
        Report(Problem::Severity::kWarning, key.place,
               from + " points at table '" + key.table.text + "', which is not there",
               "give the file with it, too; without it the key is left out");
        continue;
      }
      const Table& parent = catalog_.tables[static_cast<size_t>(key.parent)];
      if (key.parent_columns.empty()) key.parent_columns = parent.primary_key.columns;
      std::string wrong;
      for (std::string& column : key.parent_columns) {
        std::string spelling = Spelling(parent, column);
        if (spelling.empty())
          wrong =
              "points at column '" + column + "', which table '" + parent.name.text + "' has not";
        else
          column = std::move(spelling);
      }
      if (wrong.empty() && key.parent_columns.empty())
        wrong = "points at table '" + parent.name.text + "', which has no primary key";
      if (wrong.empty() && key.parent_columns.size() != key.columns.size())
        wrong = "has " + std::to_string(key.columns.size()) + " columns but points at " +
                std::to_string(key.parent_columns.size());
      if (wrong.empty()) continue;
      Report(Problem::Severity::kWarning, key.place, from + " " + wrong, "the key is left out");
      key.parent = -1;
    }
  }
}

}  // namespace synthmill::ddl
