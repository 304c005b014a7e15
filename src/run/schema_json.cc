#include "run/schema_json.h"

#include <arrow/type_traits.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace synthmill::run {

namespace {

struct NamedType {
  const char* name;
  std::shared_ptr<arrow::DataType> (*make)();
};

constexpr NamedType kTypes[] = {
    {"bool", [] { return arrow::boolean(); }},
    {"int8", [] { return arrow::int8(); }},
    {"int16", [] { return arrow::int16(); }},
    {"int32", [] { return arrow::int32(); }},
    {"int64", [] { return arrow::int64(); }},
    {"float32", [] { return arrow::float32(); }},
    {"float64", [] { return arrow::float64(); }},
    {"string", [] { return arrow::utf8(); }},
    {"binary", [] { return arrow::binary(); }},
    {"date", [] { return arrow::date32(); }},
    {"time", [] { return arrow::time64(arrow::TimeUnit::MICRO); }},
    {"timestamp", [] { return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"); }},
    {"timestamp_local", [] { return arrow::timestamp(arrow::TimeUnit::MICRO); }},
};

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Names of other characters stand between backticks, which are doubled within.
std::string FieldName(const std::string& name) {
  if (!name.empty() && std::all_of(name.begin(), name.end(), IsPlain)) return name;
  std::string out = "`";
  for (const char c : name) out += c == '`' ? std::string("``") : std::string(1, c);
  return out + "`";
}

using TypePtr = std::shared_ptr<arrow::DataType>;

// Reads a type's name from the front of a text.
class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : whole_(text), rest_(text) {}

  arrow::Result<TypePtr> All() {
    ARROW_ASSIGN_OR_RAISE(TypePtr type, Read(0));
    if (!rest_.empty()) return Unknown();
    return type;
  }

 private:
  arrow::Status Unknown() const {
    return arrow::Status::Invalid("unknown column type '", std::string(whole_), "'");
  }
  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool TakeNumber(int* out) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), *out);
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return error == std::errc();
  }
  bool TakeFieldName(std::string* name) {
    if (Take("`")) {
      while (!rest_.empty()) {
        if (Take("``")) {
          *name += '`';
        } else if (Take("`")) {
          return true;
        } else {
          *name += rest_[0];
          rest_.remove_prefix(1);
        }
      }
      return false;
    }
    while (!rest_.empty() && IsPlain(rest_[0])) {
      *name += rest_[0];
      rest_.remove_prefix(1);
    }
    return !name->empty();
  }

  arrow::Result<TypePtr> Read(int depth) {
    if (depth > 64) return Unknown();
    if (Take("list<")) {
      ARROW_ASSIGN_OR_RAISE(TypePtr item, Read(depth + 1));
      if (!Take(">")) return Unknown();
      return arrow::list(arrow::field("element", std::move(item)));
    }
    if (Take("map<")) {
      ARROW_ASSIGN_OR_RAISE(TypePtr key, Read(depth + 1));
      if (!Take(",")) return Unknown();
      ARROW_ASSIGN_OR_RAISE(TypePtr value, Read(depth + 1));
      if (!Take(">")) return Unknown();
      return std::make_shared<arrow::MapType>(arrow::field("key", std::move(key), false),
                                              arrow::field("value", std::move(value)));
    }
    if (Take("struct<")) {
      arrow::FieldVector fields;
      do {
        std::string name;
        if (!TakeFieldName(&name) || !Take(":")) return Unknown();
        ARROW_ASSIGN_OR_RAISE(TypePtr type, Read(depth + 1));
        fields.push_back(arrow::field(std::move(name), std::move(type)));
      } while (Take(","));
      if (!Take(">")) return Unknown();
      return arrow::struct_(std::move(fields));
    }
    if (Take("decimal(")) {
      int precision = 0, scale = 0;
      if (!TakeNumber(&precision) || !Take(",") || !TakeNumber(&scale) || !Take(")"))
        return Unknown();
      if (precision > 38) return arrow::Decimal256Type::Make(precision, scale);
      return arrow::Decimal128Type::Make(precision, scale);
    }
    size_t size = 0;
    while (size < rest_.size() && IsPlain(rest_[size])) ++size;
    for (const NamedType& named : kTypes) {
      if (rest_.substr(0, size) != named.name) continue;
      rest_.remove_prefix(size);
      return named.make();
    }
    return Unknown();
  }

  std::string_view whole_, rest_;
};

}  // namespace

arrow::Result<std::string> TypeName(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY) {
    return TypeName(*static_cast<const arrow::DictionaryType&>(type).value_type());
  }
  if (arrow::is_decimal(type.id())) {
    const auto& decimal = static_cast<const arrow::DecimalType&>(type);
    return fmt::format("decimal({},{})", decimal.precision(), decimal.scale());
  }
  if (type.id() == arrow::Type::LIST) {
    ARROW_ASSIGN_OR_RAISE(const std::string item, TypeName(*type.field(0)->type()));
    return "list<" + item + ">";
  }
  if (type.id() == arrow::Type::MAP) {
    const auto& map = static_cast<const arrow::MapType&>(type);
    ARROW_ASSIGN_OR_RAISE(const std::string key, TypeName(*map.key_type()));
    ARROW_ASSIGN_OR_RAISE(const std::string value, TypeName(*map.item_type()));
    return "map<" + key + "," + value + ">";
  }
  if (type.id() == arrow::Type::STRUCT) {
    std::string out;
    for (const auto& field : type.fields()) {
      ARROW_ASSIGN_OR_RAISE(const std::string name, TypeName(*field->type()));
      out += (out.empty() ? "" : ",") + FieldName(field->name()) + ":" + name;
    }
    return "struct<" + out + ">";
  }
  for (const NamedType& named : kTypes) {
    if (named.make()->Equals(type)) return std::string(named.name);
  }
  return arrow::Status::NotImplemented("the manifest has no name for the type ", type.ToString());
}

arrow::Result<std::shared_ptr<arrow::DataType>> TypeFromName(std::string_view name) {
  return TypeReader(name).All();
}

arrow::Result<nlohmann::ordered_json> SchemaToJson(const arrow::Schema& schema) {
  auto columns = nlohmann::ordered_json::array();
  for (const auto& field : schema.fields()) {
    ARROW_ASSIGN_OR_RAISE(const std::string type, TypeName(*field->type()));
    nlohmann::ordered_json column = {{"name", field->name()}, {"type", type}};
    if (!field->nullable()) column["nullable"] = false;
    columns.push_back(std::move(column));
  }
  return columns;
}

arrow::Result<std::shared_ptr<arrow::Schema>> SchemaFromJson(const nlohmann::ordered_json& json) {
  if (!json.is_array()) return arrow::Status::Invalid("a table's columns are not a list");
  arrow::FieldVector fields;
  for (const auto& column : json) {
    if (!column.is_object() || !column.contains("name") || !column["name"].is_string() ||
        !column.contains("type") || !column["type"].is_string()) {
      return arrow::Status::Invalid("a column lacks its name or type");
    }
    ARROW_ASSIGN_OR_RAISE(auto type, TypeFromName(column["type"].get<std::string>()));
    const auto nullable = column.find("nullable");
    fields.push_back(arrow::field(column["name"].get<std::string>(), std::move(type),
                                  nullable == column.end() || *nullable != false));
  }
  return arrow::schema(std::move(fields));
}

}  // namespace synthmill::run
