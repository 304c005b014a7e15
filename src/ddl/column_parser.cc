#include <charconv>
#include <utility>

#include "ddl/statement_parser.h"

namespace synthmill::ddl {
namespace {

// More than any database takes; keeps hostile text linear.
constexpr size_t kMaxColumns = 10000;

// Clauses of a column that say nothing about its values: a word, and what belongs to it.
struct PassedOver {
  std::string_view word;
  int words = 0;        // further tokens
  bool parens = false;  // and (…), if it follows
};
constexpr PassedOver kPassedOver[] = {
    {"ENCODE", 1},
    {"DISTKEY"},
    {"SORTKEY"},
    {"COLLATE", 1, true},
    {"CHARSET", 1},
    {"SPARSE"},
    {"ROWGUIDCOL"},
    {"PERSISTED"},
    {"VIRTUAL"},
    {"STORED"},
    {"VISIBLE"},
    {"INVISIBLE"},
    {"HIDDEN"},
    {"ENABLE"},
    {"DISABLE"},
    {"VALIDATE"},
    {"NOVALIDATE"},
    {"RELY"},
    {"NORELY"},
    {"ENFORCED"},
    {"DEFERRABLE"},
    {"INITIALLY", 1},
    {"STORAGE", 1},
    {"COMPRESSION", 1},
    {"COMPRESS"},
    {"COLUMN_FORMAT", 1},
    {"ENGINE_ATTRIBUTE", 1},
    {"CLUSTERED"},
    {"NONCLUSTERED"},
    {"ASC"},
    {"DESC"},
    {"LOGGED"},
    {"COMPACT"},
    {"ENCRYPT"},
    {"SORT"},
    {"FILESTREAM"},
    {"IMPLICITLY"},
    {"TABLESPACE", 1},
    {"NORESERVE"},
    {"ORDER"},
    {"NOORDER"},
    {"SECURITY", 1},
    {"CODEC", 0, true},
    {"INLINE", 2},
    {"NOLOGGING"},
    {"CACHE"},
    {"NOCACHE"},
    {"LOGGING"},
    {"RETENTION", 1},
    {"KEEP"},
    {"FORMAT", 1},
    {"TITLE", 1},
    {"UPPERCASE"},
    {"CASESPECIFIC"},
    {"WATERMARK", 1},
    {"HIDE"},
    {"EXPRESSION", 0, true},
    {"SIGNED"},
    {"SERIALIZE"},
    {"REF_SYSTEM_ID", 2},
    {"SRID", 1},
    {"INDEX", 0, false},
    {"BINARY"},
    {"BYTE"},
    {"ASCII"},
    {"PARALLEL"},
    {"NOPARALLEL"},
    {"SUB_TYPE", 1},
    {"SEGMENT", 2},
    {"IN", 1},
};

bool StartsClause(const Token& token) {
  static constexpr std::string_view kWords[] = {"NOT",
                                                "NULL",
                                                "CONSTRAINT",
                                                "PRIMARY",
                                                "UNIQUE",
                                                "CHECK",
                                                "REFERENCES",
                                                "COMMENT",
                                                "GENERATED",
                                                "DEFAULT",
                                                "ON",
                                                "IDENTITY",
                                                "AUTO_INCREMENT",
                                                "AS",
                                                "WITH",
                                                "AUTOINCREMENT",
                                                "OPTIONS",
                                                "KEY",
                                                "FOREIGN",
                                                "MASKING",
                                                "TAG",
                                                "USING",
                                                "MASKED",
                                                "FIRST",
                                                "AFTER"};
  for (const std::string_view word : kWords)
    if (token.IsWord(word)) return true;
  for (const PassedOver& passed : kPassedOver)
    if (token.IsWord(passed.word)) return true;
  return false;
}

}  // namespace

bool StatementParser::AtColumnClause() const { return StartsClause(c_.Peek()); }

bool StatementParser::ReadInt(int64_t* value) {
  const bool negative = c_.Accept('-');
  c_.Accept('+');
  const std::string_view text = c_.Peek().text;
  uint64_t magnitude = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude);
  if (c_.Peek().kind != TokenKind::kNumber || rest == text.data())
    return c_.Unexpected("a whole number");
  c_.Next();
  // Oracle's MAXVALUE is 28 nines.
  constexpr uint64_t kMax = INT64_MAX;
  if (error != std::errc() || magnitude > kMax) magnitude = kMax;
  *value = negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude);
  return true;
}

