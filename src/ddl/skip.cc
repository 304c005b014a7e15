// Reading around: statements whose content is of no interest, at the speed of a search.
#include <array>
#include <utility>

#include "ddl/scanner.h"

namespace synthmill::ddl {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Bytes a skipped statement is stopped at; all others are passed over.
constexpr std::array<bool, 256> MakeStops() {
  std::array<bool, 256> stops{};
  for (const char c : {'\'', '"', '`', '-', '/', '#', ';', '\n', '$', '(', ')', '[', '*'})
    stops[static_cast<unsigned char>(c)] = true;
  return stops;
}
constexpr std::array<bool, 256> kStops = MakeStops();

}  // namespace

void Scanner::SkipStatement(std::string kind, size_t begin) {
  const char* at = lex_.text().data() + begin;
  lex_.Seek(begin);
  const bool body =
      kind.starts_with("CREATE ") &&
      (kind.ends_with("PROCEDURE") || kind.ends_with("FUNCTION") || kind.ends_with("TRIGGER") ||
       kind.ends_with("PACKAGE") || kind.ends_with("TYPE BODY") || kind.ends_with("EVENT"));
  bool block = kind == "BEGIN" || kind == "DECLARE";
  if (block) {
    const std::string_view next = WordBehind(begin, 1);
    const bool transaction = next.empty() || EqualsIgnoreCase(next, "TRANSACTION") ||
                             EqualsIgnoreCase(next, "TRAN") || EqualsIgnoreCase(next, "WORK") ||
                             next.starts_with('@');
    if (transaction) block = false;
  }
  if (block) kind += " block";
  const bool copy = kind == "COPY";
  if (body || block)
    SkipBody(kind.ends_with("PACKAGE") || kind.ends_with("BODY"));
  else
    SkipPlain();
  if (copy) {
    const std::string_view said = lex_.text().substr(begin, lex_.pos() - begin);
    const std::string end = Lower(said.substr(said.size() > 200 ? said.size() - 200 : 0));
    if (end.find("stdin") != std::string::npos) {
      SkipCopyData();
      kind = "COPY data";
    }
  }
  b_.CountSkipped(kind, at);
}

// COPY … FROM stdin: lines up to one that is \. alone.
void Scanner::SkipCopyData() {
  const std::string_view text = lex_.text();
  const size_t begin = lex_.LineEnd(lex_.pos());
  if (copy_fails_) return;
  for (size_t p = begin; (p = text.find("\n\\.", p)) != kNone; p += 3) {
    const size_t end = p + 3;
    if (end >= text.size() || text[end] == '\n' || text[end] == '\r') {
      lex_.Seek(end);
      return;
    }
  }
  copy_fails_ = true;
  Token here;
  here.text = text.substr(lex_.pos(), 0);
  b_.Warn(here, "the data behind this COPY does not end with a line \\.; it is read as SQL");
}

