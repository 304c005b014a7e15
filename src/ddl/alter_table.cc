#include <algorithm>
#include <utility>

#include "ddl/statement_parser.h"

namespace synthmill::ddl {

bool StatementParser::SkipToComma() {
  while (!c_.AtEnd() && !c_.At(','))
    if (!c_.SkipParens()) return false;
  return true;
}

// The column named here; -1 with an error: the table has none such.
int StatementParser::ColumnHere(const Table& table) {
  Name name;
  if (!c_.ParseIdentifier(&name, "the name of a column")) return -1;
  const std::string spelling = Builder::Spelling(table, name.text);
  if (spelling.empty()) {
    c_.Fail(c_.Last(), "table '" + table.name.text + "' has no column '" + name.text + "'");
    return -1;
  }
  return table.Find(spelling);
}

bool StatementParser::AlterTable() {
  c_.Next();
  while (!c_.AtEnd() && !c_.AcceptWord("TABLE")) c_.Next();
  c_.AcceptIfNotExists();
  c_.AcceptWord("ONLY");
  const Token at = c_.Peek();
  Name name;
  if (!c_.ParseQualifiedName(&name, "the name of the table")) {
    ReportError();
    return true;
  }
  const int index = b_.FindTable(name);
  if (index < 0) {
    // pg_dump says who owns views and sequences by ALTER TABLE, too.
    if (c_.AtAnyWord({"ADD", "MODIFY", "CHANGE", "ALTER", "DROP", "RENAME", "WITH"})) return false;
    b_.CountSkipped("ALTER TABLE … " + Upper(c_.Peek().text.substr(0, 30)), at.text.data());
    return true;
  }
  c_.Accept('*');
  Table& table = b_.catalog().tables[static_cast<size_t>(index)];
  Draft draft;
  draft.table = std::move(table);
  draft.user_types = std::move(b_.pending_types(static_cast<size_t>(index)));
  Before before = SizesOf(draft.table);
  while (!c_.AtEnd()) {
    if (!AlterClause(&draft, at)) break;
    if (!c_.Accept(',') && !c_.AtEnd()) {
      // SQL Server: a batch without semicolons goes on; others: unknown words of a known clause.
      if (!SkipToComma()) break;
      c_.Accept(',');
    }
  }
  // Columns may have gone; what is new is what lies behind the smaller number.
  before.columns = std::min(before.columns, draft.table.columns.size());
  before.unique = std::min(before.unique, draft.table.unique.size());
  before.foreign_keys = std::min(before.foreign_keys, draft.table.foreign_keys.size());
  before.checks = std::min(before.checks, draft.table.checks.size());
  if (c_.failed() || !FixTable(&draft.table, before, at)) {
    // What a statement with an error added is not kept.
    draft.table.columns.resize(before.columns);
    draft.table.unique.resize(before.unique);
    draft.table.foreign_keys.resize(before.foreign_keys);
    draft.table.checks.resize(before.checks);
    if (!before.primary_key) draft.table.primary_key = {};
    std::erase_if(draft.user_types, [&](const auto& type) { return type.first >= before.columns; });
  }
  if (c_.failed()) ReportError();
  b_.catalog().tables[static_cast<size_t>(index)] = std::move(draft.table);
  if (draft.user_types.empty())
    b_.pending_types(static_cast<size_t>(index)).clear();
  else
    b_.pending_types(static_cast<size_t>(index)) = std::move(draft.user_types);
  return true;
}

bool StatementParser::AlterClause(Draft* draft, const Token& at) {
  if (c_.AcceptWords({"WITH", "CHECK"}) || c_.AcceptWords({"WITH", "NOCHECK"})) {
  }
  const Token first = c_.Peek();
  if (c_.AcceptWord("ADD")) return AddClause(draft);
  if (c_.AcceptWord("MODIFY")) return ModifyClause(draft, false);
  if (c_.AcceptWord("CHANGE")) return ModifyClause(draft, true);
  if (c_.AcceptWord("ALTER")) return AlterColumnClause(draft);
  if (c_.AcceptWord("DROP")) return DropClause(draft);
  if (c_.AtWord("RENAME")) return RenameClause(draft);
  if (c_.AtWord("COMMENT") && (c_.Peek(1).Is('=') || c_.Peek(1).kind == TokenKind::kString)) {
    c_.Next();
    return ReadComment(&draft->table.comment);
  }
  // OWNER TO, ENABLE ROW LEVEL SECURITY, CHECK CONSTRAINT x, SET (…), ENGINE = …
  b_.CountSkipped("ALTER TABLE … " + Upper(first.text.substr(0, 30)), at.text.data());
  return SkipToComma();
}

bool StatementParser::AddElement(Draft* draft) {
  if (AtTableConstraint()) return TableConstraint(&draft->table);
  // SQL Server: [CONSTRAINT name] DEFAULT value FOR column
  const size_t begin = c_.position();
  Name constraint;
  if (c_.AcceptWord("CONSTRAINT") && !c_.ParseIdentifier(&constraint, "the name of the constraint"))
    return false;
  if (c_.AtWord("DEFAULT") && c_.Peek(1).kind != TokenKind::kEnd) {
    c_.Next();
    const size_t value = c_.position();
    while (!c_.AtEnd() && !c_.AtWord("FOR"))
      if (!c_.SkipParens()) return false;
    const std::span<const Token> tokens = c_.Slice(value, c_.position());
    if (!c_.AcceptWord("FOR") || tokens.empty()) return c_.Unexpected("FOR and a column");
    const int column = ColumnHere(draft->table);
    if (column < 0) return false;
    draft->table.columns[static_cast<size_t>(column)].default_value = ReadDefault(tokens, d_);
    return true;
  }
  c_.Seek(begin);
  c_.AcceptWord("COLUMN");
  c_.AcceptWord("COLUMNS");
  c_.AcceptIfNotExists();
  if (c_.At('(')) {
    c_.Next();
    for (;;) {
      if (c_.Accept(')')) return true;
      if (!AddElement(draft)) return false;
      if (c_.Accept(',')) continue;
      return c_.Expect(')', "behind what is added");
    }
  }
  return ParseColumn(draft);
}

bool StatementParser::AddClause(Draft* draft) {
  if (c_.AcceptWord("PARTITION") || c_.AtWord("PERIOD") || c_.AtWord("SUPPLEMENTAL")) {
    b_.CountSkipped("ALTER TABLE … ADD PARTITION", c_.Last().text.data());
    return SkipToComma();
  }
  // CONSTRAINT … DEFAULT looks like a table's constraint.
  const bool is_default = c_.AtWord("CONSTRAINT") && c_.Peek(2).IsWord("DEFAULT");
  if (c_.At('(')) {  // Oracle: ADD (…, …)
    c_.Next();
    for (;;) {
      if (c_.Accept(')')) return true;
      if (!AddElement(draft)) return false;
      if (c_.Accept(',')) continue;
      return c_.Expect(')', "behind what is added");
    }
  }
  if (is_default || !AtTableConstraint()) {
    if (is_default) {
      c_.Next();
      c_.Next();
    }
    if (!AddElement(draft)) return false;
  } else if (!TableConstraint(&draft->table)) {
    return false;
  }
  // SQL Server: ADD a int, b int; further elements without the word.
  while (c_.At(',') && d_.dialect == Dialect::kSqlServer && !c_.Peek(1).IsWord("ADD") &&
         !c_.Peek(1).IsWord("DROP") && !c_.Peek(1).IsWord("ALTER")) {
    c_.Next();
    const bool again = c_.AtWord("CONSTRAINT") && c_.Peek(2).IsWord("DEFAULT");
    if (again) {
      c_.Next();
      c_.Next();
    }
    if (!AddElement(draft)) return false;
  }
  return true;
}

// At a type and clauses that replace those of the column.
bool StatementParser::ModifyColumn(Draft* draft, int index) {
  Column& column = draft->table.columns[static_cast<size_t>(index)];
  Name user_type;
  const bool no_type = AtColumnClause() && !c_.AtWord("BINARY");
  if (!no_type) {
    const bool oracle = d_.dialect == Dialect::kOracle;
    const Column old = std::move(column);
    column = {};
    column.name = old.name;
    column.place = old.place;
    column.partition = old.partition;
    column.comment = old.comment;
    if (oracle) {  // what MODIFY does not name stays
      column.not_null = old.not_null;
      column.default_value = old.default_value;
      column.identity = old.identity;
    }
    std::erase_if(draft->user_types,
                  [&](const auto& type) { return type.first == static_cast<size_t>(index); });
    if (!ColumnType(&column, &user_type)) {
      column = old;
      return false;
    }
    if (!user_type.empty())
      draft->user_types.emplace_back(static_cast<size_t>(index), std::move(user_type));
  }
  // The clauses may add a column to nothing: they work on a copy, as AddColumn may not run here.
  Column changed = draft->table.columns[static_cast<size_t>(index)];
  if (c_.AtWord("NULL")) changed.not_null = false;
  if (!ColumnClauses(draft, &changed)) return false;
  draft->table.columns[static_cast<size_t>(index)] = std::move(changed);
  return true;
}

bool StatementParser::ModifyClause(Draft* draft, bool renames) {
  if (c_.At('(')) {  // Oracle: MODIFY (a NOT NULL, b NUMBER(3))
    c_.Next();
    for (;;) {
      if (c_.Accept(')')) return true;
      if (AtTableConstraint() || c_.AtWord("CONSTRAINT")) {
        while (!c_.AtEnd() && !c_.At(',') && !c_.At(')'))
          if (!c_.SkipParens()) return false;
      } else {
        const int index = ColumnHere(draft->table);
        if (index < 0 || !ModifyColumn(draft, index)) return false;
      }
      if (c_.Accept(',')) continue;
      return c_.Expect(')', "behind what is modified");
    }
  }
  if (c_.AtWord("CONSTRAINT")) return SkipToComma();
  c_.AcceptWord("COLUMN");
  c_.AcceptIfNotExists();
  const int index = ColumnHere(draft->table);
  if (index < 0) return false;
  if (renames) {
    Name name;
    if (!c_.ParseIdentifier(&name, "the new name of the column")) return false;
    RenameColumn(&draft->table, index, std::move(name));
  }
  return ModifyColumn(draft, index);
}

bool StatementParser::AlterColumnClause(Draft* draft) {
  if (c_.AtWord("INDEX") || c_.AtWord("CONSTRAINT") || c_.AtWord("CHECK")) return SkipToComma();
  c_.AcceptWord("COLUMN");
  c_.AcceptIfNotExists();
  const int index = ColumnHere(draft->table);
  if (index < 0) return false;
  Column& column = draft->table.columns[static_cast<size_t>(index)];
  if (c_.AcceptWords({"SET", "NOT", "NULL"})) {
    column.not_null = true;
    return true;
  }
  if (c_.AcceptWords({"DROP", "NOT", "NULL"})) {
    column.not_null = false;
    return true;
  }
  if (c_.AcceptWords({"DROP", "DEFAULT"})) {
    column.default_value = {};
    return true;
  }
  if (c_.AcceptWords({"SET", "DEFAULT"})) return DefaultClause(&column);
  if (c_.AcceptWord("COMMENT")) return ReadComment(&column.comment);
  if (c_.AcceptWord("ADD")) {  // ADD GENERATED ALWAYS AS IDENTITY (…)
    return GeneratedClause(&column);
  }
  if (c_.AcceptWords({"SET", "OPTIONS"})) return ReadOptions(&column.comment);
  const bool type = c_.AcceptWords({"SET", "DATA", "TYPE"}) || c_.AcceptWord("TYPE");
  if (!type && c_.AtAnyWord({"SET", "DROP", "RESTART", "RESET"})) return SkipToComma();
  if (type) {
    std::erase_if(draft->user_types,
                  [&](const auto& t) { return t.first == static_cast<size_t>(index); });
    Name user_type;
    if (!ColumnType(&column, &user_type)) return false;
    if (!user_type.empty())
      draft->user_types.emplace_back(static_cast<size_t>(index), std::move(user_type));
    return SkipToComma();  // USING expression
  }
  return ModifyColumn(draft, index);
}

bool StatementParser::DropClause(Draft* draft) {
  Table& table = draft->table;
  if (c_.AcceptWords({"PRIMARY", "KEY"})) {
    table.primary_key = {};
    return SkipToComma();
  }
  if (c_.AcceptWord("CONSTRAINT") || c_.AtWords({"FOREIGN", "KEY"}) || c_.AtWord("INDEX") ||
      c_.AtWord("KEY") || c_.AtWord("CHECK")) {
    c_.AcceptWords({"FOREIGN", "KEY"}) || c_.AcceptWord("INDEX") || c_.AcceptWord("KEY") ||
        c_.AcceptWord("CHECK");
    c_.AcceptIfNotExists();
    Name name;
    if (!c_.ParseIdentifier(&name, "the name of the constraint")) return false;
    const auto named = [&](const auto& constraint) {
      return !constraint.name.empty() && EqualsIgnoreCase(constraint.name, name.text);
    };
    if (named(table.primary_key)) table.primary_key = {};
    std::erase_if(table.unique, named);
    std::erase_if(table.foreign_keys, named);
    std::erase_if(table.checks, named);
    return SkipToComma();
  }
  if (c_.AtAnyWord({"PARTITION", "PERIOD", "SUPPLEMENTAL"})) return SkipToComma();
  c_.AcceptWord("COLUMN");
  const bool may_be_gone = c_.AcceptIfNotExists();
  const bool parens = c_.Accept('(');
  for (;;) {
    Name name;
    if (!c_.ParseIdentifier(&name, "the name of a column")) return false;
    const std::string spelling = Builder::Spelling(table, name.text);
    if (spelling.empty()) {
      if (may_be_gone) return SkipToComma();
      return c_.Fail(c_.Last(),
                     "table '" + table.name.text + "' has no column '" + name.text + "'");
    }
    const size_t index = static_cast<size_t>(table.Find(spelling));
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(index));
    std::erase_if(draft->user_types, [&](const auto& t) { return t.first == index; });
    for (auto& [column, type] : draft->user_types)
      if (column > index) --column;
    const auto uses = [&](const auto& key) {
      return std::find(key.columns.begin(), key.columns.end(), spelling) != key.columns.end();
    };
    if (uses(table.primary_key)) table.primary_key = {};
    std::erase(table.partition_by, spelling);
    std::erase_if(table.unique, uses);
    std::erase_if(table.foreign_keys, uses);
    std::erase_if(table.checks, [&](const Check& check) {
      return std::any_of(check.rules.begin(), check.rules.end(), [&](const Rule& rule) {
        return rule.column == spelling || rule.other == spelling;
      });
    });
    if (!parens) return SkipToComma();
    if (!c_.Accept(',')) return c_.Expect(')', "behind the columns to drop");
  }
}

