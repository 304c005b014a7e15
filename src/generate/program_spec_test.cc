// What a spec means, in small ones: nulls, groups, added columns, tables without an entity, and
// what is refused with which words.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

// Tests replace or insert pieces of it.
const std::string kShop = R"yaml(synthmill: 1
dataset: shop
as_of: 2026-01-01
parameters:
  people: {type: int, default: 3000}
  half: {type: share, default: 0.5}
  one: {type: share, default: 1}
  suffix: {type: string, default: ""}
  with_city: {type: bool, default: true}
entities:
  person:
    count: people
    groups:
      pair: {share: half, size: 2}
    columns:
      id: {kind: sequence, key: true}
      first: {kind: list, list: first_names, value: name}
      last: {kind: list, list: last_names, value: name, per: [pair]}
      full: {kind: template, template: "{first} {last}"}
      place: {kind: list_row, list: places, hidden: true}
      city: {kind: field, of: place, field: city}
      born: {kind: date, from: as_of - 80y, to: as_of - 18y}
      score: {kind: int, min: 1, max: 100, "null": 0.25}
tables:
  crm:
    name: "crm{suffix}"
    from: person
    coverage: 0.8
    copies: {1: 0.85, 2: 0.15}
    columns:
      id: {of: person}
      record: {kind: uuid, required: true, key: true}
      first: {of: person}
      last: {of: person}
      full: {of: person, rederive: true}
      city: {of: person, when: with_city}
      score: {of: person}
      stage: {kind: choice, values: [New, Open, Won], "null": half}
  log:
    rows: people * 2
    columns:
      line: {kind: sequence}
      level: {kind: choice, values: {info: 9, error: 1}}
noise:
  light:
    - {rule: typo, columns: [first], rate: 0.3}
    - {rule: missing, columns: [city], rate: 0.2}
truth:
  records: {name: truth_records, columns: [record, id]}
  entities: {person: truth_people}
  changes: {name: truth_changes, key: record}
)yaml";

std::string Replaced(const std::string& from, const std::string& to, std::string text = kShop) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The error must be there, at this place, with this hint.
void ExpectError(const std::string& yaml, const std::string& place, const std::string& what,
                 const std::string& hint = "", const With& with = {}) {
  const std::string error = CompileError(yaml, with);
  EXPECT_NE(error.find("test.yaml:" + place), std::string::npos) << error;
  EXPECT_NE(error.find(what), std::string::npos) << error;
  EXPECT_NE(error.find(hint), std::string::npos) << error;
}

TEST(ProgramSpec, AddingAColumnChangesNoOther) {
  MadeAll before = Make(Compiled(kShop, {.noise = "light", .truth = true}));
  std::string text =
      Replaced("      city: {kind: field", "      extra: {kind: text}\n      city: {kind: field");
  text = Replaced("      record: {kind: uuid",
                  "      note: {kind: choice, values: [a, b]}\n      record: {kind: uuid", text);
  text = Replaced("      line: {kind", "      code: {kind: uuid}\n      line: {kind", text);
  text = Replaced("    - {rule: missing",
                  "    - {rule: case, columns: [last], rate: 0}\n    - {rule: missing", text);
  MadeAll after = Make(Compiled(text, {.noise = "light", .truth = true}));
  for (const auto& [key, table] : before.tables)
    for (const auto& [name, cells] : table.columns)
      EXPECT_TRUE(cells == after[key][name]) << key << "." << name;
  EXPECT_EQ(after["crm"].Nulls("note"), 0u);
}

TEST(ProgramSpec, MovingAColumnOrATableChangesNoValue) {
  std::string text = Replaced("      id: {kind: sequence, key: true}\n", "");
  text = Replaced("      born:", "      id: {kind: sequence, key: true}\n      born:", text);
  MadeAll before = Make(Compiled(kShop)), after = Make(Compiled(text));
  EXPECT_EQ(before["crm"].columns, after["crm"].columns);
}

