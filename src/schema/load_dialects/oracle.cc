#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

// An external table over the files, then one insert.
std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string columns, fields, values, files;
  for (const ScriptColumn& c : t.columns) {
    const std::string name = Quoted(d, c.name);
    const auto id = c.type->id();
    columns += (columns.empty() ? "" : ", ") + name + " varchar2(4000)";
    fields += (fields.empty() ? "" : ", ") + name + " char(4000)";
    std::string value = name;
    if (id == arrow::Type::DATE32) value = fmt::format("to_date({}, 'YYYY-MM-DD')", name);
    if (id == arrow::Type::TIMESTAMP)
      value = fmt::format("to_timestamp(substr({}, 1, 26), 'YYYY-MM-DD\"T\"HH24:MI:SS.FF')", name);
    if (id == arrow::Type::BOOL) value = fmt::format("decode({}, 'true', 1, 'false', 0)", name);
    values += (values.empty() ? "" : ", ") + value;
  }
  for (const std::string& file : t.files) files += (files.empty() ? "" : ", ") + Literal(file);
  const std::string outside = Quoted(d, "load " + t.name);
  return fmt::format(
      "CREATE OR REPLACE DIRECTORY synthmill_load AS '&DATA/{}';\n"
      "CREATE TABLE {} ({}) ORGANIZATION EXTERNAL (TYPE ORACLE_LOADER DEFAULT "
      "DIRECTORY "
      "synthmill_load\n  ACCESS PARAMETERS (RECORDS DELIMITED BY '\\n' SKIP {} "
      "CHARACTERSET "
      "AL32UTF8 FIELDS CSV WITH EMBEDDED TERMINATED BY {} OPTIONALLY ENCLOSED "
      "BY '\"' MISSING FIELD "
      "VALUES ARE NULL ({}))\n  LOCATION ({}));\n"
      "INSERT INTO {} ({}) SELECT {} FROM {};\nDROP TABLE {};\n",
      t.folder, outside, columns, in.header ? 1 : 0, Literal(std::string(1, in.delimiter)), fields,
      files, Quoted(d, t.name), NameList(d, ColumnNames(t, true)), values, outside, outside);
}

}  // namespace

extern const LoadDialect kLoadOracle = {
    .name = "oracle",
    .help = "Oracle",
    .formats = "csv",
    .run =
        "sqlplus: DEFINE DATA=(folder of the data, as the server sees it), "
        "then "
        "@load.oracle.sql",
    .types = {"number(1)", "number(3)", "number(5)", "number(10)", "number(19)", "binary_float",
              "binary_double", "number({}, {})", "clob", "varchar2({} char)", 4000,
              "varchar2(400 char)", "blob", "date", "varchar2(15)", "timestamp",
              "timestamp with time zone", "clob"},
    .most_name = 128,
    .folders_loaded = false,
    .length = "length({})",
    .load = Load,
    .tail = "COMMIT;\n",
};

}  // namespace synthmill::schema
