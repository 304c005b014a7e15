#include "ddl/scanner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "spec/diagnostics.h"

namespace synthmill::ddl {
namespace {

constexpr size_t kNone = std::string_view::npos;

template <size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  for (const std::string_view candidate : words)
    if (EqualsIgnoreCase(word, candidate)) return true;
  return false;
}

// First words of statements that are read around.
constexpr std::array<std::string_view, 81> kVerbs = {
    "INSERT",  "UPDATE",   "DELETE",    "SELECT",    "WITH",    "DROP",     "TRUNCATE",
    "GRANT",   "REVOKE",   "DENY",      "USE",       "SET",     "COMMIT",   "ROLLBACK",
    "BEGIN",   "START",    "END",       "LOCK",      "UNLOCK",  "ANALYZE",  "VACUUM",
    "PRAGMA",  "EXEC",     "EXECUTE",   "CALL",      "DECLARE", "COPY",     "LOAD",
    "UNLOAD",  "MERGE",    "REPLACE",   "EXPLAIN",   "SHOW",    "DESCRIBE", "DESC",
    "PRINT",   "IF",       "ELSE",      "WHILE",     "RETURN",  "DO",       "VALUES",
    "REINDEX", "RENAME",   "SAVEPOINT", "RELEASE",   "RESET",   "MSCK",     "REFRESH",
    "CACHE",   "OPTIMIZE", "RESTORE",   "RAISERROR", "THROW",   "WAITFOR",  "CHECKPOINT",
    "CLUSTER", "SECURITY", "DISCARD",   "NOTIFY",    "LISTEN",  "FLUSH",    "KILL",
    "PURGE",   "AUDIT",    "PUT",       "GET",       "UNDROP",  "ATTACH",   "DETACH",
    "REORG",   "RUNSTATS", "CONNECT",   "TERMINATE", "BULK",    "SOURCE",   "ABORT",
    "UPSERT",  "LABEL",    "ENABLE",    "DISABLE"};

// Lines of SQL*Plus and Db2's command line that need no semicolon.
constexpr std::array<std::string_view, 25> kLineCommands = {
    "PROMPT",   "REM",        "REMARK",  "SPOOL",   "WHENEVER", "ACCEPT", "DEFINE",
    "UNDEFINE", "PAUSE",      "HOST",    "TTITLE",  "BTITLE",   "EXIT",   "QUIT",
    "CONN",     "DISCONNECT", "ECHO",    "COLUMN",  "BREAK",    "CLEAR",  "STORE",
    "VARIABLE", "TIMING",     "ARCHIVE", "PASSWORD"};

constexpr std::array<std::string_view, 7> kBodies = {"PROCEDURE", "PROC",  "FUNCTION", "TRIGGER",
                                                     "PACKAGE",   "EVENT", "LIBRARY"};

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

void Scanner::UseDialect(Dialect dialect) {
  dialect_ = dialect;
  lex_.rules() = EntryOf(dialect).rules;
}

// The word that starts at `pos`, empty if none does.
std::string_view Scanner::WordAt(size_t pos) const {
  const std::string_view text = lex_.text();
  size_t end = pos;
  while (end < text.size() && end - pos < 64 && IsWordByte(static_cast<unsigned char>(text[end])))
    ++end;
  return text.substr(pos, end - pos);
}

// The word `words` words behind the one at `pos`, with only blanks between them.
std::string_view Scanner::WordBehind(size_t pos, int words) const {
  const std::string_view text = lex_.text();
  for (int i = 0; i < words; ++i) {
    pos += WordAt(pos).size();
    while (pos < text.size() && (IsBlank(text[pos]) || text[pos] == '\n')) ++pos;
  }
  return WordAt(pos);
}

bool Scanner::LoneSlashAt(size_t pos) const {
  const std::string_view text = lex_.text();
  if (text[pos] != '/' || !lex_.AtLineStart(pos)) return false;
  size_t end = pos + 1;
  while (end < text.size() && IsBlank(text[end])) ++end;
  return end >= text.size() || text[end] == '\n';
}

bool Scanner::LoneGoAt(size_t pos) const {
  const std::string_view text = lex_.text();
  if ((text[pos] | 32) != 'g' || !EqualsIgnoreCase(WordAt(pos), "GO") || !lex_.AtLineStart(pos))
    return false;
  size_t end = pos + 2;
  while (end < text.size() &&
         (IsBlank(text[end]) || (text[end] >= '0' && text[end] <= '9') || text[end] == ';'))
    ++end;
  return end >= text.size() || text[end] == '\n' || text.compare(end, 2, "--") == 0;
}

// A statement that starts on a line of its own, though the one before it was not ended.
bool Scanner::StatementStartsAt(size_t pos, int depth) const {
  const char first = LowerAscii(lex_.text()[pos]);
  if (first == '/') return depth <= 0 && LoneSlashAt(pos);
  if (first == 'g' && LoneGoAt(pos)) return true;
  if (std::string_view("cadipegs").find(first) == kNone) return false;
  const std::string_view word = WordAt(pos);
  const auto is = [&](std::string_view wanted) { return EqualsIgnoreCase(word, wanted); };
  const auto next = [&](std::string_view wanted) {
    return EqualsIgnoreCase(WordBehind(pos, 1), wanted);
  };
  if (is("CREATE")) {
    if (next("TABLE")) return true;
    static constexpr std::array<std::string_view, 20> kNouns = {
        "OR",       "UNIQUE",    "INDEX",    "VIEW",      "SEQUENCE",     "TYPE",     "DOMAIN",
        "TRIGGER",  "PROCEDURE", "FUNCTION", "TEMPORARY", "TEMP",         "EXTERNAL", "GLOBAL",
        "UNLOGGED", "SCHEMA",    "DATABASE", "CLUSTERED", "NONCLUSTERED", "SYNONYM"};
    return depth <= 0 && IsOneOf(WordBehind(pos, 1), kNouns);
  }
  if (depth > 0) return false;
  if (is("ALTER")) return next("TABLE") || next("SEQUENCE") || next("DATABASE") || next("VIEW");
  if (is("DROP")) return next("TABLE") || next("VIEW") || next("SEQUENCE") || next("PROCEDURE");
  if (is("INSERT")) return next("INTO");
  if (is("COMMENT")) return next("ON");
  if (is("PROMPT") || is("PRINT") || is("DELIMITER")) return true;
  if (is("EXEC")) return true;
  if (is("IF"))
    return next("OBJECT_ID") || (next("NOT") && EqualsIgnoreCase(WordBehind(pos, 2), "EXISTS"));
  if (is("SET"))
    return next("ANSI_NULLS") || next("QUOTED_IDENTIFIER") || next("ANSI_PADDING") ||
           next("IDENTITY_INSERT") || next("NOCOUNT");
  return false;
}

bool Scanner::AcceptDelimiter() {
  lex_.SkipSpace();
  if (lex_.pos() >= lex_.text().size() || !lex_.AtDelimiter(lex_.pos())) return false;
  lex_.Seek(lex_.pos() + lex_.delimiter().size());
  return true;
}

void Scanner::SkipLine(std::string_view kind) {
  b_.CountSkipped(kind, lex_.text().data() + lex_.pos());
  lex_.Seek(lex_.LineEnd(lex_.pos()));
}

// A line that is a command of a client, not SQL. True if one was passed over.
bool Scanner::LineCommand() {
  const size_t pos = lex_.pos();
  const std::string_view text = lex_.text();
  const char c = text[pos];
  const std::string_view word = WordAt(pos);
  if (LoneSlashAt(pos)) return SkipLine("/"), true;
  if (LoneGoAt(pos)) return SkipLine("GO"), true;
  const char next = pos + 1 < text.size() ? text[pos + 1] : '\n';
  const bool letter = IsWordByte(static_cast<unsigned char>(next)) && !(next >= '0' && next <= '9');
  if (c == '\\') return SkipLine("psql \\ command"), true;
  if (c == '@' && lex_.AtLineStart(pos)) return SkipLine("@ script"), true;
  if ((c == '.' || c == '!' || c == ':') && letter && lex_.AtLineStart(pos))
    return SkipLine(std::string("client command ") + c), true;
  if (c == '{' && (next == '%' || next == '{' || next == '#')) {
    const size_t end = text.find('}', pos);
    b_.CountSkipped("template {" + std::string(1, next), text.data() + pos);
    lex_.Seek(end == kNone || end > lex_.LineEnd(pos) ? lex_.LineEnd(pos) : end + 1);
    while (lex_.pos() < text.size() && text[lex_.pos()] == '}') lex_.Seek(lex_.pos() + 1);
    return true;
  }
  if (EqualsIgnoreCase(word, "DELIMITER")) {
    const size_t end = lex_.LineEnd(pos);
    std::string_view said = text.substr(pos + word.size(), end - pos - word.size());
    while (!said.empty() && IsBlank(said.front())) said.remove_prefix(1);
    while (!said.empty() && IsBlank(said.back())) said.remove_suffix(1);
    said = said.substr(0, said.find_first_of(" \t"));
    if (!said.empty()) lex_.set_delimiter(std::string(said.substr(0, 16)));
    return SkipLine("DELIMITER"), true;
  }
  if (!word.empty() && IsOneOf(word, kLineCommands) && lex_.AtLineStart(pos))
    return SkipLine(Upper(word)), true;
  // SET of SQL*Plus: a line without a semicolon or an equals sign.
  if (EqualsIgnoreCase(word, "SET") && lex_.AtLineStart(pos)) {
    const std::string_view line = text.substr(pos, lex_.LineEnd(pos) - pos);
    if (line.find_first_of(";=,") == kNone && lex_.delimiter() == ";") return SkipLine("SET"), true;
  }
  return false;
}

bool Scanner::Next(Statement* statement) {
  for (;;) {
    lex_.SkipSpace();
    if (lex_.pos() >= lex_.text().size()) return false;
    if (AcceptDelimiter()) continue;
    if (lex_.text()[lex_.pos()] == ';') {
      lex_.Seek(lex_.pos() + 1);
      continue;
    }
    if (LineCommand()) continue;
    if (Classify(statement)) return true;
  }
}

// At the first word of a statement: reads its tokens (true) or around it (false).
bool Scanner::Classify(Statement* statement) {
  const size_t begin = lex_.pos();
  const Token first = lex_.Next();
  const auto take = [&](Statement::Kind kind) {
    lex_.Seek(begin);
    statement->kind = kind;
    ReadTokens(statement);
    return true;
  };
  const auto skip = [&](std::string kind) {
    SkipStatement(std::move(kind), begin);
    return false;
  };
  if (first.IsWord("CREATE")) {
    // Over OR REPLACE, TEMPORARY, DEFINER = … to the word that says what is made.
    constexpr int kMostModifiers = 16;
    bool unique = false;
    std::string noun;
    for (int i = 0; i < kMostModifiers; ++i) {
      const Token token = lex_.Next();
      if (token.kind == TokenKind::kEnd || token.Is(';')) break;
      if (token.IsWord("TABLE")) return take(Statement::Kind::kCreateTable);
      if (token.IsWord("UNIQUE")) unique = true;
      if (token.IsWord("INDEX") && unique) return take(Statement::Kind::kCreateUniqueIndex);
      if (token.IsWord("DOMAIN")) return take(Statement::Kind::kCreateDomain);
      if (token.IsWord("SEQUENCE")) return take(Statement::Kind::kCreateSequence);
      if (token.IsWord("VIEW")) return take(Statement::Kind::kCreateView);
      if (token.IsWord("TYPE")) {
        const size_t here = lex_.pos();
        if (!lex_.Next().IsWord("BODY")) {
          lex_.Seek(here);
          return take(Statement::Kind::kCreateType);
        }
        return skip("CREATE TYPE BODY");
      }
      if (token.kind == TokenKind::kWord && IsOneOf(token.text, kBodies)) {
        noun = Upper(token.text == "PROC" ? "PROCEDURE" : token.text);
        break;
      }
      static constexpr std::array<std::string_view, 26> kModifiers = {
          "OR",        "REPLACE",  "ALTER",    "GLOBAL",    "LOCAL",        "TEMP",
          "TEMPORARY", "PRIVATE",  "UNLOGGED", "EXTERNAL",  "FOREIGN",      "TRANSIENT",
          "VOLATILE",  "MULTISET", "SET",      "COLUMN",    "ROW",          "HYBRID",
          "DYNAMIC",   "ICEBERG",  "SECURE",   "RECURSIVE", "MATERIALIZED", "CONSTRAINT",
          "IMMUTABLE", "SHARDED"};
      const bool definer =
          token.IsWord("DEFINER") || token.IsWord("EDITIONABLE") ||
          token.IsWord("NONEDITIONABLE") || token.IsWord("FORCE") || token.IsWord("NO") ||
          token.IsWord("ALGORITHM") || token.IsWord("SQL") || token.IsWord("SECURITY") ||
          token.IsWord("AGGREGATE") || token.IsWord("INVOKER") || token.IsWord("MERGE") ||
          token.IsWord("UNDEFINED") || token.IsWord("TEMPTABLE") || token.IsWord("CLUSTERED") ||
          token.IsWord("NONCLUSTERED") || token.IsWord("BITMAP") || token.IsWord("SNAPSHOT") ||
          token.IsWord("DUPLICATED") || token.IsWord("BLOCKCHAIN") || token.IsWord("SHADOW");
      if (unique || definer || token.Is('=') || token.Is('@') || token.kind == TokenKind::kName ||
          token.kind == TokenKind::kString ||
          (token.kind == TokenKind::kWord &&
           (IsOneOf(token.text, kModifiers) || token.text[0] == '@' || token.IsWord("ROOT") ||
            token.IsWord("CURRENT_USER"))))
        continue;
      if (token.IsWord("VIRTUAL")) {
        noun = "VIRTUAL TABLE";
        break;
      }
      if (token.kind == TokenKind::kWord) noun = Upper(token.text.substr(0, 40));
      break;
    }
    return skip("CREATE " + (noun.empty() ? std::string("…") : noun));
  }
  if (first.IsWord("ALTER")) {
    const size_t here = lex_.pos();
    Token noun = lex_.Next();
    while (noun.IsWord("FOREIGN") || noun.IsWord("EXTERNAL") || noun.IsWord("ICEBERG"))
      noun = lex_.Next();
    if (noun.IsWord("TABLE")) return take(Statement::Kind::kAlterTable);
    if (noun.IsWord("TYPE")) return take(Statement::Kind::kAlterType);
    lex_.Seek(here);
    return skip("ALTER " + Upper(noun.text.substr(0, 40)));
  }
  if (first.IsWord("COMMENT") && EqualsIgnoreCase(WordBehind(begin, 1), "ON"))
    return take(Statement::Kind::kCommentOn);
  if (first.IsWord("DROP") && EqualsIgnoreCase(WordBehind(begin, 1), "TABLE"))
    return take(Statement::Kind::kDropTable);
  if (first.kind == TokenKind::kWord && IsOneOf(first.text, kVerbs)) {
    // SQL Server: IF OBJECT_ID(…) IS NULL BEGIN CREATE TABLE … END: the condition is passed over.
    const bool is_if = first.IsWord("IF") || first.IsWord("WHILE");
    const bool block_word =
        (first.IsWord("BEGIN") || first.IsWord("END") || first.IsWord("ELSE")) &&
        dialect_ == Dialect::kSqlServer;
    if (is_if && dialect_ != Dialect::kOracle) {
      int depth = 0;
      for (;;) {
        const size_t here = lex_.pos();
        const Token token = lex_.Next();
        if (token.kind == TokenKind::kEnd || token.Is(';')) break;
        if (token.Is('(')) ++depth;
        if (token.Is(')')) --depth;
        if (depth <= 0 && (token.IsWord("BEGIN") || token.IsWord("CREATE") ||
                           token.IsWord("ALTER") || token.IsWord("DROP") || token.IsWord("EXEC") ||
                           token.IsWord("INSERT") || token.IsWord("PRINT") || token.IsWord("GO"))) {
          if (!token.IsWord("BEGIN")) lex_.Seek(here);
          break;
        }
      }
      b_.CountSkipped(Upper(first.text), first.text.data());
      return false;
    }
    if (block_word) {
      b_.CountSkipped(Upper(first.text), first.text.data());
      return false;
    }
    std::string kind = Upper(first.text);
    static constexpr std::array<std::string_view, 4> kWithNoun = {"DROP", "ALTER", "LOCK",
                                                                  "UNLOCK"};
    if (IsOneOf(first.text, kWithNoun)) {
      const std::string_view noun = WordBehind(begin, 1);
      if (!noun.empty()) kind += " " + Upper(noun.substr(0, 40));
    }
    return skip(std::move(kind));
  }
  // Nothing this reader has heard of. A slip of CREATE or ALTER would lose a table.
  static const std::vector<std::string> kRead = {"CREATE", "ALTER", "COMMENT"};
  const std::string near =
      first.kind == TokenKind::kWord ? spec::NearMiss(Upper(first.text), kRead) : "";
  const std::string message =
      "no statement starts with '" + std::string(first.text.substr(0, 40)) + "'";
  if (!near.empty())
    b_.Error(first, message, "did you mean '" + near + "'?");
  else if (unknown_words_.insert(Upper(first.text.substr(0, 40))).second)
    b_.Warn(first, message, "it and others like it were read around");
  return skip("what is not known");
}

void Scanner::ReadTokens(Statement* statement) {
  statement->tokens.clear();
  int depth = 0;
  bool closed = false;
  for (;;) {
    lex_.SkipSpace();
    const size_t pos = lex_.pos();
    if (pos >= lex_.text().size()) break;
    if (!statement->tokens.empty()) {
      const bool line_start = lex_.AtLineStart(pos);
      if (line_start && StatementStartsAt(pos, depth)) break;
      // CREATE TABLE a (…) CREATE TABLE b (…) on one line.
      if (closed && depth <= 0 && (lex_.text()[pos] | 32) == 'c' &&
          EqualsIgnoreCase(WordAt(pos), "CREATE") && EqualsIgnoreCase(WordBehind(pos, 1), "TABLE"))
        break;
      // SQL Server: END behind a table made in IF … BEGIN.
      if (closed && depth <= 0 && line_start && dialect_ == Dialect::kSqlServer &&
          (EqualsIgnoreCase(WordAt(pos), "END") || EqualsIgnoreCase(WordAt(pos), "BEGIN")))
        break;
    }
    const Token token = lex_.Next();
    if (lex_.delimiter() == ";") {
      if (token.Is(';')) break;
    } else if (token.kind == TokenKind::kPunct && token.text == lex_.delimiter()) {
      break;
    } else if (token.Is(';')) {
      // A file of statements that end with ; in spite of the delimiter it set.
      if (depth <= 0) break;
    }
    if (token.Is('(')) ++depth;
    if (token.Is(')')) {
      --depth;
      closed = true;
    }
    statement->tokens.push_back(token);
  }
  statement->end = {};
  const Token& last = statement->tokens.back();
  statement->end.text = std::string_view(last.text.data() + last.text.size(), 0);
}

}  // namespace synthmill::ddl
