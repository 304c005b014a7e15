#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  const std::string from =
      (in.uri.starts_with("s3://") ? in.uri : std::string("s3://BUCKET/PREFIX")) + "/" + t.folder +
      "/";
  std::string format = "FORMAT AS PARQUET";
  if (in.format == "csv")
    format = fmt::format(
        "FORMAT AS CSV DELIMITER {} IGNOREHEADER {} NULL AS "
        "{} TIMEFORMAT 'auto'",
        Literal(std::string(1, in.delimiter)), in.header ? 1 : 0, Literal(in.csv_null));
  return fmt::format("COPY {} ({}) FROM {} IAM_ROLE default {};\n", Quoted(d, t.name),
                     NameList(d, ColumnNames(t, true)), Literal(from), format);
}

}  // namespace

extern const LoadDialect kLoadRedshift = {
    .name = "redshift",
    .help = "Amazon Redshift",
    .formats = "parquet csv",
    .run =
        "psql -f load.redshift.sql; the data lie in S3 (another bucket: "
        "change BUCKET/PREFIX)",
    .types = {"boolean", "smallint", "smallint", "integer", "bigint", "real", "double precision",
              "numeric({}, {})", "varchar(65535)", "varchar({})", 65'535, "varchar(400)", "varbyte",
              "date", "time", "timestamp", "timestamptz", "super"},
    .most_name = 127,
    .checks = false,
    .folders_loaded = false,
    .length = "len({})",
    .load = Load,
};

}  // namespace synthmill::schema
