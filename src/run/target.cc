#include "run/target.h"

#include <algorithm>
#include <set>

#include "io/delta/delta_destination.h"

namespace synthmill::run {

arrow::Result<io::RunTarget> TargetOf(const RunManifest& run) {
  io::RunTarget target;
  target.run_id = run.id;
  target.mode = run.mode;
  for (const ManifestTable& t : run.tables)
    target.tables.push_back({t.name, t.schema, t.partition_by});
  ARROW_ASSIGN_OR_RAISE(target.format, io::FindFormat(run.format()));
  target.format_options = run.format_options();
  return target;
}

arrow::Result<TargetState> ReadTarget(io::Destination* destination,
                                      const std::vector<std::string>& tables) {
  TargetState state;
  io::DocumentStore* documents = destination->documents();
  if (!documents) return state;
  RunStore store(documents);
  ARROW_ASSIGN_OR_RAISE(state.manifest, store.ReadManifest());
  std::set<std::string> live;
  for (const LiveRun& entry : state.manifest.runs) {
    live.insert(entry.id);
    ARROW_ASSIGN_OR_RAISE(auto run, store.ReadRun(entry.id));
    if (!run) {
      return arrow::Status::Invalid("_synthmill/manifest.json names the run ", entry.id,
                                    ", but _synthmill/runs/", entry.id,
                                    "/manifest.json is missing");
    }
    state.live.push_back(std::move(*run));
  }
  ARROW_ASSIGN_OR_RAISE(const auto ids, store.RunIds());
  for (const std::string& id : ids) {
    if (live.contains(id)) continue;
    ARROW_ASSIGN_OR_RAISE(auto run, store.ReadRun(id));
    if (!run || run->state == RunState::kComplete) continue;
    ARROW_ASSIGN_OR_RAISE(const auto receipts, store.ReadReceipts(id));
    state.parts_done[id] = receipts.size();
    state.throw_away[id] = destination->RemoveCommand("runs/" + id);
    state.unfinished.push_back(std::move(*run));
  }
  for (const std::string& table : tables) {
    // A table with a log takes rows of others, too: what may be done to it is asked of the log,
    // when the run begins.
    ARROW_ASSIGN_OR_RAISE(const bool log, io::delta::HasLog(destination, table));
    if (log) continue;
    ARROW_ASSIGN_OR_RAISE(const auto files, destination->List(table));
    state.files[table] = files.size();
  }
  return state;
}

arrow::Status CommitRun(io::Destination* destination, RunManifest run) {
  RunStore store(destination->documents());
  ARROW_ASSIGN_OR_RAISE(const io::RunTarget target, TargetOf(run));
  ARROW_RETURN_NOT_OK(destination->Begin(target));
  std::vector<io::Receipt> receipts;
  for (const PartReceipts& part : run.parts) {
    receipts.insert(receipts.end(), part.files.begin(), part.files.end());
  }
  ARROW_RETURN_NOT_OK(destination->Commit(receipts, run.commit_state));

  // The commit point: one rename of manifest.json.
  ARROW_ASSIGN_OR_RAISE(Manifest manifest, store.ReadManifest());
  LiveRun entry{run.id, run.dataset(), run.hash, UtcNow(), {}};
  for (const ManifestTable& t : run.tables) entry.tables.push_back(t.name);
  std::vector<std::string> replaced;
  std::vector<LiveRun> kept;
  for (LiveRun& old : manifest.runs) {
    if (old.id == run.id) {
      entry.committed = old.committed;
      continue;
    }
    if (run.mode == WriteMode::kOverwrite) {
      std::erase_if(old.tables, [&](const std::string& name) {
        return std::find(entry.tables.begin(), entry.tables.end(), name) != entry.tables.end();
      });
    }
    if (old.tables.empty()) {
      replaced.push_back(old.id);
    } else {
      kept.push_back(std::move(old));
    }
  }
  kept.push_back(std::move(entry));
  manifest.runs = std::move(kept);
  ARROW_RETURN_NOT_OK(store.WriteManifest(manifest));

  ARROW_RETURN_NOT_OK(destination->Finish());
  for (const std::string& id : replaced) ARROW_RETURN_NOT_OK(store.RemoveRun(id));
  ARROW_RETURN_NOT_OK(store.RemoveReceipts(run.id));
  // Last: as long as the run says "committing", all of this is done again.
  run.state = RunState::kComplete;
  run.commit_state.clear();
  return store.WriteRun(run);
}

arrow::Status Settle(io::Destination* destination) {
  if (!destination->documents()) return arrow::Status::OK();
  RunStore store(destination->documents());
  ARROW_ASSIGN_OR_RAISE(const auto ids, store.RunIds());
  for (const std::string& id : ids) {
    auto run = store.ReadRun(id);
    if (!run.ok() || !*run || (*run)->state != RunState::kCommitting) continue;
    ARROW_RETURN_NOT_OK(CommitRun(destination, std::move(**run)));
  }
  ARROW_ASSIGN_OR_RAISE(const Manifest manifest, store.ReadManifest());
  std::set<std::string> owned;
  for (const LiveRun& entry : manifest.runs) owned.insert(entry.id);
  ARROW_ASSIGN_OR_RAISE(const auto rest, store.RunIds());
  std::set<std::string> working;
  for (const std::string& id : rest) {
    if (owned.contains(id)) continue;
    // Died before its first document was whole, or after another run had replaced all of it.
    auto run = store.ReadRun(id);
    if (!run.ok()) return run.status();
    if (!*run || (*run)->state == RunState::kComplete) {
      ARROW_RETURN_NOT_OK(store.RemoveRun(id));
    } else {
      working.insert(id);
    }
  }
  ARROW_ASSIGN_OR_RAISE(const auto staged, destination->Staged());
  for (const std::string& id : staged) {
    if (!working.contains(id)) ARROW_RETURN_NOT_OK(destination->Discard(id));
  }
  return arrow::Status::OK();
}

uint64_t NextFree(const TargetState& state, const std::string& dataset,
                  const std::string& parameter) {
  uint64_t next = 1;
  for (const RunManifest& run : state.live) {
    if (run.dataset() != dataset) continue;
    for (const ManifestRoot& root : run.roots) {
      if (root.first_parameter == parameter) next = std::max(next, root.end + 1);
    }
  }
  return next;
}

}  // namespace synthmill::run
