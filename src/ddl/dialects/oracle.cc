#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kOracle = {
    .dialect = Dialect::kOracle,
    .name = "oracle",
    .aliases = {"plsql"},
    .help = "Oracle Database, scripts of SQL*Plus",
    .example =
        "CREATE TABLE employees (employee_id NUMBER(6), last_name VARCHAR2(25 CHAR) "
        "CONSTRAINT emp_last_name_nn NOT NULL, hire_date DATE DEFAULT SYSDATE) TABLESPACE hr",
    .evidence = {{"VARCHAR2", "", 6},
                 {"NVARCHAR2", "", 6},
                 {"NUMBER", "", 3},
                 {"SYSDATE", "", 3},
                 {"SYSTIMESTAMP", "", 4},
                 {"BFILE", "", 4},
                 {"BINARY_DOUBLE", "", 4},
                 {"BINARY_FLOAT", "", 4},
                 {"UROWID", "", 4},
                 {"SDO_GEOMETRY", "", 4},
                 {"TABLESPACE", "", 2},
                 {"PCTFREE", "", 4},
                 {"INITRANS", "", 4},
                 {"NOLOGGING", "", 4},
                 {"ENABLE", "", 2},
                 {"CLOB", "", 1},
                 {"RAW", "(", 3},
                 {"LONG", "RAW", 4},
                 {"ORGANIZATION", "INDEX", 4},
                 {"SYS_GUID", "(", 4},
                 {"PURGE", "", 2}},
    .rules = {.hash_comment = false},
    .types =
        {
            {"INTEGER", K::kInt, A::kNone, 64},
            {"INT", K::kInt, A::kNone, 64},
            {"SMALLINT", K::kInt, A::kNone, 32},
            {"VARCHAR", K::kText, A::kLength, 0, 4000, -1, -1, W::kBytes},
            {"VARCHAR2", K::kText, A::kLength, 0, 4000, -1, -1, W::kBytes},
            {"NVARCHAR2", K::kText, A::kLength, 0, 2000},
            {"LONG", K::kText},
            {"XMLTYPE", K::kXml},
            {"BFILE", K::kText, A::kNone, 0, 255},
            {"BINARY_FLOAT", K::kFloat, A::kNone, 32},
            {"BINARY_DOUBLE", K::kFloat, A::kNone, 64},
            {"REAL", K::kFloat, A::kNone, 64},
            // An Oracle DATE has hours, minutes and seconds.
            {"DATE", K::kTimestamp, A::kNone, 0, -1, 0},
            {"ROWID", K::kText, A::kNone, 0, 18, -1, -1, W::kBytes},
            {"UROWID", K::kText, A::kLength, 0, 4000, -1, -1, W::kBytes},
            {"SDO_GEOMETRY", K::kGeometry},
        },
    .char_in_bytes = true,
};

}  // namespace synthmill::ddl
