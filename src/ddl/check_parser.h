// The parser behind ParseCheck: conditions in check_rules.cc, operands in check_operands.cc.
// Internal to ddl/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ddl/check_rules.h"
#include "ddl/cursor.h"

namespace synthmill::ddl {

struct CheckOperand {
  enum class Kind { kOther, kColumn, kLength, kYear, kLiteral, kNow };
  Kind kind = Kind::kOther;
  std::string text;  // the column's name, the literal without quotes, or "now-18y"
  bool quoted = false;
  bool changed = false;    // UPPER(c), TRIM(c): the column, but not as it is
  std::string cased = {};  // UPPER or LOWER
};

struct TokenRange {
  size_t begin, end;
};

enum class PatternForm { kRegex, kGlob, kSimilar };

// One condition. Ranges are indices of tokens.
class CheckParser {
 public:
  CheckParser(std::span<const Token> tokens, const DialectEntry& dialect)
      : tokens_(tokens), dialect_(dialect), match_(tokens.size(), 0) {
    std::vector<size_t> open;
    for (size_t i = 0; i < tokens.size(); ++i) {
      match_[i] = i;
      if (tokens[i].Is('(') || tokens[i].Is('[')) {
        open.push_back(i);
      } else if ((tokens[i].Is(')') || tokens[i].Is(']')) && !open.empty()) {
        match_[open.back()] = i;
        open.pop_back();
      }
    }
  }

  ParsedCheck Parse() {
    Condition({0, tokens_.size()}, 0, &out_.rules);
    return std::move(out_);
  }

 private:
  const Token& At(size_t i) const {
    static const Token none;
    return i < tokens_.size() ? tokens_[i] : none;
  }
  TokenRange Strip(TokenRange r) const {
    while (r.end - r.begin >= 2 && At(r.begin).Is('(') && match_[r.begin] == r.end - 1) {
      ++r.begin;
      --r.end;
    }
    return r;
  }
  std::vector<TokenRange> Split(TokenRange r, std::string_view word) const;
  void Other(TokenRange r, std::vector<Rule>* rules) const {
    Rule rule;
    rule.kind = Rule::Kind::kOther;
    if (r.end > r.begin) rule.values.push_back(FoldedText(At(r.begin), At(r.end - 1)));
    rules->push_back(std::move(rule));
  }
  void Condition(TokenRange r, int depth, std::vector<Rule>* rules);
  bool Either(const std::vector<TokenRange>& parts, int depth, std::vector<Rule>* rules);
  bool Predicate(TokenRange r, std::vector<Rule>* rules);
  bool Year(std::string_view op, const std::string& column, const std::string& year,
            std::vector<Rule>* rules);
  bool NotIn(TokenRange column, TokenRange list, std::vector<Rule>* rules);
  bool NotBetween(TokenRange column, TokenRange high, std::vector<Rule>* rules);
  CheckOperand Now(TokenRange r, int depth) const;
  bool Call(TokenRange r, std::vector<Rule>* rules);
  bool Compare(std::string_view op, TokenRange left, TokenRange right, std::vector<Rule>* rules);
  bool Between(TokenRange column, TokenRange low, TokenRange high, std::vector<Rule>* rules);
  bool In(TokenRange column, TokenRange list, std::vector<Rule>* rules);
  std::optional<Rule> Pattern(TokenRange column, TokenRange pattern, std::string_view op) const;
  bool Like(TokenRange column, TokenRange pattern, std::vector<Rule>* rules);
  bool Regex(TokenRange column, TokenRange pattern, std::vector<Rule>* rules,
             PatternForm how = PatternForm::kRegex);
  bool AnyOf(TokenRange column, TokenRange right, std::vector<Rule>* rules);
  bool Literals(TokenRange list, Rule* rule) const;
  CheckOperand Read(TokenRange r, int depth = 0) const;
  bool IsNullTest(TokenRange r, std::string* column) const;

  std::span<const Token> tokens_;
  const DialectEntry& dialect_;
  std::vector<size_t> match_;
  ParsedCheck out_;
};

}  // namespace synthmill::ddl