void StatementParser::RenameColumn(Table* table, int index, Name name) {
  Column& column = table->columns[static_cast<size_t>(index)];
  const std::string old = column.name.text;
  const auto replace = [&](std::vector<std::string>& columns) {
    std::replace(columns.begin(), columns.end(), old, name.text);
  };
  replace(table->primary_key.columns);
  replace(table->partition_by);
  for (Key& key : table->unique) replace(key.columns);
  for (ForeignKey& key : table->foreign_keys) replace(key.columns);
  for (Check& check : table->checks) {
    for (Rule& rule : check.rules) {
      if (rule.column == old) rule.column = name.text;
      if (rule.other == old) rule.other = name.text;
    }
  }
  column.name = std::move(name);
}

bool StatementParser::RenameClause(Draft* draft) {
  c_.Next();
  Table& table = draft->table;
  if (c_.AcceptWord("TO") || c_.AcceptWord("AS")) {
    Name name;
    if (!c_.ParseQualifiedName(&name, "the new name of the table")) return false;
    if (name.qualifier.empty()) name.qualifier = table.name.qualifier;
    b_.Rename(table.name, name);
    table.name = std::move(name);
    return true;
  }
  if (c_.AtAnyWord({"INDEX", "KEY", "CONSTRAINT"}) && !c_.Peek(1).IsWord("TO"))
    return SkipToComma();
  c_.AcceptWord("COLUMN");
  const int index = ColumnHere(table);
  if (index < 0) return false;
  if (!c_.AcceptWord("TO")) return c_.Unexpected("TO and the new name");
  Name name;
  if (!c_.ParseIdentifier(&name, "the new name of the column")) return false;
  RenameColumn(&table, index, std::move(name));
  return true;
}

}  // namespace synthmill::ddl
