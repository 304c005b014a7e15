#include <gtest/gtest.h>

#include "run/target.h"

namespace synthmill::run {
namespace {

using Action = Decision::Action;

RunManifest MakeRun(const std::string& id, const std::string& hash, uint64_t begin, uint64_t end,
                    RunState state) {
  RunManifest run;
  run.id = id;
  run.state = state;
  run.hash = hash;
  run.identity = {{"dataset", "d"}, {"seed", hash}, {"format", {{"name", "csv"}}}};
  run.roots.push_back({"thing", begin, end, "first_thing"});
  run.tables.push_back(
      {"t", "t", false, "thing", arrow::schema({arrow::field("a", arrow::int32())})});
  run.tasks = 8;
  return run;
}

Wanted Want(const std::string& hash, WriteMode mode, bool resume = false, uint64_t begin = 0,
            uint64_t end = 100) {
  const RunManifest run = MakeRun("", hash, begin, end, RunState::kRunning);
  Wanted wanted;
  wanted.uri = "DIR";
  wanted.identity = run.identity;
  wanted.hash = hash;
  wanted.dataset = "d";
  wanted.format = "csv";
  wanted.mode = mode;
  wanted.resume = resume;
  wanted.tables = run.tables;
  wanted.roots = run.roots;
  return wanted;
}

TargetState Finished(const std::string& hash) {
  TargetState state;
  state.live.push_back(MakeRun("run1", hash, 0, 100, RunState::kComplete));
  state.manifest.runs.push_back({"run1", "d", hash, "", {"t"}});
  state.files["t"] = 3;
  return state;
}

TargetState Unfinished(const std::string& hash) {
  TargetState state;
  state.unfinished.push_back(MakeRun("run2", hash, 0, 100, RunState::kRunning));
  state.parts_done["run2"] = 5;
  return state;
}

std::string Refusal(const TargetState& state, const Wanted& wanted) {
  const auto decision = Decide(state, wanted);
  EXPECT_FALSE(decision.ok());
  return decision.status().message();
}

TEST(DecideTest, AnEmptyTargetIsWrittenInAnyMode) {
  for (WriteMode mode : {WriteMode::kError, WriteMode::kOverwrite, WriteMode::kAppend}) {
    for (bool resume : {false, true}) {
      const auto d = Decide({}, Want("h", mode, resume)).ValueOrDie();
      EXPECT_EQ(d.action, Action::kStart);
      EXPECT_TRUE(d.notes.empty());
    }
  }
}

TEST(DecideTest, TheSameRunFinishedIsAlreadyComplete) {
  EXPECT_EQ(Decide(Finished("h"), Want("h", WriteMode::kError)).ValueOrDie().action,
            Action::kComplete);
  EXPECT_EQ(Decide(Finished("h"), Want("h", WriteMode::kError, true)).ValueOrDie().action,
            Action::kComplete);
  EXPECT_EQ(Decide(Finished("h"), Want("h", WriteMode::kOverwrite, true)).ValueOrDie().action,
            Action::kComplete);
  EXPECT_EQ(Decide(Finished("h"), Want("h", WriteMode::kOverwrite)).ValueOrDie().action,
            Action::kStart)
      << "overwrite without --resume makes it again";
}

TEST(DecideTest, ARunPartlyReplacedSinceIsNotComplete) {
  TargetState state = Finished("h");
  state.manifest.runs[0].tables.clear();
  EXPECT_FALSE(Decide(state, Want("h", WriteMode::kError)).ok());
}

TEST(DecideTest, AnotherRunFinishedIsRefusedAndTheWaysOutAreTold) {
  const std::string message = Refusal(Finished("g"), Want("h", WriteMode::kError));
  for (const char* words : {"seed (g, now h)", "--write-mode overwrite", "--write-mode append"}) {
    EXPECT_NE(message.find(words), std::string::npos) << message;
  }
  EXPECT_FALSE(Decide(Finished("g"), Want("h", WriteMode::kError, true)).ok());
}

TEST(DecideTest, ForeignFilesAreNeverReplacedSilently) {
  TargetState state;
  state.files["t"] = 2;
  EXPECT_NE(Refusal(state, Want("h", WriteMode::kError)).find("DIR/t holds 2 files"),
            std::string::npos);
  EXPECT_NE(Refusal(state, Want("h", WriteMode::kAppend)).find("DIR/t holds 2 files"),
            std::string::npos);
  const auto d = Decide(state, Want("h", WriteMode::kOverwrite)).ValueOrDie();
  ASSERT_EQ(d.notes.size(), 1u);
  EXPECT_NE(d.notes[0].find("replaces DIR/t: 2 files"), std::string::npos);
}

TEST(DecideTest, OverwriteTellsWhatItLeaves) {
  TargetState state = Finished("g");
  state.manifest.runs[0].tables = {"t", "other"};
  const auto d = Decide(state, Want("h", WriteMode::kOverwrite)).ValueOrDie();
  ASSERT_EQ(d.notes.size(), 2u);
  EXPECT_NE(d.notes[0].find("replaces DIR/t (of run run1)"), std::string::npos);
  EXPECT_NE(d.notes[1].find("leaves DIR/other"), std::string::npos);
}

TEST(DecideTest, AnUnfinishedRunIsGoneOnWithOnlyWhenAsked) {
  const auto d = Decide(Unfinished("h"), Want("h", WriteMode::kError, true)).ValueOrDie();
  EXPECT_EQ(d.action, Action::kResume);
  EXPECT_EQ(d.run_id, "run2");
  const std::string message = Refusal(Unfinished("h"), Want("h", WriteMode::kError));
  for (const char* words : {"5 of 8 parts", "--resume", "--write-mode overwrite"}) {
    EXPECT_NE(message.find(words), std::string::npos) << message;
  }
}

TEST(DecideTest, AnUnfinishedRunOfOtherSettingsIsNotGoneOnWith) {
  const std::string message = Refusal(Unfinished("g"), Want("h", WriteMode::kError, true));
  EXPECT_NE(message.find("seed (g, now h)"), std::string::npos) << message;
}

TEST(DecideTest, BesideFinishedDataAnUnfinishedRunIsThrownAwayInTheWordsOfItsPlace) {
  TargetState state = Unfinished("g");
  state.live = Finished("f").live;
  state.throw_away["run2"] = "aws s3 rm --recursive s3://b/t/_synthmill/runs/run2";
  const std::string message = Refusal(state, Want("h", WriteMode::kError));
  EXPECT_NE(message.find("throw it away:    aws s3 rm --recursive s3://b/t/_synthmill/runs/run2"),
            std::string::npos)
      << message;
  EXPECT_EQ(message.find("--write-mode overwrite"), std::string::npos) << message;
}

TEST(DecideTest, OverwriteThrowsAwayUnfinishedRunsAndSaysSo) {
  const auto d = Decide(Unfinished("g"), Want("h", WriteMode::kOverwrite)).ValueOrDie();
  EXPECT_EQ(d.action, Action::kStart);
  EXPECT_EQ(d.discard, std::vector<std::string>{"run2"});
  ASSERT_EQ(d.notes.size(), 1u);
}

TEST(DecideTest, AppendRefusesNumbersThatAreThere) {
  EXPECT_TRUE(Decide(Finished("g"), Want("h", WriteMode::kAppend, false, 100, 200)).ok());
  const std::string message = Refusal(Finished("g"), Want("h", WriteMode::kAppend, false, 99, 200));
  EXPECT_NE(message.find("--first-thing 101"), std::string::npos) << message;
  EXPECT_FALSE(Decide(Finished("h"), Want("h", WriteMode::kAppend)).ok());
}

TEST(DecideTest, AppendRefusesAnotherFormatOrOtherColumnsInOneFolder) {
  Wanted wanted = Want("h", WriteMode::kAppend, false, 100, 200);
  wanted.format = "parquet";
  EXPECT_NE(Refusal(Finished("g"), wanted).find("--format csv"), std::string::npos);
  wanted = Want("h", WriteMode::kAppend, false, 100, 200);
  wanted.tables[0].schema = arrow::schema({arrow::field("b", arrow::int32())});
  EXPECT_NE(Refusal(Finished("g"), wanted).find("other columns"), std::string::npos);
}

TEST(DecideTest, TheNextFreeNumberFollowsTheLastOfAllRuns) {
  TargetState state = Finished("g");
  state.live.push_back(MakeRun("run3", "x", 500, 700, RunState::kComplete));
  state.live.push_back(MakeRun("run4", "y", 100, 200, RunState::kComplete));
  EXPECT_EQ(NextFree(state, "d", "first_thing"), 701u);
  EXPECT_EQ(NextFree(state, "other", "first_thing"), 1u);
  EXPECT_EQ(NextFree({}, "d", "first_thing"), 1u);
}

}  // namespace
}  // namespace synthmill::run
