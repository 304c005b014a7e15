#include "ddl/check_rules.h"

#include <algorithm>
#include <utility>

#include "ddl/check_parser.h"
#include "ddl/cursor.h"

namespace synthmill::ddl {

CheckParser::CheckParser(std::span<const Token> tokens, const DialectEntry& dialect)
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

std::vector<Range> CheckParser::Split(Range r, std::string_view word) const {
  std::vector<Range> parts;
  size_t begin = r.begin;
  int between = 0, cases = 0;
  for (size_t i = r.begin; i < r.end; ++i) {
    const Token& token = At(i);
    if (token.Is('(') || token.Is('[')) {
      i = std::min(match_[i], r.end);
    } else if (token.IsWord("CASE")) {
      ++cases;
    } else if (token.IsWord("END") && cases > 0) {
      --cases;
    } else if (cases > 0) {
      continue;
    } else if (token.IsWord("BETWEEN")) {
      ++between;
    } else if (token.IsWord("AND") && between > 0) {
      --between;
    } else if (token.IsWord(word) || (token.Is(',') && word == ",")) {
      parts.push_back({begin, i});
      begin = i + 1;
    }
  }
  parts.push_back({begin, r.end});
  return parts;
}

void CheckParser::Other(Range r, std::vector<Rule>* rules) const {
  Rule rule;
  rule.kind = Rule::Kind::kOther;
  if (r.end > r.begin) rule.values.push_back(FoldedText(At(r.begin), At(r.end - 1)));
  rules->push_back(std::move(rule));
}

void CheckParser::Condition(Range r, int depth, std::vector<Rule>* rules) {
  r = Strip(r);
  if (depth > Cursor::kMaxDepth || r.begin >= r.end) return Other(r, rules);
  const std::vector<Range> either = Split(r, "OR");
  if (either.size() > 1) {
    if (!Either(either, depth, rules)) Other(r, rules);
    return;
  }
  const std::vector<Range> all = Split(r, "AND");
  if (all.size() > 1) {
    for (const Range& part : all) Condition(part, depth + 1, rules);
    return;
  }
  if (!Predicate(r, rules)) Other(r, rules);
}

bool CheckParser::IsNullTest(Range r, std::string* column) const {
  r = Strip(r);
  if (r.end - r.begin < 3 || !At(r.end - 1).IsWord("NULL") || !At(r.end - 2).IsWord("IS"))
    return false;
  const Operand operand = Read({r.begin, r.end - 2});
  *column = operand.text;
  return operand.kind == Operand::Kind::kColumn;
}

// a IS NULL OR rule(a): a null passes every CHECK anyway. a = 1 OR a = 2: a list.
bool CheckParser::Either(const std::vector<Range>& parts, int depth, std::vector<Rule>* rules) {
  std::vector<Rule> found;
  std::string null_column;
  size_t kept = 0;
  for (const Range& part : parts) {
    if (IsNullTest(part, &null_column)) continue;
    ++kept;
    const size_t before = found.size();
    Condition(part, depth + 1, &found);
    if (kept > 1 && found.size() != before + 1) return false;
  }
  if (kept == 0) return false;
  if (kept == 1) {
    for (Rule& rule : found) rules->push_back(std::move(rule));
    return true;
  }
  if (found.size() != kept) return false;
  for (const Rule& rule : found)
    if (rule.kind != Rule::Kind::kIn || rule.column != found[0].column) return false;
  for (size_t i = 1; i < found.size(); ++i) {
    if (!found[i].op.empty()) found[0].op = found[i].op;
    for (std::string& value : found[i].values) found[0].values.push_back(std::move(value));
  }
  rules->push_back(std::move(found[0]));
  return true;
}

bool CheckParser::Predicate(Range r, std::vector<Rule>* rules) {
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
    const Range left{r.begin, i};
    const Range right{i + 1, r.end};
    if (token.Is('=') || token.Is('<') || token.Is('>') || token.IsPunct("<=") ||
        token.IsPunct(">=") || token.IsPunct("<>") || token.IsPunct("!="))
      return Compare(token.text, left, right, rules);
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
    if (token.IsWord("LIKE")) return Like(left, right, rules);
    if (token.IsWord("REGEXP") || token.IsWord("RLIKE")) return Regex(left, right, rules);
    if (token.IsWord("IS")) {
      const Operand column = Read(left);
      if (column.kind != Operand::Kind::kColumn) return false;
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
