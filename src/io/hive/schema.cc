#include "io/hive/schema.h"

#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "core/field_comment.h"

namespace synthmill::io::hive {

namespace {

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// What the tables of a metastore's own database hold.
constexpr size_t kLongestColumn = 767, kLongestComment = 256;

// Cut between characters.
std::string Shortened(std::string text) {
  if (text.size() <= kLongestComment) return text;
  size_t end = kLongestComment;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text;
}

struct NamedType {
  const char* hive;
  std::shared_ptr<arrow::DataType> (*make)();
};

constexpr NamedType kTypes[] = {
    {"boolean", [] { return arrow::boolean(); }},
    {"tinyint", [] { return arrow::int8(); }},
    {"smallint", [] { return arrow::int16(); }},
    {"int", [] { return arrow::int32(); }},
    {"bigint", [] { return arrow::int64(); }},
    {"float", [] { return arrow::float32(); }},
    {"double", [] { return arrow::float64(); }},
    {"string", [] { return arrow::utf8(); }},
    {"binary", [] { return arrow::binary(); }},
    {"date", [] { return arrow::date32(); }},
    {"timestamp", [] { return arrow::timestamp(arrow::TimeUnit::MICRO); }},
};

// A name inside struct<…> must not look like the type's own signs.
arrow::Status CheckFieldName(const std::string& name) {
  if (name.find_first_of("<>:,`") == std::string::npos && !name.empty()) return arrow::Status::OK();
  return arrow::Status::Invalid("a field of a struct is called '", name,
                                "': Hive's types have no way to write < > : , ` in a name");
}

// Reads "map<string,array<int>>" from the left.
class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : rest_(text) {}

  arrow::Result<std::shared_ptr<arrow::DataType>> Read() {
    const size_t length = std::min(rest_.find_first_of("<>(),: "), rest_.size());
    const std::string word = Lower(std::string(rest_.substr(0, length)));
    rest_.remove_prefix(length);
    if (word == "decimal") return ReadDecimal();
    if (word == "varchar" || word == "char") {
      ARROW_RETURN_NOT_OK(Expect('('));
      ARROW_RETURN_NOT_OK(ReadNumber().status());
      ARROW_RETURN_NOT_OK(Expect(')'));
      return arrow::utf8();
    }
    if (word == "array") {
      ARROW_RETURN_NOT_OK(Expect('<'));
      ARROW_ASSIGN_OR_RAISE(auto item, Read());
      ARROW_RETURN_NOT_OK(Expect('>'));
      return arrow::list(arrow::field("element", std::move(item)));
    }
    if (word == "map") {
      ARROW_RETURN_NOT_OK(Expect('<'));
      ARROW_ASSIGN_OR_RAISE(auto key, Read());
      ARROW_RETURN_NOT_OK(Expect(','));
      ARROW_ASSIGN_OR_RAISE(auto value, Read());
      ARROW_RETURN_NOT_OK(Expect('>'));
      return arrow::map(std::move(key), std::move(value));
    }
    if (word == "struct") return ReadStruct();
    for (const NamedType& named : kTypes) {
      if (word == named.hive) return named.make();
    }
    return arrow::Status::NotImplemented("the type '", word, "' is not read");
  }
  bool done() const { return rest_.empty(); }

