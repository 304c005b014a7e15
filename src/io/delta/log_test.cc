// The log: replay, checkpoints, and writers that meet.
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "io/delta/checkpoint.h"
#include "io/delta/commit.h"
#include "io/delta/schema.h"
#include "io/delta/snapshot.h"
#include "io/destinations/local_documents.h"
#include "io/formats/test_batches.h"

namespace synthmill::io::delta {
namespace {

namespace fs = std::filesystem;

constexpr char kSchema[] =
    R"({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]})";

class DeltaLog : public ::testing::Test {
 protected:
  DeltaLog() {
    std::string name = (fs::temp_directory_path() / "synthmill-delta-XXXXXX").string();
    root_ = mkdtemp(name.data());
    documents_ = std::make_unique<LocalDocuments>(root_);
  }
  ~DeltaLog() override { fs::remove_all(root_); }

  static TableWrite Write(const std::string& run, WriteMode mode = WriteMode::kAppend,
                          int64_t base = -1) {
    TableWrite write;
    write.table = "t";
    write.uri = "DIR/t";
    write.run_id = run;
    write.mode = mode;
    write.schema = kSchema;
    write.base = base;
    return write;
  }
  static std::vector<Add> File(const std::string& path) {
    Add add;
    add.path = path;
    add.size = 10;
    add.stats = R"({"numRecords":1})";
    return {add};
  }
  arrow::Result<int64_t> Commit(const TableWrite& write, const std::string& file) {
    return CommitTable(documents_.get(), write, File(file), 1);
  }
  Snapshot Read() { return Log(documents_.get(), "t").Read().ValueOrDie(); }
  std::vector<std::string> Files() {
    std::vector<std::string> names;
    for (const auto& [path, add] : Read().files) names.push_back(path);
    return names;
  }
  // A version written by somebody else.
  void Other(int64_t version, const std::vector<std::string>& actions) {
    std::string text;
    for (const std::string& action : actions) text += action + "\n";
    ASSERT_TRUE(documents_->Create("t/_delta_log/" + VersionFileName(version), text).ValueOrDie());
  }
  static std::string Meta(const std::string& configuration, const std::string& schema = kSchema) {
    Metadata metadata;
    metadata.id = "x";
    metadata.schema = schema;
    std::string text = ToJson(metadata).dump();
    const std::string empty = R"("configuration":{})";
    return text.replace(text.find(empty), empty.size(),
                        R"("configuration":{)" + configuration + "}");
  }
  static constexpr char kProtocol[] = R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})";

  fs::path root_;
  std::unique_ptr<LocalDocuments> documents_;
};

using Names = std::vector<std::string>;

TEST_F(DeltaLog, FirstVersionMakesTheTableAndLaterOnesAddToIt) {
  EXPECT_FALSE(Read().exists());
  EXPECT_EQ(Commit(Write("r1", WriteMode::kError), "a").ValueOrDie(), 0);
  EXPECT_EQ(Commit(Write("r2"), "b").ValueOrDie(), 1);
  EXPECT_EQ(Files(), (Names{"a", "b"}));
  const Snapshot snapshot = Read();
  EXPECT_EQ(snapshot.protocol.reader, 1);
  EXPECT_EQ(snapshot.protocol.writer, 2);
  EXPECT_EQ(snapshot.metadata.schema, kSchema);
  EXPECT_EQ(snapshot.metadata.id.size(), 36u);
  EXPECT_EQ(snapshot.txns.size(), 2u);
}

TEST_F(DeltaLog, RunIsAppliedOnceHoweverOftenItIsCommitted) {
  EXPECT_EQ(Commit(Write("r1"), "a").ValueOrDie(), 0);
  EXPECT_EQ(Commit(Write("r2"), "b").ValueOrDie(), 1);
  EXPECT_TRUE(Commit(Write("r1"), "a").ok());
  EXPECT_TRUE(Commit(Write("r1", WriteMode::kError), "a").ok());
  EXPECT_EQ(Read().version, 1);
}

