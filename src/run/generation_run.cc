// synthmill::Generation, second half: from a plan to a committed run.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "run/executor.h"
#include "run/generation_impl.h"
#include "run/resources.h"
#include "run/target.h"

namespace synthmill::run {

io::RunTarget GenerationImpl::Target() const {
  io::RunTarget target;
  target.run_id = run_.id;
  target.mode = run_.mode;
  target.format = format_;
  target.format_options = format_options_;
  for (size_t t = 0; t < program_->tables().size(); ++t) {
    const generate::OutputTable& table = program_->tables()[t];
    target.tables.push_back({table.name, table.schema, partition_by_[t]});
  }
  return target;
}

arrow::Status GenerationImpl::DiscardRun(const std::string& id) {
  ARROW_RETURN_NOT_OK(destination_->Discard(id));
  return RunStore(destination_->documents()).RemoveRun(id);
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
  ARROW_ASSIGN_OR_RAISE(lease_, destination_->Lock(ProcessName()));
  if (!destination_->documents()) return start;
  ARROW_RETURN_NOT_OK(Settle(destination_.get()));
  std::vector<std::string> names;
  for (const ManifestTable& t : run_.tables) names.push_back(t.name);
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination_.get(), names));
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
  ARROW_ASSIGN_OR_RAISE(const Decision decision, Decide(state, wanted));
  start.notes = decision.notes;
  RunStore store(destination_->documents());
  for (const std::string& id : decision.discard) ARROW_RETURN_NOT_OK(DiscardRun(id));

  if (decision.action == Decision::Action::kComplete) {
    for (const RunManifest& run : state.live) {
      if (run.id == decision.run_id) run_ = run;
    }
    start.already_complete = true;
    start.run_id = run_.id;
    start.result = Summarize(run_.parts);
    AddSlices(run_.parts, &start.result);
    start.result.run_id = run_.id;
    return start;
  }
  if (decision.action == Decision::Action::kResume) {
    for (const RunManifest& run : state.unfinished) {
      if (run.id == decision.run_id) run_ = run;
    }
    start.resumes = true;
    ARROW_RETURN_NOT_OK(destination_->Begin(Target()));
    ARROW_ASSIGN_OR_RAISE(auto parts, store.ReadReceipts(run_.id));
    for (PartReceipts& part : parts) {
      bool held = part.task < plan_.tasks();
      for (const io::Receipt& receipt : part.files) {
        if (!held) break;
        ARROW_ASSIGN_OR_RAISE(held, destination_->Holds(receipt));
      }
      if (held) finished_earlier_.push_back(std::move(part));
    }
    start.parts_done = finished_earlier_.size();
  } else {
    run_.id = NewRunId();
  }
  start.run_id = run_.id;
  return start;
}

arrow::Status GenerationImpl::GiveUp(arrow::Status why) {
  if (!destination_->documents()) return why;
  if (run_.state != RunState::kRunning) {
    return arrow::Status(why.code(), why.message() +
                                         "\nall parts are finished and kept; the same "
                                         "command with --resume publishes them");
  }
  RunStore store(destination_->documents());
  auto receipts = store.ReadReceipts(run_.id);
  if (!receipts.ok()) return why;
  if (receipts->empty()) {
    (void)DiscardRun(run_.id);  // a second error has nothing to add
    return why.IsCancelled() ? why.WithMessage("nothing was written") : why;
  }
  const std::string kept = fmt::format(
      "{} of {} parts are finished and kept, not visible yet: the same command with "
      "--resume goes on from there",
      receipts->size(), plan_.tasks());
  return why.WithMessage(why.IsCancelled() ? kept : why.message() + "\n" + kept);
}

arrow::Result<GenerateResult> GenerationImpl::Run(RunCounters* counters,
                                                  const std::atomic<int>* stop) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  RunStore store(destination_->documents());
  const bool keeps = destination_->documents() != nullptr;
  if (keeps && run_.begun.empty()) {
    run_.begun = UtcNow();
    arrow::Status status = store.WriteRun(run_);
    if (status.ok()) status = destination_->Begin(Target());
    if (!status.ok()) return GiveUp(status);
  } else if (!keeps) {
    ARROW_RETURN_NOT_OK(destination_->Begin(Target()));
  }

  ExecuteOptions execute;
  execute.partition_by = partition_by_;
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
  if (keeps) {
    execute.on_part = [&](const PartReceipts& part) { return store.WriteReceipts(run_.id, part); };
  }
  auto made = ExecuteParts(*program_, plan_, destination_.get(), execute);
  if (!made.ok()) return GiveUp(made.status());
  std::vector<PartReceipts> parts = std::move(*made);
  for (PartReceipts& part : finished_earlier_) parts.push_back(std::move(part));
  std::sort(parts.begin(), parts.end(),
            [](const PartReceipts& a, const PartReceipts& b) { return a.task < b.task; });

  GenerateResult result = Summarize(parts);
  AddSlices(parts, &result);
  if (keeps) {
    run_.parts = std::move(parts);
    run_.state = RunState::kCommitting;
    run_.finished = UtcNow();
    const auto commit = [&]() -> arrow::Status {
      if (!result.slices.empty()) ARROW_RETURN_NOT_OK(store.WriteSlices(run_.id, result.slices));
      ARROW_ASSIGN_OR_RAISE(run_.commit_state, destination_->SealCommit());
      ARROW_RETURN_NOT_OK(store.WriteRun(run_));
      return CommitRun(destination_.get(), run_);
    };
    const arrow::Status status = commit();
    if (!status.ok()) return GiveUp(status);
    // The data are there whatever becomes of these.
    const arrow::Status scripts =
        WriteLoadScripts(load_dialects_, dataset_.spec, *program_, partition_by_, options_.to,
                         *format_, format_options_, destination_.get());
    if (!scripts.ok())
      return scripts.WithMessage("the data are complete, but not the scripts that load them: ",
                                 scripts.message());
  }
  lease_.reset();
  result.run_id = keeps ? run_.id : std::string();
  result.rows_resumed = rows_resumed;
  result.seconds = seconds();
  return result;
}

}  // namespace synthmill::run
