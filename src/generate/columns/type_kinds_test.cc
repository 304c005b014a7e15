// Kinds of the wider types, distributions, rules between columns, series and the common keys of
// values. What holds for every kind is in columns_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "core/dates.h"
#include "core/text.h"
#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

double Quantile(std::vector<int64_t> v, double p) {
  std::sort(v.begin(), v.end());
  return static_cast<double>(v[static_cast<size_t>(p * static_cast<double>(v.size() - 1))]);
}

std::vector<double> RanksOf(const std::vector<int64_t>& v) {
  std::vector<size_t> order(v.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return v[a] < v[b]; });
  std::vector<double> ranks(v.size());
  for (size_t i = 0; i < order.size();) {  // equals share the middle of their ranks
    size_t j = i;
    while (j < order.size() && v[order[j]] == v[order[i]]) ++j;
    for (size_t k = i; k < j; ++k) ranks[order[k]] = static_cast<double>(i + j - 1) / 2;
    i = j;
  }
  return ranks;
}

double RankCorrelation(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  const auto x = RanksOf(a), y = RanksOf(b);
  const double mean = static_cast<double>(a.size() - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xy / std::sqrt(xx * yy);
}

TEST(Int, FillsEveryWidthToItsEndsAndNoFurther) {
  const std::pair<const char*, std::pair<const char*, const char*>> kTypes[] = {
      {"int8", {"-128", "127"}},
      {"int16", {"-32768", "32767"}},
      {"int32", {"-2147483648", "2147483647"}}};
  for (const auto& [type, ends] : kTypes) {
    const std::string column =
        std::string("x: {kind: int, type: ") + type + ", min: " + ends.first + ", max: ";
    MakeTable(column + ends.second + "}");
    EXPECT_NE(CompileError(OneTable(column + ends.second + "0}")).find("does not fit"),
              std::string::npos);
  }
  const auto bytes = MakeTable("x: {kind: int, type: int8, min: -128, max: 127}", 20'000).Ints("x");
  EXPECT_EQ(std::set<int64_t>(bytes.begin(), bytes.end()).size(), 256u);
}

TEST(Decimal, HoldsThirtyEightDigits) {
  const Made made = MakeTable(
      "x: {kind: decimal, precision: 38, scale: 10, min: -9999999999999999999999999999.9999999999,"
      " max: 9999999999999999999999999999.9999999999},"
      "y: {kind: decimal, precision: 20, scale: 0, min: 18446744073709551610, max: "
      "18446744073709551615}",
      5000);
  size_t negative = 0, long_ones = 0;
  std::set<std::string> y;
  for (const std::string& v : made.Texts("x")) {
    negative += v[0] == '-';
    long_ones += v.size() >= 39;
    EXPECT_EQ(v[v.size() - 11], '.');
  }
  EXPECT_NEAR(static_cast<double>(negative), 2500, 180);
  EXPECT_GT(long_ones, 4000u) << "nine of ten have all 28 digits before the point";
  for (const std::string& v : made.Texts("y")) y.insert(v);
  EXPECT_EQ(y.size(), 6u);
  EXPECT_EQ(*y.begin(), "18446744073709551610");
  EXPECT_EQ(*y.rbegin(), "18446744073709551615");
}

TEST(Distributions, HaveTheQuantilesTheyAreAskedFor) {
  const auto of = [](const std::string& args) {
    return MakeTable("x: {kind: int, " + args + "}", 100'000).Ints("x");
  };
  const auto normal = of("min: 0, max: 200000, distribution: normal, mean: 100000, stddev: 10000");
  EXPECT_NEAR(Quantile(normal, 0.5), 100'000, 150);
  EXPECT_NEAR(Quantile(normal, 0.8413), 110'000, 250);
  EXPECT_NEAR(Quantile(normal, 0.0228), 80'000, 450);
  const auto exponential = of("min: 0, max: 10000000, distribution: exponential, mean: 50000");
  EXPECT_NEAR(Quantile(exponential, 0.5), 50'000 * std::log(2), 600);
  EXPECT_NEAR(Quantile(exponential, 0.95), 50'000 * std::log(20), 2500);
  const auto lognormal =
      of("min: 1, max: 100000000, distribution: lognormal, median: 20000, sigma: 0.8");
  EXPECT_NEAR(Quantile(lognormal, 0.5), 20'000, 250);
  EXPECT_NEAR(Quantile(lognormal, 0.8413), 20'000 * std::exp(0.8), 900);
  const auto zipf = of("min: 1, max: 1000000, distribution: zipf, exponent: 1.2");
  double total = 0;
  for (int k = 1; k <= 1'000'000; ++k) total += std::pow(k, -1.2);
  const auto ones = std::count(zipf.begin(), zipf.end(), 1);
  EXPECT_NEAR(static_cast<double>(ones), 100'000 / total, 5 * std::sqrt(100'000 / total));
  // A small range: whole numbers around the mean by rounding.
  const auto small = of("min: 0, max: 10, distribution: normal, mean: 5, stddev: 1");
  EXPECT_NEAR(static_cast<double>(std::count(small.begin(), small.end(), 5)), 38'292, 700);
}

TEST(Distributions, AreCutToTheRangeWithoutHeapsAtItsEnds) {
  const auto v =
      MakeTable("x: {kind: int, min: 0, max: 999, distribution: normal, mean: 0, stddev: 1000}",
                100'000)
          .Ints("x");
  const auto at = [&](int64_t x) { return std::count(v.begin(), v.end(), x); };
  EXPECT_NEAR(static_cast<double>(at(999)), 100'000 * 0.000242 / 0.3413, 45);
  EXPECT_LT(at(0), 200);
}

TEST(Distributions, SayWhichParametersAreTheirs) {
  EXPECT_NE(CompileError(OneTable("x: {kind: int, min: 0, max: 9, distribution: zipf, mean: 3}"))
                .find("'mean' is no parameter of the distribution 'zipf'"),
            std::string::npos);
  EXPECT_NE(CompileError(OneTable("x: {kind: int, min: 0, max: 9, distribution: normal, mean: "
                                  "1000000, stddev: 1}"))
                .find("next to nothing"),
            std::string::npos);
}

TEST(Rules, HoldInEveryRow) {
  const Made made = MakeTable(
      "low: {kind: int, min: 0, max: 100}, high: {kind: int, min: 0, max: 150, at_least: low},"
      "above: {kind: decimal, precision: 10, scale: 2, min: 0, max: 200, more_than: low},"
      "middle: {kind: int, min: 0, max: 150, at_least: low, at_most: high, distribution: normal},"
      "start: {kind: date, from: as_of - 1y, to: as_of - 1d},"
      "end: {kind: date, from: as_of - 1y, to: as_of + 30d, more_than: start},"
      "seen: {kind: timestamp, from: as_of - 1y, to: as_of + 1d, at_least: start},"
      "open: {kind: time, from: \"06:00\", to: \"11:59:59\"},"
      "close: {kind: time, from: \"08:00\", to: \"23:00\", more_than: open}",
      20'000);
  const auto cents = [](const std::string& t) {
    return std::stoll(t.substr(0, t.size() - 3)) * 100 + std::stoll(t.substr(t.size() - 2));
  };
  for (size_t i = 0; i < made.rows; ++i) {
    const auto n = [&](const char* c) { return std::stoll(*made[c][i]); };
    ASSERT_LE(n("low"), n("high"));
    ASSERT_LE(n("high"), 150);
    ASSERT_LT(n("low") * 100, cents(*made["above"][i]));
    ASSERT_LE(n("low"), n("middle"));
    ASSERT_LE(n("middle"), n("high"));
    ASSERT_LT(*made["start"][i], *made["end"][i]);
    ASSERT_GE(n("seen"), *core::ParseIsoDate(*made["start"][i]) * core::kMicrosPerDay);
    ASSERT_LT(n("open"), n("close"));
  }
}

TEST(Rules, ThatCannotHoldAreRefusedWithBothRanges) {
  const auto error = CompileError(
      OneTable("a: {kind: int, min: 0, max: 100}, b: {kind: int, min: 0, max: 50, at_least: a}"));
  EXPECT_NE(error.find("0 to 50"), std::string::npos) << error;
  EXPECT_NE(error.find("0 to 100"), std::string::npos) << error;
  EXPECT_NE(CompileError(OneTable("a: {kind: int, min: 0, max: 100},"
                                  "b: {kind: int, min: 0, max: 100, more_than: a}"))
                .find("cannot hold in every row"),
            std::string::npos);
  EXPECT_NE(
      CompileError(OneTable("a: {kind: int, min: 0, max: 100}, c: {kind: int, min: 0, max: "
                            "100}, b: {kind: int, min: 0, max: 100, at_least: a, at_most: c}"))
          .find("no value left"),
      std::string::npos);
}

TEST(Rules, ANullRulesNothingOut) {
  const Made made = MakeTable(
      "a: {kind: int, min: 50, max: 100, null: 0.5}, b: {kind: int, min: 0, max: 100, at_least: a}",
      10'000);
  size_t below = 0;
  for (size_t i = 0; i < made.rows; ++i) {
    const int64_t b = std::stoll(*made["b"][i]);
    if (made["a"][i]) {
      ASSERT_GE(b, std::stoll(*made["a"][i]));
    }
    below += b < 50;
  }
  EXPECT_NEAR(static_cast<double>(below), 2500, 250);
}

TEST(Correlate, GivesTheRankCorrelationAskedForAndKeepsTheDistribution) {
  for (const char* strength : {"0.95", "0.8", "0.3", "-0.6"}) {
    const Made made = MakeTable(
        std::string(
            "a: {kind: int, min: 0, max: 100000, skew: low},"
            "b: {kind: int, min: 0, max: 1000000, distribution: normal, correlate: {with: a, "
            "strength: ") +
            strength +
            "}},"
            "c: {kind: date, from: as_of - 9y, to: as_of, correlate: {with: a, strength: 0.5}}",
        20'000);
    EXPECT_NEAR(RankCorrelation(made.Ints("a"), made.Ints("b")), std::stod(strength), 0.03);
    EXPECT_NEAR(Quantile(made.Ints("b"), 0.5), 500'000, 6000);
    EXPECT_NEAR(Quantile(made.Ints("b"), 0.8413), 500'000 + 1'000'000.0 / 6, 9000);
    std::vector<int64_t> days;
    for (const std::string& d : made.Texts("c")) days.push_back(*core::ParseIsoDate(d));
    EXPECT_NEAR(RankCorrelation(made.Ints("a"), days), 0.5, 0.03);
  }
}

TEST(Default, HasItsShareOfAnyType) {
  const Made made = MakeTable(
      "i: {kind: int, min: 1, max: 9, default: 7, default_share: 0.5},"
      "s: {kind: choice, values: [a, b], default: new, default_share: 0.25},"
      "t: {kind: pattern, pattern: \"##\", default: none, default_share: 1},"
      "d: {kind: date, from: as_of - 9d, to: as_of, default: 9999-12-31, default_share: 0.1},"
      "w: {kind: decimal, precision: 30, scale: 3, min: 0, max: 1, default: "
      "123456789012345678901.5,"
      " default_share: 0.5}",
      20'000);
  const auto share = [&](const char* c, const char* value) {
    const auto cells = made.Texts(c);
    return static_cast<double>(std::count(cells.begin(), cells.end(), value)) / 20'000;
  };
  EXPECT_NEAR(share("i", "7"), 0.5 + 0.5 / 9, 0.02);
  EXPECT_NEAR(share("s", "new"), 0.25, 0.02);
  EXPECT_EQ(share("t", "none"), 1);
  EXPECT_NEAR(share("d", "9999-12-31"), 0.1, 0.01);
  EXPECT_NEAR(share("w", "123456789012345678901.500"), 0.5, 0.02);
  EXPECT_NE(CompileError(OneTable("x: {kind: int, type: int8, min: 1, max: 2, default: 300}"))
                .find("within the column's type"),
            std::string::npos);
}

TEST(MaxLength, CutsTextsToWholeCharacters) {
  const Made made = MakeTable(
      "a: {kind: text, alphabet: unicode, min: 20, max: 60, max_length: 12},"
      "b: {kind: text, alphabet: unicode, min: 20, max: 60, max_bytes: 11},"
      "c: {kind: list, list: last_names, value: name, max_length: 4}",
      5000);
  size_t wide = 0;
  for (size_t i = 0; i < made.rows; ++i) {
    for (const char* c : {"a", "b", "c"})
      ASSERT_EQ(core::ValidUtf8Prefix(*made[c][i]), made[c][i]->size());
    size_t characters = 0, at = 0;
    while (core::NextCodePoint(*made["a"][i], &at)) ++characters;
    ASSERT_LE(characters, 12u);
    wide += made["a"][i]->size() > 12;
    ASSERT_LE(made["b"][i]->size(), 11u);
    ASSERT_LE(made["c"][i]->size(), 4u);
  }
  EXPECT_GT(wide, 2000u) << "mostly letters of more than one byte";
}

TEST(Regex, MakesTextsThatMatch) {
  const Made made = MakeTable(
      R"(a: {kind: pattern, regex: '^[A-Z]{3}-\d{4}$'}, b: {kind: pattern, regex: '(red|gre+n|b[^a-z]?)x*'},)"
      R"(c: {kind: pattern, regex: 'é{2,4}'})",
      3000);
  std::set<std::string> b;
  for (size_t i = 0; i < made.rows; ++i) {
    const std::string& a = *made["a"][i];
    ASSERT_EQ(a.size(), 8u);
    for (size_t k = 0; k < 8; ++k)
      ASSERT_TRUE(k == 3 ? a[k] == '-' : k < 3 ? isupper(a[k]) : isdigit(a[k])) << a;
    std::string t = *made["b"][i];
    while (!t.empty() && t.back() == 'x') t.pop_back();
    b.insert(t.substr(0, 1));
    ASSERT_TRUE(t == "red" || t.starts_with("gre") || (t[0] == 'b' && t.size() <= 2)) << t;
    const size_t bytes = made["c"][i]->size();
    ASSERT_TRUE(bytes >= 4 && bytes <= 8 && bytes % 2 == 0);
  }
  EXPECT_EQ(b, (std::set<std::string>{"b", "g", "r"}));
  for (const char* bad : {"'[z-a]'", "'(a'", "'a)'", "'*'", "'a{3'", "'\\q'", "'[^ -~]'", "''"})
    EXPECT_NE(CompileError(OneTable(std::string("x: {kind: pattern, regex: ") + bad + "}")), "")
        << bad;
}

TEST(Series, MomentsAreLaterWithEveryRow) {
  const auto v =
      MakeTable(
          "x: {kind: timestamp, precision: second, series: {start: as_of - 30d, step: 15m,"
          " jitter: 0.9}}",
          5000)
          .Ints("x");
  size_t late = 0;
  for (size_t i = 1; i < v.size(); ++i) {
    ASSERT_LT(v[i - 1], v[i]);
    ASSERT_EQ(v[i] % 1'000'000, 0);
    late += (v[i] - v[0]) / 1'000'000 % 900 > 450;
  }
  EXPECT_GT(late, 1000u);
}

TEST(Series, NumbersHaveTrendSeasonAndNoise) {
  const Made made = MakeTable(
      "x: {kind: series, type: decimal, scale: 2, start: 100, trend: 0.001, period: 100, "
      "amplitude: "
      "20},"
      "n: {kind: series, type: int32, start: 0, noise: 300}",
      10'000);
  const auto x = made.Texts("x");
  EXPECT_EQ(x[0], "100.00");
  EXPECT_EQ(x[25], "120.02");  // a quarter of the season
  EXPECT_EQ(x[75], "80.07");
  EXPECT_EQ(x[5000], "105.00");
  const auto n = made.Ints("n");
  EXPECT_NEAR(Quantile(n, 0.8413), 100, 5) << "three standard deviations are the whole";
  EXPECT_LE(Quantile(n, 1), 300);
}

TEST(Nested, SizesItemsAndNullsAreAsAskedFor) {
  const ProgramPtr program = Compiled(OneTable(
      "l: {kind: array, min: 1, max: 4, null: 0.2, of: {kind: int, min: 1, max: 6, null: 0.1}},"
      "m: {kind: map, min: 2, max: 3, key: {kind: choice, values: {a: 98, b: 1, c: 1}}, value: "
      "{kind: "
      "array, of: {kind: bool}}},"
      "s: {kind: struct, fields: {x: {kind: int, min: 0, max: 9, null: 0.5}, y: {kind: map, key: "
      "{kind: "
      "date, from: as_of - 9d, to: as_of}, value: {kind: text}}}}",
      8000));
  auto part = program->Part(0, 0, 8192).ValueOrDie();
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  int64_t rows = 0, nulls = 0, items = 0, null_items = 0, null_fields = 0;
  std::set<int64_t> sizes;
  while (part->Next(&batches).ValueOrDie()) {
    const auto& b = *batches[0];
    ASSERT_TRUE(b.ValidateFull().ok());
    const auto& list = static_cast<const arrow::ListArray&>(*b.column(0));
    rows += b.num_rows(), nulls += list.null_count();
    for (int64_t i = 0; i < list.length(); ++i) {
      if (list.IsNull(i)) continue;
      sizes.insert(list.value_length(i));
    }
    items += list.values()->length(), null_items += list.values()->null_count();
    const auto& map = static_cast<const arrow::MapArray&>(*b.column(1));
    for (int64_t i = 0; i < map.length(); ++i) {
      std::set<std::string> keys;
      for (int64_t k = map.value_offset(i); k < map.value_offset(i + 1); ++k)
        keys.insert(static_cast<const arrow::StringArray&>(*map.keys()).GetString(k));
      ASSERT_EQ(static_cast<int64_t>(keys.size()), map.value_length(i)) << "keys differ";
      ASSERT_GE(map.value_length(i), 2) << "as many as asked for, rare as they are";
    }
    null_fields += static_cast<const arrow::StructArray&>(*b.column(2)).field(0)->null_count();
  }
  EXPECT_EQ(sizes, (std::set<int64_t>{1, 2, 3, 4}));
  EXPECT_NEAR(static_cast<double>(nulls) / static_cast<double>(rows), 0.2, 0.02);
  EXPECT_NEAR(static_cast<double>(null_items) / static_cast<double>(items), 0.1, 0.01);
  EXPECT_NEAR(static_cast<double>(null_fields) / static_cast<double>(rows), 0.5, 0.03);
}

TEST(Nested, AnItemIsAFunctionOfItsRowAndPlaceAlone) {
  const std::string columns =
      "x: {kind: array, min: 0, max: 9, of: {kind: struct, fields: {a: {kind: uuid}, b: {kind: "
      "text, max: "
      "30}}}}";
  EXPECT_EQ(MakeTable(columns, 30'000)["x"][20'000], MakeTable(columns, 20'001)["x"][20'000]);
  EXPECT_EQ(Make(Compiled(OneTable(columns, 9000)), 1)["t"]["x"],
            Make(Compiled(OneTable(columns, 9000)))["t"]["x"]);
}

TEST(Nested, RefusesWhatCannotBe) {
  const auto error = [](const std::string& column) {
    return CompileError(OneTable("x: " + column));
  };
  EXPECT_NE(error("{kind: array, of: {kind: int, min: 1}}").find("needs 'max'"), std::string::npos);
  EXPECT_NE(error("{kind: array, of: {kind: template, template: \"{x}\"}}").find("no other column"),
            std::string::npos);
  EXPECT_NE(error("{kind: map, key: {kind: choice, values: [a]}, value: {kind: bool}, max: 2}")
                .find("there are 1 for up to 2 pairs"),
            std::string::npos);
  EXPECT_NE(error("{kind: map, key: {kind: array, of: {kind: bool}}, value: {kind: bool}}")
                .find("never null"),
            std::string::npos);
  EXPECT_NE(error("{kind: array, min: 5, max: 2000, of: {kind: bool}}").find("max <= 1000"),
            std::string::npos);
  std::string deep = "{kind: bool}";
  for (int i = 0; i < 20; ++i) deep = "{kind: array, of: " + deep + "}";
  EXPECT_NE(error(deep).find("too deep"), std::string::npos);
}

TEST(Json, IsTextThatHoldsItsFields) {
  const auto v = MakeTable(
                     "x: {kind: json, fields: {id: {kind: int, min: 5, max: 5}, \"a \\\"b\": "
                     "{kind: array, min: 1, max: "
                     "1, of: {kind: constant, value: q}}, d: {kind: date, from: as_of, to: as_of}, "
                     "n: {kind: bool, "
                     "null: 1}}}",
                     3)
                     .Texts("x");
  EXPECT_EQ(v[0], R"({"id":5,"a \"b":["q"],"d":"2026-01-01","n":null})");
}

TEST(Interval, IsIso8601) {
  const auto seconds = MakeTable("x: {kind: interval, min: 0, max: 200000}", 2000).Texts("x");
  for (const std::string& t : seconds) {
    ASSERT_EQ(t[0], 'P');
    ASSERT_EQ(t.find_first_not_of("PDTHMS0123456789"), std::string::npos);
  }
  EXPECT_EQ(MakeTable("x: {kind: interval, min: 93784, max: 93784}", 1).Texts("x")[0],
            "P1DT2H3M4S");
  EXPECT_EQ(MakeTable("x: {kind: interval, min: 0, max: 0}", 1).Texts("x")[0], "PT0S");
  EXPECT_EQ(MakeTable("x: {kind: interval, unit: months, min: 18, max: 18}", 1).Texts("x")[0],
            "P1Y6M");
}

}  // namespace
}  // namespace synthmill::generate
