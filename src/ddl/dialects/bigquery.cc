#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kBigQuery = {
    .dialect = Dialect::kBigQuery,
    .name = "bigquery",
    .aliases = {"bq", "googlesql", "spanner"},
    .help = "Google BigQuery and Spanner",
    .example =
        "CREATE TABLE `proj.shop.orders` (id INT64 NOT NULL, lines ARRAY<STRUCT<sku STRING, "
        "n INT64>>, at TIMESTAMP OPTIONS(description='placed')) PARTITION BY DATE(at)",
    .evidence = {{"INT64", "", 6},
                 {"FLOAT64", "", 6},
                 {"BIGNUMERIC", "", 6},
                 {"BIGDECIMAL", "", 6},
                 {"OPTIONS", "(", 6},
                 {"STRING", "", 2},
                 {"STRUCT", "<", 2},
                 {"ARRAY", "<", 2},
                 {"BYTES", "", 3},
                 {"CLUSTER", "BY", 2},
                 {"PARTITION", "BY", 2},
                 {"NOT", "ENFORCED", 2},
                 {"SNAPSHOT", "TABLE", 3}},
    .backquote_weight = 2,
    .rules = {.backslash = true, .triple_quotes = true},
    .double_quote_is_string = true,
    .types =
        {
            {"INT", K::kInt, A::kNone, 64},
            {"INTEGER", K::kInt, A::kNone, 64},
            {"SMALLINT", K::kInt, A::kNone, 64},
            {"TINYINT", K::kInt, A::kNone, 64},
            {"BYTEINT", K::kInt, A::kNone, 64},
            {"BIGNUMERIC", K::kDecimal, A::kPrecision, 0, -1, 38, 9},
            {"BIGDECIMAL", K::kDecimal, A::kPrecision, 0, -1, 38, 9},
            {"TIMESTAMP", K::kTimestamp, A::kNone, 0, -1, 6, -1, W::kZone},
        },
    .decimal_precision = 38,
    .decimal_scale = 9,
    .integers_are_wide = true,
};

}  // namespace synthmill::ddl
