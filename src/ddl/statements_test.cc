// Statements beside CREATE TABLE, and what becomes of those that cannot be read.
#include <gtest/gtest.h>

#include "ddl/reader.h"

namespace synthmill::ddl {
namespace {

using Names = std::vector<std::string>;

Catalog Read(std::string text) { return ReadDdl({{"a.sql", std::move(text)}}); }

std::string Messages(const Catalog& catalog) {
  std::string all;
  for (const Problem& problem : catalog.problems)
    all += (problem.severity == Problem::Severity::kError ? "E " : "W ") +
           std::to_string(problem.place.at.line) + ":" + std::to_string(problem.place.at.column) +
           " " + problem.message + "\n";
  return all;
}

Names ColumnsOf(const Table& table) {
  Names names;
  for (const Column& column : table.columns) names.push_back(column.name.text);
  return names;
}

TEST(DdlStatements, AlterTableAddsChangesAndDrops) {
  const Catalog c = Read(
      "CREATE TABLE t (a int, b int, c varchar(5), d int DEFAULT 3, UNIQUE (b));\n"
      "ALTER TABLE t ADD COLUMN e date NOT NULL, DROP COLUMN b;\n"
      "ALTER TABLE t RENAME COLUMN a TO id; ALTER TABLE t ADD PRIMARY KEY (ID);\n"
      "ALTER TABLE t ALTER COLUMN c TYPE varchar(9) USING c::text, ALTER COLUMN c SET NOT NULL;\n"
      "ALTER TABLE t ALTER COLUMN d DROP DEFAULT;\n"
      "ALTER TABLE t ADD CONSTRAINT k CHECK (d > 1); ALTER TABLE t DROP CONSTRAINT k;\n"
      "ALTER TABLE t RENAME TO u; COMMENT ON TABLE u IS 'renamed';\n");
  EXPECT_EQ(Messages(c), "");
  ASSERT_EQ(c.tables.size(), 1u);
  const Table& t = c.tables[0];
  EXPECT_EQ(t.name.text, "u");
  EXPECT_EQ(t.comment, "renamed");
  EXPECT_EQ(ColumnsOf(t), (Names{"id", "c", "d", "e"}));
  EXPECT_EQ(t.primary_key.columns, Names{"id"});
  EXPECT_TRUE(t.unique.empty());  // it was over the column that went
  EXPECT_TRUE(t.checks.empty());
  EXPECT_EQ(t.columns[1].type.length, 9);
  EXPECT_TRUE(t.columns[1].not_null && t.columns[0].not_null);
  EXPECT_EQ(t.columns[2].default_value.kind, Default::Kind::kNone);
}

TEST(DdlStatements, FilesMayComeInAnyOrder) {
  const Catalog c = ReadDdl({
      {"keys.sql", "ALTER TABLE child ADD FOREIGN KEY (a, b) REFERENCES s.Parent;"},
      {"child.sql", "CREATE TABLE child (a int, b int);"},
      {"parent.sql", "CREATE TABLE s.parent (x int, y int, PRIMARY KEY (x, y));"},
  });
  EXPECT_EQ(Messages(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  ASSERT_EQ(c.tables[0].foreign_keys.size(), 1u);
  EXPECT_EQ(c.tables[0].foreign_keys[0].parent, 1);
  EXPECT_EQ(c.tables[0].foreign_keys[0].parent_columns, (Names{"x", "y"}));
}

TEST(DdlStatements, ReferencesMayGoInCircles) {
  const Catalog c = Read(
      "CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);\n"
      "CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id), up int REFERENCES b);\n");
  EXPECT_EQ(Messages(c), "");
  EXPECT_EQ(c.tables[0].foreign_keys[0].parent, 1);
  EXPECT_EQ(c.tables[1].foreign_keys[0].parent, 0);
  EXPECT_EQ(c.tables[1].foreign_keys[1].parent, 1);
}

TEST(DdlStatements, AReferenceThatLeadsNowhereIsAWarning) {
  const Catalog c =
      Read("CREATE TABLE a (x int REFERENCES nowhere (y),\n z int REFERENCES a (w));");
  EXPECT_TRUE(c.ok());
  EXPECT_EQ(Messages(c),
            "W 1:23 the foreign key of table 'a' points at table 'nowhere', which is not there\n"
            "W 2:8 the foreign key of table 'a' points at column 'w', which table 'a' has not\n");
  EXPECT_EQ(c.tables[0].foreign_keys[0].parent, -1);
  EXPECT_EQ(c.tables[0].foreign_keys[1].parent, -1);
}

TEST(DdlStatements, TablesLikeOthersCopyTheirColumns) {
  const Catalog c = Read(
      "CREATE TABLE a (id serial PRIMARY KEY, t timestamptz NOT NULL);\n"
      "CREATE TABLE b (LIKE a INCLUDING ALL, extra text);\n"
      "CREATE TABLE k (own int) INHERITS (a);\n"
      "CREATE TABLE p PARTITION OF a FOR VALUES FROM (1) TO (2);\n"
      "CREATE TABLE s AS SELECT CAST(NULL AS int) AS x, CAST('a' AS varchar(3)) y WHERE 1 = 0;\n"
      "CREATE TABLE n AS SELECT * FROM a;\n");
  ASSERT_EQ(c.tables.size(), 5u) << Messages(c);
  EXPECT_EQ(c.tables_there, 6u);
  EXPECT_EQ(ColumnsOf(c.tables[1]), (Names{"id", "t", "extra"}));
  EXPECT_EQ(c.tables[1].primary_key.columns, Names{"id"});
  EXPECT_EQ(ColumnsOf(c.tables[2]), (Names{"id", "t", "own"}));
  EXPECT_EQ(ColumnsOf(c.tables[4]), (Names{"x", "y"}));
  EXPECT_FALSE(c.ok());
}

TEST(DdlStatements, ASlipOfCreateIsAnErrorWithAHint) {
  const Catalog c =
      Read("CRAETE TABLE a (b int);\nFROBNICATE x;\nFROBNICATE y;\nCREATE TABLE c (d int);");
  EXPECT_EQ(Messages(c),
            "E 1:1 no statement starts with 'CRAETE'\n"
            "W 2:1 no statement starts with 'FROBNICATE'\n");
  EXPECT_EQ(c.problems[0].hint, "did you mean 'CREATE'?");
  ASSERT_EQ(c.tables.size(), 1u);
}

TEST(DdlStatements, WhatCannotBeReadIsSaidWithItsPlace) {
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b int,\n  c int")),
            "E 1:16 the list of columns of table 'a' is never closed\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b int, b text);")),
            "E 1:14 table 'a' has two columns 'b'\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b int, PRIMARY KEY (c));")),
            "E 1:14 a key of table 'a' names a column 'c', which it has not\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a ();")), "E 1:14 table 'a' has no columns\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b int);\nCREATE TABLE A (c int);")),
            "E 2:14 table 'A' is already there, from a.sql:1\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b wobble);")),
            "W 1:17 column 'a.b' has type 'wobble', which is not known\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b int CHECK (f(b) = 1));")),
            "W 1:23 this CHECK of table 'a' is not understood; it is kept as text: f(b) = 1\n");
  EXPECT_EQ(Messages(Read("CREATE TABLE a (b int);\nINSERT INTO a VALUES ('x);")),
            "E 2:23 this quote or comment never ends\n");
}

