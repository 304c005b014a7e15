#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

// .import knows no null: the texts go through a table of their own.
std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  const std::string staged = Quoted(d, "load " + t.name);
  std::string columns, values;
  for (const ScriptColumn& c : t.columns) {
    columns += (columns.empty() ? "" : ", ") + Quoted(d, c.name) + " TEXT";
    std::string value = fmt::format("nullif({}, {})", Quoted(d, c.name), Literal(in.csv_null));
    if (c.type->id() == arrow::Type::BOOL) value += " = 'true'";
    values += (values.empty() ? "" : ", ") + value;
  }
  std::string out = fmt::format("CREATE TEMP TABLE {} ({});\n", staged, columns);
  for (const std::string& file : t.files) {
    std::string path = "\"";
    for (const char c : t.folder + "/" + file)
      path += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    std::string name = "\"";
    for (const char c : "load " + t.name)
      name += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    out +=
        fmt::format(".import --schema temp --skip {} {}\" {}\"\n", in.header ? 1 : 0, path, name);
  }
  return out + fmt::format(
                   "INSERT INTO {} ({}) SELECT {} FROM temp.{};\nDROP "
                   "TABLE temp.{};\n",
                   Quoted(d, t.name), NameList(d, ColumnNames(t, true)), values, staged, staged);
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
