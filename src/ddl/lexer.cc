#include "ddl/lexer.h"

#include <array>
#include <cstring>

namespace synthmill::ddl {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kMark = "\xEF\xBB\xBF";  // UTF-8's byte order mark
constexpr size_t kLongestBracketName = 300;
constexpr int kDollarFailures = 8;  // then $ quotes nothing any more: keeps hostile text linear

constexpr std::array<bool, 256> MakeWordBytes() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c)
    table[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '$' || c == '#' || c == '@' || c >= 0x80;
  return table;
}
constexpr std::array<bool, 256> kWordBytes = MakeWordBytes();

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0'; }

}  // namespace

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = LowerAscii(c);
  return out;
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = UpperAscii(c);
  return out;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (LowerAscii(a[i]) != LowerAscii(b[i])) return false;
  return true;
}

bool IsWordByte(unsigned char c) { return kWordBytes[c]; }
bool IsSpaceByte(char c) { return IsSpace(c); }

bool Token::IsWord(std::string_view upper) const {
  if (kind != TokenKind::kWord || text.size() != upper.size()) return false;
  for (size_t i = 0; i < text.size(); ++i)
    if (UpperAscii(text[i]) != upper[i]) return false;
  return true;
}

size_t Lexer::LineEnd(size_t pos) const {
  const size_t end = text_.find('\n', pos);
  return end == kNone ? text_.size() : end;
}

bool Lexer::AtLineStart(size_t pos) const {
  while (pos > 0 && (text_[pos - 1] == ' ' || text_[pos - 1] == '\t')) --pos;
  return pos == 0 || text_[pos - 1] == '\n' || text_[pos - 1] == '\r' ||
         (pos >= 3 && text_.compare(pos - 3, 3, kMark) == 0);
}

size_t Lexer::CommentStart(size_t pos) const {
  const char c = text_[pos];
  if (c == '-' && text_.compare(pos, 2, "--") == 0) return 2;
  if (c == '/' && rules_.slash_comment && text_.compare(pos, 2, "//") == 0) return 2;
  if (c == '#' && rules_.hash_comment && !hash_is_word_) return 1;
  // A line of # is a remark in any script: names have a letter behind it.
  if (c == '#' && AtLineStart(pos) &&
      (pos + 1 >= text_.size() || IsSpace(text_[pos + 1]) || text_[pos + 1] == '#'))
    return 1;
  return 0;
}

size_t Lexer::CommentEnd(size_t pos) {
  if (rules_.nested_comments && !nested_fails_) {
    int depth = 0;
    for (size_t p = pos; (p = text_.find_first_of("*/", p)) != kNone && p + 1 < text_.size();) {
      if (text_[p] == '/' && text_[p + 1] == '*') {
        ++depth;
        p += 2;
      } else if (text_[p] == '*' && text_[p + 1] == '/') {
        p += 2;
        if (--depth == 0) return p;
      } else {
        ++p;
      }
    }
    nested_fails_ = true;
  }
  const size_t end = text_.find("*/", pos + 2);
  if (end != kNone) return end + 2;
  if (unterminated_ == kNone) unterminated_ = pos;
  return text_.size();
}

void Lexer::SkipSpace() {
  while (pos_ < text_.size()) {
    const char c = text_[pos_];
    if (IsSpace(c)) {
      if (c == '\n') hash_is_word_ = false;
      ++pos_;
    } else if (c == '/' && text_.compare(pos_, 2, "/*") == 0) {
      const size_t mark = pos_ + 2 < text_.size() && text_[pos_ + 2] == 'M' ? 3 : 2;
      if (text_.compare(pos_ + mark, 1, "!") == 0) {  // MySQL reads on in here
        pos_ += mark + 1;
        while (pos_ < text_.size() && IsDigit(text_[pos_])) ++pos_;
        in_conditional_ = true;
      } else {
        pos_ = CommentEnd(pos_);
      }
    } else if (in_conditional_ && c == '*' && text_.compare(pos_, 2, "*/") == 0) {
      pos_ += 2;
      in_conditional_ = false;
    } else if (CommentStart(pos_) > 0) {
      if (delimiter_ == "--" || (delimiter_ == "//" && AtDelimiter(pos_))) return;
      const size_t end = LineEnd(pos_);
      constexpr std::string_view kTerminator = "--#SET TERMINATOR ";
      if (EqualsIgnoreCase(text_.substr(pos_, kTerminator.size()), kTerminator)) {
        std::string_view said = text_.substr(pos_ + kTerminator.size());
        said = said.substr(0, end - pos_ - kTerminator.size());
        while (!said.empty() && IsSpace(said.back())) said.remove_suffix(1);
        while (!said.empty() && IsSpace(said.front())) said.remove_prefix(1);
        if (!said.empty()) delimiter_ = std::string(said.substr(0, 1));
      }
      pos_ = end;
    } else if (c == '\xEF' && text_.compare(pos_, 3, kMark) == 0) {
      pos_ += 3;  // also between files that were joined
    } else {
      return;
    }
  }
}

