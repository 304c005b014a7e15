#include "schema/columns_only.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "ddl/reader.h"
#include "schema/names.h"
#include "spec/yaml.h"

namespace synthmill::schema {

namespace {

using Kind = ddl::Type::Kind;

constexpr auto kKeys = std::to_array<std::string_view>(
    {"data_type", "generator", "length", "name", "not_null", "precision", "primary_key", "unique"});

constexpr char kExample[] =
    "such as: - {data_type: VARCHAR, generator: randomize, length: 20, name: city, not_null: true, "
    "precision: null, primary_key: false, unique: false}";

class Reader {
 public:
  Reader(spec::Diagnostics* diagnostics, ddl::Table* table)
      : diagnostics_(*diagnostics), table_(*table) {}

  void ReadColumn(const spec::Node& node) {
    if (!node.is_map()) {
      diagnostics_.Error(node.at, "a column is a map of eight keys", kExample);
      return;
    }
    const std::vector<std::string> known(kKeys.begin(), kKeys.end());
    for (const spec::Node::Entry& entry : node.entries) {
      if (std::find(known.begin(), known.end(), entry.key) == known.end())
        diagnostics_.Error(entry.at, "a column has no '" + entry.key + "'",
                           spec::Suggest(entry.key, known));
    }
    ddl::Column column;
    column.place.at = node.at;
    column.name.text = Text(node, "name");
    column.name.quoted = true;
    if (column.name.text.empty()) {
      diagnostics_.Error(node.at, "a column needs a name", kExample);
      return;
    }
    if (table_.Find(column.name.text) >= 0) {
      diagnostics_.Error(node.at, "the column '" + column.name.text + "' is here twice");
      return;
    }
    const std::string generator = Text(node, "generator");
    if (!generator.empty() && generator != "randomize") {
      diagnostics_.Error(node.Find("generator")->at,
                         "unknown generator '" + generator + "': the only one is randomize");
    }
    column.not_null = Flag(node, "not_null");
    if (!ReadType(node, &column)) return;
    if (Flag(node, "primary_key")) {
      table_.primary_key.columns.push_back(column.name.text);
      table_.primary_key.place.at = node.at;
      column.not_null = true;
    } else if (Flag(node, "unique")) {
      ddl::Key key;
      key.columns = {column.name.text};
      key.place.at = node.at;
      table_.unique.push_back(std::move(key));
    }
    table_.columns.push_back(std::move(column));
  }

 private:
  std::string Text(const spec::Node& node, std::string_view key) {
    const spec::Node* value = node.Find(key);
    if (!value || value->is_null()) return "";
    if (value->is_scalar()) return value->text;
    diagnostics_.Error(value->at, "'" + std::string(key) + "' must be a single value");
    return "";
  }

  bool Flag(const spec::Node& node, std::string_view key) {
    const std::string text = Text(node, key);
    if (text.empty() || text == "false" || text == "False" || text == "no" || text == "0")
      return false;
    if (text == "true" || text == "True" || text == "yes" || text == "1") return true;
    diagnostics_.Error(node.Find(key)->at,
                       "'" + std::string(key) + "' must be true or false, not '" + text + "'");
    return false;
  }

  std::optional<int> Number(const spec::Node& node, std::string_view key) {
    const std::string text = Text(node, key);
    if (text.empty()) return std::nullopt;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= 0) return value;
    diagnostics_.Error(node.Find(key)->at,
                       "'" + std::string(key) + "' must be a whole number, not '" + text + "'");
    return std::nullopt;
  }

  // The type's words go through the reader of DDL, which knows them all.
  bool ReadType(const spec::Node& node, ddl::Column* column) {
    const spec::Node* type = node.Find("data_type");
    const std::string word = Text(node, "data_type");
    if (word.empty()) {
      diagnostics_.Error(node.at, "column '" + column->name.text + "' needs a data_type", kExample);
      return false;
    }
    const auto good = [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             c == '_' || c == ' ' || c == '(' || c == ')' || c == ',' || c == '<' || c == '>';
    };
    const auto length = Number(node, "length"), precision = Number(node, "precision");
    std::string text = word;
    // A number's length counts its digits, and its precision those after the point.
    if (text.find('(') == std::string::npos && length && *length > 0) {
      text += fmt::format("({}", *length);
      if (IsDecimal(word) && precision) text += fmt::format(", {}", *precision);
      text += ")";
    } else if (text.find('(') == std::string::npos && precision && *precision > 0) {
      text +=
          IsDecimal(word) ? fmt::format("(38, {})", *precision) : fmt::format("({})", *precision);
    }
    for (const std::string& tried : {text, word}) {
      if (!std::all_of(word.begin(), word.end(), good)) break;
      std::vector<ddl::Source> sources(1);
      sources[0] = {"", "CREATE TABLE t (c " + tried + ")"};
      ddl::Catalog catalog = ddl::ReadDdl(std::move(sources));
      if (!catalog.ok() || catalog.tables.size() != 1 || catalog.tables[0].columns.size() != 1)
        continue;
      column->type = catalog.tables[0].columns[0].type;
      if (column->type.kind == Kind::kUnknown) continue;
      // INTEGER(11): what the type has no use for is kept from nothing.
      return true;
    }
    diagnostics_.Error(type->at, "unknown data_type '" + word + "'",
                       "such as INTEGER, VARCHAR, DECIMAL, DATE, TIMESTAMP, BOOLEAN");
    return false;
  }

