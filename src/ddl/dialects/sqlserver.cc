#include "ddl/dialect.h"

namespace synthmill::ddl {

using K = Type::Kind;
using A = TypeArgs;
using W = TypeWord;

extern const DialectEntry kSqlServer = {
    .dialect = Dialect::kSqlServer,
    .name = "sqlserver",
    .aliases = {"mssql", "tsql", "sql_server", "sql server", "sql-server", "synapse"},
    .help = "Microsoft SQL Server and Azure SQL, scripts with GO",
    .example =
        "CREATE TABLE [dbo].[Order] ([OrderID] int IDENTITY(1,1) NOT NULL, [Note] "
        "nvarchar(max) NULL, CONSTRAINT [PK_Order] PRIMARY KEY CLUSTERED ([OrderID] ASC)) "
        "ON [PRIMARY]",
    .evidence = {{"IDENTITY", "(", 4},        {"NVARCHAR", "", 2},      {"NTEXT", "", 3},
                 {"UNIQUEIDENTIFIER", "", 5}, {"DATETIME2", "", 5},     {"DATETIMEOFFSET", "", 5},
                 {"SMALLDATETIME", "", 5},    {"SMALLMONEY", "", 5},    {"HIERARCHYID", "", 5},
                 {"ROWVERSION", "", 5},       {"SQL_VARIANT", "", 5},   {"SYSNAME", "", 5},
                 {"CLUSTERED", "", 3},        {"NONCLUSTERED", "", 5},  {"ROWGUIDCOL", "", 5},
                 {"NOCHECK", "", 4},          {"TEXTIMAGE_ON", "", 6},  {"PAD_INDEX", "", 6},
                 {"GETDATE", "(", 3},         {"SYSDATETIME", "(", 3},  {"NEWID", "(", 4},
                 {"DATETIME", "", 1},         {"MONEY", "", 1},         {"BIT", "", 1},
                 {"VARCHAR", "(MAX", 3},      {"DISTRIBUTION", "=", 8}, {"GO", "", 2}},
    .bracket_weight = 4,
    .rules = {.hash_comment = false, .bracket_names = true, .nested_comments = true},
    .types =
        {
            {"TINYINT", K::kInt, A::kNone, 8, -1, -1, -1, W::kUnsigned},
            {"BIT", K::kBool},
            {"MONEY", K::kDecimal, A::kNone, 0, -1, 19, 4},
            {"SMALLMONEY", K::kDecimal, A::kNone, 0, -1, 10, 4},
            {"VARCHAR", K::kText, A::kLength, 0, 1, -1, -1, W::kBytes},
            {"NVARCHAR", K::kText, A::kLength, 0, 1},
            {"CHAR", K::kText, A::kLength, 0, 1, -1, -1, W::kBytes | W::kFixed},
            {"SYSNAME", K::kText, A::kNone, 0, 128},
            {"VARBINARY", K::kBinary, A::kLength, 0, 1},
            {"UNIQUEIDENTIFIER", K::kUuid},
            {"SMALLDATETIME", K::kTimestamp, A::kNone, 0, -1, 0},
            {"DATETIME", K::kTimestamp, A::kNone, 0, -1, 3},
            {"DATETIME2", K::kTimestamp, A::kSecond, 0, -1, 6},
            {"DATETIMEOFFSET", K::kTimestamp, A::kSecond, 0, -1, 6, -1, W::kZone},
            {"TIMESTAMP", K::kBinary, A::kNone, 0, 8, -1, -1, W::kFixed},
            {"ROWVERSION", K::kBinary, A::kNone, 0, 8, -1, -1, W::kFixed},
            {"SQL_VARIANT", K::kText, A::kNone, 0, 4000},
            {"HIERARCHYID", K::kText, A::kNone, 0, 892},
        },
    .decimal_precision = 18,
    .decimal_scale = 0,
    .char_in_bytes = true,
};

}  // namespace synthmill::ddl
