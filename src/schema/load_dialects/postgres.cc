#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string out;
  for (const std::string& file : t.files) {
    // What the folders say is not in the file.
    const auto values = FolderValues(t, file);
    for (const auto& [column, value] : values)
      out += fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n", Quoted(d, t.name),
                         Quoted(d, column), value);
    out += fmt::format(
        "\\copy {} ({}) FROM {} WITH (FORMAT csv, HEADER {}, "
        "DELIMITER {}, NULL {})\n",
        Quoted(d, t.name), NameList(d, ColumnNames(t, false)), Literal(t.folder + "/" + file),
        in.header, Literal(std::string(1, in.delimiter)), Literal(in.csv_null));
  }
  // The files hold bytes as hexadecimal digits, without the \\x that would say so.
  for (const ScriptColumn& c : t.columns)
    if (c.type->id() == arrow::Type::BINARY)
      out += fmt::format("UPDATE {0} SET {1} = decode(encode({1}, 'escape'), 'hex');\n",
                         Quoted(d, t.name), Quoted(d, c.name));
  for (const std::string& column : t.partition_by)
    out += fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT;\n", Quoted(d, t.name),
                       Quoted(d, column));
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
    .most_name = 63,
    .length = "char_length({})",
    .load = Load,
};

}  // namespace synthmill::schema
