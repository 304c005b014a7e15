#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kDb2 = {
    .dialect = Dialect::kDb2,
    .name = "db2",
    .aliases = {"db2luw", "db2zos"},
    .help = "IBM Db2",
    .example =
        "CREATE TABLE act (actno SMALLINT NOT NULL, actdesc VARCHAR(20) NOT NULL, photo "
        "BLOB(100K) NOT LOGGED, added TIMESTAMP NOT NULL WITH DEFAULT) IN userspace1",
    .evidence = {{"GRAPHIC", "", 4},
                 {"VARGRAPHIC", "", 5},
                 {"DBCLOB", "", 5},
                 {"DECFLOAT", "", 5},
                 {"CCSID", "", 5},
                 {"BIT", "DATA", 5},
                 {"ORGANIZE", "BY", 4},
                 {"NOT", "LOGGED", 5},
                 {"LOGGED", "", 2},
                 {"WITH", "DEFAULT", 4},
                 {"CURRENT", "TIMESTAMP", 3},
                 {"CURRENT", "DATE", 3},
                 {"LONG", "VARCHAR", 2},
                 {"DATA", "CAPTURE", 5},
                 {"VOLATILE", "CARDINALITY", 4},
                 {"IN", "USERSPACE1", 6},
                 {"ALLOW", "REVERSE", 5},
                 {"QUERY", "OPTIMIZATION", 4},
                 {"ENFORCED", "", 1}},
    .rules = {.hash_comment = false, .nested_comments = true},
    .types =
        {
            {"VARCHAR", K::kText, A::kLength, 0, -1, -1, -1, W::kBytes},
            {"GRAPHIC", K::kText, A::kLength, 0, 1, -1, -1, W::kFixed},
            {"VARGRAPHIC", K::kText, A::kLength},
            {"DBCLOB", K::kText, A::kLength},
            {"CLOB", K::kText, A::kLength, 0, 1048576, -1, -1, W::kBytes},
            {"BLOB", K::kBinary, A::kLength, 0, 1048576},
            {"DECFLOAT", K::kDecimal, A::kNone, 0, -1, 34, 6},
            {"TIME", K::kTime, A::kNone, 0, -1, 0},
            {"ROWID", K::kText, A::kNone, 0, 40, -1, -1, W::kBytes},
        },
    .decimal_precision = 5,
    .decimal_scale = 0,
    .char_in_bytes = true,
};

}  // namespace synthmill::ddl
