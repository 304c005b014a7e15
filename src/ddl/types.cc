#include "ddl/types.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace synthmill::ddl {
namespace {

constexpr int kMaxDimensions = 8;

// A whole number, perhaps with K, M or G behind it; -1 for any other token.
int64_t ReadSize(const Token& token) {
  int64_t value = 0;
  const char* end = token.text.data() + token.text.size();
  const auto [rest, error] = std::from_chars(token.text.data(), end, value);
  if (error != std::errc() || rest == token.text.data() || value < 0) return -1;
  if (rest == end) return value;
  if (rest + 1 != end) return -1;
  int64_t unit = 0;
  switch (UpperAscii(*rest)) {
    case 'K':
      unit = int64_t{1} << 10;
      break;
    case 'M':
      unit = int64_t{1} << 20;
      break;
    case 'G':
      unit = int64_t{1} << 30;
      break;
    default:
      return -1;
  }
  return value > (int64_t{1} << 32) ? -1 : value * unit;
}

int ClampDigits(int64_t value, int most) {
  return static_cast<int>(std::clamp<int64_t>(value, 0, most));
}

class TypeParser {
 public:
  TypeParser(Cursor* cursor, const DialectEntry& dialect) : c_(*cursor), dialect_(dialect) {}

  bool Parse(ParsedType* out, int depth);

 private:
  bool ParseBase(ParsedType* out, int depth);
  bool ParseNested(ParsedType* out, int depth, bool* is_nested);
  bool ParseFields(Type* type, char close, int depth);
  bool ParseArgs(const TypeWord& word, Type* type);
  bool ParseLength(Type* type);
  bool ParseLabels(Type* type);
  bool ParseInterval(Type* type);
  bool ParseModifiers(Type* type);
  bool MakeArray(Type* type, int* dimensions);
  const TypeWord* FindWord(size_t* used) const;

