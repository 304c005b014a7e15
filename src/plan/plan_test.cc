#include "plan/plan.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace synthmill::plan {
namespace {

// One table with four rows for every five of its root, over any range.
class FakeProgram : public generate::Program {
 public:
  FakeProgram(std::vector<generate::Root> roots) : roots_(std::move(roots)) {
    for (size_t i = 0; i < roots_.size(); ++i) {
      generate::OutputTable table;
      table.key = table.name = "t" + std::to_string(i);
      table.schema = arrow::schema({arrow::field("id", arrow::int64())});
      table.root = static_cast<int>(i);
      tables_.push_back(table);
    }
  }
  const std::vector<generate::OutputTable>& tables() const override { return tables_; }
  const std::vector<generate::Root>& roots() const override { return roots_; }
  uint64_t Rows(int t, uint64_t begin, uint64_t end) const override {
    const generate::Root& r = roots_[tables_[t].root];
    const auto before = [&](uint64_t at) {
      const uint64_t row = std::min(std::max(at, r.begin), r.end);
      return static_cast<uint64_t>(static_cast<unsigned __int128>(row) * 4 / 5);
    };
    return before(end) - before(begin);
  }
  arrow::Result<std::unique_ptr<generate::PartGenerator>> Part(int, uint64_t,
                                                               uint64_t) const override {
    return arrow::Status::NotImplemented("planning makes no rows");
  }