bool StatementParser::ReadComment(std::string* comment) {
  if (c_.At('=')) c_.Next();
  const Token& token = c_.Peek();
  if (token.kind != TokenKind::kString && token.kind != TokenKind::kDouble)
    return c_.Unexpected("the text of a comment");
  *comment = Unquote(c_.Next());
  return true;
}

// OPTIONS(description='…', labels=[…])
bool StatementParser::ReadOptions(std::string* description) {
  const size_t open = c_.position();
  if (!c_.At('(')) return c_.Expect('(', "behind OPTIONS");
  if (!c_.SkipParens()) return false;
  for (size_t i = open; i + 2 < c_.position(); ++i)
    if (c_.token(i).IsWord("DESCRIPTION") && c_.token(i + 1).Is('=') &&
        (c_.token(i + 2).kind == TokenKind::kString || c_.token(i + 2).kind == TokenKind::kDouble))
      *description = Unquote(c_.token(i + 2));
  return true;
}

// (1, 1) · (START WITH 1 INCREMENT BY 1 …) · START 1 INCREMENT 1
bool StatementParser::IdentityNumbers(Column* column) {
  const bool parens = c_.Accept('(');
  if (parens && (c_.Peek().kind == TokenKind::kNumber || c_.At('-'))) {
    if (!ReadInt(&column->identity_start)) return false;
    if (c_.Accept(',') && !ReadInt(&column->identity_step)) return false;
    return c_.Expect(')', "behind the start and step");
  }
  while (!c_.AtEnd() && !c_.At(')')) {
    if (c_.AcceptWord("START")) {
      c_.AcceptWord("WITH");
      if (c_.AcceptWords({"LIMIT", "VALUE"})) continue;
      if (!ReadInt(&column->identity_start)) return false;
    } else if (c_.AcceptWord("INCREMENT")) {
      c_.AcceptWord("BY");
      if (!ReadInt(&column->identity_step)) return false;
    } else if (!parens) {
      return true;
    } else if (c_.At('(')) {
      if (!c_.SkipParens()) return false;
    } else {
      c_.Next();  // MINVALUE 1, NO CYCLE, CACHE 20, SEQUENCE NAME x
    }
  }
  return !parens || c_.Expect(')', "behind the options of the identity");
}

bool StatementParser::GeneratedClause(Column* column) {
  if (c_.AcceptWord("GENERATED")) {
    if (!c_.AcceptWord("ALWAYS")) {
      c_.AcceptWord("BY");
      c_.AcceptWord("DEFAULT");
      c_.AcceptWords({"ON", "NULL"});
    }
    // Db2: GENERATED ALWAYS FOR EACH ROW ON UPDATE AS ROW CHANGE TIMESTAMP
    if (c_.AcceptWords({"FOR", "EACH", "ROW", "ON", "UPDATE"})) {
    }
    if (!c_.AcceptWord("AS")) return c_.Unexpected("AS behind GENERATED");
  } else {
    c_.Next();  // AS
  }
  if (c_.AcceptWord("IDENTITY")) {
    column->identity = true;
    return !c_.At('(') || IdentityNumbers(column);
  }
  column->generated = true;
  if (c_.AcceptWord("ROW")) {  // … START, … END, … CHANGE TIMESTAMP
    const size_t begin = c_.position() - 1;
    while (c_.AtAnyWord({"START", "END", "BEGIN", "CHANGE", "TIMESTAMP"})) c_.Next();
    column->generated_as = FoldedText(c_.token(begin), c_.Last());
    return true;
  }
  const size_t begin = c_.position();
  if (c_.At('(')) {
    if (!c_.SkipParens()) return false;
    column->generated_as = c_.position() - begin > 2
                               ? FoldedText(c_.token(begin + 1), c_.token(c_.position() - 2))
                               : "";
  }
  // [Total] AS [Price] * [Quantity]: without parentheses, or going on behind them.
  while (!c_.AtEnd() && !c_.At(',') && !c_.At(')') && !AtColumnClause()) {
    if (!c_.SkipParens()) return false;
    column->generated_as = FoldedText(c_.token(begin), c_.Last());
  }
  if (c_.position() == begin) return c_.Unexpected("an expression");
  return true;
}

