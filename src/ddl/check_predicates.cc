// Single predicates of a CHECK: comparisons, lists, patterns.
#include <utility>

#include "ddl/check_parser.h"
#include "ddl/check_patterns.h"

namespace synthmill::ddl {

bool CheckParser::In(TokenRange column, TokenRange list, std::vector<Rule>* rules) {
  const CheckOperand left = Read(column);
  if (left.kind != CheckOperand::Kind::kColumn) return false;
  Rule rule;
  rule.kind = Rule::Kind::kIn;
  rule.column = left.text;
  if (left.changed) rule.op = "changed";
  list = Strip(list);
  if (list.begin >= list.end || !Literals(list, &rule)) return false;
  rules->push_back(std::move(rule));
  return true;
}

bool CheckParser::AnyOf(TokenRange column, TokenRange right, std::vector<Rule>* rules) {
  right = Strip({right.begin + 1, right.end});
  for (size_t i = right.begin; i < right.end; ++i) {
    if (At(i).IsPunct("::")) {
      right.end = i;
      break;
    }
    if (At(i).Is('(') || At(i).Is('[')) i = std::min(match_[i], right.end);
  }
  right = Strip(right);
  // '{a,b}'
  const CheckOperand list = Read(right);
  if (list.kind == CheckOperand::Kind::kLiteral && list.quoted && list.text.size() > 2 &&
      list.text.front() == '{' && list.text.back() == '}' &&
      list.text.find_first_of("\"\\") == list.text.npos) {
    const CheckOperand left = Read(column);
    if (left.kind != CheckOperand::Kind::kColumn) return false;
    Rule rule;
    rule.kind = Rule::Kind::kIn;
    rule.column = left.text;
    rule.quoted = true;
    for (size_t at = 1; at < list.text.size();) {
      const size_t end = std::min(list.text.find(',', at), list.text.size() - 1);
      rule.values.push_back(list.text.substr(at, end - at));
      at = end + 1;
    }
    rules->push_back(std::move(rule));
    return true;
  }
  if (right.end - right.begin < 3 || !At(right.begin).IsWord("ARRAY") ||
      !At(right.begin + 1).Is('['))
    return false;
  return In(column, {right.begin + 2, right.end - 1}, rules);
}

bool CheckParser::Between(TokenRange column, TokenRange low, TokenRange high,
                          std::vector<Rule>* rules) {
  const CheckOperand value = Read(column), from = Read(low), to = Read(high);
  if (value.kind == CheckOperand::Kind::kColumn && !value.changed &&
      from.kind == CheckOperand::Kind::kLiteral && to.kind == CheckOperand::Kind::kLiteral) {
    Rule rule;
    rule.kind = Rule::Kind::kRange;
    rule.column = value.text;
    rule.min = from.text;
    rule.max = to.text;
    rule.quoted = from.quoted || to.quoted;
    rules->push_back(std::move(rule));
    return true;
  }
  // One bound may be a column, or a date of today that is not understood.
  std::vector<Rule> both;
  const bool has_low = Compare(">=", column, low, &both);
  const bool has_high = Compare("<=", column, high, &both);
  if (!has_low && !has_high) return false;
  for (Rule& rule : both) rules->push_back(std::move(rule));
  if (!has_low) Other(low, rules);
  if (!has_high) Other(high, rules);
  return true;
}

namespace {

std::string_view Flip(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return op;
}

}  // namespace

bool CheckParser::Compare(std::string_view op, TokenRange left, TokenRange right,
                          std::vector<Rule>* rules) {
  if (op == "!=") op = "<>";
  if (op == "=" && At(right.begin).IsWord("ANY")) return AnyOf(left, right, rules);
  // ISJSON(c) > 0
  const TokenRange call = Strip(left);
  if (At(call.begin).IsWord("ISJSON") || At(call.begin).IsWord("JSON_VALID"))
    return Call(call, rules);
  CheckOperand a = Read(left), b = Read(right);
  if (a.kind == CheckOperand::Kind::kLiteral || a.kind == CheckOperand::Kind::kNow) {
    std::swap(a, b);
    op = Flip(op);
  }
  Rule rule;
  rule.column = a.text;
  if (a.kind == CheckOperand::Kind::kColumn && b.kind == CheckOperand::Kind::kColumn) {
    // c = LOWER(c)
    const std::string& cased = a.cased.empty() ? b.cased : a.cased;
    if (op == "=" && a.text == b.text && !cased.empty()) {
      rule.kind = Rule::Kind::kPattern;
      rule.op = "regex";
      rule.quoted = true;
      rule.values.push_back(cased == "LOWER" ? "^[a-z][a-z0-9]{3,19}$" : "^[A-Z][A-Z0-9]{3,19}$");
      rules->push_back(std::move(rule));
      return true;
    }
    if (a.changed || b.changed) return false;
    rule.kind = Rule::Kind::kCompare;
    rule.other = b.text;
    rule.op = std::string(op);
    rules->push_back(std::move(rule));
    return true;
  }
  // An upper bound by today's date holds later on, too; a lower one does not.
  if (b.kind == CheckOperand::Kind::kNow) {
    if (a.kind != CheckOperand::Kind::kColumn || a.changed || (op != "<" && op != "<="))
      return false;
    rule.kind = Rule::Kind::kRange;
    rule.max = b.text;
    rule.max_open = op == "<";
    rule.relative = rule.quoted = true;
    rules->push_back(std::move(rule));
    return true;
  }
  if (b.kind != CheckOperand::Kind::kLiteral) return false;
  if (a.changed) rule.op = "changed";
  if (a.kind == CheckOperand::Kind::kYear) return Year(op, a.text, b.text, rules);
  rule.quoted = b.quoted;
  if (a.kind == CheckOperand::Kind::kColumn && op == "=") {
    rule.kind = Rule::Kind::kIn;
    rule.values.push_back(b.text);
  } else if (a.kind == CheckOperand::Kind::kColumn && op == "<>" && b.quoted && b.text.empty()) {
    rule.kind = Rule::Kind::kLength;  // c <> '': at least one character
    rule.quoted = false;
    rule.min = "1";
  } else if (a.kind == CheckOperand::Kind::kColumn && op == "<>" && !a.changed) {
    rule.kind = Rule::Kind::kNotIn;
    rule.values.push_back(b.text);
  } else if ((a.kind == CheckOperand::Kind::kColumn && !a.changed) ||
             a.kind == CheckOperand::Kind::kLength) {
    rule.kind = a.kind == CheckOperand::Kind::kLength ? Rule::Kind::kLength : Rule::Kind::kRange;
    if (op == "=") {
      rule.min = rule.max = b.text;
    } else if (op == "<" || op == "<=") {
      rule.max = b.text;
      rule.max_open = op == "<";
    } else if (op == ">" || op == ">=") {
      rule.min = b.text;
      rule.min_open = op == ">";
    } else if (a.kind == CheckOperand::Kind::kLength && b.text == "0") {
      rule.min = "1";  // length(c) <> 0
    } else {
      return false;
    }
  } else {
    return false;
  }
  rules->push_back(std::move(rule));
  return true;
}

bool CheckParser::Year(std::string_view op, const std::string& column, const std::string& year,
                       std::vector<Rule>* rules) {
  if (year.size() != 4 || year.find_first_not_of("0123456789") != year.npos) return false;
  Rule rule;
  rule.kind = Rule::Kind::kRange;
  rule.column = column;
  rule.quoted = true;
  const std::string next = std::to_string(std::stoi(year) + 1) + "-01-01";
  if (next.size() != 10) return false;
  if (op == ">=" || op == "=") rule.min = year + "-01-01";
  if (op == ">") rule.min = next;
  if (op == "<=" || op == "=") rule.max = next;
  if (op == "<") rule.max = year + "-01-01";
  rule.max_open = !rule.max.empty();
  if (rule.min.empty() && rule.max.empty()) return false;
  rules->push_back(std::move(rule));
  return true;
}

bool CheckParser::NotIn(TokenRange column, TokenRange list, std::vector<Rule>* rules) {
  std::vector<Rule> found;
  if (!In(column, list, &found) || Read(column).changed) return false;
  found[0].kind = Rule::Kind::kNotIn;
  rules->push_back(std::move(found[0]));
  return true;
}

bool CheckParser::NotBetween(TokenRange column, TokenRange high, std::vector<Rule>* rules) {
  std::vector<Rule> found;
  if (!Compare(">", column, high, &found)) return false;
  found[0].narrowed = true;
  rules->push_back(std::move(found[0]));
  return true;
}

// `column op 'pattern'`, with the pattern as it stands; nothing for other operands.
std::optional<Rule> CheckParser::Pattern(TokenRange column, TokenRange pattern,
                                         std::string_view op) const {
  const CheckOperand left = Read(column), right = Read(pattern);
  if (left.kind != CheckOperand::Kind::kColumn || left.changed ||
      right.kind != CheckOperand::Kind::kLiteral || !right.quoted)
    return std::nullopt;
  Rule rule;
  rule.kind = Rule::Kind::kPattern;
  rule.column = left.text;
  rule.op = op;
  rule.quoted = true;
  rule.values.push_back(right.text);
  return rule;
}

bool CheckParser::Like(TokenRange column, TokenRange pattern, std::vector<Rule>* rules) {
  std::optional<Rule> rule = Pattern(column, pattern, "like");
  if (!rule) return false;
  std::string& text = rule->values[0];
  if (dialect_.dialect == Dialect::kSqlServer && text.find('[') != std::string::npos) {
    // [0-9] is a class there: written as a regular expression.
    const auto regex = RegexOfLike(text, true);
    if (!regex) return false;
    rule->op = "regex";
    text = *regex;
  }
  rules->push_back(std::move(*rule));
  return true;
}

bool CheckParser::Regex(TokenRange column, TokenRange pattern, std::vector<Rule>* rules,
                        PatternForm how) {
  std::optional<Rule> rule = Pattern(column, pattern, "regex");
  if (!rule) return false;
  std::string& text = rule->values[0];
  if (how == PatternForm::kGlob) {
    const auto regex = RegexOfGlob(text);
    if (!regex) return false;
    text = *regex;
  } else if (how == PatternForm::kSimilar) {
    text = RegexOfSimilar(text);
  }
  rules->push_back(std::move(*rule));
  return true;
}

}  // namespace synthmill::ddl
