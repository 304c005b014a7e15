#include <utility>

#include "ddl/statement_parser.h"

namespace synthmill::ddl {

// CREATE UNIQUE INDEX name ON table (columns)
bool StatementParser::CreateUniqueIndex() {
  const Token at = c_.Peek();
  std::string name;
  while (!c_.AtEnd() && !c_.AtWord("ON")) {
    if (c_.AtName()) name = Unquote(c_.Peek());
    c_.Next();
  }
  if (!c_.AcceptWord("ON")) {
    c_.Unexpected("ON and the table of the index");
    ReportError();
    return true;
  }
  c_.AcceptWord("ONLY");
  Name table_name;
  if (!c_.ParseQualifiedName(&table_name, "the name of the table")) {
    ReportError();
    return true;
  }
  const int index = b_.FindTable(table_name);
  if (index < 0) return false;
  if (c_.AcceptWord("USING")) c_.Next();
  Key key;
  key.name = std::move(name);
  key.place = b_.PlaceOf(at.text.data());
  bool expressions = false;
  if (!c_.At('(') || !c_.ParseNameList(&key.columns, &expressions)) {
    if (!c_.failed()) c_.Unexpected("the columns of the index");
    ReportError();
    return true;
  }
  bool where = false;
  while (!c_.AtEnd()) where = c_.Next().IsWord("WHERE") || where;
  if (expressions || where) {
    b_.Warn(at, "this unique index is " +
                    std::string(where ? "over some of the rows" : "over an expression") +
                    "; it was left out");
    return true;
  }
  Table& table = b_.catalog().tables[static_cast<size_t>(index)];
  const Before before = SizesOf(table);
  table.unique.push_back(std::move(key));
  if (!FixTable(&table, before, at)) {
    table.unique.pop_back();
    ReportError();
  }
  return true;
}

// COMMENT ON TABLE t IS '…', COMMENT ON COLUMN t.c IS '…'; comments on other things are counted.
bool StatementParser::CommentOn() {
  const Token at = c_.Peek();
  c_.Next();
  c_.Next();
  c_.AcceptWords({"IF", "EXISTS"});
  const bool column = c_.AtWord("COLUMN");
  if (!column && !c_.AtWord("TABLE")) {
    b_.CountSkipped("COMMENT ON " + Upper(c_.Peek().text.substr(0, 30)), at.text.data());
    return true;
  }
  c_.Next();
  Name name;
  if (!c_.ParseQualifiedName(&name, "a name")) {
    ReportError();
    return true;
  }
  const Token name_token = c_.Last();
  Name column_name;
  if (column) {
    if (name.qualifier.empty()) {
      c_.Fail(name_token, "COMMENT ON COLUMN needs a table and a column");
      ReportError();
      return true;
    }
    column_name.text = std::move(name.text);
    name.text = std::move(name.qualifier.back());
    name.qualifier.pop_back();
  }
  if (!c_.AcceptWord("IS")) {
    c_.Unexpected("IS and the comment");
    ReportError();
    return true;
  }
  const int index = b_.FindTable(name);
  if (index < 0) return false;
  if (c_.AcceptWord("NULL")) return true;
  Table& table = b_.catalog().tables[static_cast<size_t>(index)];
  std::string comment;
  if (!ReadComment(&comment)) {
    ReportError();
    return true;
  }
  if (!column) {
    table.comment = std::move(comment);
    return true;
  }
  const std::string spelling = Builder::Spelling(table, column_name.text);
  if (spelling.empty()) {
    b_.Warn(name_token, "a comment on column '" + column_name.text + "', which table '" +
                            table.name.text + "' has not");
    return true;
  }
  table.columns[static_cast<size_t>(table.Find(spelling))].comment = std::move(comment);
  return true;
}

// CREATE TYPE t AS ENUM ('a', 'b'), AS (a int, …), AS OBJECT (…), FROM varchar(20) NOT NULL
void StatementParser::CreateType() {
  const Token at = c_.Peek();
  while (!c_.AtEnd() && !c_.AcceptWord("TYPE")) c_.Next();
  c_.AcceptIfNotExists();
  Name name;
  UserType made;
  if (!c_.ParseQualifiedName(&name, "the name of the type")) return ReportError();
  const auto skip = [&](std::string_view kind) { b_.CountSkipped(kind, at.text.data()); };
  if (c_.AcceptWord("FROM")) {  // SQL Server
    ParsedType parsed;
    if (!ParseType(&c_, d_, &parsed)) return ReportError();
    made.type = std::move(parsed.type);
    made.not_null = c_.AcceptWords({"NOT", "NULL"});
    b_.AddType(name, std::move(made));
    return;
  }
  if (c_.AcceptWord("OID")) c_.Next();  // Oracle's export
  if (!c_.AcceptWord("AS") && !c_.AcceptWord("IS")) return skip("CREATE TYPE");
  if (c_.AcceptWord("ENUM")) {
    made.type.kind = Type::Kind::kEnum;
    if (!c_.Expect('(', "before the labels")) return ReportError();
    while (!c_.At(')')) {
      if (c_.Peek().kind != TokenKind::kString) {
        c_.Unexpected("a label in quotes");
        return ReportError();
      }
      made.type.labels.push_back(Unquote(c_.Next()));
      if (!c_.Accept(',')) break;
    }
    if (!c_.Expect(')', "behind the labels")) return ReportError();
    b_.AddType(name, std::move(made));
    return;
  }
  // A composite type is a struct.
  c_.AcceptWord("OBJECT");
  if (c_.At('(')) {
    c_.Next();
    made.type.kind = Type::Kind::kStruct;
    while (!c_.AtEnd() && !c_.At(')')) {
      Name field;
      ParsedType parsed;
      if (c_.AtAnyWord({"MEMBER", "CONSTRUCTOR", "STATIC", "MAP", "FINAL", "OVERRIDING", "NOT",
                        "INSTANTIABLE", "ORDER"}))
        break;
      if (!c_.ParseIdentifier(&field, "the name of a field") || !ParseType(&c_, d_, &parsed))
        return ReportError();
      while (!c_.AtEnd() && !c_.At(',') && !c_.At(')'))
        if (!c_.SkipParens()) return ReportError();
      made.type.field_names.push_back(std::move(field.text));
      made.type.children.push_back(std::move(parsed.type));
      if (!c_.Accept(',')) break;
    }
    if (made.type.children.empty()) return skip("CREATE TYPE");
    b_.AddType(name, std::move(made));
    return;
  }
  // Oracle: AS VARRAY(3) OF t, AS TABLE OF t
  if (c_.AtAnyWord({"VARRAY", "VARYING", "TABLE"})) {
    while (!c_.AtEnd() && !c_.AcceptWord("OF")) c_.Next();
    ParsedType parsed;
    if (c_.AtEnd() || !ParseType(&c_, d_, &parsed)) {
      c_.ClearError();
      return skip("CREATE TYPE");
    }
    made.type.kind = Type::Kind::kArray;
    made.type.children.push_back(std::move(parsed.type));
    b_.AddType(name, std::move(made));
    return;
  }
  // Db2: AS DECIMAL(9,2) WITH COMPARISONS
  ParsedType parsed;
  if (c_.AtWord("RANGE") || !c_.AtName() || !ParseType(&c_, d_, &parsed) || !parsed.name.empty()) {
    c_.ClearError();
    return skip("CREATE TYPE");
  }
  made.type = std::move(parsed.type);
  b_.AddType(name, std::move(made));
}

// ALTER TYPE t ADD VALUE 'x' [BEFORE|AFTER 'y']
void StatementParser::AlterType() {
  const Token at = c_.Peek();
  c_.Next();
  c_.Next();
  Name name;
  if (!c_.ParseQualifiedName(&name, "the name of the type")) return ReportError();
  const UserType* known = b_.FindType(name);
  if (known == nullptr || known->type.kind != Type::Kind::kEnum ||
      !c_.AcceptWords({"ADD", "VALUE"})) {
    b_.CountSkipped("ALTER TYPE", at.text.data());
    return;
  }
  c_.AcceptIfNotExists();
  if (c_.Peek().kind != TokenKind::kString) {
    c_.Unexpected("a label in quotes");
    return ReportError();
  }
  b_.AddLabel(name, Unquote(c_.Next()));
}

// CREATE DOMAIN d AS type [NOT NULL] [DEFAULT …] [CHECK (VALUE …)]
void StatementParser::CreateDomain() {
  while (!c_.AtEnd() && !c_.AcceptWord("DOMAIN")) c_.Next();
  Name name;
  if (!c_.ParseQualifiedName(&name, "the name of the domain")) return ReportError();
  c_.AcceptWord("AS");
  ParsedType parsed;
  if (!ParseType(&c_, d_, &parsed)) return ReportError();
  if (!parsed.name.empty()) {  // a domain over a domain
    const UserType* base = b_.FindType(parsed.name);
    if (base != nullptr) parsed.type = base->type;
  }
  Draft draft;
  Column column;
  column.name.text = "VALUE";
  column.type = std::move(parsed.type);
  while (!c_.AtEnd()) {
    std::string constraint;
    const size_t begin = c_.position();
    if (c_.At(',') || c_.At(')')) {
      c_.Next();
      continue;
    }
    if (!ColumnClause(&draft, &column, &constraint)) return ReportError();
    if (c_.position() == begin) c_.Next();
  }
  UserType made;
  made.type = std::move(column.type);
  made.not_null = column.not_null;
  made.default_value = std::move(column.default_value);
  made.checks = std::move(draft.table.checks);
  b_.AddType(name, std::move(made));
}

// CREATE SEQUENCE s START WITH 100 INCREMENT BY 10
void StatementParser::CreateSequence() {
  while (!c_.AtEnd() && !c_.AcceptWord("SEQUENCE")) c_.Next();
  c_.AcceptIfNotExists();
  Name name;
  if (!c_.ParseQualifiedName(&name, "the name of the sequence")) return ReportError();
  Sequence sequence;
  while (!c_.AtEnd()) {
    const bool start = c_.AtWord("START");
    const bool step = c_.AtWord("INCREMENT");
    c_.Next();
    if (!start && !step) continue;
    c_.AcceptWord("WITH") || c_.AcceptWord("BY") || c_.Accept('=');
    int64_t value = 0;
    if (!ReadInt(&value)) return ReportError();
    (start ? sequence.start : sequence.step) = value;
  }
  b_.AddSequence(name, sequence);
}

}  // namespace synthmill::ddl
