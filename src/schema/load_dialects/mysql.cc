#include <fmt/format.h>

#include <algorithm>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

// With LOCAL, rows that break a key and values that do not fit are warnings only. Any ends the
// script: a subquery of two rows is an error.
constexpr const char* kCheck =
    "SHOW WARNINGS LIMIT 5;\nSET @refused = @@warning_count;\n"
    "SET @fine = (SELECT t.x FROM (SELECT 1 AS x UNION ALL SELECT 2) t WHERE @refused > 0);\n";

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string names, sets;
  for (size_t i = 0; i < t.columns.size(); ++i) {
    const ScriptColumn& c = t.columns[i];
    if (std::find(t.partition_by.begin(), t.partition_by.end(), c.name) != t.partition_by.end())
      continue;
    names += fmt::format("{}@v{}", names.empty() ? "" : ", ", i + 1);
    std::string value = fmt::format("NULLIF(@v{}, {})", i + 1, Literal(in.csv_null));
    if (c.type->id() == arrow::Type::BOOL) value += " = 'true'";
    if (c.type->id() == arrow::Type::BINARY) value = "UNHEX(" + value + ")";
    // Moments end with a Z.
    if (c.type->id() == arrow::Type::TIMESTAMP) value = "TRIM(TRAILING 'Z' FROM " + value + ")";
    sets += fmt::format("{}{} = {}", sets.empty() ? "" : ",\n      ", Quoted(d, c.name), value);
  }
  std::string out;
  for (const std::string& file : t.files) {
    std::string folders;
    for (const auto& [column, value] : FolderValues(t, file))
      folders += fmt::format(",\n      {} = {}", Quoted(d, column), value);
    out += fmt::format(
        "LOAD DATA LOCAL INFILE {} INTO TABLE {} CHARACTER SET utf8mb4\n"
        "  FIELDS TERMINATED BY {} OPTIONALLY ENCLOSED BY '\"' ESCAPED BY ''\n"
        "  LINES TERMINATED BY 0x0A IGNORE {} LINES\n  ({})\n  SET {}{};\n{}",
        Literal(t.folder + "/" + file), Quoted(d, t.name), Literal(std::string(1, in.delimiter)),
        in.header ? 1 : 0, names, sets, folders, kCheck);
  }
  return out;
}

}  // namespace

extern const LoadDialect kLoadMySql = {
    .name = "mysql",
    .help = "MySQL and MariaDB",
    .formats = "csv",
    .run =
        "In the folder of the data: mysql --local-infile=1 DATABASE < "
        "_synthmill/load.mysql.sql",
    .types = {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double",
              "decimal({}, {})", "longtext", "varchar({})", 16'000, "varchar(255)", "longblob",
              "date", "time(6)", "datetime(6)", "datetime(6)", "json"},
    .open_quote = '`',
    .close_quote = '`',
    .most_name = 64,
    .bmp_names = true,
    .named = true,
    .length = "char_length({})",
    // A backslash in a name or a check is one.
    .head = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');\n",
    .load = Load,
};

}  // namespace synthmill::schema
