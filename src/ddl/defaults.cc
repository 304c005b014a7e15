#include "ddl/statement_parser.h"

namespace synthmill::ddl {
namespace {

// Over the parentheses around all of it: SQL Server writes ((0)) and (getdate()).
std::span<const Token> Strip(std::span<const Token> tokens) {
  while (tokens.size() >= 2 && tokens.front().Is('(') && tokens.back().Is(')')) {
    int depth = 0;
    for (size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (tokens[i].Is('(')) ++depth;
      if (tokens[i].Is(')') && --depth == 0) return tokens;
    }
    tokens = tokens.subspan(1, tokens.size() - 2);
    if (tokens.size() > 64) break;  // no literal is that long
  }
  return tokens;
}

bool IsNow(std::span<const Token> tokens) {
  static constexpr std::string_view kNow[] = {"NOW",
                                              "CURRENT_TIMESTAMP",
                                              "CURRENT_DATE",
                                              "CURRENT_TIME",
                                              "LOCALTIMESTAMP",
                                              "LOCALTIME",
                                              "GETDATE",
                                              "GETUTCDATE",
                                              "SYSDATETIME",
                                              "SYSUTCDATETIME",
                                              "SYSDATE",
                                              "SYSTIMESTAMP",
                                              "CURRENT_DATETIME",
                                              "STATEMENT_TIMESTAMP",
                                              "CLOCK_TIMESTAMP",
                                              "SYSDATETIMEOFFSET",
                                              "TRANSACTION_TIMESTAMP",
                                              "UTC_TIMESTAMP",
                                              "CURDATE",
                                              "CURTIME"};
  if (tokens.empty() || tokens[0].kind != TokenKind::kWord) return false;
  if (tokens.size() == 2 && tokens[0].IsWord("CURRENT"))
    return tokens[1].IsWord("TIMESTAMP") || tokens[1].IsWord("DATE") || tokens[1].IsWord("TIME");
  bool now = false;
  for (const std::string_view word : kNow) now = now || tokens[0].IsWord(word);
  if (!now) return false;
  if (tokens.size() == 1) return true;
  // now(), CURRENT_TIMESTAMP(6)
  return tokens.size() <= 4 && tokens[1].Is('(') && tokens.back().Is(')');
}

}  // namespace

std::string SequenceOf(std::span<const Token> tokens) {
  tokens = Strip(tokens);
  if (tokens.size() >= 4 && tokens[0].IsWord("NEXTVAL") && tokens[1].Is('(')) {
    if (tokens[2].kind != TokenKind::kString && tokens[2].kind != TokenKind::kDouble)
      return Unquote(tokens[2]);
    std::string name = Unquote(tokens[2]);  // 'public.seq', '"Seq"'
    const size_t dot = name.rfind('.');
    if (dot != std::string::npos) name.erase(0, dot + 1);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    return name;
  }
  if (tokens.size() >= 3 && tokens.back().IsWord("NEXTVAL") && tokens[tokens.size() - 2].Is('.'))
    return Unquote(tokens[tokens.size() - 3]);
  if (tokens.size() >= 4 && tokens[0].IsWord("NEXT") && tokens[1].IsWord("VALUE") &&
      tokens[2].IsWord("FOR"))
    return Unquote(tokens.back());
  return "";
}

Default ReadDefault(std::span<const Token> tokens, const DialectEntry& dialect) {
  Default out;
  const std::span<const Token> whole = tokens;
  tokens = Strip(tokens);
  // 'open'::character varying
  for (size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].IsPunct("::")) {
      tokens = Strip(tokens.first(i));
      break;
    }
    if (tokens[i].Is('(')) break;
  }
  const bool negative = tokens.size() == 2 && tokens[0].Is('-');
  if (negative || (tokens.size() == 2 && tokens[0].Is('+'))) tokens = tokens.subspan(1);
  if (tokens.size() == 1) {
    const Token& token = tokens[0];
    const bool text = token.kind == TokenKind::kString ||
                      (token.kind == TokenKind::kDouble && dialect.double_quote_is_string) ||
                      (token.kind == TokenKind::kDouble && dialect.dialect == Dialect::kSqlite);
    if (token.IsWord("NULL")) {
      out.kind = Default::Kind::kNull;
      return out;
    }
    if (text || token.kind == TokenKind::kNumber || token.IsWord("TRUE") || token.IsWord("FALSE")) {
      out.kind = Default::Kind::kLiteral;
      out.value = (negative ? "-" : "") + Unquote(token);
      out.quoted = text;
      return out;
    }
  }
  // DATE '2000-01-01'
  if (tokens.size() == 2 && tokens[1].kind == TokenKind::kString &&
      (tokens[0].IsWord("DATE") || tokens[0].IsWord("TIMESTAMP") || tokens[0].IsWord("TIME"))) {
    out.kind = Default::Kind::kLiteral;
    out.value = Unquote(tokens[1]);
    out.quoted = true;
    return out;
  }
  if (IsNow(tokens) ||
      (tokens.size() > 3 && tokens[tokens.size() - 3].IsWord("TIME") &&
       tokens[tokens.size() - 2].IsWord("ZONE") && IsNow(Strip(tokens.first(tokens.size() - 4))))) {
    out.kind = Default::Kind::kNow;
    return out;
  }
  out.kind = Default::Kind::kOther;
  out.value = FoldedText(whole.front(), whole.back());
  return out;
}

}  // namespace synthmill::ddl
