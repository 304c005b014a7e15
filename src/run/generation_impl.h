// The inside of synthmill::Generation: prepared in generation.cc, carried out in generation_run.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "run/dataset.h"
#include "run/load_scripts.h"
#include "run/manifest.h"
#include "run/target_run.h"
#include "synthmill/generate.h"

namespace synthmill::run {

class GenerationImpl : public Generation {
 public:
  explicit GenerationImpl(GenerateOptions options) : options_(std::move(options)) {}

  arrow::Status Init();

  const GenerateOptions& options() const override { return options_; }
  const std::vector<std::string>& warnings() const override { return warnings_; }
  int threads() const override { return threads_; }
  uint64_t rows() const override { return plan_.rows(); }
  uint64_t bytes() const override { return plan_.bytes(); }
  uint64_t parts() const override { return plan_.tasks(); }
  std::string PlanText() const override { return plan::RenderText(plan_, Context()); }
  std::string PlanJson() const override { return plan::RenderJson(plan_, Context()); }

  std::vector<TableInfo> tables() const override;
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Read(const std::string& table,
                                                                bool dictionaries) const override;
  arrow::Result<Start> Begin() override;
  arrow::Result<GenerateResult> Run(RunCounters* counters, const std::atomic<int>* stop) override;

 private:
  arrow::Status InitOutput();
  arrow::Status TellDestination();
  arrow::Result<std::optional<int64_t>> AsOf() const;  // what --as-of says

  // Append: numbers the user didn't give go on where the target's runs end, or, for an unfinished
  // append, where that one began.
  arrow::Status NumberAppendedRows();

  arrow::Status Compile();
  // --rows, --chunks and --slices as row counts and cuts.
  arrow::Status CountRows();
  arrow::Status ReadSliceFile();
  void AddSlices(const std::vector<PartReceipts>& parts, GenerateResult* result) const;
  generate::CompileOptions OptionsOfCompile() const;

  // The run as its manifest will tell of it.
  void DescribeRun();

  plan::PlanContext Context() const;

  io::RunTarget Target() const;

  GenerateResult Summarize(const std::vector<PartReceipts>& parts) const;

  GenerateOptions options_;
  int threads_ = 1;
  LoadedDataset dataset_;
  std::vector<std::string> warnings_;
  std::string as_of_, noise_;
  std::vector<std::string> rows_;  // as given, each table once
  std::vector<spec::RowsOverride> row_overrides_;
  plan::PlanOptions plan_options_;
  std::vector<std::string> sliced_tables_;  // where only some slices are made: these tables alone
  Json sliced_;                             // for the identity; null without slices
  spec::Resolved resolved_;
  const io::Format* format_ = nullptr;
  io::FormatOptions format_options_;
  const io::DestinationInfo* info_ = nullptr;
  std::unique_ptr<io::Destination> destination_;
  std::shared_ptr<const generate::Program> program_;
  std::vector<const schema::LoadDialect*> load_dialects_;
  plan::Plan plan_;
  RunManifest run_;
  std::vector<PartReceipts> finished_earlier_;
  std::unique_ptr<TargetRun> target_run_;  // last: it uses what stands above
};

}  // namespace synthmill::run