TEST(ProgramSpec, NullSharesAreKept) {
  MadeAll made = Make(Compiled(Replaced("default: 3000", "default: 20000"), {.truth = true}));
  const auto share = [&](const char* table, const char* column) {
    return static_cast<double>(made[table].Nulls(column)) / static_cast<double>(made[table].rows);
  };
  // 20,000 draws: 4.75 deviations are 0.015 and 0.017.
  EXPECT_NEAR(share("truth.person", "score"), 0.25, 0.015);
  EXPECT_NEAR(share("crm", "score"), 0.25, 0.02);
  EXPECT_NEAR(share("crm", "stage"), 0.5, 0.017);
  EXPECT_EQ(share("crm", "record"), 0);
}

TEST(ProgramSpec, ANullShareOfOneIsAllAndOfZeroNone) {
  for (const auto& [share, nulls] : {std::pair("0", 0u), {"1", 1000u}, {"0.0", 0u}})
    EXPECT_EQ(MakeTable(std::string("x: {kind: int, min: 1, max: 9, \"null\": ") + share + "}")
                  .Nulls("x"),
              nulls);
}

TEST(ProgramSpec, ACarriedColumnHasItsOwnNullShareOrIsRefused) {
  // Never silently without: half of the cities are asked to be null.
  const auto program =
      TryCompile(Replaced("city: {of: person,", "city: {of: person, \"null\": half,"));
  if (!program.ok()) return;
  MadeAll made = Make(*program);
  EXPECT_NEAR(
      static_cast<double>(made["crm"].Nulls("city")) / static_cast<double>(made["crm"].rows), 0.5,
      0.05);
}

TEST(ProgramSpec, ARequiredColumnNeverHasNulls) {
  ExpectError(Replaced("values: [New, Open, Won], \"null\": half",
                       "values: [New], \"null\": half, required: true"),
              "", "column 'stage'", "required");
  // Nor by way of what it is carried or made from.
  EXPECT_NE(CompileError(
                Replaced("      score: {of: person}", "      score: {of: person, required: true}")),
            "");
  EXPECT_NE(CompileError(OneTable("a: {kind: int, min: 1, max: 9, \"null\": 0.5},"
                                  "b: {kind: template, template: \"{a}\", required: true}")),
            "");
}

TEST(ProgramSpec, GroupsShareTheirValuesAndNothingElse) {
  MadeAll made = Make(Compiled(Replaced("default: 3000", "default: 20000"), {.truth = true}));
  const Made& people = made["truth.person"];
  double same_last = 0, same_first = 0, across = 0;
  for (size_t i = 0; i + 2 < people.rows; i += 2) {
    same_last += people["last"][i] == people["last"][i + 1];
    same_first += people["first"][i] == people["first"][i + 1];
    across += people["last"][i + 1] == people["last"][i + 2];
  }
  // 10,000 pairs, half of them groups; two strangers have the same last name about once in 600, the
  // same first name once in 150.
  EXPECT_NEAR(same_last, 5000, 4.75 * 50 + 30);
  EXPECT_LT(same_first, 200);
  EXPECT_LT(across, 60);
}

