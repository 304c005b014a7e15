#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kMySql = {
    .dialect = Dialect::kMySql,
    .name = "mysql",
    .aliases = {"mariadb", "tidb"},
    .help = "MySQL and MariaDB, dumps of mysqldump and phpMyAdmin",
    .example =
        "CREATE TABLE `user` (`id` int unsigned NOT NULL AUTO_INCREMENT, `name` varchar(50) "
        "COMMENT 'shown', PRIMARY KEY (`id`), KEY `by_name` (`name`)) ENGINE=InnoDB",
    .evidence = {{"ENGINE", "=", 8},      {"ENGINE", "", 3},       {"AUTO_INCREMENT", "", 6},
                 {"UNSIGNED", "", 3},     {"ZEROFILL", "", 4},     {"MEDIUMTEXT", "", 4},
                 {"LONGTEXT", "", 4},     {"TINYTEXT", "", 4},     {"MEDIUMBLOB", "", 4},
                 {"LONGBLOB", "", 4},     {"TINYBLOB", "", 4},     {"MEDIUMINT", "", 3},
                 {"DATETIME", "", 1},     {"TINYINT", "(", 2},     {"INT", "(", 2},
                 {"SMALLINT", "(", 2},    {"BIGINT", "(", 2},      {"ENUM", "(", 2},
                 {"CHARSET", "", 4},      {"CHARACTER", "SET", 3}, {"FULLTEXT", "", 3},
                 {"ROW_FORMAT", "", 4},   {"COLLATE", "=", 2},     {"USING", "BTREE", 2},
                 {"STORAGE", "ENGINE", 4}},
    .backquote_weight = 3,
    .rules = {.backslash = true},
    .double_quote_is_string = true,
    .types =
        {
            {"TINYINT", K::kInt, A::kNone, 8},
            {"INT8", K::kInt, A::kNone, 64},
            {"SERIAL", K::kInt, A::kNone, 64, -1, -1, -1,
             W::kUnsigned | W::kIdentity | W::kNotNull},
            {"FLOAT", K::kFloat, A::kFloat, 32},
            {"REAL", K::kFloat, A::kFloat, 64},
            {"TINYTEXT", K::kText, A::kNone, 0, 255, -1, -1, W::kBytes},
            {"TEXT", K::kText, A::kLength, 0, 65535, -1, -1, W::kBytes},
            {"MEDIUMTEXT", K::kText, A::kNone, 0, 16777215, -1, -1, W::kBytes},
            {"LONGTEXT", K::kText, A::kNone},
            {"LONG", K::kText, A::kNone, 0, 16777215, -1, -1, W::kBytes},
            {"TINYBLOB", K::kBinary, A::kNone, 0, 255},
            {"BLOB", K::kBinary, A::kLength, 0, 65535},
            {"MEDIUMBLOB", K::kBinary, A::kNone, 0, 16777215},
            {"LONGBLOB", K::kBinary, A::kNone},
            {"TIME", K::kTime, A::kSecond, 0, -1, 0},
            {"DATETIME", K::kTimestamp, A::kSecond, 0, -1, 0},
            {"TIMESTAMP", K::kTimestamp, A::kSecond, 0, -1, 0},
            {"YEAR", K::kYear, A::kNone},
        },
    .decimal_precision = 10,
    .decimal_scale = 0,
};

}  // namespace synthmill::ddl
