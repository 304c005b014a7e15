#include "ddl/reader.h"

#include <gtest/gtest.h>

namespace synthmill::ddl {
namespace {

Catalog Read(std::string text) { return ReadDdl({{"a.sql", std::move(text)}}); }

std::string Problems(const Catalog& catalog) {
  std::string all;
  for (const Problem& problem : catalog.problems) all += RenderProblem(catalog, problem);
  return all;
}

TEST(DdlReader, ReadsColumnsKeysAndReferences) {
  const Catalog c = Read(
      "CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(60) NOT NULL,\n"
      "  boss INTEGER REFERENCES person,);\n");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 1u);
  const Table& t = c.tables[0];
  ASSERT_EQ(t.columns.size(), 3u);
  EXPECT_EQ(t.primary_key.columns, std::vector<std::string>{"id"});
  EXPECT_EQ(t.columns[1].type.length, 60);
  ASSERT_EQ(t.foreign_keys.size(), 1u);
  EXPECT_EQ(t.foreign_keys[0].parent, 0);
  EXPECT_EQ(t.foreign_keys[0].parent_columns, std::vector<std::string>{"id"});
}

TEST(DdlReader, SaysWhereATableCouldNotBeReadAndGoesOn) {
  const Catalog c = Read("CREATE TABLE a (x int,\n  y varchar(ten));\nCREATE TABLE b (z int);\n");
  ASSERT_EQ(c.problems.size(), 1u);
  EXPECT_FALSE(c.ok());
  EXPECT_EQ(c.tables.size(), 1u);
  EXPECT_EQ(c.tables_there, 2u);
  EXPECT_EQ(RenderProblem(c, c.problems[0]),
            "a.sql:2:13: error: the length of a type is a whole number\n"
            "    y varchar(ten));\n"
            "              ^\n");
}

}  // namespace
}  // namespace synthmill::ddl
