// One run at its target, from lock to commit: what making a dataset and copying one have in common.
#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "run/manifest.h"
#include "run/target.h"

namespace synthmill::run {

// Works on a destination and a run's manifest that belong to the caller and outlive it. Where the
// destination keeps no documents, all of it is as if the target were empty. Not thread-safe but for
// Record().
class TargetRun {
 public:
  TargetRun(io::Destination* destination, RunManifest* run);

  bool keeps() const { return destination_->documents() != nullptr; }

  // Locks the target, completes what was cut off, decides, and throws away what is in the way.
  // Where the decision is to resume or that all is there, *run becomes the recorded run;
  // otherwise it gets an id. Refuses by an error. Called again, it decides again under the same
  // lock.
  arrow::Result<Decision> Open(const Wanted& wanted);

  // Records the run as begun and readies the destination.
  arrow::Status Start(const io::RunTarget& target);
  // Readies the destination to go on with a recorded run, and returns the parts that are there.
  arrow::Result<std::vector<PartReceipts>> Resume(const io::RunTarget& target, uint64_t tasks);
  arrow::Status Record(const PartReceipts& part);
  // Makes the run visible with these parts.
  arrow::Status Commit(std::vector<PartReceipts> parts);
  // Lets others in.
  void Release() { lease_.reset(); }

  // After an error or a stop: a run none of whose parts is finished leaves nothing behind.
  // `resumable`: parts that are finished are kept, and the message says so.
  arrow::Status GiveUp(arrow::Status why, bool resumable);
  arrow::Status Discard(const std::string& id);

 private:
  io::Destination* destination_;
  RunManifest* run_;
  RunStore store_;
  std::unique_ptr<io::Lease> lease_;
};

}  // namespace synthmill::run