TEST_F(DeltaLog, OverwriteRemovesAllFilesAndAddsItsOwnInOneVersion) {
  ASSERT_TRUE(Commit(Write("r1"), "a").ok());
  ASSERT_TRUE(Commit(Write("r2"), "b").ok());
  EXPECT_EQ(Commit(Write("r3", WriteMode::kOverwrite, 1), "c").ValueOrDie(), 2);
  EXPECT_EQ(Files(), Names{"c"});
  EXPECT_EQ(Read().removed.size(), 2u);
}

TEST_F(DeltaLog, TableThatIsThereIsRefusedUnlessAskedFor) {
  ASSERT_TRUE(Commit(Write("r1"), "a").ok());
  const auto refused = Commit(Write("r2", WriteMode::kError), "b");
  EXPECT_NE(refused.status().message().find("is a Delta table already (version 0, 1 file)"),
            std::string::npos);
}

TEST_F(DeltaLog, ManyWritersAtOnceEachGetAVersionOfTheirOwn) {
  ASSERT_TRUE(Commit(Write("first"), "first").ok());
  constexpr int kWriters = 4, kTimes = 8;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      LocalDocuments own(root_);
      for (int i = 0; i < kTimes; ++i) {
        const std::string name = std::to_string(w) + "-" + std::to_string(i);
        if (!CommitTable(&own, Write(name, WriteMode::kAppend, 0), File(name), 1).ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(Read().version, kWriters * kTimes);
  EXPECT_EQ(Files().size(), 1u + kWriters * kTimes);
}

TEST_F(DeltaLog, OverwriteTakesRowsThatWereAddedMeanwhileButNotThoseThatReplacedOthers) {
  ASSERT_TRUE(Commit(Write("r1"), "a").ok());
  ASSERT_TRUE(Commit(Write("r2"), "b").ok());  // while r3 works, which began at 0
  EXPECT_TRUE(Commit(Write("r3", WriteMode::kOverwrite, 0), "c").ok());
  EXPECT_EQ(Files(), Names{"c"});
  const auto lost = Commit(Write("r4", WriteMode::kOverwrite, 0), "d");
  ASSERT_FALSE(lost.ok());
  EXPECT_NE(lost.status().message().find("someone else replaced or deleted rows (version 2"),
            std::string::npos)
      << lost.status();
  EXPECT_EQ(Files(), Names{"c"});
}

TEST_F(DeltaLog, CompactionByOthersIsNoConflict) {
  ASSERT_TRUE(Commit(Write("r1"), "a").ok());
  Other(1, {R"({"remove":{"path":"a","deletionTimestamp":1,"dataChange":false}})",
            R"({"add":{"path":"z","partitionValues":{},"size":1,"modificationTime":1,)"
            R"("dataChange":false}})"});
  EXPECT_TRUE(Commit(Write("r2", WriteMode::kOverwrite, 0), "c").ok());
  EXPECT_EQ(Files(), Names{"c"});
}

TEST_F(DeltaLog, AppendNamesTheColumnsThatDiffer) {
  ASSERT_TRUE(Commit(Write("r1"), "a").ok());
  TableWrite write = Write("r2");
  write.schema =
      R"({"type":"struct","fields":[{"name":"id","type":"string","nullable":true,"metadata":{}},)"
      R"({"name":"more","type":"long","nullable":true,"metadata":{}}]})";
  const std::string message = Commit(write, "b").status().message();
  EXPECT_NE(message.find("column id is long in the table, string here"), std::string::npos);
  EXPECT_NE(message.find("the table has no column more"), std::string::npos);
  write.mode = WriteMode::kOverwrite;
  write.base = 0;
  EXPECT_TRUE(Commit(write, "b").ok());
  EXPECT_EQ(Read().metadata.schema, write.schema);
  write = Write("r3");
  write.partition_by = {"id"};
  write.schema = Read().metadata.schema;
  EXPECT_NE(Commit(write, "c").status().message().find("is kept in folders by []"),
            std::string::npos);
}

TEST_F(DeltaLog, FeaturesThatAreNotKnownAreRefusedByName) {
  const struct {
    std::string protocol, configuration, schema, named;
    WriteMode mode;
  } cases[] = {
      {R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["v2Checkpoint"],)"
       R"("writerFeatures":["v2Checkpoint"]}})",
       "", kSchema, "v2Checkpoint", WriteMode::kAppend},
      {R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,)"
       R"("writerFeatures":["rowTracking","appendOnly"]}})",
       "", kSchema, "rowTracking", WriteMode::kAppend},
      {R"({"protocol":{"minReaderVersion":4,"minWriterVersion":7}})", "", kSchema,
       "readers of version 4", WriteMode::kAppend},
      {R"({"protocol":{"minReaderVersion":2,"minWriterVersion":5}})",
       R"("delta.columnMapping.mode":"name")", kSchema, "column mapping", WriteMode::kAppend},
      {R"({"protocol":{"minReaderVersion":1,"minWriterVersion":3}})",
       R"("delta.constraints.positive":"id > 0")", kSchema, "CHECK constraint positive (id > 0)",
       WriteMode::kAppend},
      {kProtocol, R"("delta.appendOnly":"true")", kSchema, "append-only", WriteMode::kOverwrite},
      {kProtocol, "",
       R"({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":)"
       R"({"delta.invariants":"{}"}}]})",
       "delta.invariants", WriteMode::kAppend},
      {R"({"protocol":{"minReaderVersion":1,"minWriterVersion":4}})", "",
       R"({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":)"
       R"({"delta.generationExpression":"1+1"}}]})",
       "generation expression", WriteMode::kAppend},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.named);
    ASSERT_TRUE(documents_->Remove("t").ok());
    Other(0, {c.protocol, Meta(c.configuration, c.schema)});
    const auto refused = Commit(Write("r", c.mode, 0), "a");
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.status().message().find(c.named), std::string::npos) << refused.status();
    EXPECT_EQ(Read().version, 0);
  }
  ASSERT_TRUE(documents_->Remove("t").ok());
  Other(0, {kProtocol, Meta(R"("delta.appendOnly":"true")")});
  EXPECT_TRUE(Commit(Write("r"), "a").ok());
}

