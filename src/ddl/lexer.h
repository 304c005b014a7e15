// Cuts SQL text of any dialect into tokens: views into the text, no allocation per token.
//
// The lexer is tolerant: what no dialect knows is a one-character punctuation token, and a quote
// that never closes is one, too (`unterminated` says that it happened). Time is linear in the text,
// whatever it holds. Not thread safe; one lexer per text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace synthmill::ddl {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,    // keyword or unquoted name; also @name, #name, ${name}, {{ name }}
  kName,    // `name` or [name]
  kDouble,  // "…": a name, or a string in MySQL, Hive and BigQuery
  kString,  // '…', N'…', E'…', $tag$…$tag$
  kNumber,
  kPunct,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool line_start = false;  // nothing but space before it on its line
  bool backslash = false;   // strings: a backslash escapes here
  std::string_view text;    // as it stands in the source, with its quotes

  bool Is(char c) const { return kind == TokenKind::kPunct && text.size() == 1 && text[0] == c; }
  bool IsPunct(std::string_view punct) const { return kind == TokenKind::kPunct && text == punct; }
  // `upper` in capitals; true for the same word in any case.
  bool IsWord(std::string_view upper) const;
};

// How the dialect at hand writes; changed between statements.
struct LexRules {
  bool backslash = false;        // '\'' is one quote
  bool hash_comment = true;      // # to the end of the line
  bool bracket_names = false;    // [ always opens a name
  bool nested_comments = false;  // /* /* */ */
  bool slash_comment = false;    // // to the end of the line
  bool triple_quotes = false;    // """…"""
};

bool EqualsIgnoreCase(std::string_view a, std::string_view b);
char LowerAscii(char c);
char UpperAscii(char c);
std::string Lower(std::string_view text);
std::string Upper(std::string_view text);
bool IsWordByte(unsigned char c);
bool IsSpaceByte(char c);

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token Next();
  // Over space and comments; MySQL's /*!40101 … */ counts as space, what is in it does not.
  void SkipSpace();
  // From an opening quote at `pos`: the position behind its end; npos if it never ends.
  size_t QuoteEnd(size_t pos);
  // From "/*" at `pos`: behind the comment's end, or the end of the text.
  size_t CommentEnd(size_t pos);
  // The end of the line at `pos`: where its '\n' stands, or the text's end.
  size_t LineEnd(size_t pos) const;
  // True if nothing but blanks stands between the start of the line and `pos`.
  bool AtLineStart(size_t pos) const;
  // From '$' at `pos`: behind the $tag$…$tag$ that starts there; npos if none does.
  size_t DollarEnd(size_t pos);

  size_t pos() const { return pos_; }
  void Seek(size_t pos) { pos_ = pos; }
  std::string_view text() const { return text_; }
  LexRules& rules() { return rules_; }
  // What ends a statement: ";", or what DELIMITER or Db2's --#SET TERMINATOR said.
  const std::string& delimiter() const { return delimiter_; }
  void set_delimiter(std::string delimiter) { delimiter_ = std::move(delimiter); }
  bool AtDelimiter(size_t pos) const {
    return text_.compare(pos, delimiter_.size(), delimiter_) == 0;
  }
  // Position of the first quote or comment that did not end; npos: none.
  size_t unterminated() const { return unterminated_; }

 private:
  size_t CommentStart(size_t pos) const;  // length of a line comment's opening, 0: none here
  Token Take(TokenKind kind, size_t end);
  bool BracketOpensName(size_t pos, size_t* end) const;
  size_t WordEnd(size_t pos) const;
  size_t NumberEnd(size_t pos) const;

  std::string_view text_;
  size_t pos_ = 0;
  LexRules rules_;
  std::string delimiter_ = ";";
  bool in_conditional_ = false;
  bool backslash_fails_ = false;  // a quote did not end when backslashes escaped: they don't
  bool nested_fails_ = false;
  int dollar_failures_ = 0;
  size_t unterminated_ = std::string_view::npos;
  bool hash_is_word_ = false;  // after TABLE, INTO, … or a dot: #name is a temporary table
};

}  // namespace synthmill::ddl