void Scanner::SkipPlain() {
  const std::string_view text = lex_.text();
  if (lex_.delimiter() != ";") {
    const size_t begin = lex_.pos();
    for (;;) {
      const Token token = lex_.Next();
      if (token.kind == TokenKind::kEnd || token.text == lex_.delimiter()) return;
      if (token.line_start && token.IsWord("DELIMITER") &&
          token.text.data() > text.data() + begin) {
        lex_.Seek(static_cast<size_t>(token.text.data() - text.data()));
        return;
      }
    }
  }
  size_t p = lex_.pos();
  int depth = 0;
  bool first = true;  // the statement's own first line is no new start
  for (;;) {
    while (p < text.size() && !kStops[static_cast<unsigned char>(text[p])]) ++p;
    if (p >= text.size()) break;
    const char c = text[p];
    size_t next = p + 1;
    if (c == ';') {
      lex_.Seek(next);
      return;
    }
    switch (c) {
      case '\'':
      case '"':
      case '`': {
        const size_t end = lex_.QuoteEnd(p);
        if (end != kNone) next = end;
        break;
      }
      case '$': {
        if (p > 0 && IsWordByte(static_cast<unsigned char>(text[p - 1]))) break;
        const size_t end = lex_.DollarEnd(p);
        if (end != kNone) next = end;
        break;
      }
      case '-':
      case '/':
      case '#':
      case '*': {
        const bool comment = text.compare(p, 2, "--") == 0 || text.compare(p, 2, "/*") == 0 ||
                             text.compare(p, 2, "//") == 0 || text.compare(p, 2, "*/") == 0 ||
                             (c == '#' && lex_.AtLineStart(p));
        if (comment) {
          lex_.Seek(p);
          lex_.SkipSpace();
          if (lex_.pos() > p) {
            next = lex_.pos();
            // What the comment hid may be the start of a line.
            if (next < text.size() && lex_.AtLineStart(next) && StatementStartsAt(next, depth))
              return;
          }
        }
        break;
      }
      case '(':
        ++depth;
        break;
      case ')':
        --depth;
        break;
      case '\n': {
        while (next < text.size() && IsSpaceByte(text[next])) ++next;
        if (next < text.size() && !first && StatementStartsAt(next, depth)) {
          lex_.Seek(next);
          return;
        }
        break;
      }
      default:
        break;
    }
    first = false;
    p = next;
  }
  lex_.Seek(text.size());
}

// A procedure, a trigger, a block: its own semicolons don't end it, BEGIN … END are counted.
void Scanner::SkipBody(bool is_package) {
  const std::string_view text = lex_.text();
  const size_t begin = lex_.pos();
  const bool own_delimiter = lex_.delimiter() != ";";
  const bool batch = dialect_ == Dialect::kSqlServer;  // goes on to GO
  const bool plsql = dialect_ == Dialect::kOracle;     // goes on to / on a line of its own
  int depth = is_package ? 1 : 0;
  bool begun = is_package, declares = false, quoted_body = false;
  Token previous;
  for (;;) {
    lex_.SkipSpace();
    const size_t pos = lex_.pos();
    if (pos >= text.size()) break;
    if (pos > begin && lex_.AtLineStart(pos)) {
      if (LoneGoAt(pos) || (LoneSlashAt(pos) && !own_delimiter)) return;
      if (own_delimiter && EqualsIgnoreCase(WordAt(pos), "DELIMITER")) return;
      // Column 1: a table behind a body whose end was not seen.
      if (!own_delimiter && !batch && text[pos - 1] == '\n' && !(plsql && begun && depth > 0) &&
          (text[pos] | 32) == 'c' && EqualsIgnoreCase(WordAt(pos), "CREATE") &&
          StatementStartsAt(pos, 0)) {
        return;
      }
    }
    const Token token = lex_.Next();
    if (own_delimiter) {
      if (token.kind == TokenKind::kPunct && token.text == lex_.delimiter()) return;
      continue;
    }
    if (batch) continue;
    if (token.kind == TokenKind::kString && previous.IsWord("AS")) quoted_body = true;
    if (token.IsWord("BEGIN")) {
      ++depth;
      begun = true;
    } else if (token.IsWord("CASE") && !previous.IsWord("END")) {
      ++depth;
    } else if (token.IsWord("DECLARE") || token.IsWord("IS") ||
               (token.IsWord("AS") && plsql && !begun)) {
      declares = declares || token.IsWord("DECLARE") || plsql;
    } else if (token.IsWord("END")) {
      const std::string_view what = WordBehind(pos, 1);
      const bool inner = EqualsIgnoreCase(what, "IF") || EqualsIgnoreCase(what, "LOOP") ||
                         EqualsIgnoreCase(what, "WHILE") || EqualsIgnoreCase(what, "FOR") ||
                         EqualsIgnoreCase(what, "REPEAT");
      if (!inner) --depth;
    } else if (token.Is(';') && depth <= 0 && (begun || quoted_body || !declares)) {
      return;
    }
    previous = token;
  }
}

}  // namespace synthmill::ddl