TEST_F(DeltaLog, DeletionVectorsAreRefused) {
  Other(0, {kProtocol, Meta(""),
            R"({"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,)"
            R"("dataChange":true,"deletionVector":{"storageType":"u"}}})"});
  const arrow::Status refused = CheckReadable(Read(), "t");
  EXPECT_NE(refused.message().find("deletion vectors"), std::string::npos);
}

TEST_F(DeltaLog, CheckpointHoldsWhatTheVersionsSaid) {
  TableWrite write = Write("r0");
  write.partition_by = {"region"};
  std::vector<Add> files = File("region=a%2520b/0");
  files[0].partition_values = {{"region", "a%20b"}, {"day", std::nullopt}};
  files[0].tags = {{"k", "v"}};
  ASSERT_TRUE(CommitTable(documents_.get(), write, files, 1).ok());
  write.run_id = "r1";
  write.mode = WriteMode::kOverwrite;
  write.base = 0;
  ASSERT_TRUE(CommitTable(documents_.get(), write, File("1"), 1).ok());
  const Snapshot before = Read();
  Snapshot after;
  const std::string bytes = MakeCheckpoint(before, NowMilliseconds()).ValueOrDie();
  ASSERT_TRUE(after.Apply(ReadCheckpoint(bytes, "checkpoint").ValueOrDie()).ok());
  EXPECT_EQ(ToJson(after.metadata), ToJson(before.metadata));
  EXPECT_EQ(ToJson(after.protocol), ToJson(before.protocol));
  ASSERT_EQ(after.files.size(), 1u);
  EXPECT_EQ(after.files.at("1").stats, before.files.at("1").stats);
  EXPECT_EQ(after.files.at("1").size, 10);
  ASSERT_EQ(after.removed.size(), 1u);
  EXPECT_EQ(after.removed.begin()->second.partition_values,
            before.removed.begin()->second.partition_values);
  EXPECT_EQ(after.txns.size(), 2u);
  // Files removed longer ago than the table remembers are left out.
  constexpr int64_t kDays = 24LL * 3600 * 1000;
  Snapshot later;
  const std::string old = MakeCheckpoint(before, NowMilliseconds() + 8 * kDays).ValueOrDie();
  ASSERT_TRUE(later.Apply(ReadCheckpoint(old, "checkpoint").ValueOrDie()).ok());
  EXPECT_TRUE(later.removed.empty());
  EXPECT_FALSE(ReadCheckpoint(bytes.substr(0, bytes.size() / 2), "checkpoint").ok());
}

