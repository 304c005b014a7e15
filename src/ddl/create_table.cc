#include <utility>

#include "ddl/statement_parser.h"

namespace synthmill::ddl {

void StatementParser::ReportError() {
  b_.Error(c_.error_token(), c_.error(), c_.error_hint());
  c_.ClearError();
}

// CREATE … TABLE … name ( elements ) tail
void StatementParser::CreateTable() {
  ++b_.catalog().tables_there;
  const Token at = c_.Peek();
  while (!c_.AtEnd() && !c_.AtWord("TABLE")) c_.Next();
  c_.Next();
  c_.AcceptIfNotExists();
  Draft draft;
  Table& table = draft.table;
  table.dialect = d_.dialect;
  table.place = b_.PlaceOf(at.text.data());
  if (!c_.ParseQualifiedName(&table.name, "the name of the table")) return ReportError();
  c_.AcceptIfNotExists();  // Teradata and some generators put it here
  const Token name = c_.Last();
  const auto no_columns = [&] {
    if (SelectedColumns(&draft)) return true;
    return c_.Fail(
        c_.Peek(),
        "table '" + table.name.text + "' takes its columns from a query, which is not read",
        "write its columns: CREATE TABLE " + table.name.text + " (column type, …)");
  };
  bool good = true;
  if (c_.AtWord("PARTITION") && c_.Peek(1).IsWord("OF")) {
    good = PartitionOf(&draft);
  } else if (c_.AtAnyWord({"LIKE", "CLONE", "COPY"})) {
    c_.Next();
    good = LikeTable(&draft, "LIKE");
  } else if (c_.AtWords({"SHALLOW", "CLONE"}) || c_.AtWords({"DEEP", "CLONE"})) {
    c_.Next();
    c_.Next();
    good = LikeTable(&draft, "CLONE");
  } else if (c_.At('(') && !c_.Peek(1).IsWord("SELECT") && !c_.Peek(1).IsWord("WITH")) {
    good = TableElements(&draft) && TableTail(&draft);
  } else if (c_.AtWord("AS") || c_.At('(') || c_.AtAnyWord({"SELECT", "WITH"})) {
    good = no_columns();
  } else if (c_.AcceptWord("OF")) {
    good = TableOf(&draft);
  } else {
    // Tail clauses may come first: USING delta PARTITIONED BY (d) AS SELECT …
    while (good && !c_.AtEnd() && !c_.AtWord("SELECT")) {
      const TokenKind second = c_.Peek(2).kind;
      const bool columns = c_.At('(') && table.columns.empty() &&
                           (second == TokenKind::kWord || second == TokenKind::kName);
      good = columns ? TableElements(&draft) : TailClause(&draft);
    }
    if (good && table.columns.empty())
      good = c_.AtWord("SELECT")
                 ? no_columns()
                 : c_.Unexpected("'(' before the columns of table '" + table.name.text + "'");
  }
  if (good && table.columns.empty())
    good = c_.Fail(name, "table '" + table.name.text + "' has no columns");
  good = good && FixTable(&table, {}, name);
  if (!good) return ReportError();
  const size_t index = b_.catalog().tables.size();
  b_.AddTable(std::move(table), name);
  if (b_.catalog().tables.size() == index) return;
  if (!draft.user_types.empty()) b_.pending_types(index) = std::move(draft.user_types);
}

// AS SELECT CAST(… AS type) AS name, …: the casts say it all. False, with the cursor where it was,
// if one of the columns is anything else.
bool StatementParser::SelectedColumns(Draft* draft) {
  const size_t begin = c_.position();
  const auto no = [&] {
    c_.Seek(begin);
    c_.ClearError();
    draft->table.columns.clear();
    return false;
  };
  c_.AcceptWord("AS");
  if (!c_.AcceptWord("SELECT")) return no();
  do {
    Column column;
    ParsedType parsed;
    column.place = b_.PlaceOf(c_.Peek().text.data());
    if (!c_.AcceptWord("CAST") || !c_.Accept('(')) return no();
    while (!c_.AtEnd() && !c_.AtWord("AS"))
      if (!c_.SkipParens()) return no();
    if (!c_.AcceptWord("AS") || !ParseType(&c_, d_, &parsed) || !c_.Accept(')')) return no();
    c_.AcceptWord("AS");
    if (!parsed.name.empty() || !c_.ParseIdentifier(&column.name, "a name")) return no();
    column.type = std::move(parsed.type);
    draft->table.columns.push_back(std::move(column));
  } while (c_.Accept(','));
  if (!c_.AtEnd() && !c_.AtAnyWord({"FROM", "WHERE", "LIMIT"})) return no();
  c_.Seek(c_.size());
  return true;
}

// OF type: a table of a composite or object type, whose fields are its columns.
bool StatementParser::TableOf(Draft* draft) {
  const Token at = c_.Peek();
  Name name;
  if (!c_.ParseQualifiedName(&name, "the type of the table's rows")) return false;
  const UserType* type = b_.FindType(name);
  if (type == nullptr || type->type.kind != Type::Kind::kStruct)
    return c_.Fail(at, "type '" + name.text +
                           "', which the columns of this table come from, was "
                           "not read");
  if (!b_.TakeCopies(type->type.children.size()))
    return c_.Fail(at, "too many columns are copied from types");
  for (size_t i = 0; i < type->type.children.size(); ++i) {
    Column column;
    column.name.text = type->type.field_names[i];
    column.type = type->type.children[i];
    column.place = b_.PlaceOf(at.text.data());
    draft->table.columns.push_back(std::move(column));
  }
  // (PRIMARY KEY (id), name NOT NULL)
  if (c_.At('(')) {
    c_.Next();
    while (!c_.AtEnd() && !c_.Accept(')')) {
      if (AtTableConstraint()) {
        if (!TableConstraint(&draft->table)) return false;
      } else {
        const int index = ColumnHere(draft->table);
        if (index < 0) return false;
        Column column = draft->table.columns[static_cast<size_t>(index)];
        if (!ColumnClauses(draft, &column)) return false;
        draft->table.columns[static_cast<size_t>(index)] = std::move(column);
      }
      c_.Accept(',');
    }
  }
  return TableTail(draft);
}

bool StatementParser::TableElements(Draft* draft) {
  const Token open = c_.Peek();
  c_.Next();
  for (;;) {
    if (c_.Accept(')')) return true;  // a trailing comma
    if (c_.AtEnd())
      return c_.Fail(
          open, "the list of columns of table '" + draft->table.name.text + "' is never closed");
    if (!TableElement(draft)) return false;
    if (c_.Accept(',')) continue;
    if (c_.Accept(')')) return true;
    if (c_.AtEnd())
      return c_.Fail(
          open, "the list of columns of table '" + draft->table.name.text + "' is never closed");
    return c_.Unexpected("',' or ')' in the list of columns");
  }
}

bool StatementParser::TableElement(Draft* draft) {
  if (c_.AtWord("LIKE") && c_.Peek(1).kind != TokenKind::kPunct && !c_.Peek(2).Is('(')) {
    c_.Next();
    return LikeTable(draft, "LIKE");
  }
  if (!AtTableConstraint()) return ParseColumn(draft);
  if (!TableConstraint(&draft->table)) return false;
  // SQLite needs no comma between the table's constraints.
  while (!c_.AtEnd() && AtTableConstraint())
    if (!TableConstraint(&draft->table)) return false;
  return true;
}

bool StatementParser::CopyColumns(const Name& from, const Token& at, Draft* draft,
                                  bool constraints) {
  const int index = b_.FindTable(from);
  if (index < 0)
    return c_.Fail(at, "table '" + from.text + "', whose columns these should be, was not read",
                   "give the file with it first");
  const Table& parent = b_.catalog().tables[static_cast<size_t>(index)];
  if (!b_.TakeCopies(parent.columns.size()))
    return c_.Fail(at, "too many columns are copied from other tables");
  const size_t before = draft->table.columns.size();
  for (const Column& column : parent.columns) draft->table.columns.push_back(column);
  for (const auto& [column, type] : b_.pending_types(static_cast<size_t>(index)))
    draft->user_types.emplace_back(before + column, type);
  if (!constraints) return true;
  for (const Check& check : parent.checks) draft->table.checks.push_back(check);
  for (const Key& key : parent.unique) draft->table.unique.push_back(key);
  if (draft->table.primary_key.columns.empty()) draft->table.primary_key = parent.primary_key;
  return true;
}

bool StatementParser::LikeTable(Draft* draft, std::string_view word) {
  const Token at = c_.Peek();
  Name from;
  if (!c_.ParseQualifiedName(&from, "the table behind " + std::string(word))) return false;
  // PostgreSQL copies keys only where it is told to; all others do.
  bool constraints = d_.dialect != Dialect::kPostgres && d_.dialect != Dialect::kRedshift;
  while (!c_.AtEnd() && !c_.At(',') && !c_.At(')')) {
    if (c_.AcceptWord("INCLUDING")) constraints = constraints || c_.AtAnyWord({"ALL", "INDEXES"});
    if (!c_.SkipParens()) return false;
  }
  return CopyColumns(from, at, draft, constraints);
}

bool StatementParser::PartitionOf(Draft* draft) {
  c_.Next();
  c_.Next();
  const Token at = c_.Peek();
  Name parent;
  if (!c_.ParseQualifiedName(&parent, "the table this is a partition of")) return false;
  if (!CopyColumns(parent, at, draft, true)) return false;
  b_.Warn(at, "'" + draft->table.name.text + "' is a partition of '" + parent.text +
                  "': it is read as a table of its own, without the bounds of the partition");
  return true;
}

bool StatementParser::PartitionedBy(Draft* draft) {
  if (!c_.At('(')) return c_.Expect('(', "behind PARTITIONED BY");
  c_.Next();
  Table& table = draft->table;
  while (!c_.AtEnd() && !c_.At(')')) {
    const bool transform = c_.Peek(1).Is('(');  // Iceberg: days(ts), bucket(16, id)
    const bool only_name = c_.Peek(1).Is(',') || c_.Peek(1).Is(')');
    if (transform) {
      c_.Next();
      if (!c_.SkipParens()) return false;
    } else if (only_name) {
      Name name;
      if (!c_.ParseIdentifier(&name, "the name of a column")) return false;
      const std::string spelling = Builder::Spelling(table, name.text);
      if (spelling.empty())
        return c_.Fail(c_.Last(), "table '" + table.name.text + "' is partitioned by column '" +
                                      name.text + "', which it has not");
      table.columns[static_cast<size_t>(table.Find(spelling))].partition = true;
      table.partition_by.push_back(spelling);
    } else {
      if (!ParseColumn(draft)) return false;
      table.columns.back().partition = true;
      table.partition_by.push_back(table.columns.back().name.text);
    }
    if (!c_.Accept(',')) break;
  }
  return c_.Expect(')', "behind the partition columns");
}

// One clause behind the columns. What says nothing about the table's values is passed over.
bool StatementParser::TailClause(Draft* draft) {
  if (c_.AtWords({"PARTITIONED", "BY"})) {
    c_.Next();
    c_.Next();
    return PartitionedBy(draft);
  }
  if (c_.AtWord("INHERITS") && c_.Peek(1).Is('(')) {
    c_.Next();
    c_.Next();
    // The parents' columns come before the table's own.
    Draft inherited;
    while (!c_.AtEnd() && !c_.At(')')) {
      const Token at = c_.Peek();
      Name parent;
      if (!c_.ParseQualifiedName(&parent, "the table it inherits from")) return false;
      if (!CopyColumns(parent, at, &inherited, false)) return false;
      if (!c_.Accept(',')) break;
    }
    const size_t shift = inherited.table.columns.size();
    std::vector<Column>& own = draft->table.columns;
    std::vector<std::pair<size_t, Name>> types = std::move(inherited.user_types);
    for (auto& [column, type] : draft->user_types)
      types.emplace_back(column + shift, std::move(type));
    // A column it has itself, too, is merged.
    for (const Column& column : own) {
      const std::string same = Builder::Spelling(inherited.table, column.name.text);
      if (!same.empty())
        return c_.Fail(c_.Last(), "column '" + same + "' is both inherited and the table's own");
    }
    own.insert(own.begin(), std::make_move_iterator(inherited.table.columns.begin()),
               std::make_move_iterator(inherited.table.columns.end()));
    draft->user_types = std::move(types);
    return c_.Expect(')', "behind the tables it inherits from");
  }
  if (c_.AtWord("COMMENT") && (c_.Peek(1).Is('=') || c_.Peek(1).kind == TokenKind::kString ||
                               c_.Peek(1).kind == TokenKind::kDouble)) {
    c_.Next();
    return ReadComment(&draft->table.comment);
  }
  if (c_.AtWord("OPTIONS") && c_.Peek(1).Is('(')) {
    c_.Next();
    return ReadOptions(&draft->table.comment);
  }
  if (c_.AtWord("PRIMARY") && c_.Peek(1).IsWord("KEY") && c_.Peek(2).Is('('))
    return TableConstraint(&draft->table);  // Spanner
  if (c_.AtAnyWord({"SELECT", "WITH"}) && !c_.Peek(1).Is('(')) {
    c_.Seek(c_.size());  // AS SELECT behind named columns: the rows are not of interest
    return true;
  }
  return c_.SkipParens();
}

bool StatementParser::TableTail(Draft* draft) {
  while (!c_.AtEnd())
    if (!TailClause(draft)) return false;
  return true;
}

}  // namespace synthmill::ddl