bool StatementParser::DefaultClause(Column* column) {
  c_.AcceptWords({"ON", "NULL", "FOR", "INSERT", "ONLY"}) || c_.AcceptWords({"ON", "NULL"});
  const size_t begin = c_.position();
  // Db2: WITH DEFAULT alone is the default of the type.
  if (c_.AtEnd() || c_.At(',') || c_.At(')')) return true;
  if (AtColumnClause() && !c_.AtAnyWord({"NULL", "USER", "BINARY"})) return true;
  while (!c_.AtEnd() && !c_.At(',') && !c_.At(')')) {
    if (c_.position() > begin && AtColumnClause()) {
      // … IS NOT NULL, AT TIME ZONE and 1 AS text inside of an expression come in parentheses.
      break;
    }
    if (!c_.SkipParens()) return false;
    if (c_.Last().IsPunct("::")) {  // the type of a cast, of one or more words
      ParsedType type;
      if (!ParseType(&c_, d_, &type)) return false;
    }
  }
  if (c_.position() == begin) return c_.Unexpected("a default");
  const std::span<const Token> tokens = c_.Slice(begin, c_.position());
  const std::string sequence = SequenceOf(tokens);
  if (!sequence.empty()) {
    column->identity = true;
    if (const Sequence* known = b_.FindSequence(sequence)) {
      column->identity_start = known->start;
      column->identity_step = known->step;
    }
    return true;
  }
  column->default_value = ReadDefault(tokens, d_);
  return true;
}

bool StatementParser::SkipColumnClause() {
  if (c_.AtWord("CHARACTER") && c_.Peek(1).IsWord("SET")) {
    c_.Next();
    c_.Next();
    if (c_.At('=')) c_.Next();
    c_.Next();
    return true;
  }
  for (const PassedOver& passed : kPassedOver) {
    if (!c_.AtWord(passed.word)) continue;
    c_.Next();
    for (int i = 0; i < passed.words && !c_.At(',') && !c_.At(')'); ++i) {
      if (c_.At('=')) c_.Next();
      if (c_.At('(')) {
        if (!c_.SkipParens()) return false;
      } else {
        c_.Next();
      }
      while (c_.At('.')) {  // COLLATE pg_catalog."C"
        c_.Next();
        c_.Next();
      }
    }
    if (passed.parens && c_.At('(')) return c_.SkipParens();
    return true;
  }
  // Unknown: said aloud, and read over up to the next known clause.
  const Token at = c_.Peek();
  const size_t begin = c_.position();
  do {
    if (!c_.SkipParens()) return false;
  } while (!c_.AtEnd() && !c_.At(',') && !c_.At(')') && !AtColumnClause());
  b_.Warn(at, "this part of the column is not understood and was left out: " +
                  FoldedText(c_.token(begin), c_.Last()));
  return true;
}