  static bool IsDecimal(std::string_view word) {
    return word.starts_with("DEC") || word.starts_with("NUM") || word.starts_with("dec") ||
           word.starts_with("num");
  }

  spec::Diagnostics& diagnostics_;
  ddl::Table& table_;
};

// The upper-case word of a type.
std::string TypeWord(const ddl::Type& type) {
  switch (type.kind) {
    case Kind::kBool:
      return "BOOLEAN";
    case Kind::kInt:
      return type.bits <= 16 ? "SMALLINT" : type.bits <= 32 ? "INTEGER" : "BIGINT";
    case Kind::kDecimal:
      return "DECIMAL";
    case Kind::kFloat:
      return type.bits == 32 ? "REAL" : "DOUBLE PRECISION";
    case Kind::kText:
    case Kind::kEnum:
      return type.fixed ? "CHAR" : "VARCHAR";
    case Kind::kBinary:
      return "VARBINARY";
    case Kind::kDate:
      return "DATE";
    case Kind::kTime:
      return "TIME";
    case Kind::kTimestamp:
      return type.with_zone ? "TIMESTAMPTZ" : "TIMESTAMP";
    case Kind::kYear:
      return "SMALLINT";
    case Kind::kUuid:
      return "UUID";
    case Kind::kJson:
      return "JSON";
    default:
      return "VARCHAR";
  }
}

}  // namespace

bool IsColumnsOnly(std::string_view text) {
  // Cheap first: the word stands at the beginning of a line.
  if (!text.starts_with("data:") && text.find("\ndata:") == std::string_view::npos) return false;
  spec::Diagnostics ignored("", std::string(text));
  const spec::Node root = spec::ParseYaml(text, &ignored);
  return root.is_map() && root.Find("data") != nullptr && root.Find("synthmill") == nullptr &&
         root.Find("tables") == nullptr;
}

ddl::Catalog ReadColumnsOnly(const std::string& file, std::string_view text,
                             const std::string& table, spec::Diagnostics* diagnostics) {
  ddl::Catalog catalog;
  catalog.files = {file};
  catalog.texts = {std::string(text)};
  const spec::Node root = spec::ParseYaml(text, diagnostics);
  if (!root.is_map()) return catalog;
  for (const spec::Node::Entry& entry : root.entries) {
    if (entry.key != "data")
      diagnostics->Error(entry.at,
                         "the list of columns stands under the one key 'data'; there is "
                         "no '" +
                             entry.key + "'");
  }
  const spec::Node* data = root.Find("data");
  if (!data || !data->is_sequence() || data->items.empty()) {
    diagnostics->Error(root.at, "'data' must be a list of columns", kExample);
    return catalog;
  }
  ddl::Table t;
  t.name.text = table;
  t.place.at = data->at;
  Reader reader(diagnostics, &t);
  for (const spec::Node& node : data->items) reader.ReadColumn(node);
  // Of several columns with primary_key, all together are the key.
  catalog.tables.push_back(std::move(t));
  catalog.tables_there = 1;
  return catalog;
}

std::string WriteColumnsOnly(const ddl::Table& table) {
  std::string out = "data:\n";
  const auto& key = table.primary_key.columns;
  for (const ddl::Column& column : table.columns) {
    const ddl::Type& type = column.type;
    std::string length = "null", precision = "null";
    if (type.kind == Kind::kDecimal && type.precision >= 0) {
      length = std::to_string(type.precision);
      precision = std::to_string(std::max(type.scale, 0));
    } else if (type.length >= 0) {
      length = std::to_string(type.length);
    } else if (type.kind == Kind::kEnum) {
      size_t longest = 1;
      for (const std::string& label : type.labels) longest = std::max(longest, label.size());
      length = std::to_string(longest);
    } else if ((type.kind == Kind::kTime || type.kind == Kind::kTimestamp) && type.precision >= 0) {
      precision = std::to_string(type.precision);
    }
    const bool primary = std::find(key.begin(), key.end(), column.name.text) != key.end();
    bool unique = primary && key.size() == 1;
    for (const ddl::Key& k : table.unique)
      unique |= k.columns.size() == 1 && k.columns[0] == column.name.text;
    out += fmt::format(
        "- data_type: {}\n  generator: randomize\n  length: {}\n  name: {}\n  not_null: {}\n"
        "  precision: {}\n  primary_key: {}\n  unique: {}\n",
        TypeWord(type), length, YamlText(column.name.text), column.not_null || primary, precision,
        primary, unique);
  }
  return out;
}

}  // namespace synthmill::schema
