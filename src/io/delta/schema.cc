#include "io/delta/schema.h"

#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "core/field_comment.h"

namespace synthmill::io::delta {

namespace {

using Json = nlohmann::ordered_json;
using TypePtr = std::shared_ptr<arrow::DataType>;

constexpr int kMostDigits = 38;
constexpr int kDepth = 64;

arrow::Status NoType(const std::string& column, const std::string& type) {
  return arrow::Status::NotImplemented("column ", column, ": Delta has no type for ", type);
}

arrow::Result<Json> TypeToJson(const arrow::DataType& type, const std::string& column);

arrow::Result<Json> FieldsToJson(const arrow::FieldVector& fields, const std::string& above) {
  Json out = Json::array();
  for (const auto& field : fields) {
    const std::string name = above.empty() ? field->name() : above + "." + field->name();
    ARROW_ASSIGN_OR_RAISE(Json type, TypeToJson(*StoredType(field->type()), name));
    Json metadata = Json::object();
    if (field->metadata()) {
      const std::string comment = field->metadata()->Get(core::kFieldComment).ValueOr("");
      if (!comment.empty()) metadata["comment"] = comment;
    }
    out.push_back({{"name", field->name()},
                   {"type", std::move(type)},
                   {"nullable", field->nullable()},
                   {"metadata", std::move(metadata)}});
  }
  return out;
}

arrow::Result<Json> TypeToJson(const arrow::DataType& type, const std::string& column) {
  switch (type.id()) {
    case arrow::Type::BOOL:
      return "boolean";
    case arrow::Type::INT8:
      return "byte";
    case arrow::Type::INT16:
      return "short";
    case arrow::Type::INT32:
      return "integer";
    case arrow::Type::INT64:
      return "long";
    case arrow::Type::FLOAT:
      return "float";
    case arrow::Type::DOUBLE:
      return "double";
    case arrow::Type::STRING:
      return "string";
    case arrow::Type::BINARY:
      return "binary";
    case arrow::Type::DATE32:
      return "date";
    case arrow::Type::TIMESTAMP:
      return "timestamp";
    case arrow::Type::DICTIONARY:
      return TypeToJson(*static_cast<const arrow::DictionaryType&>(type).value_type(), column);
    case arrow::Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(type);
      return fmt::format("decimal({},{})", decimal.precision(), decimal.scale());
    }
    case arrow::Type::LIST: {
      ARROW_ASSIGN_OR_RAISE(Json item, TypeToJson(*type.field(0)->type(), column + ".element"));
      return Json{{"type", "array"},
                  {"elementType", std::move(item)},
                  {"containsNull", type.field(0)->nullable()}};
    }
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      ARROW_ASSIGN_OR_RAISE(Json key, TypeToJson(*map.key_type(), column + ".key"));
      ARROW_ASSIGN_OR_RAISE(Json value, TypeToJson(*map.item_type(), column + ".value"));
      return Json{{"type", "map"},
                  {"keyType", std::move(key)},
                  {"valueType", std::move(value)},
                  {"valueContainsNull", map.item_field()->nullable()}};
    }
    case arrow::Type::STRUCT: {
      ARROW_ASSIGN_OR_RAISE(Json fields, FieldsToJson(type.fields(), column));
      return Json{{"type", "struct"}, {"fields", std::move(fields)}};
    }
    default:
      return NoType(column, type.ToString());
  }
}

struct NamedType {
  const char* name;
  TypePtr (*make)();
};

