// From JSON text into Arrow's builders, by the type of the builder.
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_decimal.h>
#include <arrow/array/builder_nested.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/util/decimal.h>

#include <charconv>
#include <limits>

#include "core/dates.h"
#include "core/text.h"
#include "io/formats/json_cells.h"

namespace synthmill::io::internal {
namespace {

constexpr int kMaxDepth = 64;

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  arrow::Status All(const arrow::DataType& type, arrow::ArrayBuilder* builder) {
    ARROW_RETURN_NOT_OK(Value(type, builder, 0));
    SkipSpace();
    if (!rest_.empty()) return Unexpected("the end");
    return arrow::Status::OK();
  }

 private:
  arrow::Status Unexpected(std::string_view wanted) const {
    if (rest_.empty())
      return arrow::Status::Invalid("the JSON ends where ", wanted, " is expected");
    return arrow::Status::Invalid("JSON: '", std::string(rest_.substr(0, 20)), "' where ", wanted,
                                  " is expected");
  }
  void SkipSpace() {
    size_t n = 0;
    while (n < rest_.size() &&
           (rest_[n] == ' ' || rest_[n] == '\t' || rest_[n] == '\r' || rest_[n] == '\n'))
      ++n;
    rest_.remove_prefix(n);
  }
  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  arrow::Status Expect(char c) {
    SkipSpace();
    return Take({&c, 1}) ? arrow::Status::OK() : Unexpected(std::string("'") + c + "'");
  }

  int HexDigit(char c) const {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  }
  // The four digits behind \u.
  arrow::Status CodeUnit(uint32_t* out) {
    *out = 0;
    if (rest_.size() < 4) return Unexpected("four hexadecimal digits");
    for (int i = 0; i < 4; ++i) {
      const int digit = HexDigit(rest_[static_cast<size_t>(i)]);
      if (digit < 0) return Unexpected("four hexadecimal digits");
      *out = *out << 4 | static_cast<uint32_t>(digit);
    }
    rest_.remove_prefix(4);
    return arrow::Status::OK();
  }
  static void AppendUtf8(uint32_t c, std::string* out) {
    if (c < 0x80) {
      *out += static_cast<char>(c);
      return;
    }
    if (c < 0x800) {
      *out += static_cast<char>(0xC0 | c >> 6);
    } else {
      if (c < 0x10000) {
        *out += static_cast<char>(0xE0 | c >> 12);
      } else {
        *out += static_cast<char>(0xF0 | c >> 18);
        *out += static_cast<char>(0x80 | (c >> 12 & 63));
      }
      *out += static_cast<char>(0x80 | (c >> 6 & 63));
    }
    *out += static_cast<char>(0x80 | (c & 63));
  }
  arrow::Status Escape(std::string* out) {
    if (rest_.empty()) return Unexpected("an escape");
    const char c = rest_[0];
    static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (const size_t at = kFrom.find(c); at != std::string_view::npos) {
      *out += kTo[at];
      rest_.remove_prefix(1);
      return arrow::Status::OK();
    }
    if (c != 'u') return Unexpected("an escape");
    rest_.remove_prefix(1);
    uint32_t unit = 0;
    ARROW_RETURN_NOT_OK(CodeUnit(&unit));
    if (unit >= 0xD800 && unit < 0xDC00) {
      uint32_t low = 0;
      if (!Take("\\u")) return Unexpected("the second half of a pair of \\u");
      ARROW_RETURN_NOT_OK(CodeUnit(&low));
      if (low < 0xDC00 || low > 0xDFFF) return Unexpected("the second half of a pair of \\u");
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xDC00 && unit < 0xE000) {
      return Unexpected("the first half of a pair of \\u");
    }
    AppendUtf8(unit, out);
    return arrow::Status::OK();
  }
  // A string, with its escapes undone; it lives until the next one.
  arrow::Result<std::string_view> String() {
    SkipSpace();
    if (!Take("\"")) return Unexpected("a string");
    text_.clear();
    bool copied = false;
    size_t n = 0;
    for (; n < rest_.size() && rest_[n] != '"';) {
      if (static_cast<unsigned char>(rest_[n]) < 0x20) {
        return arrow::Status::Invalid("JSON: a control character in a string");
      }
      if (rest_[n] != '\\') {
        ++n;
        continue;
      }
      text_.append(rest_.substr(0, n));
      copied = true;
      rest_.remove_prefix(n + 1);
      ARROW_RETURN_NOT_OK(Escape(&text_));
      n = 0;
    }
    if (n == rest_.size()) return arrow::Status::Invalid("JSON: a string without an end");
    std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n + 1);
    if (copied) out = text_.append(out);
    if (core::ValidUtf8Prefix(out) != out.size())
      return arrow::Status::Invalid("JSON: a string that is not UTF-8");
    return out;
  }
  arrow::Result<std::string_view> Number() {
    SkipSpace();
    size_t n = 0;
    while (n < rest_.size() && ((rest_[n] >= '0' && rest_[n] <= '9') || rest_[n] == '-' ||
                                rest_[n] == '+' || rest_[n] == '.' || (rest_[n] | 32) == 'e'))
      ++n;
    if (n == 0) return Unexpected("a number");
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }

