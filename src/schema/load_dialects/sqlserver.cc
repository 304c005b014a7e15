#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string out;
  for (const std::string& file : t.files) {
    out += fmt::format(
        "BULK INSERT {} FROM {}\n  WITH (FORMAT = 'CSV', FIRSTROW = {}, "
        "FIELDTERMINATOR = {}, "
        "ROWTERMINATOR = '0x0a', CODEPAGE = '65001', KEEPNULLS, "
        "CHECK_CONSTRAINTS);\nGO\n",
        Quoted(d, t.name), Literal("$(DATA)/" + t.folder + "/" + file), in.header ? 2 : 1,
        Literal(std::string(1, in.delimiter)));
  }
  return out;
}

}  // namespace

extern const LoadDialect kLoadSqlServer = {
    .name = "sqlserver",
    .help = "SQL Server",
    .formats = "csv",
    .run =
        "sqlcmd -b -v DATA=\"folder of the data, as the server sees it\" -i "
        "load.sqlserver.sql",
    .types = {"bit", "smallint", "smallint", "int", "bigint", "real", "float", "decimal({}, {})",
              "nvarchar(max)", "nvarchar({})", 4000, "nvarchar(400)", "varbinary(max)", "date",
              "time", "datetime2", "datetimeoffset", "nvarchar(max)"},
    .open_quote = '[',
    .close_quote = ']',
    .most_name = 128,
    .folders_loaded = false,
    .length = "len({})",
    .load = Load,
};

}  // namespace synthmill::schema