size_t Lexer::QuoteEnd(size_t pos) {
  const char quote = text_[pos];
  if (quote == '"' && rules_.triple_quotes && text_.compare(pos, 3, "\"\"\"") == 0) {
    const size_t end = text_.find("\"\"\"", pos + 3);
    if (end != kNone) return end + 3;
  }
  const bool prefixed = pos > 0 && (text_[pos - 1] == 'E' || text_[pos - 1] == 'e') &&
                        (pos < 2 || !IsWordByte(static_cast<unsigned char>(text_[pos - 2])));
  const bool backslash =
      quote != '`' && !backslash_fails_ && (rules_.backslash || (prefixed && quote == '\''));
  for (int attempt = backslash ? 0 : 1; attempt < 2; ++attempt) {
    for (size_t p = pos + 1; p < text_.size();) {
      if (attempt == 0) {
        while (p < text_.size() && text_[p] != quote && text_[p] != '\\') ++p;
        if (p < text_.size() && text_[p] == '\\') {
          p += 2;
          continue;
        }
        if (p >= text_.size()) break;
      } else {
        p = text_.find(quote, p);
        if (p == kNone) break;
      }
      if (p + 1 >= text_.size() || text_[p + 1] != quote) return p + 1;
      p += 2;
    }
    if (attempt == 0) backslash_fails_ = true;
  }
  if (unterminated_ == kNone) unterminated_ = pos;
  return kNone;
}

size_t Lexer::DollarEnd(size_t pos) {
  if (dollar_failures_ >= kDollarFailures) return kNone;
  size_t p = pos + 1;
  while (p < text_.size() && text_[p] != '$' && IsWordByte(static_cast<unsigned char>(text_[p])))
    ++p;
  if (p >= text_.size() || text_[p] != '$' || IsDigit(text_[pos + 1])) return kNone;
  const std::string_view tag = text_.substr(pos, p + 1 - pos);
  const size_t end = text_.find(tag, p + 1);
  if (end == kNone) {
    ++dollar_failures_;
    return kNone;
  }
  return end + tag.size();
}

bool Lexer::BracketOpensName(size_t pos, size_t* end) const {
  // int[], int[3] and ARRAY['a'] are no names, [dbo].[Order Details] and [2nd] are.
  const std::string_view rest = text_.substr(pos + 1, kLongestBracketName);
  size_t close = rest.find_first_of("]\n");
  if (close == kNone || close == 0 || rest[close] != ']') return false;
  while (close + 1 < rest.size() && rest[close + 1] == ']') {  // ]] is one ]
    close = rest.find_first_of("]\n", close + 2);
    if (close == kNone || rest[close] != ']') return false;
  }
  const std::string_view inside = rest.substr(0, close);
  const bool digits = inside.find_first_not_of("0123456789:, ") == kNone;
  if (digits || inside[0] == '\'') return false;
  if (!rules_.bracket_names && pos > 0) {
    const char before = text_[pos - 1];
    if (before == ']' || before == ')' || IsWordByte(static_cast<unsigned char>(before)))
      return false;
  }
  *end = pos + close + 2;
  return true;
}

size_t Lexer::WordEnd(size_t pos) const {
  size_t p = pos;
  while (p < text_.size()) {
    const char c = text_[p];
    if (c == '$' && p + 1 < text_.size() && text_[p + 1] == '{') {  // ${variable}
      const size_t close = text_.substr(p, kLongestBracketName).find_first_of("}\n");
      if (close == kNone || text_[p + close] != '}') return p + 1;
      p += close + 1;
    } else if (c == '{' && p + 1 < text_.size() && text_[p + 1] == '{') {  // {{ template }}
      const size_t close = text_.substr(p, kLongestBracketName).find("}}");
      if (close == kNone) return p == pos ? p + 1 : p;
      p += close + 2;
    } else if (IsWordByte(static_cast<unsigned char>(c))) {
      if (c != delimiter_[0] || p == pos || !AtDelimiter(p) || delimiter_ == ";")
        ++p;
      else
        break;  // END$$
    } else {
      break;
    }
  }
  return p;
}

