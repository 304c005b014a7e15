#include "ddl/check_rules.h"

#include <algorithm>
#include <utility>

#include "ddl/check_parser.h"
#include "ddl/check_patterns.h"
#include "ddl/cursor.h"

namespace synthmill::ddl {

void CheckParser::Condition(TokenRange r, int depth, std::vector<Rule>* rules) {
  r = Strip(r);
  if (depth > Cursor::kMaxDepth || r.begin >= r.end) return Other(r, rules);
  const std::vector<TokenRange> either = Split(r, "OR");
  if (either.size() > 1) {
    if (!Either(either, depth, rules)) Other(r, rules);
    return;
  }
  const std::vector<TokenRange> all = Split(r, "AND");
  if (all.size() > 1) {
    for (const TokenRange& part : all) Condition(part, depth + 1, rules);
    return;
  }
  if (!Predicate(r, rules)) Other(r, rules);
}

// a IS NULL OR rule(a): a null passes every CHECK anyway. a = 1 OR a = 2: a list.
bool CheckParser::Either(const std::vector<TokenRange>& parts, int depth,
                         std::vector<Rule>* rules) {
  std::vector<std::vector<Rule>> found;  // of the parts that are more than IS NULL
  std::string null_column;
  for (const TokenRange& part : parts)
    if (!IsNullTest(part, &null_column)) Condition(part, depth + 1, &found.emplace_back());
  if (found.empty()) return false;
  if (found.size() == 1) {
    for (Rule& rule : found[0]) rules->push_back(std::move(rule));
    return true;
  }
  std::vector<Rule> each;
  for (const std::vector<Rule>& part : found)
    if (part.size() == 1) each.push_back(part[0]);
  if (each.size() == found.size()) {
    const auto in = [&](const Rule& rule) {
      return rule.kind == Rule::Kind::kIn && rule.column == each[0].column;
    };
    if (std::all_of(each.begin(), each.end(), in)) {
      for (size_t i = 1; i < each.size(); ++i) {
        if (!each[i].op.empty()) each[0].op = each[i].op;
        for (std::string& value : each[i].values) each[0].values.push_back(std::move(value));
      }
      rules->push_back(std::move(each[0]));
      return true;
    }
    Rule joined;
    if (JoinPatterns(each, &joined)) {
      rules->push_back(std::move(joined));
      return true;
    }
  }
  // Where the first alternative that is understood holds, all do.
  for (std::vector<Rule>& part : found) {
    const bool understood = std::none_of(
        part.begin(), part.end(), [](const Rule& rule) { return rule.kind == Rule::Kind::kOther; });
    if (part.empty() || !understood) continue;
    for (Rule& rule : part) {
      rule.narrowed = true;
      rules->push_back(std::move(rule));
    }
    return true;
  }
  return false;
}

// = ANY (ARRAY['a'::text, 'b'::text]), = ANY ((ARRAY[…])::text[]), = ANY ('{a,b}'::text[])
// The years as days.
// Above the upper end.
// JSON_VALID(c), REGEXP_LIKE(c, 'pattern')
bool CheckParser::Call(TokenRange r, std::vector<Rule>* rules) {
  if (r.end - r.begin < 4 || !At(r.begin + 1).Is('(') || match_[r.begin + 1] != r.end - 1)
    return false;
  const std::vector<TokenRange> args = Split({r.begin + 2, r.end - 1}, ",");
  const Token& word = At(r.begin);
  if (word.IsWord("JSON_VALID") || word.IsWord("ISJSON")) {
    const CheckOperand column = Read(args[0]);
    if (column.kind != CheckOperand::Kind::kColumn) return false;
    out_.json_columns.push_back(column.text);
    return true;
  }
  if (word.IsWord("REGEXP_LIKE") && (args.size() == 2 || args.size() == 3))
    return Regex(args[0], args[1], rules);
  return false;
}

bool CheckParser::Predicate(TokenRange r, std::vector<Rule>* rules) {
  if (At(r.begin).IsWord("NOT")) {
    std::string column;
    if (!IsNullTest({r.begin + 1, r.end}, &column)) return false;
    Rule rule;
    rule.kind = Rule::Kind::kNotNull;
    rule.column = column;
    rules->push_back(std::move(rule));
    return true;
  }
  for (size_t i = r.begin; i < r.end; ++i) {
    const Token& token = At(i);
    if (token.Is('(') || token.Is('[')) {
      i = std::min(match_[i], r.end);
      continue;
    }
    const TokenRange left{r.begin, i};
    const TokenRange right{i + 1, r.end};
    if (token.Is('=') || token.Is('<') || token.Is('>') || token.IsPunct("<=") ||
        token.IsPunct(">=") || token.IsPunct("<>") || token.IsPunct("!="))
      return Compare(token.text, left, right, rules);
    // OPERATOR(public.~), as pg_dump writes it.
    if (token.IsWord("OPERATOR") && At(i + 1).Is('(')) {
      const size_t close = match_[i + 1];
      const TokenRange behind{close + 1, r.end};
      const Token& op = At(close - 1);
      if (op.Is('~')) return Regex(left, behind, rules);
      return op.Is('=') && Compare("=", left, behind, rules);
    }
    if (token.Is('~')) {
      const bool any_case = At(i + 1).Is('*');
      if (At(i + 1).Is('~') || (i > r.begin && At(i - 1).Is('!'))) {
        // ~~ is how pg_dump writes LIKE.
        if (At(i + 1).Is('~') && !At(i + 2).Is('*') && !At(i - (i > r.begin ? 1 : 0)).Is('!'))
          return Like(left, {i + 2, r.end}, rules);
        return false;
      }
      return Regex(left, {any_case ? i + 2 : i + 1, r.end}, rules);
    }
    if (token.IsWord("NOT") && At(i + 1).IsWord("IN")) return NotIn(left, {i + 2, r.end}, rules);
    if (token.IsWord("NOT") && At(i + 1).IsWord("BETWEEN")) {
      for (size_t j = i + 2; j < r.end; ++j)
        if (At(j).IsWord("AND")) return NotBetween(left, {j + 1, r.end}, rules);
      return false;
    }
    if (token.IsWord("NOT")) return false;
    if (token.IsWord("BETWEEN")) {
      for (size_t j = i + 1; j < r.end; ++j) {
        if (At(j).Is('(') || At(j).Is('['))
          j = std::min(match_[j], r.end);
        else if (At(j).IsWord("AND"))
          return Between(left, {i + 1, j}, {j + 1, r.end}, rules);
      }
      return false;
    }
    if (token.IsWord("IN")) return In(left, right, rules);
    if (token.IsWord("LIKE") || token.IsWord("ILIKE")) return Like(left, right, rules);
    if (token.IsWord("GLOB")) return Regex(left, right, rules, PatternForm::kGlob);
    if (token.IsWord("SIMILAR") && At(i + 1).IsWord("TO"))
      return Regex(left, {i + 2, r.end}, rules, PatternForm::kSimilar);
    if (token.IsWord("REGEXP") || token.IsWord("RLIKE")) return Regex(left, right, rules);
    if (token.IsWord("IS")) {
      const CheckOperand column = Read(left);
      if (column.kind != CheckOperand::Kind::kColumn) return false;
      if (At(i + 1).IsWord("JSON") && i + 2 == r.end) {
        out_.json_columns.push_back(column.text);
        return true;
      }
      if (!At(i + 1).IsWord("NOT") || !At(i + 2).IsWord("NULL") || i + 3 != r.end) return false;
      Rule rule;
      rule.kind = Rule::Kind::kNotNull;
      rule.column = column.text;
      rules->push_back(std::move(rule));
      return true;
    }
  }
  return Call(r, rules);
}

ParsedCheck ParseCheck(std::span<const Token> tokens, const DialectEntry& dialect) {
  return CheckParser(tokens, dialect).Parse();
}

}  // namespace synthmill::ddl
