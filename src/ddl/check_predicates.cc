// The kinds of predicates of a CHECK, each a rule.
#include <algorithm>
#include <utility>

#include "ddl/check_parser.h"

namespace synthmill::ddl {

bool CheckParser::In(Range column, Range list, std::vector<Rule>* rules) {
  const Operand left = Read(column);
  if (left.kind != Operand::Kind::kColumn) return false;
  Rule rule;
  rule.kind = Rule::Kind::kIn;
  rule.column = left.text;
  if (left.changed) rule.op = "changed";
  list = Strip(list);
  if (list.begin >= list.end || !Literals(list, &rule)) return false;
  rules->push_back(std::move(rule));
  return true;
}

// = ANY (ARRAY['a'::text, 'b'::text]), = ANY ((ARRAY[…])::text[]), = ANY ('{a,b}'::text[])
bool CheckParser::AnyOf(Range column, Range right, std::vector<Rule>* rules) {
  right = Strip({right.begin + 1, right.end});
  for (size_t i = right.begin; i < right.end; ++i) {
    if (At(i).IsPunct("::")) {
      right.end = i;
      break;
    }
    if (At(i).Is('(') || At(i).Is('[')) i = std::min(match_[i], right.end);
  }
  right = Strip(right);
  if (right.end - right.begin < 3 || !At(right.begin).IsWord("ARRAY") ||
      !At(right.begin + 1).Is('['))
    return false;
  return In(column, {right.begin + 2, right.end - 1}, rules);
}

bool CheckParser::Between(Range column, Range low, Range high, std::vector<Rule>* rules) {
  const Operand value = Read(column), from = Read(low), to = Read(high);
  if (value.kind == Operand::Kind::kColumn && !value.changed &&
      from.kind == Operand::Kind::kLiteral && to.kind == Operand::Kind::kLiteral) {
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

bool CheckParser::Compare(std::string_view op, Range left, Range right, std::vector<Rule>* rules) {
  if (op == "!=") op = "<>";
  if (op == "=" && At(right.begin).IsWord("ANY")) return AnyOf(left, right, rules);
  // ISJSON(c) > 0
  const Range call = Strip(left);
  if (At(call.begin).IsWord("ISJSON") || At(call.begin).IsWord("JSON_VALID"))
    return Call(call, rules);
  Operand a = Read(left), b = Read(right);
  if (a.kind == Operand::Kind::kLiteral) {
    std::swap(a, b);
    op = Flip(op);
  }
  Rule rule;
  rule.column = a.text;
  if (a.kind == Operand::Kind::kColumn && b.kind == Operand::Kind::kColumn) {
    if (a.changed || b.changed) return false;
    rule.kind = Rule::Kind::kCompare;
    rule.other = b.text;
    rule.op = std::string(op);
    rules->push_back(std::move(rule));
    return true;
  }
  if (b.kind != Operand::Kind::kLiteral) return false;
  rule.quoted = b.quoted;
  if (a.changed) rule.op = "changed";
  if (a.kind == Operand::Kind::kColumn && op == "=") {
    rule.kind = Rule::Kind::kIn;
    rule.values.push_back(b.text);
  } else if (a.kind == Operand::Kind::kColumn && op == "<>" && b.quoted && b.text.empty()) {
    rule.kind = Rule::Kind::kLength;  // c <> '': at least one character
    rule.quoted = false;
    rule.min = "1";
  } else if ((a.kind == Operand::Kind::kColumn && !a.changed) || a.kind == Operand::Kind::kLength) {
    rule.kind = a.kind == Operand::Kind::kLength ? Rule::Kind::kLength : Rule::Kind::kRange;
    if (op == "=") {
      rule.min = rule.max = b.text;
    } else if (op == "<" || op == "<=") {
      rule.max = b.text;
      rule.max_open = op == "<";
    } else if (op == ">" || op == ">=") {
      rule.min = b.text;
      rule.min_open = op == ">";
    } else if (a.kind == Operand::Kind::kLength && b.text == "0") {
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

bool CheckParser::Like(Range column, Range pattern, std::vector<Rule>* rules) {
  const Operand left = Read(column), right = Read(pattern);
  if (left.kind != Operand::Kind::kColumn || left.changed ||
      right.kind != Operand::Kind::kLiteral || !right.quoted)
    return false;
  Rule rule;
  rule.kind = Rule::Kind::kPattern;
  rule.column = left.text;
  rule.op = "like";
  rule.quoted = true;
  rule.values.push_back(right.text);
  if (dialect_.dialect == Dialect::kSqlServer && right.text.find('[') != std::string::npos) {
    // [0-9] is a class in SQL Server's LIKE: written as a regular expression.
    std::string regex = "^";
    bool in_class = false;
    for (const char c : right.text) {
      if (in_class) {
        regex.push_back(c);
        in_class = c != ']';
      } else if (c == '[') {
        regex.push_back(c);
        in_class = true;
      } else if (c == '%') {
        regex += ".*";
      } else if (c == '_') {
        regex += ".";
      } else {
        if (std::string_view("\\.^$|()*+?{}").find(c) != std::string_view::npos) regex += "\\";
        regex.push_back(c);
      }
    }
    if (in_class) return false;
    rule.op = "regex";
    rule.values[0] = regex + "$";
  }
  rules->push_back(std::move(rule));
  return true;
}

bool CheckParser::Regex(Range column, Range pattern, std::vector<Rule>* rules) {
  const Operand left = Read(column), right = Read(pattern);
  if (left.kind != Operand::Kind::kColumn || left.changed ||
      right.kind != Operand::Kind::kLiteral || !right.quoted)
    return false;
  Rule rule;
  rule.kind = Rule::Kind::kPattern;
  rule.column = left.text;
  rule.op = "regex";
  rule.quoted = true;
  rule.values.push_back(right.text);
  rules->push_back(std::move(rule));
  return true;
}

// JSON_VALID(c), REGEXP_LIKE(c, 'pattern')
bool CheckParser::Call(Range r, std::vector<Rule>* rules) {
  if (r.end - r.begin < 4 || !At(r.begin + 1).Is('(') || match_[r.begin + 1] != r.end - 1)
    return false;
  const std::vector<Range> args = Split({r.begin + 2, r.end - 1}, ",");
  const Token& word = At(r.begin);
  if (word.IsWord("JSON_VALID") || word.IsWord("ISJSON")) {
    const Operand column = Read(args[0]);
    if (column.kind != Operand::Kind::kColumn) return false;
    out_.json_columns.push_back(column.text);
    return true;
  }
  if (word.IsWord("REGEXP_LIKE") && args.size() == 2) return Regex(args[0], args[1], rules);
  return false;
}

}  // namespace synthmill::ddl