  Cursor& c_;
  const DialectEntry& dialect_;
};

// The longest run of words that is a type: DOUBLE PRECISION, NATIONAL CHARACTER VARYING, …
const TypeWord* TypeParser::FindWord(size_t* used) const {
  const Token& first = c_.Peek();
  *used = 1;
  const bool bracketed = first.kind == TokenKind::kName || first.kind == TokenKind::kDouble;
  if (bracketed) {
    const std::string inside = Unquote(first);
    return FindTypeWord(dialect_, inside);
  }
  if (first.kind != TokenKind::kWord) return nullptr;
  size_t i = 0;
  std::string_view word = first.text;
  if (first.IsWord("NATIONAL")) {
    word = c_.Peek(1).IsWord("VARCHAR")   ? "NVARCHAR"
           : c_.Peek(2).IsWord("VARYING") ? "NVARCHAR"
                                          : "NCHAR";
    i = 1;
  }
  if (first.IsWord("LONG") && c_.Peek(1).IsWord("RAW")) {
    *used = 2;
    return FindTypeWord(dialect_, "BLOB");
  }
  if (first.IsWord("LONG") && (c_.Peek(1).IsWord("VARCHAR") || c_.Peek(1).IsWord("VARBINARY"))) {
    *used = 2;
    return FindTypeWord(dialect_, c_.Peek(1).IsWord("VARCHAR") ? "MEDIUMTEXT" : "MEDIUMBLOB");
  }
  const Token& second = c_.Peek(i + 1);
  const Token& third = c_.Peek(i + 2);
  const bool charlike =
      c_.Peek(i).IsWord("CHAR") || c_.Peek(i).IsWord("CHARACTER") || c_.Peek(i).IsWord("NCHAR");
  if (charlike && second.IsWord("VARYING")) {
    *used = i + 2;
    return FindTypeWord(dialect_, i == 1 || first.IsWord("NCHAR") ? "NVARCHAR" : "VARCHAR");
  }
  if ((charlike || first.IsWord("BINARY")) && second.IsWord("LARGE") && third.IsWord("OBJECT")) {
    *used = i + 3;
    return FindTypeWord(dialect_, charlike ? "CLOB" : "BLOB");
  }
  if (first.IsWord("BINARY") && second.IsWord("VARYING")) {
    *used = 2;
    return FindTypeWord(dialect_, "VARBINARY");
  }
  if (first.IsWord("BIT") && second.IsWord("VARYING")) {
    *used = 2;
    return FindTypeWord(dialect_, "VARBIT");
  }
  if (first.IsWord("DOUBLE") && second.IsWord("PRECISION")) {
    *used = 2;
    return FindTypeWord(dialect_, "DOUBLE");
  }
  *used = i + 1;
  return FindTypeWord(dialect_, word);
}

bool TypeParser::ParseLength(Type* type) {
  const Token& token = c_.Peek();
  if (token.IsWord("MAX") || token.Is('*')) {
    c_.Next();
    type->length = -1;
  } else {
    const int64_t length = ReadSize(token);
    if (length < 0) return c_.Fail(token, "the length of a type is a whole number");
    c_.Next();
    type->length = length;
    if (c_.AtAnyWord({"K", "M", "G"})) {  // 1 M
      const std::string size = std::string(token.text) + std::string(c_.Next().text);
      type->length = ReadSize({TokenKind::kWord, false, false, size});
    }
  }
  if (c_.AcceptWord("CHAR") || c_.AcceptWord("CODEUNITS32") || c_.AcceptWord("CHARACTERS") ||
      c_.AcceptWord("CODEUNITS16"))
    type->length_in_bytes = false;
  else if (c_.AcceptWord("BYTE") || c_.AcceptWord("OCTETS") || c_.AcceptWord("BYTES"))
    type->length_in_bytes = true;
  return true;
}

bool TypeParser::ParseLabels(Type* type) {
  while (!c_.At(')')) {
    const Token& token = c_.Peek();
    if (token.kind != TokenKind::kString && token.kind != TokenKind::kDouble)
      return c_.Unexpected("a label in quotes");
    type->labels.push_back(Unquote(c_.Next()));
    if (!c_.Accept(',')) break;
  }
  return true;
}

bool TypeParser::ParseArgs(const TypeWord& word, Type* type) {
  if (!c_.At('(')) return true;
  const size_t open = c_.position();
  c_.Next();
  switch (word.args) {
    case TypeArgs::kNone: {
      // TINYINT(1) is how MySQL writes BOOLEAN.
      const bool one = c_.Peek().text == "1" && c_.Peek(1).Is(')');
      if (type->kind == Type::Kind::kInt && type->bits == 8 && one &&
          dialect_.dialect != Dialect::kSqlServer)
        type->kind = Type::Kind::kBool;
      c_.Seek(open);
      return c_.SkipParens();
    }
    case TypeArgs::kLength:
      if (c_.At(')')) break;
      if (!ParseLength(type)) return false;
      break;
    case TypeArgs::kPrecision: {
      if (c_.At(')')) break;
      const bool any = c_.Accept('*');
      const int64_t precision = any ? 38 : ReadSize(c_.Peek());
      if (precision < 0) return c_.Fail(c_.Peek(), "the precision of a number is a whole number");
      if (!any) c_.Next();
      type->precision = ClampDigits(precision, 1000);
      type->scale = 0;
      if (c_.Accept(',')) {
        const bool negative = c_.Accept('-');
        const int64_t scale = ReadSize(c_.Peek());
        if (scale < 0) return c_.Fail(c_.Peek(), "the scale of a number is a whole number");
        c_.Next();
        type->scale = negative ? -ClampDigits(scale, 1000) : ClampDigits(scale, 1000);
      }
      break;
    }
    case TypeArgs::kSecond: {
      const int64_t digits = ReadSize(c_.Peek());
      if (digits < 0) return c_.Fail(c_.Peek(), "digits of a second are a whole number");
      c_.Next();
      type->precision = ClampDigits(digits, 9);
      break;
    }
    case TypeArgs::kFloat: {
      const int64_t digits = ReadSize(c_.Peek());
      if (digits >= 0) type->bits = digits > 24 || type->bits == 64 ? 64 : 32;
      if (digits > 0 && digits <= 24 && dialect_.dialect == Dialect::kSqlServer) type->bits = 32;
      c_.Next();
      if (c_.Accept(',')) c_.Next();
      break;
    }
    case TypeArgs::kLabels:
      if (!ParseLabels(type)) return false;
      break;
  }
  return c_.Expect(')', "behind the length of the type");
}

bool TypeParser::ParseFields(Type* type, char close, int depth) {
  type->kind = Type::Kind::kStruct;
  while (!c_.At(close)) {
    ParsedType child;
    // `a INT`, `a: INT`; BigQuery allows fields without a name.
    size_t used = 0;
    const bool named =
        c_.Peek(1).Is(':') ||
        (c_.AtName() &&
         (c_.Peek(1).kind == TokenKind::kWord || c_.Peek(1).kind == TokenKind::kName) &&
         !(FindWord(&used) != nullptr && used > 1));
    Name name;
    if (named && !c_.ParseIdentifier(&name, "the name of a field")) return false;
    c_.Accept(':');
    if (!Parse(&child, depth + 1)) return false;
    while (!c_.AtEnd() && !c_.At(',') && !c_.At(close)) {  // NOT NULL, COMMENT '…', OPTIONS(…)
      if (c_.At('(')) {
        if (!c_.SkipParens()) return false;
      } else {
        c_.Next();
      }
    }
    type->field_names.push_back(name.text.empty() ? "f" + std::to_string(type->children.size())
                                                  : std::move(name.text));
    type->children.push_back(std::move(child.type));
    if (!c_.Accept(',')) break;
  }
  return c_.Expect(close, "behind the fields of the struct");
}

bool TypeParser::ParseNested(ParsedType* out, int depth, bool* is_nested) {
  const bool array = c_.AtAnyWord({"ARRAY", "LIST"});
  const bool map = c_.AtWord("MAP");
  const bool strukt = c_.AtAnyWord({"STRUCT", "ROW", "UNIONTYPE", "NESTED"});
  const bool object = c_.AtWord("OBJECT");
  const bool angle = c_.Peek(1).Is('<');
  const bool round = c_.Peek(1).Is('(');
  *is_nested = (array || map || strukt || object) && (angle || round);
  if (!*is_nested) return true;
  c_.Next();
  c_.Next();
  const char close = angle ? '>' : ')';
  Type* type = &out->type;
  if (strukt || object) return ParseFields(type, close, depth);
  type->kind = array ? Type::Kind::kArray : Type::Kind::kMap;
  for (int i = 0; i < (array ? 1 : 2); ++i) {
    ParsedType child;
    if (i > 0 && !c_.Expect(',', "between the key and the value of the map")) return false;
    if (!Parse(&child, depth + 1)) return false;
    c_.AcceptWords({"NOT", "NULL"});
    type->children.push_back(std::move(child.type));
  }
  return c_.Expect(close, "behind the element type");
}

bool TypeParser::ParseInterval(Type* type) {
  // INTERVAL YEAR(2) TO MONTH, INTERVAL DAY TO SECOND(6)
  while (c_.AtAnyWord({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"})) {
    c_.Next();
    if (c_.At('(') && !c_.SkipParens()) return false;
  }
  type->precision = -1;
  return true;
}

bool TypeParser::MakeArray(Type* type, int* dimensions) {
  if (++*dimensions > kMaxDimensions)
    return c_.Fail(c_.Last(),
                   "arrays have at most " + std::to_string(kMaxDimensions) + " dimensions");
  Type element = std::move(*type);
  *type = {};
  type->kind = Type::Kind::kArray;
  type->children.push_back(std::move(element));
  return true;
}

bool TypeParser::ParseModifiers(Type* type) {
  int dimensions = 0;
  for (;;) {
    if (c_.AcceptWord("UNSIGNED")) {
      type->is_unsigned = true;
    } else if (c_.AcceptWord("ZEROFILL")) {
      type->is_unsigned = true;
    } else if (c_.AcceptWord("SIGNED")) {
    } else if (c_.AcceptWords({"WITH", "TIME", "ZONE"}) ||
               c_.AcceptWords({"WITH", "LOCAL", "TIME", "ZONE"}) ||
               c_.AcceptWords({"WITH", "TIMEZONE"})) {
      type->with_zone = true;
    } else if (c_.AcceptWords({"WITHOUT", "TIME", "ZONE"}) ||
               c_.AcceptWords({"WITHOUT", "TIMEZONE"})) {
    } else if (c_.AcceptWords({"FOR", "BIT", "DATA"})) {
      type->kind = Type::Kind::kBinary;
      type->length_in_bytes = false;
    } else if (c_.AtWords({"FOR", "SBCS", "DATA"}) || c_.AtWords({"FOR", "MIXED", "DATA"})) {
      c_.Seek(c_.position() + 3);
    } else if (c_.AcceptWords({"CHARACTER", "SET"}) || c_.AcceptWord("CHARSET") ||
               c_.AcceptWord("CCSID")) {
      if (c_.At('=')) c_.Next();
      c_.Next();
    } else if (type->kind == Type::Kind::kText &&
               (c_.AcceptWord("BINARY") || c_.AcceptWord("ASCII") || c_.AcceptWord("UNICODE") ||
                c_.AcceptWord("BYTE"))) {
    } else if (c_.At('[')) {
      c_.Next();
      while (!c_.AtEnd() && !c_.At(']')) c_.Next();
      if (!c_.Expect(']', "behind the size of the array") || !MakeArray(type, &dimensions))
        return false;
    } else if (c_.AcceptWord("ARRAY")) {
      // ARRAY[4]: one dimension, not two.
      if (c_.At('[')) continue;
      if (!MakeArray(type, &dimensions)) return false;
    } else {
      return true;
    }
  }
}

bool TypeParser::ParseBase(ParsedType* out, int depth) {
  bool is_nested = false;
  if (!ParseNested(out, depth, &is_nested) || is_nested) return !c_.failed();
  Type* type = &out->type;
  // dbo.Flag, public.mood: a type of the user's own, unless the last part is known.
  const bool qualified = c_.AtName() && c_.Peek(1).Is('.');
  size_t used = 0;
  const TypeWord* word = qualified ? nullptr : FindWord(&used);
  if (word == nullptr) {
    if (!c_.ParseQualifiedName(&out->name, "a type")) return false;
    const bool system = qualified && (EqualsIgnoreCase(out->name.qualifier.back(), "sys") ||
                                      EqualsIgnoreCase(out->name.qualifier.back(), "pg_catalog") ||
                                      EqualsIgnoreCase(out->name.qualifier.back(), "mdsys"));
    if (system) word = FindTypeWord(dialect_, out->name.text);
    if (word == nullptr) {
      if (c_.At('%')) return c_.Unexpected("a type");
      if (c_.At('(') && !c_.SkipParens()) return false;
      return ParseModifiers(type);
    }
    out->name = {};
  } else {
    c_.Seek(c_.position() + used);
  }
  type->kind = word->kind;
  type->bits = word->bits;
  type->length = word->length;
  type->precision = word->precision;
  type->scale = word->scale;
  type->is_unsigned = (word->flags & TypeWord::kUnsigned) != 0;
  type->fixed = (word->flags & TypeWord::kFixed) != 0;
  type->with_zone = (word->flags & TypeWord::kZone) != 0;
  type->set = (word->flags & TypeWord::kSet) != 0;
  type->length_in_bytes =
      (word->flags & TypeWord::kBytes) != 0 ||
      (type->kind == Type::Kind::kText && word->args == TypeArgs::kLength &&
       dialect_.char_in_bytes && !word->word.starts_with('N') && !word->word.ends_with("GRAPHIC"));
  out->identity = (word->flags & TypeWord::kIdentity) != 0;
  out->not_null = (word->flags & TypeWord::kNotNull) != 0;
  if (type->kind == Type::Kind::kDecimal && word->precision < 0) {
    type->precision = dialect_.decimal_precision;
    type->scale = dialect_.decimal_scale;
  }
  // Only NUMBER without digits is unbounded in Oracle; DECIMAL and INTEGER are whole numbers.
  if (type->kind == Type::Kind::kDecimal && dialect_.dialect == Dialect::kOracle &&
      word->word != "NUMBER" && word->precision < 0) {
    type->precision = 38;
    type->scale = 0;
  }
  if (type->kind == Type::Kind::kInterval && !ParseInterval(type)) return false;
  if (!ParseArgs(*word, type)) return false;
  if (type->kind == Type::Kind::kInterval && !ParseInterval(type)) return false;
  if (type->kind == Type::Kind::kNetwork || type->kind == Type::Kind::kGeometry)
    type->text = Lower(word->word);
  return ParseModifiers(type);
}

bool TypeParser::Parse(ParsedType* out, int depth) {
  if (depth > Cursor::kMaxDepth)
    return c_.Fail(c_.Peek(), "types are nested too deeply here (more than " +
                                  std::to_string(Cursor::kMaxDepth) + " levels)");
  if (!c_.AtName()) return c_.Unexpected("a type");
  const size_t begin = c_.position();
  if (!ParseBase(out, depth)) return false;
  if (out->type.kind != Type::Kind::kNetwork && out->type.kind != Type::Kind::kGeometry)
    out->type.text = FoldedText(c_.token(begin), c_.Last());
  return true;
}

}  // namespace

bool ParseType(Cursor* cursor, const DialectEntry& dialect, ParsedType* out, int depth) {
  return TypeParser(cursor, dialect).Parse(out, depth);
}

void ApplySqliteAffinity(Type* type) {
  const std::string word = Upper(type->text);
  const auto has = [&](std::string_view part) { return word.find(part) != std::string::npos; };
  if (has("INT")) {
    type->kind = Type::Kind::kInt;
    type->bits = 64;
  } else if (has("CHAR") || has("CLOB") || has("TEXT")) {
    type->kind = Type::Kind::kText;
    const size_t open = word.find('(');
    if (open != std::string::npos) {
      int64_t length = 0;
      const auto [rest, error] =
          std::from_chars(word.data() + open + 1, word.data() + word.size(), length);
      if (error == std::errc() && length > 0) type->length = length;
    }
  } else if (has("BLOB")) {
    type->kind = Type::Kind::kBinary;
  } else if (has("REAL") || has("FLOA") || has("DOUB")) {
    type->kind = Type::Kind::kFloat;
    type->bits = 64;
  } else if (word.empty()) {
    type->kind = Type::Kind::kText;
  } else {
    type->kind = Type::Kind::kDecimal;
  }
}

}  // namespace synthmill::ddl
