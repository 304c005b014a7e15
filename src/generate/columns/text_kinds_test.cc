// What single kinds of columns promise: texts, ids and times. Numbers and choices: kinds_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "core/text.h"
#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

constexpr int64_t kDay = 86'400'000'000;
constexpr int64_t kAsOf = 20'454;  // 2026-01-01

std::set<std::string> Distinct(const std::vector<std::string>& v) { return {v.begin(), v.end()}; }

// A column of one table that reads a list of its own.
arrow::Result<ProgramPtr> WithList(const std::string& csv, const std::string& column) {
  const auto folder = std::filesystem::temp_directory_path();
  std::ofstream(folder / "synthmill_words.csv") << csv;
  return TryCompile(
      "synthmill: 1\ndataset: test\nlists: {mine: synthmill_words.csv}\ntables:\n  t:\n    rows: "
      "2000\n"
      "    columns: {x: " +
          column + "}\n",
      {}, (folder / "spec.yaml").string());
}

TEST(Template, PutsTextsNumbersAndFiltersTogether) {
  const Made made = MakeTable(
      "a: {kind: constant, value: \"Mary-Ann O'Neil\"}, n: {kind: constant, value: 7, type: int32},"
      "d: {kind: constant, value: as_of, type: date}, m: {kind: constant, value: -7, type: int64},"
      "x: {kind: template, template: "
      "\"{a|upper}|{a|lower}|{a|initial}|{a|mailbox}|{n:5}|{n}|{d}|{m:3}|{{a}}\"}",
      2);
  EXPECT_EQ(made["x"][1],
            "MARY-ANN O'NEIL|mary-ann o'neil|M|maryannoneil|00007|7|2026-01-01|-007|{a}");
}

TEST(Template, FiltersTextsThatAreNotOfADictionaryToo) {
  const Made made = MakeTable(
      "a: {kind: pattern, pattern: \"?x-?\", hidden: false},"
      "x: {kind: template, template: \"{a|mailbox}/{a|initial|mailbox}\"}",
      500);
  for (size_t i = 0; i < made.rows; ++i) {
    const std::string a = *made["a"][i];
    const auto lower = [](char c) { return static_cast<char>(c + 32); };
    const std::string expected = {lower(a[0]), 'x', lower(a[3]), '/', lower(a[0])};
    EXPECT_EQ(made["x"][i], expected);
  }
}

TEST(Template, HoldsLongPiecesWhole) {
  const std::string longer(100, 'y');
  const Made made = MakeTable(
      "a: {kind: text, min: 0, max: 60}, x: {kind: template, template: \"" + longer + "{a}{a}|\"}",
      3000);
  for (size_t i = 0; i < made.rows; ++i)
    ASSERT_EQ(*made["x"][i], longer + *made["a"][i] + *made["a"][i] + "|");
}

