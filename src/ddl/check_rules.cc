#include "ddl/check_rules.h"

#include <algorithm>
#include <utility>

#include "ddl/cursor.h"

namespace synthmill::ddl {
namespace {

struct Operand {
  enum class Kind { kOther, kColumn, kLength, kLiteral };
  Kind kind = Kind::kOther;
  std::string text;  // the column's name, or the literal without quotes
  bool quoted = false;
  bool changed = false;  // UPPER(c), TRIM(c): the column, but not as it is
};

struct Range {
  size_t begin, end;
};

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
  Range Strip(Range r) const {
    while (r.end - r.begin >= 2 && At(r.begin).Is('(') && match_[r.begin] == r.end - 1) {
      ++r.begin;
      --r.end;
    }
    return r;
  }
  std::vector<Range> Split(Range r, std::string_view word) const;
  void Other(Range r, std::vector<Rule>* rules) const {
    Rule rule;
    rule.kind = Rule::Kind::kOther;
    if (r.end > r.begin) rule.values.push_back(FoldedText(At(r.begin), At(r.end - 1)));
    rules->push_back(std::move(rule));
  }
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

// At the word on the top level; BETWEEN's own AND and what stands in CASE … END are passed over.
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
  for (size_t i = 1; i < found.size(); ++i)
    for (std::string& value : found[i].values) found[0].values.push_back(std::move(value));
  rules->push_back(std::move(found[0]));
  return true;
}

Operand CheckParser::Read(Range r, int depth) const {
  Operand out;
  if (depth > Cursor::kMaxDepth) return out;
  r = Strip(r);
  // x::type: the type says nothing about the value.
  for (size_t i = r.begin; i < r.end; ++i) {
    if (At(i).Is('(') || At(i).Is('[')) {
      i = std::min(match_[i], r.end);
    } else if (At(i).IsPunct("::")) {
      return i > r.begin ? Read({r.begin, i}, depth + 1) : out;
    }
  }
  const size_t size = r.end - r.begin;
  if (size == 0) return out;
  const Token& first = At(r.begin);
  const Token& last = At(r.end - 1);
  if (size == 1 && (first.kind == TokenKind::kString || first.kind == TokenKind::kNumber ||
                    (first.kind == TokenKind::kDouble && dialect_.double_quote_is_string) ||
                    first.IsWord("TRUE") || first.IsWord("FALSE"))) {
    out.kind = Operand::Kind::kLiteral;
    out.text = Unquote(first);
    out.quoted = first.kind == TokenKind::kString || first.kind == TokenKind::kDouble;
    return out;
  }
  if (first.Is('-') || first.Is('+')) {
    out = Read({r.begin + 1, r.end}, depth + 1);
    if (out.kind != Operand::Kind::kLiteral || out.quoted) return {};
    if (first.Is('-')) out.text = out.text.starts_with('-') ? out.text.substr(1) : "-" + out.text;
    return out;
  }
  // DATE '2000-01-01'
  if (size == 2 && last.kind == TokenKind::kString &&
      (first.IsWord("DATE") || first.IsWord("TIMESTAMP") || first.IsWord("TIME"))) {
    out.kind = Operand::Kind::kLiteral;
    out.text = Unquote(last);
    out.quoted = true;
    return out;
  }
  const bool name = first.kind == TokenKind::kWord || first.kind == TokenKind::kName ||
                    first.kind == TokenKind::kDouble;
  if (!name) return out;
  if (size == 1 || (size == 3 && At(r.begin + 1).Is('.'))) {
    if (last.IsWord("NULL") || last.IsWord("CURRENT_DATE") || last.IsWord("CURRENT_TIMESTAMP") ||
        last.IsWord("SYSDATE") || last.IsWord("LOCALTIMESTAMP"))
      return out;
    out.kind = Operand::Kind::kColumn;
    out.text = Unquote(last);
    return out;
  }
  if (!At(r.begin + 1).Is('(') || match_[r.begin + 1] != r.end - 1) return out;
  const Range inside{r.begin + 2, r.end - 1};
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return first.IsWord(word); });
  };
  if (is({"LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "LEN"})) {
    out = Read(inside, depth + 1);
    if (out.kind != Operand::Kind::kColumn) return {};
    out.kind = Operand::Kind::kLength;
    return out;
  }
  if (is({"UPPER", "LOWER", "TRIM", "LTRIM", "RTRIM", "BTRIM", "UCASE", "LCASE"})) {
    out = Read(inside, depth + 1);
    out.changed = true;
    return out.kind == Operand::Kind::kColumn || out.kind == Operand::Kind::kLiteral ? out
                                                                                     : Operand{};
  }
  if (is({"CAST", "TRY_CAST"}))
    for (size_t i = inside.begin; i < inside.end; ++i)
      if (At(i).IsWord("AS")) return Read({inside.begin, i}, depth + 1);
  return out;
}

bool CheckParser::Literals(Range list, Rule* rule) const {
  for (const Range& part : Split(list, ",")) {
    const Operand value = Read(part);
    if (value.kind != Operand::Kind::kLiteral) return false;
    rule->quoted = rule->quoted || value.quoted;
    rule->values.push_back(value.text);
  }
  return true;
}

bool CheckParser::In(Range column, Range list, std::vector<Rule>* rules) {
  const Operand left = Read(column);
  if (left.kind != Operand::Kind::kColumn) return false;
  Rule rule;
  rule.kind = Rule::Kind::kIn;
  rule.column = left.text;
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

std::string_view Flip(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return op;
}

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

}  // namespace

ParsedCheck ParseCheck(std::span<const Token> tokens, const DialectEntry& dialect) {
  return CheckParser(tokens, dialect).Parse();
}

}  // namespace synthmill::ddl
