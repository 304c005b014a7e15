// A place in the tokens of one statement, and the first error met there.
//
// Parse functions return false after Fail(); the error stays with the cursor until the statement is
// given up. Not thread safe; the tokens must outlive the cursor.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ddl/catalog.h"
#include "ddl/lexer.h"

namespace synthmill::ddl {

// What stood in the quotes, escapes resolved: 'it''s' -> it's, `a``b` -> a`b, [a]]b] -> a]b.
std::string Unquote(const Token& token);
// True for a token whose quotes hold a text: '…', and "…" where `double_is_string`.
std::string_view StringPrefix(const Token& token);  // "N", "E", "U&", "$tag$"; empty mostly
// The source between two tokens, both included, with each run of space folded into one blank.
std::string FoldedText(const Token& first, const Token& last);

class Cursor {
 public:
  static constexpr int kMaxDepth = 64;  // of parentheses, types in types, conditions

  Cursor(std::span<const Token> tokens, Token end) : tokens_(tokens), end_(end) {}

  const Token& Peek(size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : end_;
  }
  const Token& Next() { return at_ < tokens_.size() ? tokens_[at_++] : end_; }
  bool AtEnd() const { return at_ >= tokens_.size(); }
  size_t position() const { return at_; }
  void Seek(size_t position) { at_ = position; }
  size_t size() const { return tokens_.size(); }
  const Token& token(size_t i) const { return i < tokens_.size() ? tokens_[i] : end_; }
  const Token& Last() const { return at_ > 0 ? tokens_[at_ - 1] : end_; }
  std::span<const Token> Slice(size_t begin, size_t end) const {
    return tokens_.subspan(begin, end - begin);
  }

  bool At(char punct) const { return Peek().Is(punct); }
  bool AtWord(std::string_view word) const { return Peek().IsWord(word); }
  // Each of the words, one after the other.
  bool AtWords(std::initializer_list<std::string_view> words) const {
    size_t ahead = 0;
    for (const std::string_view word : words)
      if (!Peek(ahead++).IsWord(word)) return false;
    return true;
  }
  bool AtAnyWord(std::initializer_list<std::string_view> words) const {
    for (const std::string_view word : words)
      if (AtWord(word)) return true;
    return false;
  }
  bool Accept(char punct) { return At(punct) && (++at_, true); }
  bool AcceptWord(std::string_view word) { return AtWord(word) && (++at_, true); }
  bool AcceptWords(std::initializer_list<std::string_view> words) {
    if (!AtWords(words)) return false;
    at_ += words.size();
    return true;
  }
  bool Expect(char punct, std::string_view after);

  // From '(' (or '[', '<' …) over its matching end; false with an error if it never comes.
  bool SkipParens();
  // IF NOT EXISTS, if it stands here.
  bool AcceptIfNotExists() {
    return AcceptWords({"IF", "NOT", "EXISTS"}) || AcceptWords({"IF", "EXISTS"});
  }

  // a, "a", `a`, [a]: any one name. Strings only where `strings` (Hive and MySQL aliases).
  bool AtName() const {
    const TokenKind kind = Peek().kind;
    return kind == TokenKind::kWord || kind == TokenKind::kName || kind == TokenKind::kDouble;
  }
  // One part of a name.
  bool ParseIdentifier(Name* name, std::string_view what);
  // a.b.c, `a.b.c`, a..c
  bool ParseQualifiedName(Name* name, std::string_view what);
  // (a, b DESC, c(10)): names only; lengths, orders and operator classes are passed over. With
  // `expressions` set, an entry that is no plain name sets it instead of failing.
  bool ParseNameList(std::vector<std::string>* names, bool* expressions = nullptr);

  bool Fail(const Token& at, std::string message, std::string hint = "");
  // "expected X but found Y"
  bool Unexpected(std::string_view expected);
  bool failed() const { return failed_; }
  const Token& error_token() const { return error_token_; }
  const std::string& error() const { return error_; }
  const std::string& error_hint() const { return hint_; }
  void ClearError() { failed_ = false; }

 private:
  std::span<const Token> tokens_;
  Token end_;
  size_t at_ = 0;
  bool failed_ = false;
  Token error_token_;
  std::string error_, hint_;
};

}  // namespace synthmill::ddl