TEST_F(DeltaLog, CheckpointIsWrittenEachTenVersionsAndReadInsteadOfThem) {
  for (int i = 0; i <= 23; ++i) {
    const std::string name = "f" + std::to_string(i);
    ASSERT_TRUE(Commit(Write(name), name).ok());
    ASSERT_TRUE(CheckpointIfDue(documents_.get(), "t", NowMilliseconds()).ok());
  }
  const Log log(documents_.get(), "t");
  for (const int64_t version : {10, 20}) {
    const std::string name = VersionFileName(version).substr(0, 20) + ".checkpoint.parquet";
    EXPECT_TRUE(documents_->Read(log.PathOf(name)).ValueOrDie().has_value());
  }
  EXPECT_EQ(Read().checkpoint, 20);
  const Json last = Json::parse(*documents_->Read(log.PathOf("_last_checkpoint")).ValueOrDie());
  EXPECT_EQ(last["version"], 20);
  EXPECT_EQ(last["numOfAddFiles"], 21);
  EXPECT_EQ(last["size"], 21 + 21 + 2);
  // What the checkpoint covers may be cleaned up.
  for (int64_t version = 0; version < 20; ++version) {
    ASSERT_TRUE(documents_->Remove(log.PathOf(VersionFileName(version))).ok());
  }
  EXPECT_EQ(Files().size(), 24u);
  EXPECT_EQ(Read().version, 23);
}

TEST_F(DeltaLog, IntervalOfCheckpointsIsTheTablesOwn) {
  Other(0, {kProtocol, Meta(R"("delta.checkpointInterval":"3")")});
  for (int i = 1; i <= 7; ++i) {
    ASSERT_TRUE(Commit(Write("r" + std::to_string(i)), "f" + std::to_string(i)).ok());
    ASSERT_TRUE(CheckpointIfDue(documents_.get(), "t", NowMilliseconds()).ok());
  }
  EXPECT_EQ(Read().checkpoint, 6);
}

TEST_F(DeltaLog, CheckpointOfSeveralPartsIsReadOnlyIfAllAreThere) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(Commit(Write("r" + std::to_string(i)), "f" + std::to_string(i)).ok());
  }
  const Log log(documents_.get(), "t");
  Snapshot one = Read(), two = one;
  one.files.erase("f0");
  two.files = {{"f0", Read().files.at("f0")}};
  const auto put = [&](const char* name, const Snapshot& part) {
    const std::string bytes = MakeCheckpoint(part, NowMilliseconds()).ValueOrDie();
    ASSERT_TRUE(documents_->Write(log.PathOf(name), bytes).ok());
  };
  put("00000000000000000002.checkpoint.0000000001.0000000002.parquet", one);
  EXPECT_EQ(Read().checkpoint, -1);  // half of it
  put("00000000000000000002.checkpoint.0000000002.0000000002.parquet", two);
  EXPECT_EQ(Read().checkpoint, 2);
  EXPECT_EQ(Files(), (Names{"f0", "f1", "f2"}));
}