 private:
  arrow::Status Expect(char c) {
    if (!rest_.starts_with(c)) {
      return arrow::Status::Invalid("a '", std::string(1, c), "' is missing before '",
                                    std::string(rest_), "'");
    }
    rest_.remove_prefix(1);
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    return arrow::Status::OK();
  }
  arrow::Result<int> ReadNumber() {
    int number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc()) return arrow::Status::Invalid("a number is missing");
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return number;
  }
  arrow::Result<std::shared_ptr<arrow::DataType>> ReadDecimal() {
    int precision = 10, scale = 0;  // what Hive takes a bare decimal for
    if (rest_.starts_with('(')) {
      ARROW_RETURN_NOT_OK(Expect('('));
      ARROW_ASSIGN_OR_RAISE(precision, ReadNumber());
      if (rest_.starts_with(',')) {
        ARROW_RETURN_NOT_OK(Expect(','));
        ARROW_ASSIGN_OR_RAISE(scale, ReadNumber());
      }
      ARROW_RETURN_NOT_OK(Expect(')'));
    }
    return arrow::Decimal128Type::Make(precision, scale);
  }
  arrow::Result<std::shared_ptr<arrow::DataType>> ReadStruct() {
    ARROW_RETURN_NOT_OK(Expect('<'));
    arrow::FieldVector fields;
    while (true) {
      const size_t length = std::min(rest_.find(':'), rest_.size());
      std::string name(rest_.substr(0, length));
      rest_.remove_prefix(length);
      ARROW_RETURN_NOT_OK(Expect(':'));
      ARROW_ASSIGN_OR_RAISE(auto type, Read());
      fields.push_back(arrow::field(std::move(name), std::move(type)));
      if (!rest_.starts_with(',')) break;
      ARROW_RETURN_NOT_OK(Expect(','));
    }
    ARROW_RETURN_NOT_OK(Expect('>'));
    return arrow::struct_(std::move(fields));
  }

  std::string_view rest_;
};

std::string Normal(std::string type) {
  type = Lower(std::move(type));
  std::erase(type, ' ');
  return type;
}

std::string Names(const std::vector<HiveColumn>& columns) {
  std::string out;
  for (const HiveColumn& c : columns) out += (out.empty() ? "" : ", ") + c.name;
  return out;
}

void CompareColumns(const std::vector<HiveColumn>& there, const std::vector<HiveColumn>& wanted,
                    const char* what, std::vector<std::string>* out) {
  std::map<std::string, std::string> types;
  for (const HiveColumn& c : there) types[Lower(c.name)] = c.type;
  for (const HiveColumn& c : wanted) {
    const auto found = types.find(c.name);
    if (found == types.end()) {
      out->push_back(fmt::format("it has no {} {} {}", what, c.name, c.type));
      continue;
    }
    if (Normal(found->second) != Normal(c.type)) {
      out->push_back(fmt::format("its {} {} is {}, not {}", what, c.name, found->second, c.type));
    }
    types.erase(found);
  }
  for (const auto& [name, type] : types) {
    out->push_back(fmt::format("it has a {} {} {} that this run does not write", what, name, type));
  }
}

}  // namespace

arrow::Result<std::string> HiveType(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::DICTIONARY:
      return HiveType(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case arrow::Type::TIMESTAMP:
      return "timestamp";
    case arrow::Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(type);
      return fmt::format("decimal({},{})", decimal.precision(), decimal.scale());
    }
    case arrow::Type::LIST: {
      const auto& list = static_cast<const arrow::ListType&>(type);
      ARROW_ASSIGN_OR_RAISE(const std::string item, HiveType(*list.value_type()));
      return "array<" + item + ">";
    }
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      ARROW_ASSIGN_OR_RAISE(const std::string key, HiveType(*map.key_type()));
      ARROW_ASSIGN_OR_RAISE(const std::string item, HiveType(*map.item_type()));
      return "map<" + key + "," + item + ">";
    }
    case arrow::Type::STRUCT: {
      std::string out = "struct<";
      for (const auto& field : type.fields()) {
        ARROW_RETURN_NOT_OK(CheckFieldName(field->name()));
        ARROW_ASSIGN_OR_RAISE(const std::string inner, HiveType(*field->type()));
        if (out.back() != '<') out += ',';
        out += Lower(field->name()) + ":" + inner;
      }
      return out + ">";
    }
    default:
      for (const NamedType& named : kTypes) {
        if (named.make()->Equals(type)) return std::string(named.hive);
      }
      return arrow::Status::NotImplemented("Hive has no type for ", type.ToString());
  }
}

