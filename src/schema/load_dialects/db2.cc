#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string out;
  for (const std::string& file : t.files) {
    out += fmt::format(
        "IMPORT FROM {} OF DEL MODIFIED BY COLDEL{} "
        "CODEPAGE=1208 DATEFORMAT=\"YYYY-MM-DD\" "
        "SKIPCOUNT {} INSERT INTO {} ({});\n",
        Literal(t.folder + "/" + file), in.delimiter, in.header ? 1 : 0, Quoted(d, t.name),
        NameList(d, ColumnNames(t, true)));
  }
  return out;
}

}  // namespace

extern const LoadDialect kLoadDb2 = {
    .name = "db2",
    .help = "Db2",
    .formats = "csv",
    .run = "In the folder of the data: db2 -tvsf _synthmill/load.db2.sql",
    .types = {"boolean", "smallint", "smallint", "integer", "bigint", "real", "double",
              "decimal({}, {})", "clob", "varchar({})", 32'000, "varchar(400)", "blob", "date",
              "time", "timestamp", "timestamp", "clob"},
    .most_name = 128,
    .folders_loaded = false,
    .length = "length({})",
    .load = Load,
};

}  // namespace synthmill::schema
