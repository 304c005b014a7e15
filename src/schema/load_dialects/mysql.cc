#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string names, sets;
  for (size_t i = 0; i < t.columns.size(); ++i) {
    const ScriptColumn& c = t.columns[i];
    names += fmt::format("{}@v{}", i ? ", " : "", i + 1);
    const std::string value = fmt::format("NULLIF(@v{}, {})", i + 1, Literal(in.csv_null));
    sets += fmt::format("{}{} = {}", i ? ",\n      " : "", Quoted(d, c.name),
                        c.type->id() == arrow::Type::BOOL ? value + " = 'true'" : value);
  }
  std::string out;
  for (const std::string& file : t.files) {
    out += fmt::format(
        "LOAD DATA LOCAL INFILE {} INTO TABLE {} CHARACTER SET utf8mb4\n"
        "  FIELDS TERMINATED BY {} OPTIONALLY ENCLOSED BY '\"' ESCAPED BY ''\n"
        "  LINES TERMINATED BY '\\n' IGNORE {} LINES\n  ({})\n  SET {};\n",
        Literal(t.folder + "/" + file), Quoted(d, t.name), Literal(std::string(1, in.delimiter)),
        in.header ? 1 : 0, names, sets);
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
    .length = "char_length({})",
    .load = Load,
};

}  // namespace synthmill::schema
