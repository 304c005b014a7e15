#include "run/target_run.h"

#include <fmt/format.h>

#include <utility>

#include "run/resources.h"

namespace synthmill::run {

TargetRun::TargetRun(io::Destination* destination, RunManifest* run)
    : destination_(destination), run_(run), store_(destination->documents()) {}

arrow::Status TargetRun::Discard(const std::string& id) {
  ARROW_RETURN_NOT_OK(destination_->Discard(id));
  return store_.RemoveRun(id);
}

arrow::Result<Decision> TargetRun::Open(const Wanted& wanted) {
  if (lease_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(lease_, destination_->Lock(ProcessName()));
  }
  if (!keeps()) return Decision{};
  ARROW_RETURN_NOT_OK(Settle(destination_));
  std::vector<std::string> names;
  for (const ManifestTable& t : wanted.tables) names.push_back(t.name);
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination_, names));
  ARROW_ASSIGN_OR_RAISE(const Decision decision, Decide(state, wanted));
  for (const std::string& id : decision.discard) ARROW_RETURN_NOT_OK(Discard(id));
  if (decision.action == Decision::Action::kStart) {
    run_->id = NewRunId();
    return decision;
  }
  for (const auto* runs : {&state.live, &state.unfinished}) {
    for (const RunManifest& run : *runs) {
      if (run.id == decision.run_id) *run_ = run;
    }
  }
  return decision;
}

arrow::Status TargetRun::Start(const io::RunTarget& target) {
  if (keeps()) {
    run_->begun = UtcNow();
    ARROW_RETURN_NOT_OK(store_.WriteRun(*run_));
  }
  return destination_->Begin(target);
}

arrow::Result<std::vector<PartReceipts>> TargetRun::Resume(const io::RunTarget& target,
                                                           uint64_t tasks) {
  ARROW_RETURN_NOT_OK(destination_->Begin(target));
  ARROW_ASSIGN_OR_RAISE(auto parts, store_.ReadReceipts(run_->id));
  std::vector<PartReceipts> there;
  for (PartReceipts& part : parts) {
    bool held = part.task < tasks;
    for (const io::Receipt& receipt : part.files) {
      if (!held) break;
      ARROW_ASSIGN_OR_RAISE(held, destination_->Holds(receipt));
    }
    if (held) there.push_back(std::move(part));
  }
  return there;
}

arrow::Status TargetRun::Record(const PartReceipts& part) {
  return keeps() ? store_.WriteReceipts(run_->id, part) : arrow::Status::OK();
}

arrow::Status TargetRun::Commit(std::vector<PartReceipts> parts) {
  run_->parts = std::move(parts);
  run_->state = RunState::kCommitting;
  run_->finished = UtcNow();
  ARROW_ASSIGN_OR_RAISE(run_->commit_state, destination_->SealCommit());
  if (keeps()) {
    ARROW_RETURN_NOT_OK(store_.WriteRun(*run_));
    ARROW_RETURN_NOT_OK(CommitRun(destination_, *run_));
  } else {
    std::vector<io::Receipt> receipts;
    for (const PartReceipts& part : run_->parts) {
      receipts.insert(receipts.end(), part.files.begin(), part.files.end());
    }
    ARROW_RETURN_NOT_OK(destination_->Commit(receipts, run_->commit_state));
    ARROW_RETURN_NOT_OK(destination_->Finish());
  }
  return arrow::Status::OK();
}

arrow::Status TargetRun::GiveUp(arrow::Status why, bool resumable) {
  if (!keeps()) {
    (void)destination_->Discard(run_->id);
    return why;
  }
  if (run_->state != RunState::kRunning) {
    return arrow::Status(why.code(), why.message() +
                                         "\nall parts are finished and kept; the same "
                                         "command with --resume publishes them");
  }
  auto receipts = store_.ReadReceipts(run_->id);
  if (!receipts.ok()) return why;
  if (receipts->empty() || !resumable) {
    (void)Discard(run_->id);  // a second error has nothing to add
    return why.IsCancelled() ? why.WithMessage("nothing was written") : why;
  }
  const std::string kept = fmt::format(
      "{} of {} parts are finished and kept, not visible yet: the same command with "
      "--resume goes on from there",
      receipts->size(), run_->tasks);
  return why.WithMessage(why.IsCancelled() ? kept : why.message() + "\n" + kept);
}

}  // namespace synthmill::run
