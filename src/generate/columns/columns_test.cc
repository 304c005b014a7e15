// Every column kind, by the registry: a new kind is tested here without a line of its own.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "generate/column.h"
#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

// Columns that examples are made from; a column comes after those it is made from.
const std::vector<std::pair<std::string, std::string>> kNeighbours = {
    {"first_name",
     "{kind: list, list: first_names, value: name, given: {gender: gender}, hidden: true}"},
    {"gender", "{kind: choice, values: [F, M], hidden: true}"},
    {"last_name", "{kind: list, list: last_names, value: name, hidden: true}"},
    {"place", "{kind: list_row, list: places, hidden: true}"},
    {"registration_date", "{kind: date, from: as_of - 5y, to: as_of - 1d, hidden: true}"},
    {"quantity", "{kind: int, min: 1, max: 9, hidden: true}"},
    {"price", "{kind: decimal, min: 1, max: 9.99, hidden: true}"}};

// `x` as the column says, beside the neighbours it speaks of.
std::string Columns(const std::string& column, const std::string& more = "") {
  std::string columns = "      x: " + column + "\n";
  for (const auto& [name, text] : kNeighbours)
    if (columns.find(name) != std::string::npos)
      columns += "      " + name + ": " + text.substr(0, text.size() - 1) + more + "}\n";
  return columns;
}

// A table to refer to, and to count rows by.
std::string Customers(uint64_t rows) {
  return "  customers: {rows: " + std::to_string(rows) + ", columns: {id: {kind: sequence}}}\n";
}

// One that refers to the column's own.
std::string Orders(uint64_t rows) {
  return "  orders:\n    rows: " + std::to_string(rows) + R"(
    columns:
      customer: {kind: parent, table: t, counted: true}
      amount: {kind: int, min: 1, max: 99}
      status: {kind: choice, values: [paid, open]}
)";
}

std::string Spec(const std::string& column, uint64_t rows = 2000) {
  const bool counted = column.find("kind: position") != std::string::npos;
  return "synthmill: 1\ndataset: test\nas_of: 2026-01-01\ntables:\n  t:\n    rows: " +
         (counted ? "{per: customers, min: 2, max: 2}" : std::to_string(rows)) +
         "\n    columns:\n" + Columns(column) + Customers(rows / 2) + Orders(3 * rows);
}

std::vector<Cell> Values(const std::string& column, uint64_t seed = 42, uint64_t rows = 2000) {
  return Make(Compiled(Spec(column, rows), {.seed = seed}))["t"]["x"];
}

// An example, which may be hidden, as a column that is written.
std::string Example(const ColumnKind& kind) {
  std::string text = kind.example;
  if (const size_t at = text.find(", hidden: true"); at != std::string::npos) text.erase(at, 14);
  return text;
}

// Kinds whose values follow from the row or from other columns alone.
const std::set<std::string> kNotRandom = {"constant", "sequence", "position"};

