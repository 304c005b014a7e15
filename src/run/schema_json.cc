#include "run/schema_json.h"

#include <arrow/type_traits.h>
#include <fmt/format.h>

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
    {"timestamp", [] { return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"); }},
    {"timestamp_local", [] { return arrow::timestamp(arrow::TimeUnit::MICRO); }},
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
  for (const NamedType& named : kTypes) {
    if (named.make()->Equals(type)) return std::string(named.name);
  }
  return arrow::Status::NotImplemented("the manifest has no name for the type ", type.ToString());
}

arrow::Result<std::shared_ptr<arrow::DataType>> TypeFromName(std::string_view name) {
  for (const NamedType& named : kTypes) {
    if (name == named.name) return named.make();
  }
  constexpr std::string_view kDecimal = "decimal(";
  if (name.starts_with(kDecimal) && name.ends_with(")")) {
    const char* end = name.data() + name.size() - 1;
    int precision = 0, scale = 0;
    auto [comma, e1] = std::from_chars(name.data() + kDecimal.size(), end, precision);
    if (e1 == std::errc() && comma != end && *comma == ',') {
      auto [last, e2] = std::from_chars(comma + 1, end, scale);
      if (e2 == std::errc() && last == end) {
        if (precision > 38) return arrow::Decimal256Type::Make(precision, scale);
        return arrow::Decimal128Type::Make(precision, scale);
      }
    }
  }
  return arrow::Status::Invalid("unknown column type '", std::string(name), "'");
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
