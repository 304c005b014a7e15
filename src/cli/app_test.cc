#include "cli/app.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/settings.h"

namespace synthmill::cli {
namespace {

arrow::Result<std::vector<Flag>> TestFlags(const std::vector<std::string>&) {
  return std::vector<Flag>{{"total-records", "N", "rows"},
                           {"to", "URI", "where"},
                           {"threads", "N", "threads"},
                           {"entity-id", "", "ids", "true", {}, "Options", true},
                           {"truth", "", "truth"}};
}

const Command kTest = {"test", "a test", "", "", TestFlags, nullptr, nullptr};

// A folder without settings of the developer's own.
class AppTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/synthmill-app-XXXXXX";
    folder_ = mkdtemp(name);
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(folder_);
    setenv("XDG_CONFIG_HOME", (folder_ / "home").c_str(), 1);
    unsetenv("SYNTHMILL_THREADS");
    unsetenv("SYNTHMILL_ENTITY_ID");
  }
  void TearDown() override {
    unsetenv("SYNTHMILL_THREADS");
    unsetenv("SYNTHMILL_ENTITY_ID");
    unsetenv("XDG_CONFIG_HOME");
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(folder_);
  }
  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  arrow::Result<CommandLine> Parse(std::vector<std::string> args, std::string section = "") {
    return ParseArgs(kTest, *TestFlags({}), args, section);
  }
  std::filesystem::path folder_, before_;
};

TEST_F(AppTest, FlagsTakeTheirValuesInBothForms) {
  const auto line =
      Parse({"mdm", "--total-records", "5", "--to=-", "--no-entity-id", "--truth"}).ValueOrDie();
  EXPECT_EQ(line.Get("total-records"), "5");
  EXPECT_EQ(line.Get("to"), "-");
  EXPECT_EQ(line.Get("entity-id"), "false");
  EXPECT_TRUE(line.On("truth"));
  EXPECT_EQ(line.words, std::vector<std::string>{"mdm"});
  EXPECT_EQ(Parse({"--to", "-"}).ValueOrDie().Get("to"), "-");
}

TEST_F(AppTest, ANegativeNumberIsAValueNotAFlag) {
  EXPECT_EQ(Parse({"--total-records", "-5"}).ValueOrDie().Get("total-records"), "-5");
  EXPECT_FALSE(Parse({"--threads", "-5"}).ValueOrDie().Number("threads", 1, 1, 9).ok());
}

TEST_F(AppTest, AMistypedFlagIsAnsweredWithTheNearestOne) {
  EXPECT_NE(Parse({"--totl-records", "5"}).status().message().find("--total-records"),
            std::string::npos);
  EXPECT_NE(Parse({"--thruth"}).status().message().find("--truth"), std::string::npos);
  EXPECT_NE(Parse({"--xyzzy=1"}).status().message().find("--help"), std::string::npos);
}

TEST_F(AppTest, AFlagWithoutItsValueIsAnError) { EXPECT_FALSE(Parse({"--to"}).ok()); }

TEST_F(AppTest, NumbersAreCheckedAndTheirLimitsTold) {
  const auto line = Parse({"--threads", "ten", "--total-records", "1_000"}).ValueOrDie();
  EXPECT_NE(line.Number("threads", 1, 1, 64).status().message().find("--threads ten"),
            std::string::npos);
  EXPECT_EQ(line.Number("total-records", 1, 1, 2000).ValueOrDie(), 1000u);
  EXPECT_FALSE(line.Number("total-records", 1, 1, 999).ok());
}

TEST_F(AppTest, FlagsGoBeforeEnvironmentBeforeProjectBeforeUser) {
  Write("home/synthmill/config.yaml", "threads: 1\ntruth: yes\nto: user\n");
  EXPECT_EQ(Parse({}).ValueOrDie().Get("threads"), "1");
  Write("synthmill.yaml", "threads: 2\nd:\n  total_records: 7\n");
  EXPECT_EQ(Parse({}).ValueOrDie().Get("threads"), "2");
  setenv("SYNTHMILL_THREADS", "3", 1);
  EXPECT_EQ(Parse({}).ValueOrDie().Get("threads"), "3");
  const auto line = Parse({"--threads", "4"}).ValueOrDie();
  EXPECT_EQ(line.Get("threads"), "4");
  EXPECT_EQ(line.sources.at("threads"), "command line");
  EXPECT_TRUE(line.On("truth"));
  EXPECT_EQ(line.Get("to"), "user");
}

TEST_F(AppTest, ADatasetsSectionCountsForThatDatasetAlone) {
  Write("synthmill.yaml", "threads: 2\nd:\n  total_records: 7\n  threads: 5\n");
  EXPECT_FALSE(Parse({}).ValueOrDie().Has("total-records"));
  EXPECT_EQ(Parse({}, "d").ValueOrDie().Get("total-records"), "7");
  EXPECT_EQ(Parse({}, "d").ValueOrDie().Get("threads"), "5");
}

TEST_F(AppTest, AnUnknownWordInAFileIsRefusedWithItsPlace) {
  Write("synthmill.yaml", "threds: 2\n");
  const auto status = Parse({}).status();
  EXPECT_NE(status.message().find("synthmill.yaml:1:1"), std::string::npos) << status.message();
  EXPECT_NE(status.message().find("threads"), std::string::npos) << status.message();
}

TEST_F(AppTest, SwitchesOfTheEnvironmentAreTrueOrFalse) {
  setenv("SYNTHMILL_ENTITY_ID", "0", 1);
  EXPECT_EQ(Parse({}).ValueOrDie().Get("entity-id"), "false");
  setenv("SYNTHMILL_ENTITY_ID", "maybe", 1);
  EXPECT_FALSE(Parse({}).ok());
}

TEST(FindWordTest, SkipsFlagsAndTheirValues) {
  const auto flags = TestFlags({}).ValueOrDie();
  EXPECT_EQ(FindWord({"--to", "x", "mdm"}, flags), 2);
  EXPECT_EQ(FindWord({"--to=x", "--truth", "mdm"}, flags), 2);
  EXPECT_EQ(FindWord({"--to", "x"}, flags), -1);
  const auto accept = [](std::string_view w) { return w == "mdm"; };
  EXPECT_EQ(FindWord({"--other", "5", "mdm"}, flags, accept), 2);
}

TEST(CommandsTest, EveryCommandHasItsHelpAndFlagsWithHelp) {
  for (const Command* command : Commands()) {
    EXPECT_GT(std::string(command->help).size(), 5u) << command->name;
    const auto flags = command->flags({});
    ASSERT_TRUE(flags.ok()) << command->name;
    for (const Flag& flag : *flags) EXPECT_FALSE(flag.help.empty()) << flag.name;
    EXPECT_FALSE(HelpText(*command, *flags, {}).empty());
  }
}

}  // namespace
}  // namespace synthmill::cli
