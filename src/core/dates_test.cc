#include "core/dates.h"

#include <gtest/gtest.h>

#include <string>

namespace synthmill::core {
namespace {

TEST(Dates, GoToDaysAndBackFor1900To2100) {
  // An independent calendar, counted day by day from 1970-01-01 backwards and forwards.
  int64_t days = -25'567;  // 1900-01-01, as every table of Julian days says: 2415021 - 2440588
  for (int64_t y = 1900; y <= 2100; ++y) {
    const bool leap = y % 400 == 0 || (y % 4 == 0 && y % 100 != 0);
    const unsigned lengths[] = {31, leap ? 29u : 28u, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    EXPECT_EQ(IsLeap(y), leap) << y;
    for (unsigned m = 1; m <= 12; ++m) {
      ASSERT_EQ(DaysInMonth(y, m), lengths[m - 1]) << y << "-" << m;
      for (unsigned d = 1; d <= lengths[m - 1]; ++d, ++days) {
        ASSERT_EQ(DaysFromCivil(y, m, d), days) << y << "-" << m << "-" << d;
        const Civil c = CivilFromDays(days);
        ASSERT_TRUE(c.year == y && c.month == m && c.day == d) << y << "-" << m << "-" << d;
        ASSERT_EQ(ParseIsoDate(FormatIsoDate(days)), days);
      }
    }
  }
  EXPECT_EQ(DaysFromCivil(1970, 1, 1), 0);
}

TEST(Dates, KnowTheFarEnds) {
  EXPECT_EQ(FormatIsoDate(*ParseIsoDate("0001-01-01")), "0001-01-01");
  EXPECT_EQ(FormatIsoDate(*ParseIsoDate("9999-12-31")), "9999-12-31");
  EXPECT_EQ(*ParseIsoDate("0001-01-01"), -719'162);
  EXPECT_EQ(*ParseIsoDate("9999-12-31"), 2'932'896);
  EXPECT_EQ(FormatIsoDate(-1), "1969-12-31");
}

TEST(AddYears, MovesLeapDaysToThe28thWhereItMust) {
  const int64_t leap_day = *ParseIsoDate("2024-02-29");
  EXPECT_EQ(FormatIsoDate(AddYears(leap_day, 1)), "2025-02-28");
  EXPECT_EQ(FormatIsoDate(AddYears(leap_day, -1)), "2023-02-28");
  EXPECT_EQ(FormatIsoDate(AddYears(leap_day, 4)), "2028-02-29");
  EXPECT_EQ(FormatIsoDate(AddYears(leap_day, -124)), "1900-02-28") << "1900 was no leap year";
  EXPECT_EQ(FormatIsoDate(AddYears(leap_day, -24)), "2000-02-29") << "2000 was one";
}

TEST(AddYears, KeepsOtherDays) {
  EXPECT_EQ(FormatIsoDate(AddYears(*ParseIsoDate("2026-01-01"), -81)), "1945-01-01");
  EXPECT_EQ(FormatIsoDate(AddYears(*ParseIsoDate("2023-02-28"), 1)), "2024-02-28");
  EXPECT_EQ(FormatIsoDate(AddYears(*ParseIsoDate("2023-12-31"), 0)), "2023-12-31");
}

TEST(ParseIsoDate, AcceptsLeapDaysOfLeapYearsOnly) {
  EXPECT_TRUE(ParseIsoDate("2024-02-29"));
  EXPECT_TRUE(ParseIsoDate("2000-02-29"));
  EXPECT_FALSE(ParseIsoDate("2023-02-29"));
  EXPECT_FALSE(ParseIsoDate("1900-02-29"));
}

TEST(ParseIsoDate, RefusesWhatIsNoDate) {
  for (const char* text :
       {"",           "2024",        "2024-1-01",   "2024-01-1",        "24-01-01",
        "2024-13-01", "2024-00-01",  "2024-01-00",  "2024-01-32",       "2024-04-31",
        "2024/01/01", "2024-01-01 ", " 2024-01-01", "2024-01-01T00:00", "2024-0a-01",
        "-024-01-01", "0000-01-01",  "2024-01--1",  "20240101",         "+024-01-01",
        "2024-+1-01"})
    EXPECT_FALSE(ParseIsoDate(text)) << "'" << text << "'";
}

TEST(WriteIsoDate, WritesTenBytesAndNoMore) {
  std::string out(12, '#');
  WriteIsoDate(*ParseIsoDate("0987-06-05"), out.data() + 1);
  EXPECT_EQ(out, "#0987-06-05#");
}

}  // namespace
}  // namespace synthmill::core
