// What the predicates of a CHECK are about: columns, lengths, literals.
#include <algorithm>
#include <utility>

#include "ddl/check_parser.h"
#include "ddl/cursor.h"

namespace synthmill::ddl {

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

}  // namespace synthmill::ddl
