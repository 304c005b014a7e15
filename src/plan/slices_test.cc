#include "plan/slices.h"

#include <gtest/gtest.h>

namespace synthmill::plan {
namespace {

uint64_t Scaled(uint64_t rows, const char* scale) {
  return ScaleRows(rows, ParseScale(scale).ValueOrDie()).ValueOrDie();
}

TEST(Scale, MultipliesExactlyAndRoundsHalfUp) {
  EXPECT_EQ(Scaled(373'946'569, "1e-6"), 374u);
  EXPECT_EQ(Scaled(499'999, "1e-6"), 0u);
  EXPECT_EQ(Scaled(500'000, "0.000001"), 1u);
  EXPECT_EQ(Scaled(1'500'000, "1E-6"), 2u);
  EXPECT_EQ(Scaled(999'999'999'999'999, "1"), 999'999'999'999'999u);
  EXPECT_EQ(Scaled(999'999'999'999'999, "0.999999999999999999"), 999'999'999'999'999u);
  EXPECT_EQ(Scaled(3, "2.5"), 8u);
  EXPECT_EQ(Scaled(7, "1e3"), 7000u);
  EXPECT_EQ(Scaled(7, "100.00"), 700u);
}

TEST(Scale, RefusesWhatIsNoFactor) {
  for (const char* bad :
       {"", "0", "-1", "x", "1e", "1e-19", "1.2.3", "1e99", "12345678901234567891"})
    EXPECT_FALSE(ParseScale(bad).ok()) << bad;
  EXPECT_FALSE(ScaleRows(1'000'000'000'000'000, ParseScale("2").ValueOrDie()).ok());
}

TEST(Slices, AreReadFromWhatToolsPrint) {
  const char* kTexts[] = {
      "a | 0 | 5\na | 7 | 6\n",
      "\xEF\xBB\xBFtable | slice | rows\r\na|0|5\r\n\r\na|7|6",
      (" table | slice | rows \n-------+-------+------\n a     |     0 |    5\n a     |     7 |    "
       "6\n(2 rows)\n"),
      "# both\n-- of them\n| a | 0 | 5 |\n|---|---|---|\n| a | 7 | 6 |\n",
  };
  for (const char* text : kTexts) {
    const auto tables = ReadSlices("s", text, {}, {}).ValueOrDie();
    ASSERT_EQ(tables.size(), 1u) << text;
    EXPECT_EQ(tables[0].table, "a");
    ASSERT_EQ(tables[0].slices.size(), 2u) << text;
    EXPECT_EQ(tables[0].slices[1].id, 7u);
    EXPECT_EQ(tables[0].rows(), 11u);
    EXPECT_TRUE(tables[0].all_chosen());
  }
}

TEST(Slices, AreChosenByTheirOwnNumber) {
  const auto ids = ParseSliceIds({"7", "10..12"}).ValueOrDie();
  const auto tables =
      ReadSlices("s", "a|7|1\na|8|1\na|11|1\nb|12|1\nb|1|1\n", {}, ids).ValueOrDie();
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_TRUE(tables[0].slices[0].chosen);
  EXPECT_FALSE(tables[0].slices[1].chosen);
  EXPECT_TRUE(tables[0].slices[2].chosen);
  EXPECT_TRUE(tables[1].slices[0].chosen);
  EXPECT_FALSE(tables[1].slices[1].chosen);
  EXPECT_NE(ReadSlices("s", "a|7|1\n", {}, ids).status().message().find("--slice 10..12"),
            std::string::npos);
  for (const char* bad : {"", "x", "5..", "5..4", "-1"}) EXPECT_FALSE(ParseSliceIds({bad}).ok());
}

TEST(Slices, MistakesAreToldWithFileAndLine) {
  const auto error = [](const char* text) {
    return ReadSlices("s.txt", text, {}, {}).status().message();
  };
  EXPECT_EQ(error("a|1|2\na|1|3\n").substr(0, 9), "s.txt:2: ");
  EXPECT_EQ(error("\n\na|1\n").substr(0, 9), "s.txt:3: ");
  EXPECT_EQ(error("t|s|r\nt|s|r\n").substr(0, 9), "s.txt:2: ") << "one header, not two";
  EXPECT_EQ(error("|1|2\n").substr(0, 9), "s.txt:1: ");
  EXPECT_NE(error("a|1|600000000000000\na|2|600000000000000\n").find("more than 10^15"),
            std::string::npos);
  EXPECT_NE(error("").find("no slices"), std::string::npos);
}

}  // namespace
}  // namespace synthmill::plan