constexpr NamedType kTypes[] = {
    {"boolean", [] { return arrow::boolean(); }},
    {"byte", [] { return arrow::int8(); }},
    {"short", [] { return arrow::int16(); }},
    {"integer", [] { return arrow::int32(); }},
    {"long", [] { return arrow::int64(); }},
    {"float", [] { return arrow::float32(); }},
    {"double", [] { return arrow::float64(); }},
    {"string", [] { return arrow::utf8(); }},
    {"binary", [] { return arrow::binary(); }},
    {"date", [] { return arrow::date32(); }},
    {"timestamp", [] { return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"); }},
    {"timestamp_ntz", [] { return arrow::timestamp(arrow::TimeUnit::MICRO); }},
};

arrow::Result<TypePtr> TypeFromJson(const Json& json, const std::string& column, int depth);

arrow::Result<arrow::FieldVector> FieldsFromJson(const Json& fields, const std::string& above,
                                                 int depth) {
  arrow::FieldVector out;
  for (const Json& field : fields) {
    const std::string name = field.at("name").get<std::string>();
    ARROW_ASSIGN_OR_RAISE(
        TypePtr type,
        TypeFromJson(field.at("type"), above.empty() ? name : above + "." + name, depth));
    out.push_back(arrow::field(name, std::move(type), field.value("nullable", true)));
  }
  return out;
}

arrow::Result<TypePtr> TypeFromJson(const Json& json, const std::string& column, int depth) {
  if (depth > kDepth) return NoType(column, "types nested so deep");
  if (json.is_string()) {
    const std::string name = json.get<std::string>();
    for (const NamedType& named : kTypes) {
      if (name == named.name) return named.make();
    }
    int precision = 10, scale = 0;
    if (name == "decimal" || std::sscanf(name.c_str(), "decimal(%d,%d)", &precision, &scale) == 2) {
      return arrow::Decimal128Type::Make(precision, scale);
    }
    return arrow::Status::NotImplemented("column ", column, " is of Delta's type '", name,
                                         "', which is not read");
  }
  const std::string kind = json.at("type").get<std::string>();
  if (kind == "array") {
    ARROW_ASSIGN_OR_RAISE(TypePtr item, TypeFromJson(json.at("elementType"), column, depth + 1));
    return arrow::list(arrow::field("element", std::move(item)));
  }
  if (kind == "map") {
    ARROW_ASSIGN_OR_RAISE(TypePtr key, TypeFromJson(json.at("keyType"), column, depth + 1));
    ARROW_ASSIGN_OR_RAISE(TypePtr value, TypeFromJson(json.at("valueType"), column, depth + 1));
    return std::make_shared<arrow::MapType>(arrow::field("key", std::move(key), false),
                                            arrow::field("value", std::move(value)));
  }
  if (kind == "struct") {
    ARROW_ASSIGN_OR_RAISE(auto fields, FieldsFromJson(json.at("fields"), column, depth + 1));
    return arrow::struct_(std::move(fields));
  }
  return arrow::Status::NotImplemented("column ", column, " is of Delta's type '", kind,
                                       "', which is not read");
}

// Runs `body`, whose mistakes about the JSON become errors.
template <typename Body>
auto WithSchema(std::string_view text, Body&& body) -> decltype(body(Json())) {
  try {
    return body(Json::parse(text).at("fields"));
  } catch (const Json::exception& e) {
    return arrow::Status::Invalid("a table's schema in its Delta log cannot be read: ", e.what());
  }
}

std::string TypeText(const Json& type) {
  if (type.is_string()) return type.get<std::string>();
  const std::string kind = type.at("type").get<std::string>();
  if (kind == "array") return "array<" + TypeText(type.at("elementType")) + ">";
  if (kind == "map") {
    return "map<" + TypeText(type.at("keyType")) + "," + TypeText(type.at("valueType")) + ">";
  }
  std::string out;
  for (const Json& field : type.value("fields", Json::array())) {
    out += (out.empty() ? "" : ",") + field.at("name").get<std::string>() + ":" +
           TypeText(field.at("type"));
  }
  return kind + "<" + out + ">";
}

// Whether values of `mine` are all values of `theirs`.
bool Fits(const Json& theirs, const Json& mine) {
  if (theirs.is_string() || mine.is_string()) return theirs == mine;
  const std::string kind = theirs.at("type").get<std::string>();
  if (mine.at("type") != kind) return false;
  const auto nulls = [](const Json& type, const char* name) { return type.value(name, true); };
  if (kind == "array") {
    return (nulls(theirs, "containsNull") || !nulls(mine, "containsNull")) &&
           Fits(theirs.at("elementType"), mine.at("elementType"));
  }
  if (kind == "map") {
    return (nulls(theirs, "valueContainsNull") || !nulls(mine, "valueContainsNull")) &&
           Fits(theirs.at("keyType"), mine.at("keyType")) &&
           Fits(theirs.at("valueType"), mine.at("valueType"));
  }
  const Json &a = theirs.at("fields"), &b = mine.at("fields");
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].at("name") != b[i].at("name") || !Fits(a[i].at("type"), b[i].at("type"))) return false;
    if (!nulls(a[i], "nullable") && nulls(b[i], "nullable")) return false;
  }
  return true;
}

const Json* FindField(const Json& fields, const std::string& name) {
  for (const Json& field : fields) {
    if (field.at("name") == name) return &field;
  }
  return nullptr;
}

void AddColumnFeatures(const Json& fields, const std::string& above,
                       std::vector<std::string>* out) {
  static constexpr std::pair<const char*, const char*> kFeatures[] = {
      {"delta.invariants", "an invariant"},
      {"delta.generationExpression", "a generation expression"},
      {"delta.identity.start", "an identity column's numbering"},
      {"CURRENT_DEFAULT", "a default"},
  };
  for (const Json& field : fields) {
    const std::string name = above + field.at("name").get<std::string>();
    const Json metadata = field.value("metadata", Json::object());
    for (const auto& [key, what] : kFeatures) {
      if (metadata.contains(key)) {
        out->push_back(fmt::format("column {} has {} ({})", name, what, key));
      }
    }
    const Json& type = field.at("type");
    if (type.is_object() && type.contains("fields")) {
      AddColumnFeatures(type.at("fields"), name + ".", out);
    }
  }
}

}  // namespace