class EveryColumnKind : public testing::TestWithParam<const ColumnKind*> {};
INSTANTIATE_TEST_SUITE_P(Registry, EveryColumnKind,
                         testing::ValuesIn(ColumnKinds().begin(), ColumnKinds().end()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(EveryColumnKind, IsDocumentedInOneLineWithAnExampleOfItself) {
  const ColumnKind& kind = *GetParam();
  EXPECT_EQ(FindColumnKind(kind.name), &kind);
  EXPECT_GT(std::string(kind.help).size(), 5u);
  EXPECT_EQ(std::string(kind.help).find('\n'), std::string::npos);
  EXPECT_EQ(std::string(kind.example).rfind("{kind: " + std::string(kind.name), 0), 0u);
  std::set<std::string> names;
  for (const ArgDoc& arg : kind.args) {
    EXPECT_GT(std::string(arg.help).size(), 3u) << arg.name;
    EXPECT_TRUE(names.insert(arg.name).second) << arg.name << " twice";
  }
}

TEST_P(EveryColumnKind, CompilesItsExampleAndFillsEveryRow) {
  const std::vector<Cell> values = Values(Example(*GetParam()));
  EXPECT_EQ(values.size(), 2000u);
  for (const Cell& c : values) ASSERT_TRUE(c.has_value()) << "a null that nobody asked for";
}

TEST_P(EveryColumnKind, GivesTheSameValuesTwiceAndInSmallerParts) {
  const ProgramPtr program = Compiled(Spec(Example(*GetParam()), 5000));
  const std::vector<Cell> whole = Make(program)["t"]["x"];
  EXPECT_EQ(whole, Make(program)["t"]["x"]);
  EXPECT_EQ(whole, Make(program, 1)["t"]["x"]);
}

TEST_P(EveryColumnKind, GivesOtherValuesForAnotherSeedIfItIsRandom) {
  const std::string example = Example(*GetParam());
  EXPECT_EQ(Values(example, 42) == Values(example, 43), kNotRandom.contains(GetParam()->name));
}

TEST_P(EveryColumnKind, DependsOnTheColumnsNameIfItIsRandom) {
  // Two columns alike must not go hand in hand.
  const std::string example = Example(*GetParam());
  const Made made = Make(Compiled(Spec(example + "\n      y: " + example)))["t"];
  const std::string name = GetParam()->name;
  EXPECT_EQ(made["x"] == made["y"], kNotRandom.contains(name) || name == "total" ||
                                        name == "field" || name == "copy" || name == "product" ||
                                        (name == "template"));
}

TEST_P(EveryColumnKind, RefusesAnUnknownArgumentAndListsItsOwn) {
  std::string column = Example(*GetParam());
  column.insert(column.size() - 1, ", no_such_thing: 1");
  EXPECT_NE(CompileError(Spec(column)).find("has no 'no_such_thing'"), std::string::npos) << column;
}

TEST_P(EveryColumnKind, TakesEveryArgumentItDocuments) {
  // Whatever the value, no documented argument may be unknown.
  for (const ArgDoc& arg : GetParam()->args) {
    std::string column = "{kind: " + std::string(GetParam()->name) + ", " + arg.name + ": 1}";
    EXPECT_EQ(CompileError(Spec(column)).find("has no '" + std::string(arg.name) + "'"),
              std::string::npos)
        << column;
  }
}

TEST_P(EveryColumnKind, ReportsWhatItNeedsWithItsPlaceAndNeverCrashes) {
  const std::string error = CompileError(Spec("{kind: " + std::string(GetParam()->name) + "}"));
  const std::set<std::string> complete = {"sequence", "unique_id", "uuid",     "bool",    "text",
                                          "binary",   "time",      "interval", "position"};
  if (complete.contains(GetParam()->name)) {
    EXPECT_EQ(error, "");
  } else {
    EXPECT_NE(error.find("test.yaml:8:10: error"), std::string::npos) << error;
    EXPECT_NE(error.find("needs '"), std::string::npos) << error;
  }
}

TEST_P(EveryColumnKind, RefusesNonsenseWithoutCrashing) {
  for (const ArgDoc& arg : GetParam()->args)
    for (const char* nonsense : {"[]", "{}", "[[1]]", "{a: {b: c}}", "-1", "1.5", "\"\"", "nothing",
                                 "99999999999999999999", "-9223372036854775808"}) {
      std::string column = Example(*GetParam());
      const std::string key = std::string(arg.name) + ": ";
      if (column.find(" " + key) != std::string::npos) {
        column = "{kind: " + std::string(GetParam()->name) + ", " + key + nonsense + "}";
      } else {
        column.insert(column.size() - 1, ", " + key + nonsense);
      }
      const auto program = TryCompile(Spec(column, 10));
      if (!program.ok()) continue;
      EXPECT_EQ(Make(*program)["t"].rows, 10u) << column;
    }
}

TEST(ColumnKinds, HaveDifferentNames) {
  std::set<std::string> names;
  for (const ColumnKind* kind : ColumnKinds())
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
  EXPECT_EQ(FindColumnKind("no_such_kind"), nullptr);
}

TEST(ColumnKinds, FollowTheMemberOfAGroupThatStandsForIt) {
  // An entity of pairs: every random kind gives both members the same value.
  for (const ColumnKind* kind : ColumnKinds()) {
    const std::string name = kind->name;
    if (name == "sequence" || name == "unique_id" || name == "uuid" || name == "constant" ||
        name == "series" || name == "position" || name == "total")
      continue;
    std::string column = Example(*kind);
    column.insert(column.size() - 1, ", per: [pair]");
    const Made made = Make(Compiled(
        "synthmill: 1\ndataset: test\nas_of: 2026-01-01\nentities:\n  e:\n    count: 2000\n"
        "    groups: {pair: {share: 1, size: 2}}\n    columns:\n" +
            Columns(column, ", per: [pair]") +
            "tables:\n  t:\n    from: e\n    columns: {x: {of: e}, z: {kind: constant, value: "
            "z}}\n" +
            Customers(1000) + "truth: {entities: {e: people}}\n",
        {.truth = true}))["truth.e"];
    ASSERT_EQ(made.rows, 2000u) << name;
    for (size_t i = 0; i < made.rows; i += 2) ASSERT_EQ(made["x"][i], made["x"][i + 1]) << name;
  }
}

}  // namespace
}  // namespace synthmill::generate
