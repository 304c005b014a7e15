#include "schema/exact.h"

#include <gtest/gtest.h>

#include "schema/patterns.h"

namespace synthmill::schema {
namespace {

TEST(Exact, RoundsBoundsToTheSideThatKeepsThem) {
  EXPECT_EQ(*ScaledUp("0.001", 2), 1);
  EXPECT_EQ(*ScaledDown("0.009", 2), 0);
  EXPECT_EQ(*ScaledUp("-0.009", 2), 0);
  EXPECT_EQ(*ScaledDown("-0.001", 2), -1);
  EXPECT_EQ(*ScaledUp("1e3", 0), 1000);
  EXPECT_EQ(*ScaledUp("12.50", 2), 1250);
  EXPECT_EQ(*ScaledDown("1e400", 0), Power10(38));
  EXPECT_FALSE(ScaledUp("abc", 0));
  EXPECT_FALSE(ScaledUp("1e", 0));
  EXPECT_FALSE(ScaledUp("", 0));
  EXPECT_EQ(ScaledText(-5, 2), "-0.05");
  EXPECT_EQ(ScaledText(1250, 2), "12.50");
  EXPECT_EQ(ScaledText(7, 0), "7");
}

TEST(Patterns, OfChecksBecomePatternsOfTheLanguage) {
  EXPECT_EQ(PatternOfRegex("^[A-Z]{2}\\d{3}$"), "[A-Z][A-Z]###");
  EXPECT_EQ(PatternOfRegex("^\\+[0-9]+$"), "+[0-9][0-9][0-9]");
  EXPECT_FALSE(PatternOfRegex("^(a|b)$"));
  EXPECT_EQ(PatternOfLike("A-%", false), "A-[a-z][a-z]");
  EXPECT_EQ(PatternOfLike("[0-9]_#", true), "[0-9][a-z]\\#");
  EXPECT_EQ(CodePattern(2), "??");
  EXPECT_EQ(CodePattern(8), "???#####");
  EXPECT_EQ(PatternTexts("??"), 676u);
  EXPECT_EQ(PatternTexts("[a-c]#\\#"), 30u);
  EXPECT_EQ(PatternLength("[a-c]#\\#"), 3);
}

}  // namespace
}  // namespace synthmill::schema
