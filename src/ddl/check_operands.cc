// What the sides of a comparison are: columns, literals, lengths, years, today.
#include <algorithm>

#include "ddl/check_parser.h"
#include "ddl/cursor.h"

namespace synthmill::ddl {

// At the word on the top level; BETWEEN's own AND and what stands in CASE … END are passed over.
std::vector<TokenRange> CheckParser::Split(TokenRange r, std::string_view word) const {
  std::vector<TokenRange> parts;
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

bool CheckParser::IsNullTest(TokenRange r, std::string* column) const {
  r = Strip(r);
  if (r.end - r.begin < 3 || !At(r.end - 1).IsWord("NULL") || !At(r.end - 2).IsWord("IS"))
    return false;
  const CheckOperand operand = Read({r.begin, r.end - 2});
  *column = operand.text;
  return operand.kind == CheckOperand::Kind::kColumn;
}

CheckOperand CheckParser::Read(TokenRange r, int depth) const {
  CheckOperand out;
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
    out.kind = CheckOperand::Kind::kLiteral;
    out.text = Unquote(first);
    out.quoted = first.kind == TokenKind::kString || first.kind == TokenKind::kDouble;
    return out;
  }
  if (first.Is('-') || first.Is('+')) {
    out = Read({r.begin + 1, r.end}, depth + 1);
    if (out.kind != CheckOperand::Kind::kLiteral || out.quoted) return {};
    if (first.Is('-')) out.text = out.text.starts_with('-') ? out.text.substr(1) : "-" + out.text;
    return out;
  }
  if (const CheckOperand now = Now(r, depth); now.kind == CheckOperand::Kind::kNow) return now;
  // DATE '2000-01-01'
  if (size == 2 && last.kind == TokenKind::kString &&
      (first.IsWord("DATE") || first.IsWord("TIMESTAMP") || first.IsWord("TIME"))) {
    out.kind = CheckOperand::Kind::kLiteral;
    out.text = Unquote(last);
    out.quoted = true;
    return out;
  }
  const bool name = first.kind == TokenKind::kWord || first.kind == TokenKind::kName ||
                    first.kind == TokenKind::kDouble;
  if (!name) return out;
  if (size == 1 || (size == 3 && At(r.begin + 1).Is('.'))) {
    if (last.IsWord("NULL")) return out;
    out.kind = CheckOperand::Kind::kColumn;
    out.text = Unquote(last);
    return out;
  }
  if (!At(r.begin + 1).Is('(') || match_[r.begin + 1] != r.end - 1) return out;
  const TokenRange inside{r.begin + 2, r.end - 1};
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return first.IsWord(word); });
  };
  if (is({"LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "LEN"})) {
    out = Read(inside, depth + 1);
    if (out.kind != CheckOperand::Kind::kColumn) return {};
    out.kind = CheckOperand::Kind::kLength;
    return out;
  }
  if (is({"YEAR"}) ||
      (is({"EXTRACT"}) && At(inside.begin).IsWord("YEAR") && At(inside.begin + 1).IsWord("FROM"))) {
    out = Read({inside.begin + (first.IsWord("YEAR") ? 0 : 2), inside.end}, depth + 1);
    if (out.kind != CheckOperand::Kind::kColumn || out.changed) return {};
    out.kind = CheckOperand::Kind::kYear;
    return out;
  }
  if (is({"UPPER", "LOWER", "TRIM", "LTRIM", "RTRIM", "BTRIM", "UCASE", "LCASE"})) {
    out = Read(inside, depth + 1);
    out.changed = true;
    out.cased = is({"UPPER", "UCASE"}) ? "UPPER" : is({"LOWER", "LCASE"}) ? "LOWER" : "";
    return out.kind == CheckOperand::Kind::kColumn || out.kind == CheckOperand::Kind::kLiteral
               ? out
               : CheckOperand{};
  }
  if (is({"CAST", "TRY_CAST"}))
    for (size_t i = inside.begin; i < inside.end; ++i)
      if (At(i).IsWord("AS")) return Read({inside.begin, i}, depth + 1);
  return out;
}

// CURRENT_DATE, now(), GETDATE() - INTERVAL '18 years', DATEADD(YEAR, -18, GETDATE()), …
CheckOperand CheckParser::Now(TokenRange r, int depth) const {
  static constexpr std::string_view kWords[] = {"CURRENT_DATE", "CURRENT_TIMESTAMP",
                                                "LOCALTIMESTAMP", "SYSDATE", "SYSTIMESTAMP"};
  static constexpr std::string_view kCalls[] = {
      "NOW",     "GETDATE",        "SYSDATETIME",  "GETUTCDATE",
      "CURDATE", "SYSUTCDATETIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"};
  CheckOperand out;
  const Token& first = At(r.begin);
  const size_t size = r.end - r.begin;
  const auto is = [&](std::string_view word) { return first.IsWord(word); };
  size_t used = 1;
  bool now = false;
  if (size >= 3 && At(r.begin + 1).Is('(')) {
    used = match_[r.begin + 1] - r.begin + 1;
    now = std::any_of(std::begin(kCalls), std::end(kCalls), is);
  } else if (first.IsWord("CURRENT") && size >= 2 &&
             (At(r.begin + 1).IsWord("DATE") || At(r.begin + 1).IsWord("TIMESTAMP"))) {
    used = 2;
    now = true;
  } else {
    now = std::any_of(std::begin(kWords), std::end(kWords), is);
  }
  const auto unit = [](const Token& token, std::string_view text) -> char {
    for (const char* word : {"YEAR", "MONTH", "DAY", "YY", "MM", "DD", "YYYY"}) {
      std::string plural = std::string(word) + "S";
      if (token.IsWord(word) || token.IsWord(plural)) return word[0] | 0x20;
      if (EqualsIgnoreCase(text, word) || EqualsIgnoreCase(text, plural)) return word[0] | 0x20;
    }
    return 0;
  };
  if (now && (size == used)) {
    out.kind = CheckOperand::Kind::kNow;
    out.text = "now";
    return out;
  }
  if (now && size > used + 1 && (At(r.begin + used).Is('-') || At(r.begin + used).Is('+'))) {
    const char sign = At(r.begin + used).Is('-') ? '-' : '+';
    size_t at = r.begin + used + 1;
    char in = 'd';
    if (At(at).IsWord("INTERVAL") || At(at).kind == TokenKind::kString) {
      // '18 years', '18' YEAR, 18 YEAR
      at += At(at).IsWord("INTERVAL");
      const std::string text = Unquote(At(at));
      const size_t space = text.find(' ');
      if (at + 1 < r.end && At(at + 1).kind == TokenKind::kWord) {
        in = unit(At(++at), "");
      } else if (space != text.npos) {
        in = unit(Token(), text.substr(space + 1));
      } else {
        return out;
      }
      out.text = text.substr(0, space);
    } else if (At(at).kind == TokenKind::kNumber) {
      out.text = std::string(At(at).text);
    } else {
      return out;
    }
    const bool digits = !out.text.empty() && out.text.size() < 6 &&
                        out.text.find_first_not_of("0123456789") == out.text.npos;
    if (!digits || in == 0 || (at + 1 != r.end && !At(at + 1).IsPunct("::"))) return {};
    out.kind = CheckOperand::Kind::kNow;
    out.text = std::string("now") + sign + out.text + in;
    return out;
  }
  if (first.IsWord("DATEADD") && At(r.begin + 1).Is('(') && match_[r.begin + 1] == r.end - 1) {
    const std::vector<TokenRange> args = Split({r.begin + 2, r.end - 1}, ",");
    if (args.size() != 3) return out;
    const char in = unit(At(args[0].begin), "");
    const CheckOperand number = Read(args[1], depth + 1);
    const CheckOperand base = Read(args[2], depth + 1);
    if (in == 0 || number.kind != CheckOperand::Kind::kLiteral || number.quoted ||
        base.kind != CheckOperand::Kind::kNow || base.text != "now" || number.text.size() > 6)
      return out;
    out.kind = CheckOperand::Kind::kNow;
    out.text = "now" + (number.text.starts_with('-') ? number.text : "+" + number.text) + in;
  }
  return out;
}

bool CheckParser::Literals(TokenRange list, Rule* rule) const {
  for (const TokenRange& part : Split(list, ",")) {
    const CheckOperand value = Read(part);
    if (value.kind != CheckOperand::Kind::kLiteral) return false;
    rule->quoted = rule->quoted || value.quoted;
    rule->values.push_back(value.text);
  }
  return true;
}

}  // namespace synthmill::ddl
