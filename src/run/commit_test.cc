// Runs against a local folder: what is there at the end, also after a crash at any step.
#include <gtest/gtest.h>

#include <fstream>

#include "run/executor.h"
#include "run/target.h"
#include "run/test_program.h"
#include "run/verify.h"

namespace synthmill::run {
namespace {

namespace fs = std::filesystem;

// Fails every change from the n-th on: what a process that was killed there leaves behind.
class Crash {
 public:
  explicit Crash(int after) : left_(after) {}
  arrow::Status Step() {
    if (left_ == 0) return arrow::Status::IOError("killed");
    --left_;
    return arrow::Status::OK();
  }

 private:
  int left_;
};

class CrashingDocuments : public io::DocumentStore {
 public:
  CrashingDocuments(io::DocumentStore* inner, Crash* crash) : inner_(inner), crash_(crash) {}
  arrow::Result<std::optional<std::string>> Read(const std::string& path) const override {
    return inner_->Read(path);
  }
  arrow::Status Write(const std::string& path, std::string_view text) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Write(path, text);
  }
  arrow::Result<bool> Create(const std::string& path, std::string_view text) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Create(path, text);
  }
  arrow::Result<std::vector<std::string>> List(const std::string& folder) const override {
    return inner_->List(folder);
  }
  arrow::Status Remove(const std::string& path) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Remove(path);
  }

 private:
  io::DocumentStore* inner_;
  Crash* crash_;
};

class CrashingDestination : public io::Destination {
 public:
  CrashingDestination(io::Destination* inner, Crash* crash)
      : inner_(inner), crash_(crash), documents_(inner->documents(), crash) {}
  io::DocumentStore* documents() override { return &documents_; }
  arrow::Result<std::unique_ptr<io::Lease>> Lock(const std::string& owner) override {
    return inner_->Lock(owner);
  }
  arrow::Status Begin(const io::RunTarget& target) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Begin(target);
  }
  arrow::Result<std::unique_ptr<io::PartWriter>> Open(size_t table, uint64_t part,
                                                      const std::string& folder) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Open(table, part, folder);
  }
  arrow::Result<bool> Holds(const io::Receipt& receipt) override { return inner_->Holds(receipt); }
  arrow::Result<std::string> SealCommit() override { return inner_->SealCommit(); }
  arrow::Status Commit(const std::vector<io::Receipt>& receipts,
                       const std::string& state) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Commit(receipts, state);
  }
  arrow::Status Finish() override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Finish();
  }
  arrow::Status Discard(const std::string& id) override {
    ARROW_RETURN_NOT_OK(crash_->Step());
    return inner_->Discard(id);
  }
  arrow::Result<std::vector<std::string>> Staged() override { return inner_->Staged(); }
  arrow::Result<std::vector<io::StoredFile>> List(const std::string& table) override {
    return inner_->List(table);
  }

 private:
  io::Destination* inner_;
  Crash* crash_;
  CrashingDocuments documents_;
};

std::unique_ptr<io::Destination> OpenTarget(const std::string& uri) {
  return io::OpenDestination(uri, {}).ValueOrDie();
}

RunManifest Describe(const FakeProgram& program, const std::string& id, WriteMode mode) {
  RunManifest run;
  run.id = id;
  run.mode = mode;
  run.identity = {{"dataset", "fake"}, {"format", {{"name", "csv"}}}};
  run.hash = id;
  run.versions = Json::object();
  for (const auto& t : program.tables()) {
    run.tables.push_back({t.key, t.name, false, "thing", t.schema});
  }
  run.roots.push_back({"thing", program.roots()[0].begin, program.roots()[0].end, "first"});
  return run;
}