 private:
  std::vector<generate::Root> roots_;
  std::vector<generate::OutputTable> tables_;
};

TEST(PlanTest, PartsNeverLoseARow) {
  for (uint64_t rows : {1ull, 1023ull, 1024ull, 1025ull, 250'000ull, 5'000'001ull}) {
    for (uint64_t begin : {0ull, 1ull, 1000ull, 123'456ull}) {
      FakeProgram program({{"a", begin, begin + rows}, {"b", 0, 77'777}});
      for (uint64_t asked : {0ull, 1ull, 2ull, 7ull, 100ull, 99'999ull}) {
        auto plan = Plan::Make(program, {.partitions = asked}).ValueOrDie();
        std::vector<uint64_t> sums(2), next = {begin, 0};
        for (uint64_t k = 0; k < plan.tasks(); ++k) {
          const Part part = plan.task(k);
          ASSERT_EQ(part.begin, next[part.root]) << "no gap, no overlap";
          ASSERT_LT(part.begin, part.end) << "no empty part";
          ASSERT_TRUE(part.begin % 1024 == 0 || part.number == 0) << "cut at blocks";
          ASSERT_EQ(part.first, part.number == 0);
          next[part.root] = part.end;
          sums[part.root] += program.Rows(part.root, part.begin, part.end);
        }
        for (int r : {0, 1}) {
          EXPECT_EQ(next[r], program.roots()[r].end);
          EXPECT_EQ(sums[r], plan.tables()[r].rows);
        }
      }
    }
  }
}

TEST(PlanTest, ChoosesOnePartPerHalfMillionRowsAndAtLeastEight) {
  EXPECT_EQ(PartCount(250'000, 245, 0), 8u);
  EXPECT_EQ(PartCount(8 * 524'288, 8 * 512, 0), 8u);
  EXPECT_EQ(PartCount(8 * 524'288 + 1, 8 * 512 + 1, 0), 9u);
  EXPECT_EQ(PartCount(3000, 3, 0), 3u) << "never more parts than blocks";
  EXPECT_EQ(PartCount(3000, 3, 100), 3u);
  EXPECT_EQ(PartCount(0, 0, 0), 1u) << "an empty root has one part, for the empty files";
}

TEST(PlanTest, SaysWhenFewerPartitionsArePossible) {
  FakeProgram program({{"customer", 0, 3000}});
  auto plan = Plan::Make(program, {.partitions = 100}).ValueOrDie();
  ASSERT_EQ(plan.notes().size(), 1u);
  EXPECT_NE(plan.notes()[0].find("100 partitions were asked for; 3,000 customer make 3"),
            std::string::npos)
      << plan.notes()[0];
  EXPECT_TRUE(Plan::Make(program, {.partitions = 3}).ValueOrDie().notes().empty());
}

TEST(PlanTest, IsInstantAndExactUpToTenToTheFifteenth) {
  const uint64_t n = 1'000'000'000'000'000;
  FakeProgram program({{"a", 0, n}});
  const auto start = std::chrono::steady_clock::now();
  auto plan = Plan::Make(program, {}).ValueOrDie();
  EXPECT_EQ(plan.rows(), n / 5 * 4);
  EXPECT_EQ(plan.tasks(), (n + 524'287) / 524'288);
  EXPECT_EQ(plan.task(plan.tasks() - 1).end, n);
  auto finest = Plan::Make(program, {.partitions = n}).ValueOrDie();
  EXPECT_EQ(finest.tasks(), (n + 1023) / 1024);
  const Part last = finest.task(finest.tasks() - 1);
  EXPECT_LE(last.end - last.begin, 1024u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
}

TEST(PlanTest, RefusesMoreThanTenToTheFifteenth) {
  FakeProgram program({{"customer", 0, 1'000'000'000'000'001}});
  const auto status = Plan::Make(program, {}).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_NE(status.message().find("customer"), std::string::npos);
}

TEST(PlanTest, NumbersPartsWithinEachRoot) {
  FakeProgram program({{"a", 0, 10'000}, {"b", 0, 10'000}});
  auto plan = Plan::Make(program, {.partitions = 4}).ValueOrDie();
  EXPECT_EQ(plan.tasks(), 8u);
  EXPECT_EQ(plan.task(3).number, 3u);
  EXPECT_EQ(plan.task(4).root, 1);
  EXPECT_EQ(plan.task(4).number, 0u);
}

TEST(PlanTest, SlicesAreThePartsOfTheirTable) {
  FakeProgram program({{"a", 0, 1000, false}, {"b", 0, 10'000}});
  std::vector<Slice> slices = {{10, 0, 300, true}, {11, 0, 0, true}, {12, 0, 700, true}};
  auto all = Plan::Make(program, {.slices = {{"a", slices}}}).ValueOrDie();
  EXPECT_EQ(all.roots()[0].parts, 3u);
  const uint64_t begins[] = {0, 300, 300}, ends[] = {300, 300, 1000};
  for (uint64_t k = 0; k < 3; ++k) {
    EXPECT_EQ(all.task(k).number, k);
    EXPECT_EQ(all.task(k).begin, begins[k]);
    EXPECT_EQ(all.task(k).end, ends[k]);
    EXPECT_EQ(all.task(k).first, k == 0);
  }
  EXPECT_EQ(all.task(3).root, 1);
  EXPECT_EQ(all.slices()[2].slice, 12u);
  slices[0].chosen = false;
  auto some = Plan::Make(program, {.slices = {{"a", slices}}}).ValueOrDie();
  EXPECT_EQ(some.roots()[0].parts, 2u);
  EXPECT_EQ(some.task(0).number, 1u);
  EXPECT_TRUE(some.task(0).first) << "its file tells the columns";
  EXPECT_EQ(some.task(1).begin, 300u);
  EXPECT_EQ(some.tables()[0].rows, 700u);
  slices[2].rows = 701;
  EXPECT_FALSE(Plan::Make(program, {.slices = {{"a", slices}}}).ok());
}

TEST(PlanTest, PartsOfSoManyRowsBeginAtAnyRow) {
  FakeProgram program({{"a", 0, 1000, false}, {"b", 0, 10'000}});
  auto plan = Plan::Make(program, {.part_rows = 333}).ValueOrDie();
  EXPECT_EQ(plan.roots()[0].parts, 4u);
  EXPECT_EQ(plan.task(1).begin, 333u);
  EXPECT_EQ(plan.task(3).begin, 999u);
  EXPECT_EQ(plan.task(3).end, 1000u);
  EXPECT_EQ(plan.roots()[1].parts, 8u) << "an entity is cut at blocks";
}

TEST(RenderTest, JsonHasWhatIsPromised) {
  FakeProgram program({{"a", 0, 10'000}});
  auto plan = Plan::Make(program, {}).ValueOrDie();
  const auto doc = nlohmann::json::parse(RenderJson(plan, {.dataset = "d", .uri = "x"}));
  EXPECT_EQ(doc["version"], 1);
  EXPECT_EQ(doc["rows"], 8000);
  EXPECT_EQ(doc["tables"][0]["rows"], 8000);
  EXPECT_EQ(doc["tables"][0]["parts"], 8);
  EXPECT_TRUE(doc["tables"][0].contains("bytes_estimate"));
}

TEST(RenderTest, NumbersAreGroupedAndBytesHuman) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1'000'000), "1,000,000");
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(999'999), "1.0 MB");
  EXPECT_EQ(HumanBytes(61'200'000), "61.2 MB");
}

}  // namespace
}  // namespace synthmill::plan