  // What is between the brackets of an array or object: calls `item` for each.
  template <typename Item>
  arrow::Status Items(char open, char close, Item&& item) {
    ARROW_RETURN_NOT_OK(Expect(open));
    SkipSpace();
    if (Take({&close, 1})) return arrow::Status::OK();
    while (true) {
      ARROW_RETURN_NOT_OK(item());
      SkipSpace();
      if (Take({&close, 1})) return arrow::Status::OK();
      ARROW_RETURN_NOT_OK(Expect(','));
    }
  }

  arrow::Status Struct(const arrow::StructType& type, arrow::StructBuilder* builder, int depth) {
    ARROW_RETURN_NOT_OK(builder->Append());
    std::vector<bool> seen(static_cast<size_t>(type.num_fields()));
    int next = 0;
    ARROW_RETURN_NOT_OK(Items('{', '}', [&]() -> arrow::Status {
      ARROW_ASSIGN_OR_RAISE(const std::string_view name, String());
      // Mostly in order.
      int f = next < type.num_fields() && type.field(next)->name() == name
                  ? next
                  : type.GetFieldIndex(std::string(name));
      if (f < 0) return arrow::Status::Invalid("JSON: unexpected field '", std::string(name), "'");
      if (seen[static_cast<size_t>(f)])
        return arrow::Status::Invalid("JSON: field '", std::string(name), "' twice");
      seen[static_cast<size_t>(f)] = true;
      next = f + 1;
      ARROW_RETURN_NOT_OK(Expect(':'));
      const arrow::Status status =
          Value(*type.field(f)->type(), builder->field_builder(f), depth + 1);
      if (status.ok()) return status;
      return status.WithMessage("'", type.field(f)->name(), "': ", status.message());
    }));
    for (size_t f = 0; f < seen.size(); ++f)
      if (!seen[f]) ARROW_RETURN_NOT_OK(builder->field_builder(static_cast<int>(f))->AppendNull());
    return arrow::Status::OK();
  }

  template <typename Builder>
  arrow::Status Integer(const arrow::DataType& type, arrow::ArrayBuilder* builder,
                        std::string_view text) {
    using T = typename Builder::value_type;
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return No(text, type);
    return static_cast<Builder*>(builder)->Append(value);
  }
  static arrow::Status No(std::string_view text, const arrow::DataType& type) {
    return arrow::Status::Invalid("'", std::string(text.substr(0, 60)), "' is no ",
                                  type.ToString());
  }
  arrow::Status Decimal(const arrow::DecimalType& type, arrow::ArrayBuilder* builder,
                        std::string_view text) {
    arrow::Decimal128 value;
    int32_t precision = 0, scale = 0;
    if (!arrow::Decimal128::FromString(text, &value, &precision, &scale).ok())
      return No(text, type);
    const auto rescaled = value.Rescale(scale, type.scale());
    if (!rescaled.ok() || !rescaled->FitsInPrecision(type.precision())) return No(text, type);
    return static_cast<arrow::Decimal128Builder*>(builder)->Append(*rescaled);
  }
  // A value that is not nested, from its text without quotes.
  arrow::Status Scalar(const arrow::DataType& type, arrow::ArrayBuilder* builder,
                       std::string_view text) {
    switch (type.id()) {
      case arrow::Type::BOOL:
        if (text != "true" && text != "false") return No(text, type);
        return static_cast<arrow::BooleanBuilder*>(builder)->Append(text == "true");
      case arrow::Type::INT8:
        return Integer<arrow::Int8Builder>(type, builder, text);
      case arrow::Type::INT16:
        return Integer<arrow::Int16Builder>(type, builder, text);
      case arrow::Type::INT32:
        return Integer<arrow::Int32Builder>(type, builder, text);
      case arrow::Type::INT64:
        return Integer<arrow::Int64Builder>(type, builder, text);
      case arrow::Type::FLOAT:
        return Integer<arrow::FloatBuilder>(type, builder, text);
      case arrow::Type::DOUBLE:
        return Integer<arrow::DoubleBuilder>(type, builder, text);
      case arrow::Type::DECIMAL128:
        return Decimal(static_cast<const arrow::DecimalType&>(type), builder, text);
      case arrow::Type::STRING:
        return static_cast<arrow::StringBuilder*>(builder)->Append(text);
      case arrow::Type::BINARY: {
        ARROW_ASSIGN_OR_RAISE(const std::string bytes, FromHex(text));
        return static_cast<arrow::BinaryBuilder*>(builder)->Append(bytes);
      }
      case arrow::Type::DATE32: {
        const auto day = core::ParseIsoDate(text);
        if (!day) return No(text, type);
        return static_cast<arrow::Date32Builder*>(builder)->Append(static_cast<int32_t>(*day));
      }
      case arrow::Type::TIME64: {
        const auto clock = core::ParseClock(text);
        if (!clock) return No(text, type);
        return static_cast<arrow::Time64Builder*>(builder)->Append(*clock);
      }
      case arrow::Type::TIMESTAMP: {
        const auto moment = core::ParseMoment(text);
        if (!moment) return No(text, type);
        return static_cast<arrow::TimestampBuilder*>(builder)->Append(*moment);
      }
      default:
        return arrow::Status::NotImplemented("no JSON for the type ", type.ToString());
    }
  }