bool StatementParser::ColumnClause(Draft* draft, Column* column, std::string* constraint) {
  const Token at = c_.Peek();
  Table* table = &draft->table;
  if (c_.AcceptWord("CONSTRAINT")) {
    Name name;
    // CONSTRAINT without a name is MySQL's.
    if (!AtColumnClause() || c_.Peek().kind != TokenKind::kWord || StartsClause(c_.Peek(1))) {
      if (!c_.ParseIdentifier(&name, "the name of the constraint")) return false;
      *constraint = name.text;
    }
    return true;
  }
  const std::string name = std::move(*constraint);
  constraint->clear();
  if (c_.AcceptWord("NOT")) {
    if (c_.AcceptWord("NULL")) {
      column->not_null = true;
      if (c_.AcceptWords({"ON", "CONFLICT"})) c_.Next();
      return true;
    }
    if (c_.AcceptWords({"FOR", "REPLICATION"})) return true;
    c_.Next();  // NOT DEFERRABLE, NOT ENFORCED, NOT LOGGED, NOT VALID, NOT COMPACT
    return true;
  }
  if (c_.AcceptWord("NULL")) return true;
  if (c_.AtWord("WITH") && c_.Peek(1).IsWord("DEFAULT")) c_.Next();
  if (c_.AcceptWord("DEFAULT")) return DefaultClause(column);
  // A constraint of the table's whose comma is missing: SQLite needs none.
  const bool over_columns = (c_.AtWords({"PRIMARY", "KEY"}) && c_.Peek(2).Is('(')) ||
                            (c_.AtWord("UNIQUE") && c_.Peek(1).Is('(')) ||
                            (c_.AtWords({"FOREIGN", "KEY"}) && c_.Peek(2).Is('('));
  if (over_columns) {
    if (c_.AcceptWord("UNIQUE")) return KeyConstraint(table, name, false);
    if (c_.AcceptWord("PRIMARY")) return KeyConstraint(table, name, true);
    return TableConstraint(table);
  }
  if (c_.AtWord("PRIMARY") || (c_.AtWord("KEY") && !c_.Peek(1).Is('('))) {
    if (c_.AcceptWord("PRIMARY") && !c_.AcceptWord("KEY")) return c_.Unexpected("KEY");
    c_.AcceptWord("KEY");
    SetPrimaryKey(table, {name, {column->name.text}, b_.PlaceOf(at.text.data())}, at);
    column->not_null = true;
    if (c_.AcceptWords({"ON", "CONFLICT"})) c_.Next();
    return ConstraintTail();
  }
  if (c_.AcceptWord("UNIQUE")) {
    c_.AcceptWord("KEY");
    table->unique.push_back({name, {column->name.text}, b_.PlaceOf(at.text.data())});
    if (c_.AcceptWords({"ON", "CONFLICT"})) c_.Next();
    return ConstraintTail();
  }
  if (c_.AcceptWord("CHECK")) return CheckClause(table, name, at);
  if (c_.AtWord("REFERENCES") || (c_.AtWord("FOREIGN") && c_.Peek(1).IsWord("KEY"))) {
    c_.AcceptWords({"FOREIGN", "KEY"});
    return ForeignKeyClause(table, name, {column->name.text});
  }
  if (c_.AcceptWord("IDENTITY") || c_.AcceptWord("AUTO_INCREMENT") ||
      c_.AcceptWord("AUTOINCREMENT")) {
    column->identity = true;
    if (c_.At('(') || c_.AtAnyWord({"START", "INCREMENT"})) return IdentityNumbers(column);
    return true;
  }
  if (c_.AtWord("GENERATED") || c_.AtWord("AS")) return GeneratedClause(column);
  if (c_.AcceptWord("COMMENT")) return ReadComment(&column->comment);
  if (c_.AcceptWord("OPTIONS")) return ReadOptions(&column->comment);
  if (c_.AtWord("ON") && c_.Peek(1).IsWord("UPDATE")) {  // MySQL: ON UPDATE CURRENT_TIMESTAMP(6)
    c_.Next();
    c_.Next();
    c_.Next();
    return !c_.At('(') || c_.SkipParens();
  }
  if (c_.AtWord("ON")) {  // ON [PRIMARY]
    c_.Next();
    c_.Next();
    return !c_.At('(') || c_.SkipParens();
  }
  if (c_.AcceptWord("WITH") || c_.AcceptWord("USING")) {
    // WITH (FILLFACTOR = 80), WITH MASKING POLICY p, WITH TAG (…), USING INDEX …
    while (!c_.AtEnd() && !c_.At(',') && !c_.At(')') && !c_.At('(') &&
           (!AtColumnClause() || c_.AtAnyWord({"MASKING", "TAG", "INDEX"})))
      c_.Next();
    return !c_.At('(') || c_.SkipParens();
  }
  if (c_.AtAnyWord({"MASKING", "TAG", "MASKED"})) {
    while (!c_.AtEnd() && !c_.At(',') && !c_.At(')') && !c_.At('(')) c_.Next();
    return !c_.At('(') || c_.SkipParens();
  }
  if (c_.AcceptWord("FIRST")) return true;
  if (c_.AcceptWord("AFTER")) {
    c_.Next();
    return true;
  }
  return SkipColumnClause();
}

