// What stands at a target, and what a run may do there.
//
// A run whose commit had begun is always completed first (its data are whole), by whoever comes
// next; what is decided here is about finished runs and about unfinished ones.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/destinations/destination.h"
#include "run/manifest.h"

namespace synthmill::run {

struct TargetState {
  Manifest manifest;
  std::vector<RunManifest> live;               // oldest first
  std::vector<RunManifest> unfinished;         // begun, their commit not
  std::map<std::string, uint64_t> parts_done;  // of the unfinished ones, by id
  // Command lines that throw unfinished runs away, by id: what they staged goes with the next run.
  std::map<std::string, std::string> throw_away;
  std::map<std::string, uint64_t> files;  // in the folder of each table asked for
};

// Reads, changes nothing; needs no lock.
arrow::Result<TargetState> ReadTarget(io::Destination* destination,
                                      const std::vector<std::string>& tables);

// Under the lock: completes commits that were cut off, and removes what no run owns.
arrow::Status Settle(io::Destination* destination);

// What a run means to do.
struct Wanted {
  std::string uri;
  Json identity;
  std::string hash;
  std::string dataset, format;
  WriteMode mode = WriteMode::kError;
  bool resume = false;
  std::vector<ManifestTable> tables;
  std::vector<ManifestRoot> roots;
};

struct Decision {
  enum class Action { kStart, kResume, kComplete };
  Action action = Action::kStart;
  std::string run_id;                // of the run to go on with, or that is complete
  std::vector<std::string> discard;  // unfinished runs to throw away first
  std::vector<std::string> notes;    // for the user, before work
};

// Refusals are Invalid, with a message that teaches the ways out.
arrow::Result<Decision> Decide(const TargetState& state, const Wanted& wanted);

// The first free number (from 1) for a dataset's root that counts from `parameter`: one past the
// end of all live runs. 1 where there are none.
uint64_t NextFree(const TargetState& state, const std::string& dataset,
                  const std::string& parameter);

// Makes a run visible. `run` is in state kCommitting and recorded as such; may be called again.
arrow::Status CommitRun(io::Destination* destination, RunManifest run);

// What a destination needs to know of a recorded run.
arrow::Result<io::RunTarget> TargetOf(const RunManifest& run);

}  // namespace synthmill::run