// The life of a run, as Generation lives it; goes on with run `id` if it is there.
arrow::Status DoRun(io::Destination* destination, const FakeProgram& program, const std::string& id,
                    WriteMode mode) {
  ARROW_RETURN_NOT_OK(Settle(destination));
  RunStore store(destination->documents());
  ARROW_ASSIGN_OR_RAISE(const Manifest manifest, store.ReadManifest());
  for (const LiveRun& run : manifest.runs) {
    if (run.id == id) return arrow::Status::OK();
  }
  RunManifest run = Describe(program, id, mode);
  ARROW_ASSIGN_OR_RAISE(auto plan, plan::Plan::Make(program, {.partitions = 3}));
  ARROW_RETURN_NOT_OK(store.WriteRun(run));
  ARROW_ASSIGN_OR_RAISE(const auto target, TargetOf(run));
  ARROW_RETURN_NOT_OK(destination->Begin(target));
  RunCounters counters;
  ExecuteOptions options;
  options.counters = &counters;
  options.on_part = [&](const PartReceipts& part) { return store.WriteReceipts(id, part); };
  ARROW_ASSIGN_OR_RAISE(auto earlier, store.ReadReceipts(id));
  for (const auto& part : earlier) options.done.insert(part.task);
  ARROW_ASSIGN_OR_RAISE(run.parts, ExecuteParts(program, plan, destination, options));
  run.parts.insert(run.parts.end(), earlier.begin(), earlier.end());
  run.state = RunState::kCommitting;
  ARROW_ASSIGN_OR_RAISE(run.commit_state, destination->SealCommit());
  ARROW_RETURN_NOT_OK(store.WriteRun(run));
  return CommitRun(destination, run);
}

VerifyResult Verified(const std::string& uri) {
  RunCounters counters;
  VerifyOptions options;
  options.threads = 2;
  options.counters = &counters;
  return Verify(uri, options).ValueOrDie();
}

uint64_t RowsOf(const VerifyResult& result, const std::string& table) {
  for (const auto& t : result.tables) {
    if (t.table == table) return t.rows;
  }
  return 0;
}

TEST(CommitTest, ARunIsWholeAndLeavesNothingButDataAndManifest) {
  TemporaryFolder folder;
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(0, 5000), "r1", WriteMode::kError).ok());
  EXPECT_EQ(Tree(folder.string()),
            (std::vector<std::string>{"_synthmill/", "_synthmill/manifest.json", "_synthmill/runs/",
                                      "_synthmill/runs/r1/", "_synthmill/runs/r1/manifest.json",
                                      "rows/", "rows/part-00000.csv", "rows/part-00001.csv",
                                      "rows/part-00002.csv", "tens/", "tens/part-00000.csv",
                                      "tens/part-00001.csv", "tens/part-00002.csv"}));
  const VerifyResult result = Verified(folder.string());
  EXPECT_TRUE(result.ok()) << result.bad_parts[0].reason;
  EXPECT_EQ(RowsOf(result, "rows"), 5000u);
  EXPECT_EQ(RowsOf(result, "tens"), 500u);
}

class CrashTest : public ::testing::TestWithParam<WriteMode> {};

TEST_P(CrashTest, GoesOnFromAnyStepToTheSameEnd) {
  const WriteMode mode = GetParam();
  const FakeProgram before(0, 2000), program(2000, 7000);
  const auto prepare = [&](const std::string& uri) {
    if (mode == WriteMode::kError) return;
    ASSERT_TRUE(DoRun(OpenTarget(uri).get(), before, "r0", WriteMode::kError).ok());
  };
  TemporaryFolder whole;
  prepare(whole.string());
  ASSERT_TRUE(DoRun(OpenTarget(whole.string()).get(), program, "r1", mode).ok());
  const auto expected_tree = Tree(whole.string());
  const auto expected = Verified(whole.string());
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(RowsOf(expected, "rows"), mode == WriteMode::kAppend ? 7000u : 5000u);

  bool finished = false;
  int steps = 0;
  for (; !finished && steps < 200; ++steps) {
    TemporaryFolder folder;
    prepare(folder.string());
    {
      auto inner = OpenTarget(folder.string());
      Crash crash(steps);
      CrashingDestination destination(inner.get(), &crash);
      finished = DoRun(&destination, program, "r1", mode).ok();
    }
    auto destination = OpenTarget(folder.string());
    const auto status = DoRun(destination.get(), program, "r1", mode);
    ASSERT_TRUE(status.ok()) << "after " << steps << " steps: " << status.ToString();
    ASSERT_EQ(Tree(folder.string()), expected_tree) << "after " << steps << " steps";
    const auto found = Verified(folder.string());
    ASSERT_TRUE(found.ok());
    ASSERT_EQ(found.fingerprint, expected.fingerprint) << "after " << steps << " steps";
  }
  EXPECT_GT(steps, 10);
  EXPECT_TRUE(finished);
}