bool StatementParser::ColumnClauses(Draft* draft, Column* column) {
  std::string constraint;
  while (!c_.AtEnd() && !c_.At(',') && !c_.At(')'))
    if (!ColumnClause(draft, column, &constraint)) return false;
  return true;
}

bool StatementParser::ColumnType(Column* column, Name* user_type) {
  const bool no_type = c_.AtEnd() || c_.At(',') || c_.At(')') ||
                       (c_.Peek().kind == TokenKind::kWord && AtColumnClause() &&
                        !c_.AtAnyWord({"BINARY", "BYTE", "TAG", "FORMAT", "TITLE", "COMMENT"}));
  const bool sqlite = d_.dialect == Dialect::kSqlite || d_.dialect == Dialect::kAnsi;
  if (no_type) {
    // SQLite's columns need no type, a computed column has its expression's.
    if (sqlite || c_.AtWord("AS") || c_.AtWord("GENERATED")) {
      if (sqlite) ApplySqliteAffinity(&column->type);
      return true;
    }
    return c_.Unexpected("the type of column '" + column->name.text + "'");
  }
  ParsedType parsed;
  const size_t begin = c_.position();
  if (d_.dialect == Dialect::kSqlite && c_.AtName()) {
    // UNSIGNED BIG INT, NATIVE CHARACTER(70), anything.
    size_t words = 0;
    while (c_.Peek(words).kind == TokenKind::kWord && !StartsClause(c_.Peek(words))) ++words;
    if (words > 1 && !ParseType(&c_, d_, &parsed)) return false;
    const bool plain = words > 1 && c_.position() >= begin + words && parsed.name.empty();
    if (words > 1 && !plain) {
      c_.Seek(begin + words);
      if (c_.At('(') && !c_.SkipParens()) return false;
      column->type = {};
      column->type.text = FoldedText(c_.token(begin), c_.Last());
      ApplySqliteAffinity(&column->type);
      return true;
    }
    c_.Seek(begin);
    parsed = {};
  }
  if (!ParseType(&c_, d_, &parsed)) return false;
  if (!parsed.name.empty() && d_.dialect == Dialect::kSqlite) {
    ApplySqliteAffinity(&parsed.type);
    parsed.name = {};
  }
  column->type = std::move(parsed.type);
  column->identity = parsed.identity;
  column->not_null = column->not_null || parsed.not_null;
  *user_type = std::move(parsed.name);
  return true;
}

void StatementParser::AddColumn(Draft* draft, Column column, Name user_type) {
  if (!user_type.empty())
    draft->user_types.emplace_back(draft->table.columns.size(), std::move(user_type));
  draft->table.columns.push_back(std::move(column));
}

bool StatementParser::ParseColumn(Draft* draft) {
  const Token at = c_.Peek();
  Column column;
  Name user_type;
  column.place = b_.PlaceOf(at.text.data());
  if (draft->table.columns.size() >= kMaxColumns)
    return c_.Fail(at, "a table has at most " + std::to_string(kMaxColumns) + " columns");
  if (at.kind == TokenKind::kString) {  // SQLite takes 'name', too
    column.name.text = Unquote(c_.Next());
    column.name.quoted = true;
  } else if (!c_.ParseIdentifier(&column.name, "a column name")) {
    return false;
  }
  c_.Accept(':');
  if (!ColumnType(&column, &user_type) || !ColumnClauses(draft, &column)) return false;
  AddColumn(draft, std::move(column), std::move(user_type));
  return true;
}

}  // namespace synthmill::ddl
