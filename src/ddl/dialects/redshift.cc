#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kRedshift = {
    .dialect = Dialect::kRedshift,
    .name = "redshift",
    .aliases = {"amazon_redshift"},
    .help = "Amazon Redshift",
    .example =
        "CREATE TABLE sales (sale_id bigint ENCODE az64 DISTKEY, sold_at timestamp SORTKEY) "
        "DISTSTYLE KEY",
    .evidence = {{"ENCODE", "", 5},
                 {"DISTKEY", "", 8},
                 {"DISTSTYLE", "", 8},
                 {"SORTKEY", "", 8},
                 {"SUPER", "", 3},
                 {"HLLSKETCH", "", 4},
                 {"INTERLEAVED", "", 4},
                 {"BACKUP", "", 3},
                 {"VARBYTE", "", 4},
                 {"GETDATE", "(", 1},
                 {"IDENTITY", "(", 1},
                 {"CHARACTER", "VARYING", 1},
                 {"::", "", 1}},
    .rules = {.hash_comment = false, .nested_comments = true},
    .types =
        {
            {"VARCHAR", K::kText, A::kLength, 0, 256, -1, -1, W::kBytes},
            {"NVARCHAR", K::kText, A::kLength, 0, 256, -1, -1, W::kBytes},
            {"TEXT", K::kText, A::kNone, 0, 256, -1, -1, W::kBytes},
            {"BPCHAR", K::kText, A::kLength, 0, 256, -1, -1, W::kBytes | W::kFixed},
            {"SUPER", K::kJson},
            {"VARBYTE", K::kBinary, A::kLength, 0, 64000},
            {"VARBINARY", K::kBinary, A::kLength, 0, 64000},
            {"HLLSKETCH", K::kUnknown},
        },
    .decimal_precision = 18,
    .decimal_scale = 0,
    .char_in_bytes = true,
};

}  // namespace synthmill::ddl
