#include "run/table_reader.h"

#include <arrow/table.h>
#include <gtest/gtest.h>

#include "io/fingerprint.h"
#include "synthmill/generate.h"

namespace synthmill::run {

namespace {

std::unique_ptr<Generation> Prepare(int threads, std::vector<std::string> tables = {}) {
  GenerateOptions options;
  options.dataset = std::string(SYNTHMILL_SOURCE_DIR) + "/datasets/mdm.yaml";
  options.parameters["total_records"] = "400000";  // some chunks
  options.truth = true;
  options.threads = threads;
  options.tables = std::move(tables);
  return Generation::Prepare(options).ValueOrDie();
}

io::Fingerprint Drain(arrow::RecordBatchReader* reader) {
  io::Fingerprinter fingerprinter(*reader->schema());
  while (auto batch = reader->Next().ValueOrDie()) {
    EXPECT_TRUE(batch->schema()->Equals(*reader->schema()));
    EXPECT_TRUE(batch->ValidateFull().ok());
    EXPECT_TRUE(fingerprinter.Add(*batch).ok());
  }
  return fingerprinter.value();
}

TEST(TableReader, ReadsEveryTableWithThePlannedRowsWhateverTheThreads) {
  const auto one = Prepare(1), three = Prepare(3);
  for (const TableInfo& table : one->tables()) {
    const auto reader = one->Read(table.name).ValueOrDie();
    EXPECT_TRUE(reader->schema()->Equals(*table.schema));
    const io::Fingerprint made = Drain(reader.get());
    if (table.rows_exact) {
      EXPECT_EQ(made.rows, table.rows) << table.name;
    }
    EXPECT_GT(made.rows, 0u);
    EXPECT_EQ(made, Drain(three->Read(table.key).ValueOrDie().get())) << table.name;
  }
}

TEST(TableReader, GivesTheSameValuesWithDictionariesAndWithout) {
  const auto generation = Prepare(2);
  const std::string name = generation->tables()[0].name;
  const auto coded = generation->Read(name, /*dictionaries=*/true).ValueOrDie();
  bool dictionaries = false;
  for (const auto& field : coded->schema()->fields()) {
    dictionaries |= field->type()->id() == arrow::Type::DICTIONARY;
  }
  EXPECT_TRUE(dictionaries);
  EXPECT_EQ(Drain(coded.get()), Drain(generation->Read(name).ValueOrDie().get()));
}

TEST(TableReader, MayBeDroppedEarlyAndMayOutliveItsGeneration) {
  auto generation = Prepare(2);
  const std::string name = generation->tables()[0].name;
  auto reader = generation->Read(name).ValueOrDie();
  ASSERT_TRUE(reader->Next().ValueOrDie());
  reader.reset();
  reader = generation->Read(name).ValueOrDie();
  const uint64_t rows = generation->tables()[0].rows;
  generation.reset();
  EXPECT_EQ(Drain(reader.get()).rows, rows);
}

TEST(TableReader, SuggestsATableForAMistypedOne) {
  const auto generation = Prepare(1);
  std::string name = generation->tables()[0].name;
  name.pop_back();
  const auto status = generation->Read(name).status();
  EXPECT_TRUE(status.IsKeyError());
  EXPECT_NE(status.message().find("did you mean '" + generation->tables()[0].name),
            std::string::npos)
      << status.message();
}

}  // namespace

}  // namespace synthmill::run
