// The parser behind check_rules.h: conditions in check_rules.cc, the kinds of predicates in
// check_predicates.cc, and what they are about in check_operands.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ddl/check_rules.h"

namespace synthmill::ddl {

struct Operand {
  enum class Kind { kOther, kColumn, kLength, kLiteral };
  Kind kind = Kind::kOther;
  std::string text;  // the column's name, or the literal without quotes
  bool quoted = false;
  bool changed = false;  // UPPER(c), TRIM(c): the column, but not as it is
};

// Tokens from `begin` up to `end`.
struct Range {
  size_t begin, end;
};

class CheckParser {
 public:
  CheckParser(std::span<const Token> tokens, const DialectEntry& dialect);

  ParsedCheck Parse() {
    Condition({0, tokens_.size()}, 0, &out_.rules);
    return std::move(out_);
  }

 private:
  const Token& At(size_t i) const {
    static const Token none;
    return i < tokens_.size() ? tokens_[i] : none;
  }
  Range Strip(Range r) const {
    while (r.end - r.begin >= 2 && At(r.begin).Is('(') && match_[r.begin] == r.end - 1) {
      ++r.begin;
      --r.end;
    }
    return r;
  }
  // At the word on the top level; BETWEEN's own AND and what stands in CASE … END are passed over.
  std::vector<Range> Split(Range r, std::string_view word) const;
  // A part that is not understood.
  void Other(Range r, std::vector<Rule>* rules) const;
  void Condition(Range r, int depth, std::vector<Rule>* rules);
  bool Either(const std::vector<Range>& parts, int depth, std::vector<Rule>* rules);
  bool Predicate(Range r, std::vector<Rule>* rules);
  bool Call(Range r, std::vector<Rule>* rules);
  bool Compare(std::string_view op, Range left, Range right, std::vector<Rule>* rules);
  bool Between(Range column, Range low, Range high, std::vector<Rule>* rules);
  bool In(Range column, Range list, std::vector<Rule>* rules);
  bool Like(Range column, Range pattern, std::vector<Rule>* rules);
  bool Regex(Range column, Range pattern, std::vector<Rule>* rules);
  bool AnyOf(Range column, Range right, std::vector<Rule>* rules);
  bool Literals(Range list, Rule* rule) const;
  Operand Read(Range r, int depth = 0) const;
  bool IsNullTest(Range r, std::string* column) const;

  std::span<const Token> tokens_;
  const DialectEntry& dialect_;
  std::vector<size_t> match_;
  ParsedCheck out_;
};

}  // namespace synthmill::ddl
