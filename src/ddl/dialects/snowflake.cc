#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kSnowflake = {
    .dialect = Dialect::kSnowflake,
    .name = "snowflake",
    .aliases = {"sf"},
    .help = "Snowflake",
    .example =
        "CREATE OR REPLACE TRANSIENT TABLE events (id NUMBER(38,0) AUTOINCREMENT, payload "
        "VARIANT, at TIMESTAMP_NTZ(9)) CLUSTER BY (at) COMMENT = 'raw'",
    .evidence = {{"VARIANT", "", 4},
                 {"TIMESTAMP_NTZ", "", 5},
                 {"TIMESTAMP_LTZ", "", 4},
                 {"TIMESTAMP_TZ", "", 5},
                 {"TRANSIENT", "", 5},
                 {"AUTOINCREMENT", "", 2},
                 {"CLUSTER", "BY", 2},
                 {"COMMENT", "=", 2},
                 {"OBJECT", "", 2},
                 {"MASKING", "POLICY", 5},
                 {"NUMBER", "(38", 5},
                 {"DATA_RETENTION_TIME_IN_DAYS", "", 8},
                 {"CHANGE_TRACKING", "", 6},
                 {"FILE_FORMAT", "=", 4},
                 {"STAGE_FILE_FORMAT", "", 6},
                 {"COPY", "GRANTS", 6},
                 {"HYBRID", "TABLE", 5},
                 {"REPLACE", "TABLE", 4},
                 {"NUMBER", "", 2},
                 {"COPY", "INTO", 2}},
    .rules = {.backslash = true, .hash_comment = false, .slash_comment = true},
    .types =
        {
            {"INT", K::kInt, A::kNone, 64},
            {"INTEGER", K::kInt, A::kNone, 64},
            {"SMALLINT", K::kInt, A::kNone, 64},
            {"TINYINT", K::kInt, A::kNone, 64},
            {"BYTEINT", K::kInt, A::kNone, 64},
            {"REAL", K::kFloat, A::kNone, 64},
            {"FLOAT4", K::kFloat, A::kNone, 64},
            {"BINARY", K::kBinary, A::kLength},
            {"VARIANT", K::kJson},
            {"OBJECT", K::kJson},
            {"ARRAY", K::kJson},
            {"TIMESTAMP", K::kTimestamp, A::kSecond, 0, -1, 6},
            {"DATETIME", K::kTimestamp, A::kSecond, 0, -1, 6},
            {"TIMESTAMP_NTZ", K::kTimestamp, A::kSecond, 0, -1, 6},
            {"TIMESTAMPNTZ", K::kTimestamp, A::kSecond, 0, -1, 6},
            {"TIMESTAMP_LTZ", K::kTimestamp, A::kSecond, 0, -1, 6, -1, W::kZone},
            {"TIMESTAMPLTZ", K::kTimestamp, A::kSecond, 0, -1, 6, -1, W::kZone},
            {"TIMESTAMP_TZ", K::kTimestamp, A::kSecond, 0, -1, 6, -1, W::kZone},
        },
    .decimal_precision = 38,
    .decimal_scale = 0,
    .integers_are_wide = true,
};

}  // namespace synthmill::ddl