TypePtr StoredType(const TypePtr& type) {
  switch (type->id()) {
    case arrow::Type::TIME64:
    case arrow::Type::TIME32:
    case arrow::Type::DECIMAL256:
      return arrow::utf8();
    case arrow::Type::TIMESTAMP:
      return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
    case arrow::Type::DECIMAL128:
      return static_cast<const arrow::DecimalType&>(*type).precision() > kMostDigits ? arrow::utf8()
                                                                                     : type;
    case arrow::Type::LIST: {
      const auto& field = type->field(0);
      return arrow::list(field->WithType(StoredType(field->type())));
    }
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(*type);
      return std::make_shared<arrow::MapType>(
          map.key_field()->WithType(StoredType(map.key_type())),
          map.item_field()->WithType(StoredType(map.item_type())));
    }
    case arrow::Type::STRUCT: {
      arrow::FieldVector fields;
      for (const auto& field : type->fields()) {
        fields.push_back(field->WithType(StoredType(field->type())));
      }
      return arrow::struct_(std::move(fields));
    }
    default:
      return type;
  }
}

std::shared_ptr<arrow::Schema> StoredSchema(const arrow::Schema& schema) {
  arrow::FieldVector fields;
  for (const auto& field : schema.fields()) {
    fields.push_back(field->WithType(StoredType(field->type())));
  }
  return arrow::schema(std::move(fields), schema.metadata());
}

arrow::Status CheckNames(const arrow::Schema& schema) {
  std::map<std::string, std::string> seen;
  for (const std::string& name : schema.field_names()) {
    const size_t bad = name.find_first_of(" ,;{}()\n\t=");
    if (bad != std::string::npos || name.empty()) {
      return arrow::Status::Invalid(
          "column '", name, "': a Delta table without column mapping has no names with ",
          name.empty() ? "no letter" : "one of ' ,;{}()=', tab or line end",
          "; rename the column, or write Parquet");
    }
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto [it, fresh] = seen.emplace(lower, name);
    if (!fresh) {
      return arrow::Status::Invalid("the columns ", it->second, " and ", name,
                                    " differ in case only, which Delta does not tell apart; "
                                    "rename one");
    }
  }
  return arrow::Status::OK();
}

arrow::Result<std::string> SchemaToDelta(const arrow::Schema& schema) {
  ARROW_ASSIGN_OR_RAISE(Json fields, FieldsToJson(schema.fields(), ""));
  return Json{{"type", "struct"}, {"fields", std::move(fields)}}.dump();
}

arrow::Result<std::shared_ptr<arrow::Schema>> SchemaFromDelta(std::string_view json) {
  return WithSchema(json, [](const Json& fields) -> arrow::Result<std::shared_ptr<arrow::Schema>> {
    ARROW_ASSIGN_OR_RAISE(auto out, FieldsFromJson(fields, "", 0));
    return arrow::schema(std::move(out));
  });
}

arrow::Result<std::vector<std::string>> SchemaDifferences(std::string_view theirs,
                                                          std::string_view mine) {
  using Lines = std::vector<std::string>;
  return WithSchema(theirs, [&](const Json& a) -> arrow::Result<Lines> {
    return WithSchema(mine, [&](const Json& b) -> arrow::Result<Lines> {
      Lines lines;
      for (const Json& field : b) {
        const std::string name = field.at("name").get<std::string>();
        const Json* there = FindField(a, name);
        if (!there) {
          lines.push_back(fmt::format("the table has no column {}", name));
        } else if (!Fits(there->at("type"), field.at("type"))) {
          lines.push_back(fmt::format("column {} is {} in the table, {} here", name,
                                      TypeText(there->at("type")), TypeText(field.at("type"))));
        } else if (!there->value("nullable", true) && field.value("nullable", true)) {
          lines.push_back(fmt::format("column {} may not be null in the table, here it may", name));
        }
      }
      for (const Json& field : a) {
        const std::string name = field.at("name").get<std::string>();
        if (!FindField(b, name)) lines.push_back(fmt::format("column {} is missing here", name));
      }
      return lines;
    });
  });
}

arrow::Result<std::vector<std::string>> ColumnFeatures(std::string_view json) {
  return WithSchema(json, [](const Json& fields) -> arrow::Result<std::vector<std::string>> {
    std::vector<std::string> out;
    AddColumnFeatures(fields, "", &out);
    return out;
  });
}

arrow::Result<bool> SameSchema(std::string_view a, std::string_view b) {
  ARROW_ASSIGN_OR_RAISE(const auto left, SchemaFromDelta(a));
  ARROW_ASSIGN_OR_RAISE(const auto right, SchemaFromDelta(b));
  return left->Equals(*right, /*check_metadata=*/false);
}

}  // namespace synthmill::io::delta
