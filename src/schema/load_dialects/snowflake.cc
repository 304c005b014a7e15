#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  const std::string stage = "@synthmill_load/" + t.folder;
  std::string format = "TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE";
  if (in.format == "csv") {
    format = fmt::format(
        "TYPE = CSV FIELD_DELIMITER = {} SKIP_HEADER = {} "
        "FIELD_OPTIONALLY_ENCLOSED_BY = '\"' "
        "NULL_IF = ({}) EMPTY_FIELD_AS_NULL = TRUE)",
        Literal(std::string(1, in.delimiter)), in.header ? 1 : 0, Literal(in.csv_null));
  } else if (in.format == "jsonl") {
    format = "TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE";
  }
  return fmt::format(
      "PUT {} {} AUTO_COMPRESS = FALSE;\nCOPY INTO {} FROM {} "
      "FILE_FORMAT = ({};\n",
      Literal("file://" + t.folder + "/*" + in.extension), stage, Quoted(d, t.name), stage, format);
}

}  // namespace

extern const LoadDialect kLoadSnowflake = {
    .name = "snowflake",
    .help = "Snowflake",
    .formats = "parquet csv jsonl",
    .run = "In the folder of the data: snowsql -f _synthmill/load.snowflake.sql",
    .types = {"BOOLEAN", "SMALLINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "FLOAT",
              "NUMBER({}, {})", "VARCHAR", "VARCHAR({})", 16'777'216, "VARCHAR", "BINARY", "DATE",
              "TIME", "TIMESTAMP_NTZ", "TIMESTAMP_TZ", "VARIANT"},
    .most_name = 255,
    .checks = false,
    .folders_loaded = false,
    .length = "length({})",
    .head = "CREATE TEMPORARY STAGE synthmill_load;\n",
    .load = Load,
};

}  // namespace synthmill::schema