TEST(ProgramSpec, HouseholdsAndNamesakesOfMdmAreWhatTheySay) {
  const With with = {.parameters = {{"unique_customers", "20480"}, {"total_records", "100000"}},
                     .noise = "hard",
                     .truth = true,
                     .tables = {"erp"}};
  MadeAll all = Make(Mdm(with));
  const Made& c = all["truth.customer"];
  double households = 0, other_name = 0, namesakes = 0, same_place = 0;
  for (size_t i = 0; i < c.rows; i += 2) {
    if (c["address"][i] != c["address"][i + 1] || c["zip_code"][i] != c["zip_code"][i + 1])
      continue;
    ++households;
    other_name += c["last_name"][i] != c["last_name"][i + 1];
    same_place += c["city"][i] == c["city"][i + 1] && c["state"][i] == c["state"][i + 1];
  }
  for (size_t i = 0; i < c.rows; ++i) {
    if (i % 1024 >= 512) continue;
    const size_t j = i + 512;
    namesakes += c["full_name"][i] == c["full_name"][j] &&
                 c["date_of_birth"][i]->substr(0, 4) == c["date_of_birth"][j]->substr(0, 4);
  }
  EXPECT_NEAR(households / 10'240, 0.25, 4.75 * 0.0043);
  EXPECT_EQ(same_place, households);
  // Both members of a household and both namesakes: the last name follows the namesake (2 * 4% *
  // 1/2).
  EXPECT_LT(other_name / households, 0.07);
  EXPECT_NEAR(namesakes / 10'240, 0.04, 4.75 * 0.002 + 0.006);
}

TEST(ProgramSpec, ATableWithoutAnEntityHasTheRowsItSays) {
  const ProgramPtr program = Compiled(kShop, {.tables = {"log"}});
  ASSERT_EQ(program->roots().size(), 1u);
  EXPECT_EQ(program->Rows(0), 6000u);
  const Made whole = Make(program)["log"], cut = Make(program, 1)["log"];
  EXPECT_EQ(whole.rows, 6000u);
  EXPECT_EQ(whole.columns, cut.columns);
  EXPECT_EQ(whole["line"][0], "1");
  EXPECT_EQ(whole["line"][5999], "6000");
  EXPECT_EQ(Make(Compiled(Replaced("people * 2", "0")))["log"].rows, 0u);
}

TEST(ProgramSpec, ColumnsSwitchedOffHaveNoRowInTheChanges) {
  MadeAll made = Make(
      Compiled(kShop, {.parameters = {{"with_city", "false"}}, .noise = "light", .truth = true}));
  EXPECT_EQ(made["crm"].columns.count("city"), 0u);
  const auto columns = made["truth.changes"].Texts("column_name");
  EXPECT_EQ(std::count(columns.begin(), columns.end(), "city"), 0);
  EXPECT_GT(std::count(columns.begin(), columns.end(), "full"), 0);
}

TEST(ProgramSpec, AnUnknownKindIsPlacedAndAnotherSuggested) {
  ExpectError(Replaced("{kind: date,", "{kind: dtae,"), "22:20: error", "no column kind 'dtae'",
              "did you mean 'date'?");
  ExpectError(Replaced("{rule: typo", "{rule: tpyo"), "", "no noise rule 'tpyo'",
              "did you mean 'typo'?", {.noise = "light"});
}

TEST(ProgramSpec, AnUnknownArgumentIsPlacedAndAnotherSuggested) {
  ExpectError(Replaced("min: 1, max: 100", "mni: 1, max: 100"), "23:26: error", "has no 'mni'",
              "did you mean 'min'?");
  ExpectError(Replaced("max: 100", "max: lots"), "23:39: error", "lots");
}

TEST(ProgramSpec, UnknownColumnsAndListsAreSuggested) {
  ExpectError(Replaced("{first} {last}", "{frist} {last}"), "19:", "no column 'frist' here",
              "did you mean 'first'?");
  ExpectError(Replaced("list: last_names", "list: lastnames"), "18:", "no list 'lastnames'",
              "did you mean 'last_names'?");
  ExpectError(Replaced("value: name, per", "value: nmae, per"), "18:", "has no column 'nmae'",
              "did you mean 'name'?");
  ExpectError(Replaced("of: place, field: city", "of: place, field: ctiy"),
              "21:", "has no column 'ctiy'", "did you mean 'city'?");
}

TEST(ProgramSpec, ColumnsMadeFromEachOtherAreRefused) {
  ExpectError(
      OneTable("a: {kind: template, template: \"{b}\"}, b: {kind: template, template: \"{a}\"}"),
      "7:", "are made from each other");
  ExpectError(OneTable("a: {kind: template, template: \"{a}\"}"), "7:", "are made from each other");
}

TEST(ProgramSpec, AllErrorsComeAtOnce) {
  std::string text = Replaced("{kind: date,", "{kind: dtae,");
  text = Replaced("min: 1, max: 100", "min: 100, max: 1", text);
  text = Replaced("{first} {last}", "{frist} {last}", text);
  const std::string error = CompileError(text);
  for (const char* what : {"dtae", "max is below min", "frist"})
    EXPECT_NE(error.find(what), std::string::npos) << error;
}

TEST(ProgramSpec, AnUnknownTableOrNoiseProfileIsNotIgnored) {
  std::string error = CompileError(kShop, {.tables = {"cmr"}});
  EXPECT_NE(error.find("no table 'cmr'"), std::string::npos) << error;
  EXPECT_NE(error.find("did you mean 'crm'?"), std::string::npos) << error;
  error = CompileError(kShop, {.noise = "lihgt"});
  EXPECT_NE(error.find("lihgt"), std::string::npos)
      << "an unknown profile must not mean clean data: " << error;
}

TEST(ProgramSpec, TableNamesMustBeSafeAndDifferent) {
  for (const char* name : {"../crm", "_crm", ".crm", "a/b", "a\\\\b", "a\\tb", "a\\nb"})
    ExpectError(Replaced("crm{suffix}", name), "", "cannot be a folder's name");
  ExpectError(Replaced("crm{suffix}", "log{suffix}"), "", "are both called 'log'");
}

TEST(ProgramSpec, SharesOfCopiesAddUpToOneAlsoWhereTheyAreParameters) {
  // Otherwise counts and rows would disagree.
  ExpectError(Replaced("{1: 0.85, 2: 0.15}", "{1: half, 2: one}"), "", "add up");
  ExpectError(Replaced("{1: 0.85, 2: 0.15}", "{2: one, 3: one}"), "", "add up");
  EXPECT_EQ(CompileError(Replaced("{1: 0.85, 2: 0.15}", "{1: half, 2: half}")), "");
}

TEST(ProgramSpec, AnExactTotalIsExactOrRefusedWhereTrimNamesNotAllTables) {
  std::string text = Replaced(
      "    count: people\n",
      "    count: people\n    exact_rows: {when: with_city, rows: people, trim: [more]}\n");
  text = Replaced("  log:\n",
                  "  more:\n    from: person\n    columns: {id: {of: person}}\n  log:\n", text);
  for (uint64_t rows = 100; rows < 110; ++rows) {
    const auto program = TryCompile(
        text, {.parameters = {{"people", std::to_string(rows)}}, .tables = {"crm", "more"}});
    if (!program.ok()) continue;
    EXPECT_EQ((*program)->Rows(0) + (*program)->Rows(1), rows);
  }
}

TEST(ProgramSpec, ARuleOnlyRunsWhenItsConditionHolds) {
  const std::string text =
      Replaced("columns: [first], rate: 0.3}", "columns: [first], rate: 0.3, when: with_city}");
  ASSERT_EQ(CompileError(text, {.noise = "light"}), "");
  const auto rules = [&](const char* on) {
    std::set<std::string> names;
    for (const NoiseCount& n :
         Make(Compiled(text, {.parameters = {{"with_city", on}}, .noise = "light"})).noise)
      if (n.touched) names.insert(n.rule);
    return names;
  };
  EXPECT_TRUE(rules("true").contains("typo"));
  EXPECT_FALSE(rules("false").contains("typo"));
}

TEST(ColumnName, IsWhatIsWrittenWhereTheKeyIsNot) {
  const auto program = Compiled(OneTable(
      "a: {kind: sequence, name: \"order/no \\\"1\\\"\"}, b: {kind: template, template: \"{a}\"}"));
  const auto& schema = *program->tables()[0].schema;
  EXPECT_EQ(schema.field(0)->name(), "order/no \"1\"");
  EXPECT_EQ(schema.field(1)->name(), "b");
  EXPECT_NE(
      CompileError(OneTable("a: {kind: uuid, name: b}, b: {kind: uuid}")).find("both called 'b'"),
      std::string::npos);
}

}  // namespace
}  // namespace synthmill::generate