TEST(DdlStatements, NamesAreKeptAsTheyAreMeant) {
  const Catalog c = Read(
      "CREATE TABLE \"../../x\" (\"a/b\" int, \"quoted \"\"name\"\"\" int, \"select\" int);\n"
      "CREATE TABLE \"\xC3\xA4\xE2\x82\xAC\" (" +
      std::string(300, 'n') + " int);\n");
  EXPECT_EQ(Messages(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].name.text, "../../x");
  EXPECT_EQ(ColumnsOf(c.tables[0]), (Names{"a/b", "quoted \"name\"", "select"}));
  EXPECT_EQ(c.tables[1].columns[0].name.text.size(), 300u);
}

TEST(DdlStatements, KeywordsMayBeNamesOfColumns) {
  const Catalog c = Read(
      "CREATE TABLE t (key varchar(20), index int, check_ int, comment text, type int, date date,\n"
      "  \"primary\" int, user_ int, value int, timestamp timestamp, unique_ int, period int);");
  EXPECT_EQ(Messages(c), "");
  ASSERT_EQ(c.tables.size(), 1u);
  EXPECT_EQ(c.tables[0].columns.size(), 12u);
}

TEST(DdlStatements, Utf16IsReadLikeUtf8) {
  std::string utf16 = "\xFF\xFE";
  for (const char letter : std::string("CREATE TABLE t (a int);\r\nGO\r\n")) {
    utf16.push_back(letter);
    utf16.push_back('\0');
  }
  const Catalog c = Read(utf16);
  EXPECT_EQ(Messages(c), "");
  EXPECT_EQ(c.tables.size(), 1u);
}

TEST(DdlStatements, HostileTextIsReadInBoundedDepth) {
  const auto many = [](std::string_view piece) {
    std::string text;
    while (text.size() < 300000) text += piece;
    return text;
  };
  for (const char* piece :
       {"(", "[a", "`", "'", "$a$ $b$ ", "/* ", "CREATE TABLE a (", "'\\", "{{"})
    EXPECT_EQ(Read(many(piece)).tables.size(), 0u) << piece;
  EXPECT_FALSE(Read("CREATE TABLE a (b " + many("ARRAY<")).ok());
  EXPECT_FALSE(Read("CREATE TABLE a (b int" + many("[]") + ")").ok());
  EXPECT_FALSE(Read("CREATE TABLE a (b int CHECK (" + many("(b > 1 AND ")).ok());
  EXPECT_FALSE(Read("CREATE TABLE a (" + many("c int,") + "d int)").ok());
}

}  // namespace
}  // namespace synthmill::ddl
