#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kHive = {
    .dialect = Dialect::kHive,
    .name = "hive",
    .aliases = {"spark", "sparksql", "databricks", "athena", "impala", "trino", "presto"},
    .help = "Hive, Spark SQL, Databricks, Athena, Impala and Trino",
    .example =
        "CREATE EXTERNAL TABLE logs (id bigint, tags array<string>, m map<string,int>) "
        "PARTITIONED BY (day string) STORED AS PARQUET LOCATION '/data/logs'",
    .evidence = {{"STORED", "AS", 8},      {"STORED", "BY", 6},
                 {"SERDE", "", 5},         {"TBLPROPERTIES", "", 8},
                 {"PARTITIONED", "BY", 6}, {"CLUSTERED", "BY", 4},
                 {"ROW", "FORMAT", 4},     {"LOCATION", "'", 3},
                 {"USING", "DELTA", 6},    {"USING", "PARQUET", 6},
                 {"USING", "ICEBERG", 6},  {"USING", "CSV", 5},
                 {"USING", "ORC", 5},      {"STRING", "", 2},
                 {"STRUCT", "<", 1},       {"MAP", "<", 4},
                 {"ARRAY", "<", 1},        {"SKEWED", "BY", 4},
                 {"BUCKETS", "", 4},       {"DISABLE", "NOVALIDATE", 4},
                 {"EXTERNAL", "TABLE", 2}},
    .backquote_weight = 2,
    .rules = {.backslash = true},
    .double_quote_is_string = true,
    .types =
        {
            {"FLOAT", K::kFloat, A::kNone, 32},
            {"REAL", K::kFloat, A::kNone, 32},
            {"BYTE", K::kInt, A::kNone, 8},
            {"LONG", K::kInt, A::kNone, 64},
            {"BINARY", K::kBinary, A::kNone},
            {"VARBINARY", K::kBinary, A::kNone},
            {"TIMESTAMP_NTZ", K::kTimestamp, A::kNone, 0, -1, 6},
            {"TIMESTAMP_LTZ", K::kTimestamp, A::kNone, 0, -1, 6, -1, W::kZone},
            {"VARIANT", K::kJson},
            {"IPADDRESS", K::kNetwork},
        },
    .decimal_precision = 10,
    .decimal_scale = 0,
};

}  // namespace synthmill::ddl