size_t Lexer::NumberEnd(size_t pos) const {
  size_t p = pos;
  while (p < text_.size() && IsDigit(text_[p])) ++p;
  if (p < text_.size() && text_[p] == '.') {
    ++p;
    while (p < text_.size() && IsDigit(text_[p])) ++p;
  }
  if (p < text_.size() && (text_[p] == 'e' || text_[p] == 'E')) {
    size_t q = p + 1;
    if (q < text_.size() && (text_[q] == '+' || text_[q] == '-')) ++q;
    if (q < text_.size() && IsDigit(text_[q])) {
      while (q < text_.size() && IsDigit(text_[q])) ++q;
      p = q;
    }
  }
  return p;
}

Token Lexer::Take(TokenKind kind, size_t end) {
  Token token;
  token.kind = kind;
  token.text = text_.substr(pos_, end - pos_);
  token.line_start = AtLineStart(pos_);
  pos_ = end;
  hash_is_word_ = (kind == TokenKind::kPunct && token.Is('.')) || token.IsWord("TABLE") ||
                  token.IsWord("EXISTS") || token.IsWord("INTO");
  return token;
}

Token Lexer::Next() {
  SkipSpace();
  if (pos_ >= text_.size()) {
    Token token;
    token.text = text_.substr(text_.size());
    return token;
  }
  const char c = text_[pos_];
  if (delimiter_ != ";" && AtDelimiter(pos_))
    return Take(TokenKind::kPunct, pos_ + delimiter_.size());
  if (c == '\'' || c == '"' || c == '`') {
    const size_t end = QuoteEnd(pos_);
    if (end == kNone) return Take(TokenKind::kPunct, pos_ + 1);
    Token token = Take(c == '\''  ? TokenKind::kString
                       : c == '"' ? TokenKind::kDouble
                                  : TokenKind::kName,
                       end);
    token.backslash = rules_.backslash && !backslash_fails_;
    return token;
  }
  if (c == '[') {
    size_t end = 0;
    if (BracketOpensName(pos_, &end)) return Take(TokenKind::kName, end);
    return Take(TokenKind::kPunct, pos_ + 1);
  }
  if (c == '$') {
    const size_t end = DollarEnd(pos_);
    if (end != kNone) return Take(TokenKind::kString, end);
  }
  if (IsDigit(c) || (c == '.' && pos_ + 1 < text_.size() && IsDigit(text_[pos_ + 1]) &&
                     (pos_ == 0 || !IsWordByte(static_cast<unsigned char>(text_[pos_ - 1]))))) {
    if (c == '0' && pos_ + 1 < text_.size() && (text_[pos_ + 1] | 32) == 'x')
      return Take(TokenKind::kNumber, WordEnd(pos_));
    const size_t end = NumberEnd(pos_);
    // 2nd_address is a name in MySQL and Hive.
    if (c != '.' && end < text_.size() && text_[end - 1] != '.' &&
        IsWordByte(static_cast<unsigned char>(text_[end])))
      return Take(TokenKind::kWord, WordEnd(pos_));
    return Take(TokenKind::kNumber, end);
  }
  const bool braces = c == '{' && text_.compare(pos_, 2, "{{") == 0;
  if (IsWordByte(static_cast<unsigned char>(c)) || braces) {
    const size_t end = WordEnd(pos_);
    // N'…', E'…', X'…', b'…', r'…', U&'…', _utf8'…'
    if (end < text_.size() && text_[end] == '\'' && (end - pos_ <= 2 || c == '_')) {
      const size_t close = QuoteEnd(end);
      if (close != kNone) {
        const bool escapes = rules_.backslash || ((c | 32) == 'e' && end - pos_ == 1);
        Token token = Take(TokenKind::kString, close);
        token.backslash = escapes && !backslash_fails_;
        if (token.text.substr(1, 1) == "&") token.backslash = false;
        return token;
      }
    }
    return Take(TokenKind::kWord, std::max(end, pos_ + 1));
  }
  static constexpr std::string_view kPairs[] = {"::", "<=", ">=", "<>", "!=", "||", ":=", "=>"};
  for (const std::string_view pair : kPairs)
    if (text_.compare(pos_, 2, pair) == 0) return Take(TokenKind::kPunct, pos_ + 2);
  return Take(TokenKind::kPunct, pos_ + 1);
}

}  // namespace synthmill::ddl
