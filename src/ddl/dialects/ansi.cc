#include "ddl/dialect.h"

namespace synthmill::ddl {

extern const DialectEntry kAnsi = {
    .dialect = Dialect::kAnsi,
    .name = "ansi",
    .aliases = {"standard", "generic"},
    .help = "standard SQL, and what no other dialect claims",
    .example = "CREATE TABLE person (person_id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(60))",
    .evidence = {},
    .rules = {},
    .types = {},
};

}  // namespace synthmill::ddl