TEST(Template, TakesItsOptionsByWeight) {
  const auto x =
      MakeTable(
          "x: {kind: template, options: [{template: a, weight: 3}, {template: b, weight: 1}]}",
          20'000)
          .Texts("x");
  EXPECT_NEAR(static_cast<double>(std::count(x.begin(), x.end(), "a")), 15'000,
              4.75 * std::sqrt(20'000 * 0.1875));
}

TEST(Template, IsNullWhereAnInputIsNull) {
  const Made made = MakeTable(
      "a: {kind: int, min: 1, max: 9, \"null\": 0.3}, x: {kind: template, template: \"no. {a}\"}");
  EXPECT_GT(made.Nulls("a"), 0u);
  for (size_t i = 0; i < made.rows; ++i)
    ASSERT_EQ(made["a"][i].has_value(), made["x"][i].has_value());
}

TEST(Template, RefusesWhatItCannotRead) {
  for (const char* text : {"{a", "{a|shout}", "{n|upper}", "{a:x}", "{a:}", "{}"})
    EXPECT_NE(
        CompileError(OneTable(
            "a: {kind: constant, value: b}, n: {kind: sequence}, x: {kind: template, template: \"" +
            std::string(text) + "\"}")),
        "")
        << text;
}

TEST(Pattern, DrawsEveryPlaceFromItsSet) {
  const auto values =
      MakeTable("x: {kind: pattern, pattern: '[2-9]#?-[a-cX]\\#z'}", 20'000).Texts("x");
  std::vector<std::map<char, int>> seen(7);
  for (const std::string& v : values) {
    ASSERT_EQ(v.size(), 7u);
    for (size_t i = 0; i < 7; ++i) ++seen[i][v[i]];
  }
  const size_t sizes[] = {8, 10, 26, 1, 4, 1, 1};
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(seen[i].size(), sizes[i]) << "place " << i;
    const double expected = 20'000.0 / static_cast<double>(sizes[i]);
    for (const auto& [c, n] : seen[i])
      EXPECT_NEAR(n, expected, 5.5 * std::sqrt(expected)) << "place " << i << " '" << c << "'";
  }
  EXPECT_EQ(seen[5].begin()->first, '#');
}

TEST(Template, DrawsFromListsAndRangesWithBitsOfTheirOwn) {
  const auto values =
      MakeTable("x: {kind: template, template: \"{7..9:2}-{first_names.name|upper}-{1..2}{1..2}\"}",
                8'000)
          .Texts("x");
  std::map<std::string, int> heads, tails;
  for (const std::string& v : values) {
    ++heads[v.substr(0, 3)];
    ++tails[v.substr(v.size() - 2)];
    for (const char c : v) ASSERT_FALSE(c >= 'a' && c <= 'z') << v;
  }
  EXPECT_EQ(heads.size(), 3u);
  ASSERT_EQ(tails.size(), 4u);  // the two numbers differ
  for (const auto& [text, n] : tails) EXPECT_NEAR(n, 2000, 4.75 * std::sqrt(1500)) << text;
  EXPECT_GT(Distinct(values).size(), 1'000u);
}

TEST(Template, SaysWhichListOrRangeItCannotRead) {
  const auto error = [](const std::string& text) {
    return CompileError(OneTable("x: {kind: template, template: \"" + text + "\"}"));
  };
  EXPECT_NE(error("{first_name.name}").find("first_names"), std::string::npos);
  EXPECT_NE(error("{first_names.nam}").find("did you mean 'name'"), std::string::npos);
  EXPECT_NE(error("{9..1}").find("{1..99}"), std::string::npos);
}

TEST(Pattern, HasManyIndependentPlaces) {
  // 40 digits need several draws of bits; digit 1 says nothing of digit 40.
  const auto values =
      MakeTable("x: {kind: pattern, pattern: \"" + std::string(40, '#') + "\"}", 20'000).Texts("x");
  EXPECT_EQ(Distinct(values).size(), values.size());
  for (size_t other : {1u, 9u, 10u, 20u, 39u}) {
    double same = 0;
    for (const std::string& v : values) same += v[0] == v[other];
    EXPECT_NEAR(same, 2000, 4.75 * std::sqrt(1800)) << other;
  }
}

TEST(Pattern, RefusesSetsItCannotRead) {
  for (const char* text : {"", "[", "[]", "[z-a]", "[abc"})
    EXPECT_NE(CompileError(OneTable("x: {kind: pattern, pattern: \"" + std::string(text) + "\"}")),
              "")
        << text;
}

TEST(Pattern, NeverCutsACharacterOfSeveralBytesInTwo) {
  EXPECT_EQ(MakeTable("x: {kind: pattern, pattern: \"Zürich\"}", 1)["x"][0], "Zürich");
  const auto program = TryCompile(OneTable("x: {kind: pattern, pattern: \"[äöü]\"}"));
  if (program.ok()) Make(*program);  // fails on bytes that are not UTF-8
}

TEST(TextKind, HasItsLengthsAndItsWords) {
  const auto values = MakeTable("x: {kind: text, min: 10, max: 43}", 20'000).Texts("x");
  std::map<size_t, int> lengths;
  for (const std::string& v : values) ++lengths[v.size()];
  EXPECT_EQ(lengths.begin()->first, 10u);
  EXPECT_EQ(lengths.rbegin()->first, 43u);
  EXPECT_EQ(lengths.size(), 34u);
  EXPECT_GT(Distinct(values).size(), 19'000u);
  for (const std::string& v : MakeTable("x: {kind: text, min: 0, max: 0}", 10).Texts("x"))
    EXPECT_EQ(v, "");
  EXPECT_NE(CompileError(OneTable("x: {kind: text, min: 5, max: 4}")), "");
}

TEST(TextKind, NeverCutsACharacterOfSeveralBytesInTwo) {
  const auto program = WithList("word\nüber\nstraße\nél\n", "{kind: text, list: mine}");
  if (!program.ok()) return;  // refused is fine as well
  for (const std::string& v : Make(*program)["t"].Texts("x"))
    ASSERT_EQ(core::ValidUtf8Prefix(v), v.size());
}

TEST(UniqueId, NeverRepeatsAndGrowsByADigitWhenNumbersRunOut) {
  const auto values = MakeTable("x: {kind: unique_id, prefix: A, digits: 2}", 12'000).Texts("x");
  EXPECT_EQ(Distinct(values).size(), 12'000u);
  std::map<size_t, std::set<std::string>> by_length;
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(values[i][0], 'A');
    ASSERT_EQ(values[i].size() - 1, i < 100      ? 2u
                                    : i < 1000   ? 3u
                                    : i < 10'000 ? 4u
                                                 : 5u)
        << "row " << i;
    by_length[values[i].size()].insert(values[i]);
  }
  EXPECT_EQ(by_length[3].size(), 100u);
  EXPECT_EQ(by_length[4].size(), 900u);
}

TEST(UniqueId, DoesNotGrowWithTheRow) {
  const auto values = MakeTable("x: {kind: unique_id, digits: 9}", 10'000).Texts("x");
  int up = 0;
  for (size_t i = 1; i < values.size(); ++i) up += values[i] > values[i - 1];
  EXPECT_NEAR(up, 5000, 4.75 * std::sqrt(10'000 / 12.0));
  EXPECT_NE(CompileError(OneTable("x: {kind: unique_id, digits: 19}")), "");
  EXPECT_NE(CompileError(OneTable("x: {kind: unique_id, digits: 0}")), "");
}

TEST(UniqueId, OfTwoColumnsDoNotGoHandInHand) {
  const Made made = MakeTable("x: {kind: unique_id}, y: {kind: unique_id}");
  for (size_t i = 0; i < made.rows; ++i) ASSERT_NE(made["x"][i], made["y"][i]);
}

TEST(Uuid, HasVersionAndVariantOfItsStandard) {
  const auto values = MakeTable("x: {kind: uuid}", 20'000).Texts("x");
  EXPECT_EQ(Distinct(values).size(), 20'000u);
  std::vector<std::map<char, int>> seen(36);
  for (const std::string& v : values) {
    ASSERT_EQ(v.size(), 36u);
    for (size_t i : {8u, 13u, 18u, 23u}) ASSERT_EQ(v[i], '-');
    ASSERT_EQ(v[14], '4') << v;
    ASSERT_NE(std::string("89ab").find(v[19]), std::string::npos) << v;
    for (size_t i = 0; i < 36; ++i) ++seen[i][v[i]];
  }
  for (size_t i = 0; i < 36; ++i) {  // 32 digits, 16 values each: 5.5 deviations
    if (i == 8 || i == 13 || i == 14 || i == 18 || i == 23) continue;
    const double expected = i == 19 ? 5000 : 1250;
    EXPECT_EQ(seen[i].size(), i == 19 ? 4u : 16u);
    for (const auto& [c, n] : seen[i])
      EXPECT_NEAR(n, expected, 5.5 * std::sqrt(expected)) << "place " << i;
  }
}

TEST(Date, IsBetweenItsEndsAndReachesBoth) {
  const auto values =
      MakeTable("x: {kind: date, from: as_of - 10d, to: as_of - 1d}", 2000).Texts("x");
  const auto days = Distinct(values);
  EXPECT_EQ(days.size(), 10u);
  EXPECT_EQ(*days.begin(), "2025-12-22");
  EXPECT_EQ(*days.rbegin(), "2025-12-31");
}

TEST(Date, IsNeverBeforeOrAfterAnotherColumn) {
  const Made made = MakeTable(
      "a: {kind: date, from: as_of - 5y, to: as_of - 1d},"
      "x: {kind: date, from: as_of - 1y, to: as_of - 1d, not_before: a},"
      "y: {kind: date, from: as_of - 9y, to: as_of, not_after: a},"
      "z: {kind: date, after: a, min_days: 2, max_days: 4},"
      "w: {kind: date, after: a, max_days: 10, not_before: a, not_after: z}",
      5000);
  std::set<int64_t> later;
  for (size_t i = 0; i < made.rows; ++i) {
    const auto day = [&](const char* name) { return *core::ParseIsoDate(*made[name][i]); };
    ASSERT_GE(day("x"), day("a"));
    ASSERT_GE(day("x"), core::AddYears(kAsOf, -1));
    ASSERT_LE(day("y"), day("a"));
    later.insert(day("z") - day("a"));
    ASSERT_GE(day("w"), day("a"));
    ASSERT_LE(day("w"), day("z"));
  }
  EXPECT_EQ(later, (std::set<int64_t>{2, 3, 4}));
}

TEST(Date, SharesTheYearOfAnotherColumn) {
  const Made made = MakeTable(
      "a: {kind: date, from: 1965-01-01, to: as_of - 18y},"
      "x: {kind: date, from: 1945-06-15, to: as_of - 18y, year_of: a}",
      5000);
  for (size_t i = 0; i < made.rows; ++i)
    ASSERT_EQ(made["a"][i]->substr(0, 4), made["x"][i]->substr(0, 4));
  EXPECT_GT(Distinct(made.Texts("x")).size(), 3000u);
}

TEST(Date, RefusesColumnsThatAreNoDates) {
  for (const char* column : {"{kind: date, after: n}", "{kind: date, after: s}",
                             "{kind: date, from: as_of, to: as_of, not_before: ts}"})
    EXPECT_NE(CompileError(OneTable("n: {kind: sequence}, s: {kind: uuid}, ts: {kind: timestamp, "
                                    "from: as_of, to: as_of}, x: " +
                                    std::string(column))),
              "")
        << column;
  EXPECT_NE(CompileError(OneTable("x: {kind: date, from: as_of, to: as_of - 1d}"))
                .find("the end is before the start"),
            std::string::npos);
}

TEST(Timestamp, ReachesTheLastMomentOfItsLastDayAndNoFurther) {
  for (const auto& [precision, tick] :
       {std::pair("second", 1'000'000), {"millisecond", 1000}, {"microsecond", 1}}) {
    const auto values = MakeTable("x: {kind: timestamp, from: as_of, to: as_of, precision: " +
                                      std::string(precision) + "}",
                                  20'000)
                            .Ints("x");
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    EXPECT_GE(*low, kAsOf * kDay);
    EXPECT_LE(*high, kAsOf * kDay + kDay - tick);
    EXPECT_LT(*low, kAsOf * kDay + kDay / 1000);  // 20,000 draws come this near to both ends
    EXPECT_GT(*high, kAsOf * kDay + kDay - kDay / 1000);
    for (int64_t v : values) ASSERT_EQ(v % tick, 0) << precision;
  }
}

TEST(Timestamp, IsOnItsPrecisionAlsoAfterAFinerOne) {
  const Made made = MakeTable(
      "a: {kind: timestamp, from: as_of - 9d, to: as_of},"
      "x: {kind: timestamp, after: a, max_days: 1, precision: second}");
  for (size_t i = 0; i < made.rows; ++i) {
    ASSERT_EQ(std::stoll(*made["x"][i]) % 1'000'000, 0);
    ASSERT_GE(std::stoll(*made["x"][i]), std::stoll(*made["a"][i]));
  }
}

}  // namespace
}  // namespace synthmill::generate
