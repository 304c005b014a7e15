#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kPostgres = {
    .dialect = Dialect::kPostgres,
    .name = "postgres",
    .aliases = {"postgresql", "pg", "cockroach", "timescale", "greenplum"},
    .help = "PostgreSQL, and dumps of pg_dump",
    .example =
        "CREATE TABLE film (film_id serial PRIMARY KEY, title text NOT NULL, tags text[], "
        "released timestamptz DEFAULT now())",
    .evidence = {{"SERIAL", "", 2},
                 {"BIGSERIAL", "", 3},
                 {"SMALLSERIAL", "", 3},
                 {"BYTEA", "", 4},
                 {"JSONB", "", 4},
                 {"TIMESTAMPTZ", "", 2},
                 {"CITEXT", "", 4},
                 {"TSVECTOR", "", 4},
                 {"INET", "", 2},
                 {"UUID", "", 1},
                 {"BPCHAR", "", 2},
                 {"REGCLASS", "", 4},
                 {"NEXTVAL", "(", 2},
                 {"INHERITS", "(", 4},
                 {"UNLOGGED", "", 4},
                 {"EXCLUDE", "USING", 4},
                 {"DEFERRABLE", "", 1},
                 {"CHARACTER", "VARYING", 1},
                 {"DOUBLE", "PRECISION", 1},
                 {"WITHOUT", "TIME", 1},
                 {"ONLY", "", 2},
                 {"::", "", 3},
                 {"[", "]", 3},
                 {"SIMILAR", "TO", 1},
                 {"BIT", "(", 3},
                 {"~", "", 2},
                 {"~*", "", 2},
                 {"GEN_RANDOM_UUID", "", 3}},
    .rules = {.hash_comment = false, .nested_comments = true},
    .types =
        {
            {"MONEY", K::kDecimal, A::kNone, 0, -1, 19, 2},
            {"OID", K::kInt, A::kNone, 32, -1, -1, -1, W::kUnsigned},
            {"XID", K::kInt, A::kNone, 32, -1, -1, -1, W::kUnsigned},
            {"VARBIT", K::kBits, A::kLength},
        },
};

}  // namespace synthmill::ddl
