// The inside of synthmill::Copying: prepared in copy_prepare.cc, carried out in copy_run.cc and
// copy_parts.cc and copy_stream.cc.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "io/ingest/reader.h"
#include "io/sources/source.h"
#include "run/manifest.h"
#include "run/rejects.h"
#include "run/target_run.h"
#include "synthmill/copy.h"

namespace synthmill::run {

struct CopyTable {
  std::string name;
  std::vector<io::SourceFile> files;
  std::vector<io::ingest::InputFile> inputs;  // the same
  io::ingest::TableLayout layout;
  uint64_t bytes = 0;
  bool inferred = false;  // the types of its columns come from its rows
};

// What was counted of a table; parts add up.
struct TableCount {
  uint64_t read = 0, rejected = 0;
};

struct CopiedParts {
  std::vector<PartReceipts> parts;
  std::vector<TableCount> counts;  // by table
};

struct CopyWork {
  std::vector<CopyTable>* tables = nullptr;
  io::Destination* destination = nullptr;
  RejectStore* rejects = nullptr;  // nullptr: a row that does not fit ends the run
  int threads = 1;
  RunCounters* counters = nullptr;
  const std::atomic<int>* stop = nullptr;
};

// Parts on all threads, each written by the thread that reads it. Of several errors the one of the
// earliest part is returned.
arrow::Result<CopiedParts> CopyParts(const CopyWork& work);
// One table in order through one writer; reading and converting on all other threads.
arrow::Result<CopiedParts> CopyStream(const CopyWork& work);

// Text without a schema: the types of all rows of a table, whatever the first ones were.
arrow::Status InferTypes(const CopyWork& work, const std::vector<std::string>& columns,
                         CopyTable* table);
// The schema of inferred types, for the columns asked for (all if empty).
arrow::Status SetInferred(const io::ingest::TypeInference& types,
                          const std::vector<std::string>& columns, CopyTable* table);

// What a spec says of a table: its types and, by column, what values may be beyond them.
struct SpecTable {
  std::shared_ptr<arrow::Schema> schema;
  std::vector<core::ValueLimits> limits;
  std::string hash;  // of the spec
};
// The one table `name` of a dataset file or DDL, or its only one.
arrow::Result<SpecTable> TableOfSpec(const std::string& file, const std::string& name, bool only);

// The tables of a finished run, or Delta tables of anybody's (one, or a folder of them), as a
// source; nullptr where there are none.
struct TargetTable {
  std::string name;
  std::string format;
  io::FormatOptions options;
  std::shared_ptr<arrow::Schema> schema;
  std::vector<std::string> partition_by;
};
struct TargetSource {
  std::unique_ptr<io::Source> source;
  std::vector<TargetTable> tables;
  std::vector<std::string> notes = {};
};
arrow::Result<TargetSource> OpenTargetSource(const std::string& uri,
                                             const io::DestinationOptions& options);

class CopyingImpl : public Copying {
 public:
  explicit CopyingImpl(CopyOptions options) : options_(std::move(options)) {}
  arrow::Status Init();

  const CopyOptions& options() const override { return options_; }
  const std::vector<std::string>& warnings() const override { return warnings_; }
  uint64_t bytes() const override;
  std::string PlanText() const override;
  std::string PlanJson() const override;
  arrow::Result<CopyStart> Begin() override;
  arrow::Result<CopyResult> Run(RunCounters* counters, const std::atomic<int>* stop) override;

 private:
  arrow::Status InitSource();
  arrow::Status InitTable(CopyTable* table, const TargetTable* known);
  arrow::Status InitDestination();
  // After the schemas are known: can the destination's format write them, and the run's manifest.
  arrow::Status CheckSchemas() const;
  arrow::Status DescribeRun();
  // Rows of text that are added to a table get that table's types, if the columns are the same.
  arrow::Result<std::shared_ptr<arrow::Schema>> SchemaToAppendTo(
      const std::string& table, const std::vector<std::string>& names) const;
  Wanted WantedRun() const;
  io::RunTarget Target() const;
  bool stream() const;  // one table in order
  arrow::Result<CopiedParts> Attempt(RunCounters* counters, const std::atomic<int>* stop);
  CopyResult Summarize(const std::vector<PartReceipts>& parts,
                       const std::vector<TableCount>& counts) const;

  CopyOptions options_;
  int threads_ = 1;
  std::vector<std::string> warnings_;
  std::unique_ptr<io::Source> source_;
  std::vector<CopyTable> tables_;
  const io::Format* format_ = nullptr;
  io::FormatOptions format_options_;
  std::string destination_name_, guarantee_;
  bool one_stream_ = false;
  bool one_file_ = false;
  std::unique_ptr<io::Destination> destination_;
  std::string spec_hash_;  // of options_.schema
  RunManifest run_;
  std::unique_ptr<RejectStore> rejects_;
  std::unique_ptr<TargetRun> target_run_;  // last: it uses what stands above
};

}  // namespace synthmill::run
