#include "generate/list.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "core/text.h"

namespace synthmill::generate {
namespace {

std::string Error(std::string_view csv) { return ParseList("mine", csv).status().message(); }

TEST(ParseList, ReadsColumnsAndWeights) {
  const auto list = ParseList("mine", "name,weight,sex\nAnn,5,F\nBob,3,M\n").ValueOrDie();
  EXPECT_EQ(list->columns, (std::vector<std::string>{"name", "sex"}));
  EXPECT_EQ(list->values[0], (std::vector<std::string>{"Ann", "Bob"}));
  EXPECT_EQ(list->values[1], (std::vector<std::string>{"F", "M"}));
  EXPECT_EQ(list->weights, (std::vector<int64_t>{5, 3}));
  EXPECT_EQ(list->Find("sex"), 1);
  EXPECT_EQ(list->Find("weight"), -1);
}

TEST(ParseList, GivesEveryValueTheSameWeightIfNoneAreThere) {
  const auto list = ParseList("mine", "word\na\nb").ValueOrDie();
  EXPECT_EQ(list->weights, (std::vector<int64_t>{1, 1}));
}

TEST(ParseList, SkipsCommentsEmptyLinesAndCarriageReturns) {
  const auto list =
      ParseList("mine", "# source: here\r\n\r\nword\r\na\r\n# b\r\n\r\nc\r\n").ValueOrDie();
  EXPECT_EQ(list->values[0], (std::vector<std::string>{"a", "c"}));
}

TEST(ParseList, ReadsQuotedValues) {
  const auto list =
      ParseList("mine", "name,note\n\"Smith, Jr.\",\"say \"\"hi\"\"\"\n\"# no comment\",\n")
          .ValueOrDie();
  EXPECT_EQ(list->values[0], (std::vector<std::string>{"Smith, Jr.", "# no comment"}));
  EXPECT_EQ(list->values[1], (std::vector<std::string>{"say \"hi\"", ""}));
}

TEST(ParseList, SaysInWhichLineSomethingIsWrong) {
  EXPECT_EQ(Error("# c\nname,weight\nAnn,5\nBob\n"),
            "list 'mine', line 4: 1 values where the header has 2");
  EXPECT_EQ(Error("name\n\"Ann\n"), "list 'mine', line 2: a quote is not closed");
  EXPECT_NE(Error("name\n\"Ann\"x\n"), "");
  for (const char* weight : {"0", "-1", "1.5", "x", "", "1099511627777", "99999999999999999999"})
    EXPECT_NE(Error(std::string("name,weight\nAnn,") + weight).find("line 2: weight '"),
              std::string::npos)
        << weight;
  EXPECT_NE(Error("weight\n5\n").find("no column but 'weight'"), std::string::npos);
  for (const char* empty : {"", "# only\n", "name\n", "name,weight\n# x\n"})
    EXPECT_NE(Error(empty).find("no values"), std::string::npos) << empty;
}

TEST(ParseList, RefusesWhatIsNotUtf8) {
  // It would come out as text that no reader of Arrow or Parquet accepts.
  EXPECT_NE(Error("name\nJos\xE9\n").find("line 2"), std::string::npos);
  EXPECT_EQ(Error("name\nJos\xC3\xA9\n"), "");
}

TEST(ParseList, LooksPastAByteOrderMark) {
  EXPECT_EQ(ParseList("mine", "\xEF\xBB\xBFname\nAnn\n").ValueOrDie()->Find("name"), 0);
}

TEST(Lists, FindBuiltInOnesOnceAndSuggestForOthers) {
  Lists lists({});
  const auto first = lists.Find("first_names").ValueOrDie();
  EXPECT_EQ(lists.Find("first_names").ValueOrDie(), first);
  const std::string error = lists.Find("frist_names").status().message();
  EXPECT_NE(error.find("no list 'frist_names'"), std::string::npos) << error;
  EXPECT_NE(error.find("did you mean 'first_names'?"), std::string::npos) << error;
}

TEST(Lists, PreferTheSpecsOwnAndNameAFileThatIsNotThere) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("synthmill_list_" + std::to_string(getpid()) + ".csv");
  std::ofstream(path) << "name\nOnly\n";
  Lists lists({{"first_names", path.string()}, {"gone", "/nowhere/gone.csv"}});
  EXPECT_EQ(lists.Find("first_names").ValueOrDie()->rows(), 1u);
  EXPECT_NE(lists.Find("gone").status().message().find("/nowhere/gone.csv"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(Lists, OfTheHouseAreWellFormed) {
  Lists lists({});
  const std::vector<std::string> names = lists.Names();
  EXPECT_GE(names.size(), 14u);
  for (const std::string& name : names) {
    const auto list = lists.Find(name).ValueOrDie();
    for (const auto& column : list->values)
      for (const std::string& value : column) {
        ASSERT_EQ(core::ValidUtf8Prefix(value), value.size()) << name << ": " << value;
        ASSERT_FALSE(value.empty()) << name;
        ASSERT_FALSE(value.front() == ' ' || value.back() == ' ') << name << ": '" << value << "'";
      }
  }
}

TEST(Lists, HoldThousandsOfPlacesWithRealStatesAndZips) {
  Lists lists({});
  const auto places = lists.Find("places").ValueOrDie();
  EXPECT_GE(places->rows(), 3000u);
  const auto states = lists.Find("area_codes").ValueOrDie();
  std::set<std::string> with_area_code(states->values[0].begin(), states->values[0].end());
  std::set<std::string> zips;
  const int state = places->Find("state"), zip = places->Find("zip");
  ASSERT_TRUE(state >= 0 && zip >= 0);
  for (size_t r = 0; r < places->rows(); ++r) {
    const std::string& z = places->values[static_cast<size_t>(zip)][r];
    ASSERT_TRUE(z.size() == 5 && z.find_first_not_of("0123456789") == std::string::npos) << z;
    ASSERT_TRUE(zips.insert(z).second) << "ZIP " << z << " twice";
    ASSERT_TRUE(with_area_code.contains(places->values[static_cast<size_t>(state)][r])) << z;
  }
}

}  // namespace
}  // namespace synthmill::generate
