#include "schema/import.h"

#include <gtest/gtest.h>

#include "ddl/reader.h"
#include "spec/spec.h"

namespace synthmill::schema {
namespace {

Imported ImportSql(const std::string& sql) {
  std::vector<ddl::Source> sources(1);
  sources[0] = {"t.sql", sql};
  const ddl::Catalog catalog = ddl::ReadDdl(std::move(sources));
  EXPECT_TRUE(catalog.ok()) << (catalog.problems.empty()
                                    ? ""
                                    : ddl::RenderProblem(catalog, catalog.problems[0]));
  ImportOptions options;
  options.dataset = "t";
  Imported imported = ImportCatalog(catalog, options);
  imported.problems.insert(imported.problems.begin(), catalog.problems.begin(),
                           catalog.problems.end());
  return imported;
}

// The line of a column, and that the whole is a good dataset file.
std::string LineOf(const std::string& sql, const std::string& column) {
  const Imported imported = ImportSql(sql);
  spec::Diagnostics diagnostics("t.yaml", imported.text);
  spec::ParseSpec("t.yaml", imported.text, &diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.Render() << imported.text;
  const size_t at = imported.text.find("\n      " + column + ": ");
  if (at == std::string::npos) return "";
  return imported.text.substr(at + 7, imported.text.find('\n', at + 1) - at - 7);
}

void ExpectHas(const std::string& line, std::initializer_list<const char*> parts) {
  for (const char* part : parts)
    EXPECT_NE(line.find(part), std::string::npos) << part << "\n" << line;
}

TEST(Import, SaysKeysLengthsAndDefaults) {
  const std::string sql =
      "CREATE TABLE t (id int PRIMARY KEY, email varchar(80) NOT NULL UNIQUE,"
      " note varchar(30) DEFAULT 'none');";
  ExpectHas(LineOf(sql, "id"), {"kind: sequence", "type: int32", "required: true"});
  ExpectHas(LineOf(sql, "email"),
            {"kind: template", "max_length: 80", "required: true", "by name and type"});
  ExpectHas(LineOf(sql, "note"), {"default: none", "default_share: 0.2", "null: 0.1"});
  ExpectHas(ImportSql(sql).text, {"primary_key: [id]", "unique: [[email]]"});
}

TEST(Import, IntersectsChecksWithWhatIsUsual) {
  ExpectHas(LineOf("CREATE TABLE t (age int CHECK (age >= 21 AND age < 65));", "age"),
            {"min: 21", "max: 64"});
  ExpectHas(LineOf("CREATE TABLE t (price numeric(6,2) CHECK (price > 1000));", "price"),
            {"min: 1000.01"});
  ExpectHas(LineOf("CREATE TABLE t (x smallint CHECK (x BETWEEN -5 AND 5));", "x"),
            {"type: int16", "min: 1", "max: 5"});
  ExpectHas(LineOf("CREATE TABLE t (x int CHECK (x IN (10, 20, 30)));", "x"),
            {"min: 10", "max: 30", "step: 10"});
  ExpectHas(LineOf("CREATE TABLE t (s varchar(9) CHECK (s IN ('a', 'b''c')));", "s"),
            {"kind: choice", "values: [a, \"b'c\"]"});
  ExpectHas(LineOf("CREATE TABLE t (d date CHECK (d >= DATE '2024-02-01'));", "d"),
            {"from: 2024-02-01"});
  ExpectHas(LineOf("CREATE TABLE t (a int, b int, CHECK (a < b));", "b"), {"more_than: a"});
  ExpectHas(
      LineOf("CREATE TABLE t (a int CHECK (a < 50), b int CHECK (b < 20), CHECK (a < b));", "a"),
      {"max: 18"});
}

TEST(Import, AComparisonWithAKeyIsKeptAsTextAndTold) {
  for (const char* sql : {"CREATE TABLE t (a int PRIMARY KEY, b int, CHECK (b > a));",
                          "CREATE TABLE p (x int PRIMARY KEY); CREATE TABLE t (a int, b int "
                          "REFERENCES p(x), CHECK (b > "
                          "a AND b < 9999));"}) {
    const Imported imported = ImportSql(sql);
    ASSERT_TRUE(imported.ok()) << sql;
    EXPECT_EQ(imported.text.find("more_than"), std::string::npos) << imported.text;
    EXPECT_NE(imported.text.find("# not kept: CHECK"), std::string::npos) << imported.text;
    ASSERT_EQ(imported.problems.size(), 1u) << sql;
    EXPECT_NE(imported.problems[0].message.find("kept as text only"), std::string::npos);
  }
}

TEST(Import, RefusesContradictionsWithBothPlaces) {
  for (const char* sql :
       {"CREATE TABLE t (\na int CHECK (a > 9),\nCHECK (a < 3));",
        "CREATE TABLE t (\na varchar(5) CHECK (a IN ('x')),\nCHECK (a IN ('y')));",
        "CREATE TABLE t (\na varchar(3)\nCHECK (length(a) > 5));",
        "CREATE TABLE t (\na int CHECK (a IN (1, 2)),\nCHECK (a > 2));"}) {
    const Imported imported = ImportSql(sql);
    ASSERT_FALSE(imported.ok()) << sql;
    const ddl::Problem& p = imported.problems.front();
    EXPECT_NE(p.message.find("contradictory"), std::string::npos) << p.message;
    EXPECT_NE(p.hint.find("t.sql:"), std::string::npos) << p.hint;
  }
}

TEST(Import, KeepsForeignKeysOfOneAndOfManyColumns) {
  const std::string sql =
      "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
      "CREATE TABLE c (id int PRIMARY KEY, up int REFERENCES c, x int NOT NULL, y int NOT NULL,"
      " FOREIGN KEY (x, y) REFERENCES p (a, b));";
  ExpectHas(LineOf(sql, "up"), {"kind: reference", "table: c", "column: id"});
  ExpectHas(LineOf(sql, "x"), {"kind: reference", "from: p_row", "column: a", "required: true"});
  ExpectHas(LineOf(sql, "p_row"), {"kind: parent", "table: p", "hidden: true"});
  const Imported lost = ImportSql("CREATE TABLE c (x int REFERENCES nowhere (id));");
  EXPECT_TRUE(lost.ok());
  EXPECT_FALSE(lost.problems.empty());
}

TEST(Import, MakesColumnsOfOneRowAgree) {
  const std::string sql =
      "CREATE TABLE t (first_name varchar(40) NOT NULL, last_name varchar(40) NOT NULL,"
      " full_name varchar(80), email varchar(99), billing_city varchar(50), billing_zip char(5),"
      " created_at timestamp NOT NULL, updated_at timestamp);";
  ExpectHas(LineOf(sql, "full_name"), {"\"{first_name} {last_name}\""});
  ExpectHas(LineOf(sql, "email"), {"{first_name|mailbox}.{last_name|mailbox}"});
  ExpectHas(LineOf(sql, "billing_city"), {"kind: field", "of: billing_place"});
  ExpectHas(LineOf(sql, "billing_zip"), {"of: billing_place", "field: zip"});
  ExpectHas(LineOf(sql, "updated_at"), {"not_before: created_at"});
  // A state beside no place is where something is in its life.
  ExpectHas(LineOf("CREATE TABLE jobs (id int, state varchar(20));", "state"), {"kind: choice"});
}

TEST(Import, CountsRowsByWhatKeysAllow) {
  const Imported imported = ImportSql(
      "CREATE TABLE c (code char(2) PRIMARY KEY);"
      "CREATE TABLE one (code char(2) PRIMARY KEY REFERENCES c);"
      "CREATE TABLE many (id int PRIMARY KEY, code char(2) REFERENCES c);");
  ExpectHas(imported.text, {"  c:\n    rows: min(rows, 676)", "  one:\n    rows: min(rows, 676)",
                            "  many:\n    rows: rows"});
}

TEST(Import, SaysWhatItCannotKeep) {
  const Imported imported = ImportSql(
      "CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (a + b) STORED,"
      " CHECK (a * b <> 7));");
  ASSERT_GE(imported.problems.size(), 2u);
  EXPECT_TRUE(imported.ok());
  ExpectHas(imported.text, {"computed by the database", "# not kept: CHECK (a * b <> 7)"});
}

}  // namespace
}  // namespace synthmill::schema
