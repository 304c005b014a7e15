#include <fmt/format.h>

#include <algorithm>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

// Of a dot command.
std::string Argument(const std::string& text) {
  std::string out = "\"";
  for (const char c : text)
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

// .import knows no null: the texts go through a table of their own.
std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  const std::string staged = Quoted(d, "load " + t.name);
  std::string columns, values, names;
  for (const ScriptColumn& c : t.columns) {
    if (std::find(t.partition_by.begin(), t.partition_by.end(), c.name) != t.partition_by.end())
      continue;
    columns += (columns.empty() ? "" : ", ") + Quoted(d, c.name) + " TEXT";
    std::string value = fmt::format("nullif({}, {})", Quoted(d, c.name), Literal(in.csv_null));
    if (c.type->id() == arrow::Type::BOOL) value += " = 'true'";
    values += (values.empty() ? "" : ", ") + value;
    names += (names.empty() ? "" : ", ") + Quoted(d, c.name);
  }
  std::string out = fmt::format("CREATE TEMP TABLE {} ({});\n", staged, columns);
  for (size_t i = 0; i < t.files.size(); ++i) {
    out += fmt::format(".import --schema temp --skip {} {} {}\n", in.header ? 1 : 0,
                       Argument("./" + t.folder + "/" + t.files[i]), Argument("load " + t.name));
    // Files of one folder after the other; without folders all at once.
    const auto folders = FolderValues(t, t.files[i]);
    if (folders.empty() && i + 1 < t.files.size()) continue;
    std::string more_names, more_values;
    for (const auto& [column, value] : folders) {
      more_names += ", " + Quoted(d, column);
      more_values += ", " + value;
    }
    out += fmt::format("INSERT INTO {} ({}{}) SELECT {}{} FROM temp.{};\n", Quoted(d, t.name),
                       names, more_names, values, more_values, staged);
    if (i + 1 < t.files.size()) out += fmt::format("DELETE FROM temp.{};\n", staged);
  }
  return out + fmt::format("DROP TABLE temp.{};\n", staged);
}

}  // namespace

extern const LoadDialect kLoadSqlite = {
    .name = "sqlite",
    .help = "SQLite",
    .formats = "csv",
    .run =
        "In the folder of the data: sqlite3 -bail shop.db < "
        "_synthmill/load.sqlite.sql",
    .types = {"BOOLEAN", "INTEGER", "INTEGER", "INTEGER", "INTEGER", "REAL", "REAL",
              "DECIMAL({}, {})", "TEXT", "VARCHAR({})", 1'000'000'000, "TEXT", "BLOB", "DATE",
              "TIME", "TIMESTAMP", "TIMESTAMP", "TEXT"},
    .alter_later = false,
    .length = "length({})",
    .head = ".mode csv\nPRAGMA foreign_keys = ON;\n",
    .load = Load,
};

}  // namespace synthmill::schema
