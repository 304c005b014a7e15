// Words, numbers and operators of an expression.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "spec/expr.h"

namespace synthmill::spec {

struct ExprToken {
  enum class Kind { kEnd, kWord, kOperator, kLiteral, kDuration };
  Kind kind = Kind::kEnd;
  std::string_view text;
  size_t offset = 0;
  Value value;         // kLiteral
  int64_t count = 0;   // kDuration
  bool years = false;  // kDuration
};

// Hands out one token after the other. After an error it hands out ends only.
class ExprLexer {
 public:
  explicit ExprLexer(std::string_view text) : text_(text) {}

 protected:
  void Advance();
  // The first error is the one that is kept: those after it follow from it.
  void Fail(size_t offset, std::string message);

  std::string_view text_;
  ExprToken token_;
  bool failed_ = false;
  std::string error_;
  int error_column_ = 0;  // 1-based

 private:
  void Take(ExprToken::Kind kind, size_t end);
  void LexOperator();
  void LexString(char quote);
  void LexNumber();
  bool LexDate(std::string_view rest);

  size_t position_ = 0;
};

}  // namespace synthmill::spec
