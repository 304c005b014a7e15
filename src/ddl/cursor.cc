#include "ddl/cursor.h"

#include <utility>

namespace synthmill::ddl {
namespace {

void AppendUtf8(uint32_t code, std::string* out) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code >> 6));
    out->push_back(static_cast<char>(0x80 | (code & 63)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code >> 12));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 63)));
    out->push_back(static_cast<char>(0x80 | (code & 63)));
  } else {
    out->push_back(static_cast<char>(0xF0 | code >> 18));
    out->push_back(static_cast<char>(0x80 | (code >> 12 & 63)));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 63)));
    out->push_back(static_cast<char>(0x80 | (code & 63)));
  }
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = LowerAscii(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// \xHH, \uHHHH, \UHHHHHHHH at `i` (behind the backslash); returns how many bytes were read.
size_t ReadHexEscape(std::string_view text, size_t i, std::string* out) {
  const size_t digits = text[i] == 'x' ? 2 : text[i] == 'u' ? 4 : 8;
  uint32_t code = 0;
  size_t n = 0;
  while (n < digits && i + 1 + n < text.size() && HexValue(text[i + 1 + n]) >= 0)
    code = code * 16 + static_cast<uint32_t>(HexValue(text[i + 1 + n++]));
  if (n == 0) return 0;
  AppendUtf8(code, out);
  return n + 1;
}

std::string UnescapeBackslashes(std::string_view text, char quote) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == quote && i + 1 < text.size() && text[i + 1] == quote) {
      out.push_back(c);
      ++i;
    } else if (c != '\\' || i + 1 >= text.size()) {
      out.push_back(c);
    } else {
      const char e = text[++i];
      if (e == 'x' || e == 'u' || e == 'U') {
        const size_t read = ReadHexEscape(text, i, &out);
        if (read > 0) {
          i += read - 1;
          continue;
        }
      }
      switch (e) {
        case 'n':
          out.push_back('\n');
          break;
        case 't':
          out.push_back('\t');
          break;
        case 'r':
          out.push_back('\r');
          break;
        case 'b':
          out.push_back('\b');
          break;
        case '%':  // MySQL keeps the backslash of \% and \_, which only LIKE reads
        case '_':
          out.append("\\").push_back(e);
          break;
        default:
          out.push_back(e);
      }
    }
  }
  return out;
}

std::string Undouble(std::string_view text, char quote) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    if (text[i] == quote && i + 1 < text.size() && text[i + 1] == quote) ++i;
  }
  return out;
}

}  // namespace

std::string_view StringPrefix(const Token& token) {
  if (token.text.starts_with('$')) return token.text.substr(0, token.text.find('$', 1) + 1);
  return token.text.substr(0, token.text.find('\''));
}

std::string Unquote(const Token& token) {
  std::string_view text = token.text;
  switch (token.kind) {
    case TokenKind::kString: {
      const std::string_view prefix = StringPrefix(token);
      if (prefix.starts_with('$') && prefix.size() >= 2)
        return std::string(text.substr(prefix.size(), text.size() - 2 * prefix.size()));
      text.remove_prefix(prefix.size());
      text = text.substr(1, text.size() - 2);
      return token.backslash ? UnescapeBackslashes(text, '\'') : Undouble(text, '\'');
    }
    case TokenKind::kDouble:
      if (text.starts_with("\"\"\"") && text.size() >= 6 && token.backslash)
        return UnescapeBackslashes(text.substr(3, text.size() - 6), '\0');
      text = text.substr(1, text.size() - 2);
      return token.backslash ? UnescapeBackslashes(text, '"') : Undouble(text, '"');
    case TokenKind::kName:
      return Undouble(text.substr(1, text.size() - 2), text[0] == '[' ? ']' : text[0]);
    default:
      return std::string(text);
  }
}

std::string FoldedText(const Token& first, const Token& last) {
  const char* begin = first.text.data();
  const char* end = last.text.data() + last.text.size();
  if (begin == nullptr || end <= begin) return "";
  std::string out;
  bool space = false;
  for (const char* p = begin; p < end; ++p) {
    if (*p == ' ' || (*p >= '\t' && *p <= '\r') || *p == '\0') {
      space = !out.empty();
    } else {
      if (space) out.push_back(' ');
      space = false;
      out.push_back(*p);
    }
  }
  return out;
}