  arrow::Status Value(const arrow::DataType& type, arrow::ArrayBuilder* builder, int depth) {
    if (depth > kMaxDepth) return arrow::Status::Invalid("JSON: nested too deep");
    SkipSpace();
    if (Take("null")) return builder->AppendNull();
    switch (type.id()) {
      case arrow::Type::LIST: {
        auto* list = static_cast<arrow::ListBuilder*>(builder);
        ARROW_RETURN_NOT_OK(list->Append());
        return Items('[', ']', [&] {
          return Value(*type.field(0)->type(), list->value_builder(), depth + 1);
        });
      }
      case arrow::Type::MAP: {
        auto* map = static_cast<arrow::MapBuilder*>(builder);
        const auto& pair = static_cast<const arrow::MapType&>(type);
        ARROW_RETURN_NOT_OK(map->Append());
        return Items('{', '}', [&]() -> arrow::Status {
          ARROW_ASSIGN_OR_RAISE(const std::string_view key, String());
          ARROW_RETURN_NOT_OK(Scalar(*pair.key_type(), map->key_builder(), key));
          ARROW_RETURN_NOT_OK(Expect(':'));
          return Value(*pair.item_type(), map->item_builder(), depth + 1);
        });
      }
      case arrow::Type::STRUCT:
        return Struct(static_cast<const arrow::StructType&>(type),
                      static_cast<arrow::StructBuilder*>(builder), depth);
      case arrow::Type::BOOL:
        if (Take("true")) return static_cast<arrow::BooleanBuilder*>(builder)->Append(true);
        if (Take("false")) return static_cast<arrow::BooleanBuilder*>(builder)->Append(false);
        return Unexpected("true or false");
      case arrow::Type::STRING:
      case arrow::Type::BINARY:
      case arrow::Type::DATE32:
      case arrow::Type::TIME64:
      case arrow::Type::TIMESTAMP: {
        ARROW_ASSIGN_OR_RAISE(const std::string_view text, String());
        return Scalar(type, builder, text);
      }
      default: {
        ARROW_ASSIGN_OR_RAISE(const std::string_view text, Number());
        return Scalar(type, builder, text);
      }
    }
  }

  std::string_view rest_;
  std::string text_;  // the last string, if it had escapes
};

}  // namespace

arrow::Result<std::string> FromHex(std::string_view digits) {
  std::string out;
  out.reserve(digits.size() / 2);
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(&digits[i], &digits[i] + 2, byte, 16);
    if (error != std::errc() || end != &digits[i] + 2) break;
    out += static_cast<char>(byte);
  }
  if (out.size() * 2 != digits.size()) {
    return arrow::Status::Invalid("'", std::string(digits.substr(0, 60)),
                                  "' is not binary: an even number of hexadecimal digits");
  }
  return out;
}

arrow::Status ParseJson(std::string_view text, const arrow::DataType& type,
                        arrow::ArrayBuilder* builder) {
  return Parser(text).All(type, builder);
}

}  // namespace synthmill::io::internal
