// What single kinds of columns promise: choices, lists, numbers and times. Texts:
// text_kinds_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "generate/list.h"
#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

std::map<std::string, double> Counts(const std::vector<Cell>& cells) {
  std::map<std::string, double> counts;
  for (const Cell& c : cells) ++counts[c.value_or("NULL")];
  return counts;
}

// Within 4.75 standard deviations of n draws of probability p.
void ExpectShare(double hits, double n, double p) {
  EXPECT_NEAR(hits, n * p, 4.75 * std::sqrt(n * p * (1 - p))) << "share " << p;
}

std::pair<int64_t, int64_t> MinMax(const std::vector<int64_t>& v) {
  return {*std::min_element(v.begin(), v.end()), *std::max_element(v.begin(), v.end())};
}

TEST(Choice, FollowsItsWeights) {
  auto counts =
      Counts(MakeTable("x: {kind: choice, values: {a: 85, b: 14.5, c: 0.5, d: 0}}", 40'000)["x"]);
  ExpectShare(counts["a"], 40'000, 0.85);
  ExpectShare(counts["b"], 40'000, 0.145);
  ExpectShare(counts["c"], 40'000, 0.005);
  EXPECT_EQ(counts.count("d"), 0u);
  counts = Counts(MakeTable("x: {kind: choice, values: [a, b, c, d, e]}", 40'000)["x"]);
  EXPECT_EQ(counts.size(), 5u);
  for (const auto& [value, n] : counts) ExpectShare(n, 40'000, 0.2);
}

TEST(Choice, FollowsTheCaseOfItsGivenColumn) {
  const Made made = MakeTable(
      "kind: {kind: choice, values: {ACH: 3, WIRE: 1}},"
      "x: {kind: choice, given: kind, cases: {ACH: {USD: 1}, WIRE: {USD: 1, EUR: 3}}}",
      40'000);
  std::map<std::string, double> counts;
  for (size_t i = 0; i < made.rows; ++i) ++counts[*made["kind"][i] + *made["x"][i]];
  EXPECT_EQ(counts.count("ACHEUR"), 0u);
  ExpectShare(counts["WIREEUR"], 40'000, 0.25 * 0.75);
  ExpectShare(counts["WIREUSD"], 40'000, 0.25 * 0.25);
}

TEST(Choice, WantsACaseForEveryValueAndNoOthers) {
  const auto error = [](const char* cases) {
    return CompileError(
        OneTable("k: {kind: choice, values: [ACH, WIRE]}, x: {kind: choice, given: k, cases: " +
                 std::string(cases) + "}"));
  };
  EXPECT_NE(error("{ACH: [a]}").find("no case for 'WIRE'"), std::string::npos);
  EXPECT_NE(error("{ACH: [a], WIER: [b]}").find("did you mean 'WIRE'?"), std::string::npos);
  EXPECT_NE(
      CompileError(
          OneTable(
              "k: {kind: int, min: 1, max: 2}, x: {kind: choice, given: k, cases: {\"1\": [a]}}"))
          .find("column of few values"),
      std::string::npos);
}

TEST(Choice, CountsAValueListedTwiceTwiceAndKeepsOneDictionaryEntry) {
  const ProgramPtr program = Compiled(OneTable("x: {kind: choice, values: [a, b, a]}", 30'000));
  auto part = program->Part(0, 0, 2048).ValueOrDie();
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  ASSERT_TRUE(part->Next(&batches).ValueOrDie());
  EXPECT_EQ(
      static_cast<const arrow::DictionaryArray&>(*batches[0]->column(0)).dictionary()->length(), 2);
  auto counts = Counts(Make(program)["t"]["x"]);
  ExpectShare(counts["a"], 30'000, 2.0 / 3);
}

TEST(ListKind, FollowsTheWeightsOfTheListAndTheGivenColumn) {
  const Made made = MakeTable(
      "g: {kind: choice, values: [F, M]},"
      "x: {kind: list, list: first_names, value: name, given: {gender: g}}",
      40'000);
  Lists lists({});
  const auto names = lists.Find("first_names").ValueOrDie();
  std::map<std::string, double> weight;  // gender + name
  std::map<std::string, double> total;
  for (size_t r = 0; r < names->rows(); ++r) {
    const std::string g = names->values[1][r];
    weight[g + names->values[0][r]] += static_cast<double>(names->weights[r]);
    total[g] += static_cast<double>(names->weights[r]);
  }
  std::map<std::string, double> seen, rows;
  for (size_t i = 0; i < made.rows; ++i) {
    const std::string key = *made["g"][i] + *made["x"][i];
    ASSERT_TRUE(weight.contains(key)) << key << " is no name of that gender";
    ++seen[key], ++rows[*made["g"][i]];
  }
  for (const char* key : {"MJames", "MMichael", "FMary", "FJennifer"})
    ExpectShare(seen[key], rows[std::string(key, 1)], weight[key] / total[std::string(key, 1)]);
}

TEST(ListKind, ReadsRowsAsRealCombinations) {
  const Made made = MakeTable(
      "place: {kind: list_row, list: places, hidden: true},"
      "city: {kind: field, of: place, field: city}, state: {kind: field, of: place, field: state},"
      "zip: {kind: field, of: place, field: zip},"
      "area: {kind: list, list: area_codes, value: area_code, given: {state: state}}",
      20'000);
  Lists lists({});
  const auto places = lists.Find("places").ValueOrDie();
  const auto codes = lists.Find("area_codes").ValueOrDie();
  std::set<std::string> real, real_codes;
  for (size_t r = 0; r < places->rows(); ++r)
    real.insert(places->values[0][r] + "|" + places->values[1][r] + "|" + places->values[2][r]);
  for (size_t r = 0; r < codes->rows(); ++r)
    real_codes.insert(codes->values[0][r] + codes->values[1][r]);
  for (size_t i = 0; i < made.rows; ++i) {
    ASSERT_TRUE(real.contains(*made["city"][i] + "|" + *made["state"][i] + "|" + *made["zip"][i]))
        << *made["zip"][i];
    ASSERT_TRUE(real_codes.contains(*made["state"][i] + *made["area"][i]));
  }
  EXPECT_GT(Counts(made["zip"]).size(), 5000u);
}

TEST(Int, StaysOnItsStepsWithinItsRange) {
  const auto values =
      MakeTable("x: {kind: int, min: -1000, max: 50099, step: 500, type: int32}", 20'000).Ints("x");
  EXPECT_EQ(MinMax(values), (std::pair<int64_t, int64_t>{-1000, 50'000}));
  for (int64_t v : values) ASSERT_EQ((v + 1000) % 500, 0) << v;
  EXPECT_EQ(MakeTable("x: {kind: int, min: 7, max: 7}").Ints("x"), std::vector<int64_t>(1000, 7));
}

TEST(Int, LeansWhereItsSkewSays) {
  std::map<std::string, double> mean;
  for (const char* skew : {"none", "low", "high", "normal"}) {
    const auto values =
        MakeTable("x: {kind: int, min: 0, max: 1000000, skew: " + std::string(skew) + "}", 20'000)
            .Ints("x");
    for (int64_t v : values) mean[skew] += static_cast<double>(v) / 20'000 / 1'000'000;
  }
  EXPECT_NEAR(mean["none"], 0.5, 0.01);
  EXPECT_NEAR(mean["low"], 0.2313, 0.01);
  EXPECT_NEAR(mean["high"], 0.7687, 0.01);
  EXPECT_NEAR(mean["normal"], 0.5, 0.006);
}

TEST(Int, TakesTheRangeOfItsCase) {
  const Made made = MakeTable(
      "level: {kind: choice, values: [\"1\", \"2\"]},"
      "x: {kind: int, given: level, cases: {\"1\": {min: 0, max: 9}, \"2\": {min: 100, max: "
      "109}}}");
  std::set<int64_t> ones, twos;
  for (size_t i = 0; i < made.rows; ++i)
    (*made["level"][i] == "1" ? ones : twos).insert(std::stoll(*made["x"][i]));
  EXPECT_EQ(ones.size(), 10u);
  EXPECT_EQ(twos.size(), 10u);
  EXPECT_EQ(*ones.rbegin(), 9);
  EXPECT_EQ(*twos.begin(), 100);
}

TEST(Int, HoldsTheWholeRangeOfItsType) {
  const auto all =
      MakeTable("x: {kind: int, min: -9223372036854775808, max: 9223372036854775807}", 20'000)
          .Ints("x");
  EXPECT_LT(MinMax(all).first, -9'200'000'000'000'000'000);
  EXPECT_GT(MinMax(all).second, 9'200'000'000'000'000'000);
  EXPECT_NE(CompileError(OneTable("x: {kind: int, type: int32, min: 0, max: 2147483648}"))
                .find("does not fit"),
            std::string::npos);
  EXPECT_NE(CompileError(OneTable("x: {kind: int, min: 5, max: 4}")).find("max is below min"),
            std::string::npos);
}

TEST(Decimal, StaysWithinItsBoundsAndUsesAllItsDigits) {
  const Made made =
      MakeTable("x: {kind: decimal, precision: 10, scale: 2, min: -0.05, max: 0.05}", 5000);
  std::set<std::string> values;
  for (const std::string& v : made.Texts("x")) values.insert(v);
  EXPECT_EQ(values.size(), 11u);
  EXPECT_TRUE(values.contains("-0.05") && values.contains("0.05") && values.contains("0.00"));
  EXPECT_NE(CompileError(OneTable("x: {kind: decimal, precision: 4, scale: 2, min: 0, max: 100}"))
                .find("does not fit"),
            std::string::npos);
  EXPECT_NE(CompileError(OneTable("x: {kind: decimal, scale: 2, min: 0.005, max: 1}")), "");
}

TEST(Float, IsAnExactQuotientOfItsDigits) {
  for (const std::string& text :
       MakeTable("x: {kind: float, min: -1, max: 1, digits: 3}", 5000).Texts("x")) {
    const double v = std::stod(text);
    ASSERT_LE(std::abs(v), 1);
    ASSERT_EQ(v, std::round(v * 1000) / 1000);
  }
}

TEST(Product, MultipliesRoundsHalfAwayFromZeroAndClamps) {
  const Made made = MakeTable(
      "q: {kind: int, min: -9, max: 9}, p: {kind: decimal, scale: 3, min: 0.005, max: 2.005},"
      "x: {kind: product, columns: [q, p], scale: 2, min: -10, max: 12.34}",
      5000);
  bool low = false, high = false;
  for (size_t i = 0; i < made.rows; ++i) {
    const int64_t q = std::stoll(*made["q"][i]);
    std::string digits = *made["p"][i];
    digits.erase(digits.find('.'), 1);
    const int64_t exact = q * std::stoll(digits), magnitude = std::abs(exact);  // thousandths
    int64_t cents = (magnitude + 5) / 10 * (exact < 0 ? -1 : 1);
    low |= cents<-1000, high |= cents> 1234;
    cents = std::max<int64_t>(-1000, std::min<int64_t>(1234, cents));
    ASSERT_EQ(std::llround(std::stod(*made["x"][i]) * 100), cents)
        << *made["q"][i] << " * " << *made["p"][i];
  }
  EXPECT_TRUE(low && high);
}

TEST(Product, OfAColumnWithItselfIsItsSquare) {
  const Made made =
      MakeTable("q: {kind: int, min: 2, max: 9}, x: {kind: product, columns: [q, q], scale: 0}");
  for (size_t i = 0; i < 20; ++i) {
    const int64_t q = std::stoll(*made["q"][i]);
    EXPECT_EQ(std::stoll(*made["x"][i]), q * q);
  }
}

TEST(Product, IsNullWhereAFactorIs) {
  const Made made = MakeTable(
      "q: {kind: int, min: 2, max: 9, \"null\": 0.5}, x: {kind: product, columns: [q], scale: 0}");
  for (size_t i = 0; i < made.rows; ++i)
    ASSERT_EQ(made["q"][i].has_value(), made["x"][i].has_value());
  EXPECT_NE(CompileError(OneTable(
                "q: {kind: int, min: 2, max: 9}, x: {kind: product, columns: [q], scale: 2}")),
            "");
}

TEST(Bool, IsTrueWithItsShare) {
  for (const auto& [text, share] : {std::pair("0", 0.0), {"0.75", 0.75}, {"1", 1.0}})
    ExpectShare(
        Counts(MakeTable("x: {kind: bool, share: " + std::string(text) + "}", 20'000)["x"])["true"],
        20'000, share);
}

TEST(Sequence, CountsAsItsArgumentsSay) {
  const Made made = MakeTable(
      "a: {kind: sequence}, b: {kind: sequence, start: 100, step: -3},"
      "c: {kind: sequence, every: 2, wrap: 3}, d: {kind: sequence, prefix: P-, digits: 3, start: "
      "998}",
      6);
  EXPECT_EQ(made.Texts("a"), (std::vector<std::string>{"1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(made.Texts("b"), (std::vector<std::string>{"100", "97", "94", "91", "88", "85"}));
  EXPECT_EQ(made.Texts("c"), (std::vector<std::string>{"1", "1", "2", "2", "3", "3"}));
  EXPECT_EQ(made.Texts("d"),
            (std::vector<std::string>{"P-998", "P-999", "P-1000", "P-1001", "P-1002", "P-1003"}));
}

TEST(Sequence, OfDatesStartsOnADate) {
  EXPECT_EQ(MakeTable("x: {kind: sequence, type: date, start: 2024-02-28}", 3).Texts("x"),
            (std::vector<std::string>{"2024-02-28", "2024-02-29", "2024-03-01"}));
}

TEST(Constant, IsTheSameInEveryRowAndOfItsType) {
  const Made made = MakeTable(
      "a: {kind: constant, value: crm}, b: {kind: constant, value: 7, type: int32},"
      "c: {kind: constant, value: as_of - 1d, type: date}, d: {kind: constant, value: true, type: "
      "bool}",
      3);
  EXPECT_EQ(made.Texts("a"), std::vector<std::string>(3, "crm"));
  EXPECT_EQ(made.Texts("b"), std::vector<std::string>(3, "7"));
  EXPECT_EQ(made.Texts("c"), std::vector<std::string>(3, "2025-12-31"));
  EXPECT_EQ(made.Texts("d"), std::vector<std::string>(3, "true"));
}

}  // namespace
}  // namespace synthmill::generate