bool Cursor::Fail(const Token& at, std::string message, std::string hint) {
  if (!failed_) {
    failed_ = true;
    error_token_ = at;
    error_ = std::move(message);
    hint_ = std::move(hint);
  }
  return false;
}

bool Cursor::Unexpected(std::string_view expected) {
  const Token& token = Peek();
  std::string found;
  if (token.kind == TokenKind::kEnd) {
    found = "the statement ends";
  } else {
    std::string_view text = token.text.substr(0, 40);
    while (!text.empty() && text.size() < token.text.size() &&
           (static_cast<unsigned char>(token.text[text.size()]) & 0xC0) == 0x80)
      text.remove_suffix(1);
    found = "found '" +
            FoldedText({token.kind, false, false, text}, {token.kind, false, false, text}) +
            (text.size() < token.text.size() ? "…'" : "'");
  }
  return Fail(token, "expected " + std::string(expected) + ", but " + found);
}

bool Cursor::Expect(char punct, std::string_view after) {
  if (Accept(punct)) return true;
  return Unexpected(std::string("'") + punct + "' " + std::string(after));
}

bool Cursor::SkipParens() {
  const Token open = Peek();
  // Only round ones nest here: [ ] and < > may stand unpaired in expressions.
  int depth = 0;
  while (!AtEnd()) {
    const Token& token = Next();
    if (token.Is('(')) {
      ++depth;
    } else if (token.Is(')')) {
      if (--depth == 0) return true;
    } else if (depth == 0) {
      return true;  // not at a parenthesis: one token is passed over
    }
  }
  return Fail(open, "this parenthesis is never closed");
}

bool Cursor::ParseIdentifier(Name* name, std::string_view what) {
  if (!AtName()) return Unexpected(what);
  const Token& token = Next();
  name->quoted = token.kind != TokenKind::kWord;
  name->text = Unquote(token);
  if (name->text.empty()) return Fail(token, std::string(what) + " is empty");
  return true;
}

bool Cursor::ParseQualifiedName(Name* name, std::string_view what) {
  *name = {};
  if (At('.')) Next();
  Name part;
  if (!ParseIdentifier(&part, what)) return false;
  // BigQuery: `project.dataset.table` in one pair of quotes.
  const bool one_pair = part.quoted && Last().text[0] == '`';
  while (At('.')) {
    name->qualifier.push_back(std::move(part.text));
    Next();
    while (At('.')) Next();  // db..table
    part = {};
    // A number after a dot is lexed with it: schema.2020_sales
    if (!ParseIdentifier(&part, what)) return false;
  }
  if (one_pair && name->qualifier.empty() && part.text.find('.') != std::string::npos &&
      part.text.front() != '.' && part.text.back() != '.' &&
      part.text.find("..") == std::string::npos && part.text.find(' ') == std::string::npos &&
      part.text.find('/') == std::string::npos) {
    for (size_t dot; (dot = part.text.find('.')) != std::string::npos;) {
      name->qualifier.push_back(part.text.substr(0, dot));
      part.text.erase(0, dot + 1);
    }
  }
  name->text = std::move(part.text);
  name->quoted = part.quoted;
  return true;
}

bool Cursor::ParseNameList(std::vector<std::string>* names, bool* expressions) {
  if (!Expect('(', "before the list of columns")) return false;
  const Token open = Last();
  for (;;) {
    if (Accept(')')) break;  // a trailing comma, or ()
    const bool plain = AtName() && !Peek(1).IsPunct("::") && !Peek(1).IsPunct("||") &&
                       !(Peek(1).Is('(') && Peek(2).kind != TokenKind::kNumber);
    if (plain) {
      Name name;
      if (!ParseIdentifier(&name, "a column name")) return false;
      names->push_back(std::move(name.text));
    } else if (expressions != nullptr) {
      *expressions = true;
    } else {
      return Unexpected("a column name");
    }
    // (10), ASC, DESC, NULLS FIRST, COLLATE x, operator classes, expressions
    while (!AtEnd() && !At(',') && !At(')'))
      if (!SkipParens()) return false;
    if (Accept(',')) continue;
    if (!Expect(')', "at the end of the list of columns")) return false;
    break;
  }
  if (names->empty() && (expressions == nullptr || !*expressions))
    return Fail(open, "this list of columns is empty");
  return true;
}

}  // namespace synthmill::ddl
