#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kSqlite = {
    .dialect = Dialect::kSqlite,
    .name = "sqlite",
    .aliases = {"sqlite3"},
    .help = "SQLite, any type words by its affinity rules",
    .example =
        "CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, at REAL) STRICT",
    .evidence = {{"AUTOINCREMENT", "", 5},
                 {"WITHOUT", "ROWID", 6},
                 {"STRICT", "", 3},
                 {"PRAGMA", "", 6},
                 {"INTEGER", "PRIMARY", 2},
                 {"ON", "CONFLICT", 4},
                 {"COLLATE", "NOCASE", 4},
                 {"STRFTIME", "(", 4}},
    .backquote_weight = 1,
    .bracket_weight = 2,
    .rules = {.hash_comment = false, .bracket_names = true},
    .types =
        {
            {"INTEGER", K::kInt, A::kNone, 64},
            {"INT", K::kInt, A::kNone, 64},
            {"REAL", K::kFloat, A::kNone, 64},
            {"FLOAT", K::kFloat, A::kNone, 64},
            {"ANY", K::kText},
        },
    .integers_are_wide = true,
};

}  // namespace synthmill::ddl