INSTANTIATE_TEST_SUITE_P(Modes, CrashTest,
                         ::testing::Values(WriteMode::kError, WriteMode::kOverwrite,
                                           WriteMode::kAppend),
                         [](const auto& info) { return std::string(WriteModeName(info.param)); });

TEST(CommitTest, TheOldDataStayVisibleUntilTheCommit) {
  TemporaryFolder folder;
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(0, 2000), "r0", WriteMode::kError).ok());
  FakeProgram failing(0, 5000);
  failing.on_block = [](uint64_t block) {
    return block == 4 ? arrow::Status::IOError("no more") : arrow::Status::OK();
  };
  EXPECT_FALSE(DoRun(destination.get(), failing, "r1", WriteMode::kOverwrite).ok());
  const auto result = Verified(folder.string());
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(RowsOf(result, "rows"), 2000u);
}

TEST(CommitTest, OverwriteReplacesOnlyTheTablesOfTheRun) {
  TemporaryFolder folder;
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(0, 2000), "r0", WriteMode::kError).ok());
  ASSERT_TRUE(
      DoRun(destination.get(), FakeProgram(0, 3000, {"rows"}), "r1", WriteMode::kOverwrite).ok());
  auto result = Verified(folder.string());
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(RowsOf(result, "rows"), 3000u);
  EXPECT_EQ(RowsOf(result, "tens"), 200u) << "of run r0 still";
  // The last table of r0 goes, and r0 with it.
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(0, 4000), "r2", WriteMode::kOverwrite).ok());
  EXPECT_FALSE(fs::exists(folder / "_synthmill/runs/r0"));
  EXPECT_FALSE(fs::exists(folder / "_synthmill/runs/r1"));
  EXPECT_TRUE(Verified(folder.string()).ok());
}

TEST(CommitTest, AppendAddsFilesThatCarryTheRunId) {
  TemporaryFolder folder;
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(0, 2000), "r0", WriteMode::kError).ok());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(2000, 3000), "r1", WriteMode::kAppend).ok());
  EXPECT_TRUE(fs::exists(folder / "rows/part-00000-r1.csv"));
  const auto result = Verified(folder.string());
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(RowsOf(result, "rows"), 3000u);
}

TEST(CommitTest, AnEmptyTableStillHasAFile) {
  TemporaryFolder folder;
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(5, 5), "r0", WriteMode::kError).ok());
  EXPECT_TRUE(fs::exists(folder / "rows/part-00000.csv"));
  const auto result = Verified(folder.string());
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(RowsOf(result, "rows"), 0u);
}

TEST(CommitTest, WhatNobodyOwnsIsSweptAway) {
  TemporaryFolder folder;
  fs::create_directories(folder / "_synthmill/staging/dead/rows");
  fs::create_directories(folder / "_synthmill/runs/dead");
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(Settle(destination.get()).ok());
  EXPECT_FALSE(fs::exists(folder / "_synthmill/staging"));
  EXPECT_FALSE(fs::exists(folder / "_synthmill/runs/dead"));
}

TEST(VerifyTest, NamesMissingTruncatedDamagedAndForeignFiles) {
  TemporaryFolder folder;
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(DoRun(destination.get(), FakeProgram(0, 5000), "r1", WriteMode::kError).ok());
  fs::remove(folder / "rows/part-00000.csv");
  fs::resize_file(folder / "rows/part-00001.csv", 100);
  {
    std::fstream file(folder / "rows/part-00002.csv", std::ios::in | std::ios::out);
    file.seekp(-2, std::ios::end);
    file.put('x');
  }
  std::ofstream(folder / "tens/other.csv") << "x\n";
  std::ofstream(folder / "tens/_SUCCESS") << "";
  const auto result = Verified(folder.string());
  ASSERT_EQ(result.bad_parts.size(), 4u);
  EXPECT_EQ(result.bad_parts[0].file, "part-00000.csv");
  EXPECT_EQ(result.bad_parts[0].reason, "missing");
  EXPECT_NE(result.bad_parts[1].reason.find("truncated"), std::string::npos);
  EXPECT_EQ(result.bad_parts[2].part, 2);
  EXPECT_NE(result.bad_parts[2].reason.find("values differ"), std::string::npos)
      << result.bad_parts[2].reason;
  EXPECT_EQ(result.bad_parts[3].file, "other.csv");
  EXPECT_EQ(result.bad_parts[3].part, -1);
  EXPECT_FALSE(result.tables[0].ok);
}

