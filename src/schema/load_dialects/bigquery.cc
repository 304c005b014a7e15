#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  const std::string from =
      (in.uri.starts_with("gs://") ? in.uri : std::string("gs://BUCKET/PREFIX")) + "/" + t.folder +
      "/*" + in.extension;
  std::string options = "format = 'PARQUET'";
  if (in.format == "csv")
    options = fmt::format(
        "format = 'CSV', skip_leading_rows = {}, field_delimiter = '{}', "
        "null_marker = {}, allow_quoted_newlines = true",
        in.header ? 1 : 0, in.delimiter, Literal(in.csv_null));
  if (in.format == "jsonl") options = "format = 'NEWLINE_DELIMITED_JSON'";
  return fmt::format("LOAD DATA INTO {} FROM FILES ({}, uris = ['{}']);\n", Quoted(d, t.name),
                     options, from);
}

}  // namespace

extern const LoadDialect kLoadBigQuery = {
    .name = "bigquery",
    .help = "BigQuery",
    .formats = "parquet csv jsonl",
    .run =
        "bq query --use_legacy_sql=false --dataset_id=DATASET < "
        "load.bigquery.sql; the data lie "
        "in Cloud Storage",
    .types = {"BOOL", "INT64", "INT64", "INT64", "INT64", "FLOAT64", "FLOAT64",
              "BIGNUMERIC({}, {})", "STRING", "STRING({})", 1'000'000, "STRING", "BYTES", "DATE",
              "TIME", "DATETIME", "TIMESTAMP", "JSON"},
    .open_quote = '`',
    .close_quote = '`',
    .most_name = 300,
    .keys = LoadDialect::Keys::kInformational,
    .checks = false,
    .folders_loaded = false,
    .length = "length({})",
    .load = Load,
};

}  // namespace synthmill::schema
