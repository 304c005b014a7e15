#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string out;
  for (const std::string& file : t.files) {
    out += fmt::format(
        "\\copy {} ({}) FROM {} WITH (FORMAT csv, HEADER {}, "
        "DELIMITER {}, NULL {})\n",
        Quoted(d, t.name), NameList(d, ColumnNames(t, true)), Literal(t.folder + "/" + file),
        in.header, Literal(std::string(1, in.delimiter)), Literal(in.csv_null));
  }
  return out;
}

}  // namespace

extern const LoadDialect kLoadPostgres = {
    .name = "postgres",
    .help = "PostgreSQL",
    .formats = "csv",
    .run =
        "In the folder of the data: psql -v ON_ERROR_STOP=1 -f "
        "_synthmill/load.postgres.sql",
    .types = {"boolean", "smallint", "smallint", "integer", "bigint", "real", "double precision",
              "numeric({}, {})", "text", "varchar({})", 10'485'760, "text", "bytea", "date", "time",
              "timestamp", "timestamptz", "jsonb"},
    .length = "char_length({})",
    .load = Load,
};

}  // namespace synthmill::schema
