#include "spec/expr.h"

#include <gtest/gtest.h>

#include <string>

#include "core/dates.h"

namespace synthmill::spec {
namespace {

Environment Names() {
  return {{"n", Value::Int(10)},
          {"zero", Value::Int(0)},
          {"big", Value::Int(INT64_MAX)},
          {"share", Value::Decimal(300'000'000)},
          {"on", Value::Bool(true)},
          {"noise", Value::String("hard")},
          {"as_of", Value::Date(core::DaysFromCivil(2026, 1, 1))}};
}

// The value as text, or "error: …".
std::string Eval(std::string_view text) {
  const auto expr = Expr::Parse(text);
  if (!expr.ok()) return "error: " + expr.status().message();
  const auto value = expr->Evaluate(Names());
  return value.ok() ? value->ToString() : "error: " + value.status().message();
}

TEST(Expr, FollowsTheUsualPrecedence) {
  EXPECT_EQ(Eval("1 + 2 * 3"), "7");
  EXPECT_EQ(Eval("(1 + 2) * 3"), "9");
  EXPECT_EQ(Eval("10 - 2 - 3"), "5");
  EXPECT_EQ(Eval("-n + 1"), "-9");
  EXPECT_EQ(Eval("2 - -3"), "5");
  EXPECT_EQ(Eval("n > 5 and not n > 20 or false"), "true");
  EXPECT_EQ(Eval("not on and on"), "false");
  EXPECT_EQ(Eval("min(n, 3) + max(1, 2)"), "5");
}

TEST(Expr, DividesWholeNumbersTowardZero) {
  EXPECT_EQ(Eval("7 / 2"), "3");
  EXPECT_EQ(Eval("-7 / 2"), "-3");
  EXPECT_EQ(Eval("1_000_000 / 4"), "250000");
}

TEST(Expr, KeepsNineDigitsOfDecimalsAndRoundsTheLast) {
  EXPECT_EQ(Eval("0.1 + 0.2"), "0.3");
  EXPECT_EQ(Eval("1.0 / 3"), "0.333333333");
  EXPECT_EQ(Eval("2.0 / 3"), "0.666666667");
  EXPECT_EQ(Eval("-2.0 / 3"), "-0.666666667");
  EXPECT_EQ(Eval("n * share"), "3");
  EXPECT_EQ(Eval("0.5 * 0.5"), "0.25");
  EXPECT_EQ(Eval("1 / 0.5"), "2");
  EXPECT_EQ(Eval("min(1, 0.5) == 0.5"), "true");
  EXPECT_EQ(Eval("0.1234567891"),
            "error: '0.1234567891' has more than nine digits after the point"
            " (column 1)");
}

TEST(Expr, MovesDatesByDaysAndCalendarYears) {
  EXPECT_EQ(Eval("as_of - 18y"), "2008-01-01");
  EXPECT_EQ(Eval("as_of - 81y + 1d"), "1945-01-02");
  EXPECT_EQ(Eval("2024-02-29 + 1y"), "2025-02-28");
  EXPECT_EQ(Eval("2024-03-01 - 1d"), "2024-02-29");
  EXPECT_EQ(Eval("as_of - 2025-01-01"), "365");
  EXPECT_EQ(Eval("as_of > 2025-12-31"), "true");
  EXPECT_EQ(Eval("max(as_of, 2030-05-05)"), "2030-05-05");
}

TEST(Expr, ComparesTextsWithEitherQuote) {
  EXPECT_EQ(Eval("noise == \"hard\""), "true");
  EXPECT_EQ(Eval("noise != 'hard'"), "false");
  EXPECT_EQ(Eval("'a' < 'b'"), "true");
}

TEST(Expr, LeavesTheRightSideAloneWhereTheLeftDecides) {
  EXPECT_EQ(Eval("zero != 0 and n / zero > 1"), "false");
  EXPECT_EQ(Eval("zero == 0 or n / zero > 1"), "true");
}

TEST(Expr, NamesOperatorAndValuesInErrors) {
  EXPECT_EQ(Eval("n / zero"), "error: '/': 10 / 0 divides by zero");
  EXPECT_EQ(Eval("big + 1"), "error: '+': 9223372036854775807 + 1 does not fit into 64 bits");
  EXPECT_EQ(Eval("big * big"),
            "error: '*': 9223372036854775807 * 9223372036854775807 does not fit into 64 bits");
  EXPECT_EQ(Eval("(-big - 1) / -1"),
            "error: '/': -9223372036854775808 / -1 does not fit into 64 bits");
  EXPECT_EQ(Eval("-(-big - 1)"), "error: '-': --9223372036854775808 does not fit");
  EXPECT_EQ(Eval("n + noise"),
            "error: '+' does not take 10 (a whole number) and \"hard\" (a text)");
  EXPECT_EQ(Eval("n == on"),
            "error: '==' does not take 10 (a whole number) and true (true or false)");
  EXPECT_EQ(Eval("n and on"), "error: 'and' takes true or false, not 10 (a whole number)");
  EXPECT_EQ(Eval("n + 3d"),
            "error: '+' does not take 10 (a whole number) and 3d: only a date is "
            "moved by a duration");
  EXPECT_EQ(Eval("as_of - 30"),
            "error: '-' does not take 2026-01-01 (a date) and 30 (a whole "
            "number): days are written 30d");
  EXPECT_EQ(Eval("as_of + 9000y"), "error: '+': 2026-01-01 + 9000y is outside the years 1 to 9999");
  EXPECT_EQ(Eval("nobody"), "error: unknown name 'nobody'");
  EXPECT_EQ(Eval("big * 1.5").rfind("error: '*': 9223372036854775807 * 1.5 does not fit", 0), 0u);
}

TEST(Expr, PointsAtWhatItDoesNotUnderstand) {
  EXPECT_EQ(Eval("n + 500m"),
            "error: '500m' is neither a number nor a duration (90d, 18y) (column 5)");
  EXPECT_EQ(Eval("1e6"), "error: '1e6' is neither a number nor a duration (90d, 18y) (column 1)");
  EXPECT_EQ(Eval("n +"), "error: the expression ends too early (column 4)");
  EXPECT_EQ(Eval("n n"), "error: 'n' is not expected here (column 3)");
  EXPECT_EQ(Eval("(n"), "error: the expression ends too early (column 3)");
  EXPECT_EQ(Eval(""), "error: an expression is missing (column 1)");
  EXPECT_EQ(Eval("n = 1"), "error: '=': to compare, write == (column 3)");
  EXPECT_EQ(Eval("on && on"), "error: '&': write 'and' (column 4)");
  EXPECT_EQ(Eval("1 < n < 3"),
            "error: '<': comparisons do not chain, join them by 'and' (column 7)");
  EXPECT_EQ(Eval("18y"),
            "error: '18y': a duration stands after a + or -, as in as_of - 18y (column 1)");
  EXPECT_EQ(Eval("2026-02-30"), "error: '2026-02-30' is not a date of the calendar (column 1)");
  EXPECT_EQ(Eval("Total"), "error: 'Total': names are in lower case (column 1)");
  EXPECT_EQ(Eval("'open"), "error: this text has no closing quote (column 1)");
  EXPECT_EQ(Eval("n + é"), "error: 'é' has no meaning here (column 5)");
  EXPECT_EQ(Eval("99999999999999999999"), "error: '99999999999999999999' does not fit (column 1)");
  EXPECT_EQ(Eval("min(1)"), "error: min takes two values, min(a, b): ',' before ')' (column 6)");
}

TEST(Expr, RefusesHostileDepthAndLength) {
  EXPECT_NE(Eval(std::string(500, '(') + "1").find("nested too deep"), std::string::npos);
  EXPECT_NE(Eval(std::string(500, '-') + "1").find("nested too deep"), std::string::npos);
  EXPECT_NE(Eval(std::string(100'000, '(')).find("at most 1000 characters"), std::string::npos);
}

TEST(Expr, TellsTheNamesItUses) {
  const auto expr = Expr::Parse("b + a * b - min(c, true)");
  ASSERT_TRUE(expr.ok());
  EXPECT_EQ(expr->names(), (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_EQ(expr->name_columns(), (std::vector<int>{1, 5, 17}));
}

TEST(Value, IsWrittenAsAPersonWould) {
  EXPECT_EQ(Value::Decimal(300'000'000).ToString(), "0.3");
  EXPECT_EQ(Value::Decimal(-1).ToString(), "-0.000000001");
  EXPECT_EQ(Value::Decimal(5'000'000'000).ToString(), "5");
  EXPECT_EQ(Value::Decimal(INT64_MIN).ToString(), "-9223372036.854775808");
  EXPECT_EQ(Value::Bool(false).ToString(), "false");
}

TEST(ParseFixed, IsExactOrNothing) {
  EXPECT_EQ(ParseFixed("1.5", 2), 150);
  EXPECT_EQ(ParseFixed("-0.07", 2), -7);
  EXPECT_EQ(ParseFixed("1_000", 0), 1000);
  EXPECT_EQ(ParseFixed("1.500", 1), 15);
  EXPECT_EQ(ParseFixed("-9223372036854775808", 0), INT64_MIN);
  EXPECT_EQ(ParseFixed("9223372036854775808", 0), std::nullopt);
  EXPECT_EQ(ParseFixed("1.55", 1), std::nullopt);
  for (const char* bad : {"", "-", ".5", "1.", "1._5", "_1", "1_", "1__0", "1.2.3", "+1", "0x1"}) {
    EXPECT_EQ(ParseFixed(bad, 9), std::nullopt) << bad;
  }
}

TEST(Interpolate, PutsValuesInPlacesAndKeepsDoubledBraces) {
  EXPECT_EQ(*Interpolate("n is {n}, {{n}}, {as_of}", Names()), "n is 10, {n}, 2026-01-01");
  EXPECT_FALSE(Interpolate("{nobody}", Names()).ok());
  EXPECT_FALSE(Interpolate("{n", Names()).ok());
  EXPECT_FALSE(Interpolate("n}", Names()).ok());
  EXPECT_FALSE(Interpolate("{}", Names()).ok());
}

}  // namespace
}  // namespace synthmill::spec