TEST_F(DeltaLog, GapsAndDamageAreErrorsThatSayWhere) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(Commit(Write("r" + std::to_string(i)), "f" + std::to_string(i)).ok());
  }
  const Log log(documents_.get(), "t");
  const std::string path = log.PathOf(VersionFileName(1));
  const std::string text = *documents_->Read(path).ValueOrDie();
  ASSERT_TRUE(documents_->Write(path, text + "{\"add\":{\"path\":3}}\n").ok());
  const std::string damaged = log.Read().status().message();
  EXPECT_NE(damaged.find("00000000000000000001.json:4"), std::string::npos) << damaged;
  ASSERT_TRUE(documents_->Remove(path).ok());
  EXPECT_NE(log.Read().status().message().find("lacks version 1"), std::string::npos);
}

TEST(DeltaPaths, GoToTheLogAndBack) {
  const std::string path = "name=a%3Ab c/größe=é%/part-00000.parquet";
  EXPECT_EQ(EncodePath(path), "name=a%253Ab%20c/gr%C3%B6%C3%9Fe=%C3%A9%25/part-00000.parquet");
  EXPECT_EQ(DecodePath(EncodePath(path)).ValueOrDie(), path);
  EXPECT_FALSE(DecodePath("a%2").ok());
  EXPECT_FALSE(DecodePath("a%zz").ok());
}

TEST(DeltaIntervals, AreReadAsSparkWritesThem) {
  constexpr int64_t kHour = 3600 * 1000;
  EXPECT_EQ(ParseInterval("interval 1 week"), 7 * 24 * kHour);
  EXPECT_EQ(ParseInterval("interval 2 days 3 hours"), 51 * kHour);
  EXPECT_EQ(ParseInterval("30 days"), 30 * 24 * kHour);
  EXPECT_EQ(ParseInterval("interval"), -1);
  EXPECT_EQ(ParseInterval("interval 1 month"), -1);
}

TEST(DeltaSchema, GivesBackEveryTypeThatDeltaHas) {
  const auto batch = testing::TrickyBatch();
  const auto stored = StoredSchema(*LogicalSchema(*batch->schema()));
  const std::string json = SchemaToDelta(*batch->schema()).ValueOrDie();
  const auto back = SchemaFromDelta(json).ValueOrDie();
  EXPECT_TRUE(back->Equals(*stored, false)) << back->ToString() << stored->ToString();
  EXPECT_EQ(SchemaToDelta(*back).ValueOrDie(), json);
  EXPECT_TRUE(SchemaDifferences(json, json).ValueOrDie().empty());
  EXPECT_EQ(back->GetFieldByName("clock")->type()->id(), arrow::Type::STRING);
  EXPECT_NE(json.find(R"j({"name":"money","type":"decimal(10,2)","nullable":true)j"),
            std::string::npos);
}

TEST(DeltaSchema, RefusesNamesThatNeedColumnMapping) {
  const auto check = [](const std::vector<std::string>& names) {
    arrow::FieldVector fields;
    for (const std::string& name : names) fields.push_back(arrow::field(name, arrow::int64()));
    return CheckNames(*arrow::schema(fields)).message();
  };
  EXPECT_EQ(check({"id", "größe", "a.b", "x-y"}), "");
  for (const char* name : {"a b", "a,b", "a;b", "a{", "a(", "a\tb", "a=b", ""}) {
    EXPECT_NE(check({name}).find("column mapping"), std::string::npos) << name;
  }
  EXPECT_NE(check({"Id", "iD"}).find("differ in case only"), std::string::npos);
}

}  // namespace
}  // namespace synthmill::io::delta
