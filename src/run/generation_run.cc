// synthmill::Generation, second half: from a plan to a committed run.
#include <algorithm>
#include <chrono>

#include "run/executor.h"
#include "run/generation_impl.h"
#include "run/target.h"

namespace synthmill::run {

io::RunTarget GenerationImpl::Target() const {
  io::RunTarget target;
  target.run_id = run_.id;
  target.mode = run_.mode;
  target.format = format_;
  target.format_options = format_options_;
  for (const auto& t : program_->tables()) target.tables.push_back({t.name, t.schema});
  return target;
}

GenerateResult GenerationImpl::Summarize(const std::vector<PartReceipts>& parts) const {
  GenerateResult result;
  std::vector<generate::NoiseCount> noise;
  std::vector<std::pair<std::string, io::Fingerprint>> fingerprints;
  for (const auto& table : run_.tables) {
    fingerprints.emplace_back(table.name, io::Fingerprint{});
    TableResult t;
    t.key = table.key;
    t.name = table.name;
    result.tables.push_back(std::move(t));
  }
  for (const PartReceipts& part : parts) {
    for (const io::Receipt& receipt : part.files) {
      for (size_t t = 0; t < result.tables.size(); ++t) {
        if (result.tables[t].name != receipt.table) continue;
        result.tables[t].rows += receipt.rows;
        result.tables[t].bytes += receipt.bytes;
        ++result.tables[t].files;
        fingerprints[t].second.Add(receipt.fingerprint);
      }
    }
    AddNoise(part.noise, &noise);
  }
  for (size_t t = 0; t < result.tables.size(); ++t) {
    result.tables[t].fingerprint = fingerprints[t].second.Hex();
    result.rows += result.tables[t].rows;
    result.bytes += result.tables[t].bytes;
  }
  result.fingerprint = io::CombineFingerprints(std::move(fingerprints));
  for (const generate::NoiseCount& count : noise) {
    NoiseResult* sum = nullptr;
    for (NoiseResult& n : result.noise) {
      if (n.rule == count.rule) sum = &n;
    }
    if (!sum) {
      result.noise.push_back({});
      sum = &result.noise.back();
      sum->rule = count.rule;
      sum->configured = static_cast<double>(count.configured) / 1e9;
    }
    sum->applicable += count.applicable;
    sum->touched += count.touched;
    sum->changed += count.changed;
  }
  return result;
}

arrow::Result<Start> GenerationImpl::Begin() {
  if (!destination_) return arrow::Status::Invalid("no destination: say where to with --to");
  Start start;
  Wanted wanted;
  wanted.uri = options_.to;
  wanted.identity = run_.identity;
  wanted.hash = run_.hash;
  wanted.dataset = dataset_.spec.dataset;
  wanted.format = format_->name;
  wanted.mode = options_.write_mode;
  wanted.resume = options_.resume;
  wanted.tables = run_.tables;
  wanted.roots = run_.roots;
  target_run_ = std::make_unique<TargetRun>(destination_.get(), &run_);
  ARROW_ASSIGN_OR_RAISE(const Decision decision, target_run_->Open(wanted));
  start.notes = decision.notes;
  start.run_id = run_.id;
  if (decision.action == Decision::Action::kComplete) {
    start.already_complete = true;
    start.result = Summarize(run_.parts);
    AddSlices(run_.parts, &start.result);
    start.result.run_id = run_.id;
  } else if (decision.action == Decision::Action::kResume) {
    start.resumes = true;
    ARROW_ASSIGN_OR_RAISE(finished_earlier_, target_run_->Resume(Target(), plan_.tasks()));
    start.parts_done = finished_earlier_.size();
  }
  return start;
}

arrow::Result<GenerateResult> GenerationImpl::Run(RunCounters* counters,
                                                  const std::atomic<int>* stop) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  const auto give_up = [&](const arrow::Status& why) {
    return target_run_->GiveUp(why, /*resumable=*/true);
  };
  if (run_.begun.empty()) {
    const arrow::Status status = target_run_->Start(Target());
    if (!status.ok()) return give_up(status);
  }

  ExecuteOptions execute;
  execute.threads = threads_;
  execute.counters = counters;
  execute.stop = stop;
  uint64_t rows_resumed = 0;
  for (const PartReceipts& part : finished_earlier_) {
    execute.done.insert(part.task);
    for (const io::Receipt& receipt : part.files) rows_resumed += receipt.rows;
  }
  if (info_->one_stream) {
    ARROW_ASSIGN_OR_RAISE(auto part, ExecuteStream(*program_, plan_, destination_.get(), execute));
    GenerateResult result = Summarize({part});
    result.seconds = seconds();
    result.reader_gone = destination_->reader_gone();
    return result;
  }
  execute.on_part = [&](const PartReceipts& part) { return target_run_->Record(part); };
  auto made = ExecuteParts(*program_, plan_, destination_.get(), execute);
  if (!made.ok()) return give_up(made.status());
  std::vector<PartReceipts> parts = std::move(*made);
  for (PartReceipts& part : finished_earlier_) parts.push_back(std::move(part));
  std::sort(parts.begin(), parts.end(),
            [](const PartReceipts& a, const PartReceipts& b) { return a.task < b.task; });

  GenerateResult result = Summarize(parts);
  AddSlices(parts, &result);
  const auto commit = [&]() -> arrow::Status {
    if (target_run_->keeps() && !result.slices.empty()) {
      RunStore store(destination_->documents());
      ARROW_RETURN_NOT_OK(store.WriteSlices(run_.id, result.slices));
    }
    return target_run_->Commit(std::move(parts));
  };
  const arrow::Status status = commit();
  if (!status.ok()) return give_up(status);
  if (target_run_->keeps()) {
    // The data are there whatever becomes of these.
    const arrow::Status scripts =
        WriteLoadScripts(load_dialects_, dataset_.spec, *program_, options_.to, *format_,
                         format_options_, destination_.get());
    if (!scripts.ok())
      return scripts.WithMessage("the data are complete, but not the scripts that load them: ",
                                 scripts.message());
  }
  target_run_->Release();
  result.run_id = target_run_->keeps() ? run_.id : std::string();
  result.rows_resumed = rows_resumed;
  result.seconds = seconds();
  return result;
}

}  // namespace synthmill::run