TEST(VerifyTest, WithoutAManifestItIsAnError) {
  TemporaryFolder folder;
  RunCounters counters;
  VerifyOptions options;
  options.counters = &counters;
  EXPECT_TRUE(Verify(folder.string(), options).status().IsInvalid());
  EXPECT_TRUE(Verify("null:", options).status().IsInvalid());
}

TEST(LockTest, ASecondWriterIsRefusedAndToldWhoHolds) {
  TemporaryFolder folder;
  auto one = OpenTarget(folder / "target"), two = OpenTarget(folder / "target");
  {
    const auto lease = one->Lock("pid 7 on somewhere").ValueOrDie();
    const auto status = two->Lock("me").status();
    EXPECT_NE(status.message().find("pid 7 on somewhere"), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(folder / "target")) << "folders that stayed empty go";
  EXPECT_TRUE(two->Lock("me").ok());
}

TEST(LockTest, ADeadProcessHoldsNothing) {
  TemporaryFolder folder;
  fs::create_directories(folder / "_synthmill");
  std::ofstream(folder / "_synthmill/lock") << "pid 1 on nowhere\n";
  EXPECT_TRUE(OpenTarget(folder.string())->Lock("me").ok());
}

TEST(ExecutorTest, TheSameRowsComeFromAnyThreadsAndParts) {
  std::string expected;
  for (int threads : {1, 2, 7}) {
    for (uint64_t parts : {1, 7, 100}) {
      FakeProgram program(100, 20'000);
      auto plan = plan::Plan::Make(program, {.partitions = parts}).ValueOrDie();
      auto destination = OpenTarget("null:");
      io::RunTarget target = TargetOf(Describe(program, "r", WriteMode::kError)).ValueOrDie();
      ASSERT_TRUE(destination->Begin(target).ok());
      RunCounters counters;
      ExecuteOptions options;
      options.threads = threads;
      options.counters = &counters;
      const auto made = ExecuteParts(program, plan, destination.get(), options).ValueOrDie();
      io::Fingerprint sum;
      for (const auto& part : made) sum.Add(part.files[0].fingerprint);
      EXPECT_EQ(sum.rows, 19'900u);
      EXPECT_EQ(counters.parts, plan.tasks());
      if (expected.empty()) expected = sum.Hex();
      EXPECT_EQ(sum.Hex(), expected) << threads << " threads, " << parts << " parts";
    }
  }
}

TEST(ExecutorTest, TheFirstErrorEndsAllAndIsTheOneTold) {
  FakeProgram program(0, 100'000);
  program.on_block = [](uint64_t block) {
    return block == 50 ? arrow::Status::IOError("block 50") : arrow::Status::OK();
  };
  auto plan = plan::Plan::Make(program, {}).ValueOrDie();
  auto destination = OpenTarget("null:");
  ASSERT_TRUE(
      destination->Begin(TargetOf(Describe(program, "r", WriteMode::kError)).ValueOrDie()).ok());
  RunCounters counters;
  ExecuteOptions options;
  options.threads = 4;
  options.counters = &counters;
  const auto status = ExecuteParts(program, plan, destination.get(), options).status();
  EXPECT_EQ(status.message(), "block 50");
}

TEST(ExecutorTest, AStopAskedForEndsSoonAndLeavesNothingInProgress) {
  TemporaryFolder folder;
  FakeProgram program(0, 100'000);
  std::atomic<int> stop{0};
  program.on_block = [&](uint64_t block) {
    if (block == 20) stop = 2;
    return arrow::Status::OK();
  };
  auto plan = plan::Plan::Make(program, {}).ValueOrDie();
  auto destination = OpenTarget(folder.string());
  ASSERT_TRUE(
      destination->Begin(TargetOf(Describe(program, "r", WriteMode::kError)).ValueOrDie()).ok());
  RunCounters counters;
  ExecuteOptions options;
  options.threads = 2;
  options.counters = &counters;
  options.stop = &stop;
  EXPECT_TRUE(ExecuteParts(program, plan, destination.get(), options).status().IsCancelled());
  for (const std::string& name : Tree(folder.string())) {
    EXPECT_EQ(name.find(".inprogress"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace synthmill::run
