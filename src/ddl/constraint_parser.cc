#include <utility>

#include "ddl/statement_parser.h"

namespace synthmill::ddl {

// PRIMARY, UNIQUE, KEY … may also be the names of columns: `key varchar(20)`, `index int`.
bool StatementParser::AtTableConstraint() const {
  if (c_.Peek().kind != TokenKind::kWord) return false;
  const Token& next = c_.Peek(1);
  const auto lists_names = [&](size_t ahead) {
    return c_.Peek(ahead).Is('(') && c_.Peek(ahead + 1).kind != TokenKind::kNumber;
  };
  if (c_.AtWord("CONSTRAINT")) return next.kind != TokenKind::kPunct;
  if (c_.AtWord("PRIMARY")) return next.IsWord("KEY");
  if (c_.AtWord("FOREIGN")) return next.IsWord("KEY");
  if (c_.AtWord("CHECK")) return next.Is('(');
  if (c_.AtWord("EXCLUDE")) return next.Is('(') || next.IsWord("USING");
  if (c_.AtWord("PERIOD")) return next.IsWord("FOR");
  if (c_.AtWord("LIKE")) return next.kind != TokenKind::kPunct;
  if (c_.AtWord("SUPPLEMENTAL")) return next.IsWord("LOG");
  if (c_.AtWord("WATERMARK")) return next.IsWord("FOR");
  if (c_.AtWord("UNIQUE") || c_.AtWord("FULLTEXT") || c_.AtWord("SPATIAL") || c_.AtWord("VECTOR")) {
    if (next.Is('(')) return lists_names(1);
    if (next.IsWord("KEY") || next.IsWord("INDEX") || next.IsWord("CLUSTERED") ||
        next.IsWord("NONCLUSTERED") || next.IsWord("NULLS"))
      return true;
    return lists_names(2);
  }
  if (c_.AtWord("KEY") || c_.AtWord("INDEX")) {
    if (next.Is('(')) return lists_names(1);
    if (c_.Peek(2).IsWord("USING") || c_.Peek(2).IsWord("CLUSTERED") ||
        c_.Peek(2).IsWord("NONCLUSTERED") || c_.Peek(2).IsWord("UNIQUE") || c_.Peek(2).IsWord("ON"))
      return true;
    return lists_names(2);
  }
  return false;
}

void StatementParser::SetPrimaryKey(Table* table, Key key, const Token& at) {
  if (!table->primary_key.columns.empty()) {
    // SQLite's id INTEGER PRIMARY KEY, PRIMARY KEY (id) says the same twice.
    bool same = key.columns.size() == table->primary_key.columns.size();
    for (size_t i = 0; same && i < key.columns.size(); ++i)
      same = EqualsIgnoreCase(key.columns[i], table->primary_key.columns[i]);
    if (!same)
      b_.Error(at, "table '" + table->name.text + "' has two primary keys; the first one is kept");
    return;
  }
  table->primary_key = std::move(key);
}

// What may stand behind a constraint; up to the next comma, closing parenthesis or clause.
bool StatementParser::ConstraintTail() {
  for (;;) {
    if (c_.AcceptWord("CLUSTERED") || c_.AcceptWord("NONCLUSTERED") || c_.AcceptWord("ASC") ||
        c_.AcceptWord("DESC") || c_.AcceptWord("ENABLE") || c_.AcceptWord("DISABLE") ||
        c_.AcceptWord("VALIDATE") || c_.AcceptWord("NOVALIDATE") || c_.AcceptWord("RELY") ||
        c_.AcceptWord("NORELY") || c_.AcceptWord("ENFORCED") || c_.AcceptWord("DEFERRABLE") ||
        c_.AcceptWord("LOCAL") || c_.AcceptWord("VISIBLE") || c_.AcceptWord("INVISIBLE") ||
        c_.AcceptWord("REVERSE") || c_.AcceptWord("TRUSTED") || c_.AcceptWord("NOPARALLEL") ||
        c_.AcceptWords({"NOT", "DEFERRABLE"}) || c_.AcceptWords({"NOT", "ENFORCED"}) ||
        c_.AcceptWords({"NOT", "VALID"}) || c_.AcceptWords({"NOT", "TRUSTED"}) ||
        c_.AcceptWords({"NO", "INHERIT"}) || c_.AcceptWords({"NOT", "FOR", "REPLICATION"}) ||
        c_.AcceptWords({"ENABLE", "QUERY", "OPTIMIZATION"}) ||
        c_.AcceptWords({"QUERY", "OPTIMIZATION"}) || c_.AcceptWords({"NULLS", "NOT", "DISTINCT"}) ||
        c_.AcceptWords({"NULLS", "DISTINCT"})) {
      continue;
    }
    if (c_.AcceptWord("INITIALLY") || c_.AcceptWords({"ON", "CONFLICT"}) ||
        c_.AcceptWord("TABLESPACE") || c_.AcceptWord("PCTFREE") || c_.AcceptWord("INITRANS") ||
        c_.AcceptWord("MAXTRANS") || c_.AcceptWord("KEY_BLOCK_SIZE") || c_.AcceptWord("PARALLEL") ||
        c_.AcceptWord("FILLFACTOR")) {
      if (c_.At('=')) c_.Next();
      if (c_.At(',') || c_.At(')') || c_.AtEnd()) continue;
      c_.Next();
      continue;
    }
    if (c_.AcceptWord("COMMENT")) {
      std::string comment;
      if (!ReadComment(&comment)) return false;
      continue;
    }
    if (c_.AcceptWord("STORAGE") || c_.AcceptWord("INCLUDE")) {
      if (c_.At('(') && !c_.SkipParens()) return false;
      continue;
    }
    if (c_.AtWord("COMPUTE") || c_.AtWord("LOGGING") || c_.AtWord("NOLOGGING") ||
        c_.AtWord("COMPRESS") || c_.AtWord("NOCOMPRESS")) {
      if (c_.Next().IsWord("COMPUTE")) c_.AcceptWord("STATISTICS");
      continue;
    }
    if (c_.AtWord("ON") && !c_.Peek(1).IsWord("UPDATE") && !c_.Peek(1).IsWord("DELETE")) {
      c_.Next();  // ON [PRIMARY], ON scheme(column)
      c_.Next();
      if (c_.At('(') && !c_.SkipParens()) return false;
      continue;
    }
    if (c_.AtWord("USING")) {  // USING BTREE, USING INDEX x (TABLESPACE y …)
      c_.Next();
      if (c_.AcceptWord("INDEX")) {
        if (c_.AtName() &&
            !c_.AtAnyWord({"TABLESPACE", "PCTFREE", "INITRANS", "STORAGE", "ENABLE", "DISABLE",
                           "LOCAL", "REVERSE", "COMPUTE"}) &&
            c_.Peek().kind != TokenKind::kPunct) {
          Name index;
          if (!c_.ParseQualifiedName(&index, "the name of an index")) return false;
        }
      } else {
        c_.Next();
      }
      if (c_.At('(') && !c_.SkipParens()) return false;
      continue;
    }
    if (c_.AtWord("WITH") && (c_.Peek(1).Is('(') || c_.Peek(1).IsWord("FILLFACTOR") ||
                              c_.Peek(1).IsWord("PARSER") || c_.Peek(1).IsWord("PAD_INDEX"))) {
      c_.Next();
      if (c_.At('(')) {
        if (!c_.SkipParens()) return false;
      } else {
        c_.Next();
        if (c_.At('=')) c_.Next();
        if (!c_.At(',') && !c_.At(')')) c_.Next();
      }
      continue;
    }
    return true;
  }
}

bool StatementParser::KeyConstraint(Table* table, std::string name, bool primary) {
  const Token at = c_.Last();
  while (c_.AcceptWord("KEY") || c_.AcceptWord("INDEX") || c_.AcceptWord("CLUSTERED") ||
         c_.AcceptWord("NONCLUSTERED") || c_.AcceptWords({"NULLS", "NOT", "DISTINCT"}) ||
         c_.AcceptWords({"NULLS", "DISTINCT"}) || c_.AcceptWords({"IF", "NOT", "EXISTS"})) {
  }
  if (c_.AtWord("USING") && c_.Peek(1).IsWord("INDEX")) {
    // PostgreSQL: the key of an index that is there.
    if (!ConstraintTail()) return false;
    b_.Warn(at, "this key stands on an index whose columns are not known here; it was left out");
    return true;
  }
  if (!c_.At('(') && c_.AtName() && !c_.AtWord("USING")) {
    Name index;
    if (!c_.ParseIdentifier(&index, "the name of a key")) return false;
    if (name.empty()) name = std::move(index.text);
  }
  if (c_.AcceptWord("USING")) c_.Next();
  c_.AcceptWord("HASH");
  Key key;
  key.name = std::move(name);
  key.place = b_.PlaceOf(at.text.data());
  bool expressions = false;
  if (!c_.ParseNameList(&key.columns, &expressions)) return false;
  if (expressions) {
    b_.Warn(at, "this key is over an expression; it was left out");
    return ConstraintTail();
  }
  if (primary)
    SetPrimaryKey(table, std::move(key), at);
  else
    table->unique.push_back(std::move(key));
  return ConstraintTail();
}

// At REFERENCES.
bool StatementParser::ForeignKeyClause(Table* table, std::string name,
                                       std::vector<std::string> columns) {
  const Token at = c_.Peek();
  if (!c_.AcceptWord("REFERENCES")) return c_.Unexpected("REFERENCES");
  ForeignKey key;
  key.name = std::move(name);
  key.columns = std::move(columns);
  key.place = b_.PlaceOf(at.text.data());
  if (!c_.ParseQualifiedName(&key.table, "the name of a table")) return false;
  if (c_.At('(') && !c_.ParseNameList(&key.parent_columns)) return false;
  for (;;) {
    if (c_.AcceptWord("MATCH")) {
      c_.Next();
    } else if (c_.AtWord("ON") && (c_.Peek(1).IsWord("DELETE") || c_.Peek(1).IsWord("UPDATE"))) {
      c_.Next();
      c_.Next();
      if (c_.AcceptWord("SET")) {
        c_.Next();
        if (c_.At('(') && !c_.SkipParens()) return false;
      } else if (c_.AcceptWord("NO")) {
        c_.AcceptWord("ACTION");
      } else {
        c_.Next();  // CASCADE, RESTRICT
      }
    } else {
      break;
    }
  }
  table->foreign_keys.push_back(std::move(key));
  return ConstraintTail();
}

// Behind CHECK.
bool StatementParser::CheckClause(Table* table, std::string name, const Token& at) {
  c_.AcceptWords({"NOT", "FOR", "REPLICATION"});
  const size_t open = c_.position();
  if (!c_.At('(')) return c_.Expect('(', "behind CHECK");
  if (!c_.SkipParens()) return false;
  const size_t close = c_.position() - 1;
  if (close == open + 1) return c_.Fail(at, "this CHECK is empty");
  Check check;
  check.name = std::move(name);
  check.place = b_.PlaceOf(at.text.data());
  check.text = FoldedText(c_.token(open + 1), c_.token(close - 1));
  ParsedCheck parsed = ParseCheck(c_.Slice(open + 1, close), d_);
  check.rules = std::move(parsed.rules);
  for (const std::string& column : parsed.json_columns) {
    Rule rule;
    rule.kind = Rule::Kind::kOther;
    rule.op = "json";  // turned into the column's type when the table is complete
    rule.column = column;
    check.rules.push_back(std::move(rule));
  }
  table->checks.push_back(std::move(check));
  return ConstraintTail();
}

bool StatementParser::TableConstraint(Table* table) {
  const Token at = c_.Peek();
  std::string name;
  if (c_.AcceptWord("CONSTRAINT")) {
    c_.AcceptIfNotExists();
    const bool no_name = c_.AtAnyWord({"PRIMARY", "UNIQUE", "FOREIGN", "CHECK"}) &&
                         (c_.Peek(1).Is('(') || c_.Peek(1).IsWord("KEY"));
    Name parsed;
    if (!no_name && !c_.ParseQualifiedName(&parsed, "the name of the constraint")) return false;
    name = std::move(parsed.text);
  }
  if (c_.AcceptWord("PRIMARY")) {
    if (!c_.AcceptWord("KEY")) return c_.Unexpected("KEY");
    return KeyConstraint(table, std::move(name), true);
  }
  if (c_.AcceptWord("UNIQUE")) return KeyConstraint(table, std::move(name), false);
  if (c_.AcceptWord("CHECK")) return CheckClause(table, std::move(name), at);
  if (c_.AcceptWord("FOREIGN")) {
    if (!c_.AcceptWord("KEY")) return c_.Unexpected("KEY");
    c_.AcceptIfNotExists();
    Name index;  // MySQL's index name
    if (!c_.At('(') && !c_.ParseIdentifier(&index, "the columns of the foreign key")) return false;
    std::vector<std::string> columns;
    if (!c_.ParseNameList(&columns)) return false;
    return ForeignKeyClause(table, std::move(name), std::move(columns));
  }
  // Snowflake and Databricks: a name for a NOT NULL, a default; EXCLUDE, indexes, periods.
  if (c_.AtAnyWord({"KEY", "INDEX", "FULLTEXT", "SPATIAL", "VECTOR", "EXCLUDE", "PERIOD", "LIKE",
                    "SUPPLEMENTAL", "WATERMARK", "NOT", "DEFAULT"})) {
    const bool loses = c_.AtWord("EXCLUDE");
    const size_t begin = c_.position();
    while (!c_.AtEnd() && !c_.At(',') && !c_.At(')'))
      if (!c_.SkipParens()) return false;
    if (loses)
      b_.Warn(at, "this constraint is not understood and was left out: " +
                      FoldedText(c_.token(begin), c_.Last()));
    return true;
  }
  return c_.Unexpected("PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK");
}

}  // namespace synthmill::ddl