arrow::Result<std::shared_ptr<arrow::DataType>> ArrowType(const std::string& hive_type) {
  TypeReader reader(hive_type);
  auto type = reader.Read();
  if (type.ok() && reader.done()) return type;
  return arrow::Status::Invalid("the Hive type ", hive_type, ": ",
                                type.ok() ? "more follows after its end" : type.status().message());
}

arrow::Result<std::shared_ptr<arrow::Schema>> ArrowSchema(const std::vector<HiveColumn>& columns) {
  arrow::FieldVector fields;
  for (const HiveColumn& c : columns) {
    auto type = ArrowType(c.type);
    if (!type.ok()) {
      return type.status().WithMessage("the column ", c.name, ": ", type.status().message());
    }
    fields.push_back(arrow::field(c.name, std::move(*type)));
  }
  return arrow::schema(std::move(fields));
}

arrow::Result<std::string> HiveTableName(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  constexpr size_t kLongest = 128;  // of the metastore's own tables
  if (!plain || name.empty() || name.size() > kLongest) {
    return arrow::Status::Invalid(
        "the table '", name, "': Hive takes names of at most ", kLongest,
        " letters, digits and _; give it another one with `name:` in the dataset file");
  }
  return Lower(name);
}

arrow::Result<std::vector<HiveColumn>> HiveColumns(const arrow::Schema& schema,
                                                   const std::vector<HiveColumn>& keys) {
  std::vector<HiveColumn> columns;
  std::map<std::string, std::string> seen;  // lower case -> as written
  for (const auto& field : schema.fields()) {
    const std::string& name = field->name();
    const std::string lower = Lower(name);
    if (name.find(',') != std::string::npos || name.size() > kLongestColumn || name.empty()) {
      return arrow::Status::Invalid("the column '", name, "': a metastore takes names of at most ",
                                    kLongestColumn, " bytes, without commas");
    }
    if (!seen.emplace(lower, name).second) {
      return arrow::Status::Invalid("the columns ", seen[lower], " and ", name,
                                    " are one for Hive, which knows no upper case");
    }
    if (std::any_of(keys.begin(), keys.end(), [&](const auto& k) { return k.name == lower; })) {
      continue;
    }
    auto type = HiveType(*field->type());
    if (!type.ok()) {
      return type.status().WithMessage("the column ", name, ": ", type.status().message());
    }
    HiveColumn column{lower, std::move(*type)};
    if (field->metadata()) {
      column.comment = Shortened(field->metadata()->Get(core::kFieldComment).ValueOr(""));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::string> TableDifferences(const HiveTable& there, const HiveTable& wanted) {
  std::vector<std::string> out;
  if (there.kind == "VIRTUAL_VIEW" || there.kind == "MATERIALIZED_VIEW") {
    return {"it is a view"};
  }
  if (there.kind == "MANAGED_TABLE") {
    out.push_back(
        "Hive manages its files (MANAGED_TABLE); only an EXTERNAL table can be pointed to others");
  }
  if (there.serde.find("ParquetHiveSerDe") == std::string::npos) {
    out.push_back("its files are not Parquet (" + there.serde + ")");
  }
  CompareColumns(there.columns, wanted.columns, "column", &out);
  const size_t before = out.size();
  CompareColumns(there.partition_keys, wanted.partition_keys, "partition column", &out);
  const auto same = [](const HiveColumn& a, const HiveColumn& b) {
    return Lower(a.name) == b.name;
  };
  if (out.size() == before &&
      !std::equal(there.partition_keys.begin(), there.partition_keys.end(),
                  wanted.partition_keys.begin(), wanted.partition_keys.end(), same)) {
    out.push_back(fmt::format("its partition columns are in another order: {}, not {}",
                              Names(there.partition_keys), Names(wanted.partition_keys)));
  }
  return out;
}

}  // namespace synthmill::io::hive
