#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  const std::string files =
      t.folder + (t.partition_by.empty() ? "/*" : "/**/*") + in.extension + "*";
  const std::string hive = t.partition_by.empty() ? "" : ", hive_partitioning = true";
  const std::string columns = NameList(d, ColumnNames(t, true));
  const bool text = in.format == "jsonl" || in.format == "csv";
  // Text files hold bytes as hexadecimal digits.
  std::string values;
  for (const ScriptColumn& c : t.columns) {
    const std::string name = Quoted(d, c.name);
    values += (values.empty() ? "" : ", ") +
              (text && c.type->id() == arrow::Type::BINARY ? "unhex(" + name + ")" : name);
  }
  std::string source;
  if (in.format == "parquet") {
    source = fmt::format("read_parquet({}{})", Literal(files), hive);
  } else if (text) {
    std::string types;
    for (const ScriptColumn& c : t.columns)
      types += fmt::format(
          "{}{}: {}", types.empty() ? "" : ", ", Literal(c.name),
          c.type->id() == arrow::Type::BINARY ? "'VARCHAR'" : Literal(SqlType(d, t, c)));
    source = in.format == "csv"
                 ? fmt::format(
                       "read_csv({}, header = {}, delim = {}, quote = "
                       "'\"', escape = '\"', "
                       "nullstr = {}, allow_quoted_nulls = false, "
                       "auto_detect = false, "
                       "columns = {{{}}}{})",
                       Literal(files), in.header, Literal(std::string(1, in.delimiter)),
                       Literal(in.csv_null), types, hive)
                 : fmt::format(
                       "read_json({}, format = 'newline_delimited', "
                       "columns = {{{}}}{})",
                       Literal(files), types, hive);
  }
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {};\n", Quoted(d, t.name), columns, values,
                     source);
}

}  // namespace

extern const LoadDialect kLoadDuckDb = {
    .name = "duckdb",
    .help = "DuckDB",
    .formats = "parquet csv jsonl",
    .run =
        "In the folder of the data: duckdb shop.duckdb -f "
        "_synthmill/load.duckdb.sql",
    .types = {"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE",
              "DECIMAL({}, {})", "VARCHAR", "VARCHAR({})", 1'000'000'000, "VARCHAR", "BLOB", "DATE",
              "TIME", "TIMESTAMP", "TIMESTAMPTZ", "JSON"},
    .alter_later = false,
    .length = "length({})",
    .load = Load,
};

}  // namespace synthmill::schema
