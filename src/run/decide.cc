// The write modes: docs/manifest.md, "What a run may do".
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "plan/plan.h"
#include "run/target.h"

namespace synthmill::run {

namespace {

std::string FlagOf(std::string parameter) {
  std::replace(parameter.begin(), parameter.end(), '_', '-');
  return "--" + parameter;
}

std::string Differences(const RunManifest& run, const Wanted& wanted) {
  std::vector<std::string> fields = IdentityDifferences(run.identity, wanted.identity);
  if (fields.size() > 4) fields = {fields[0], fields[1], fields[2], "and more"};
  return fmt::format("{}", fmt::join(fields, ", "));
}

// The live run that owns a table, newest first; nullptr if none does.
const LiveRun* OwnerOf(const TargetState& state, const std::string& table) {
  for (auto it = state.manifest.runs.rbegin(); it != state.manifest.runs.rend(); ++it) {
    if (std::find(it->tables.begin(), it->tables.end(), table) != it->tables.end()) return &*it;
  }
  return nullptr;
}

uint64_t FilesIn(const TargetState& state, const std::string& table) {
  const auto it = state.files.find(table);
  return it == state.files.end() ? 0 : it->second;
}

const RunManifest* FindComplete(const TargetState& state, const Wanted& wanted) {
  for (size_t i = 0; i < state.live.size(); ++i) {
    if (state.live[i].hash == wanted.hash &&
        state.manifest.runs[i].tables.size() == wanted.tables.size()) {
      return &state.live[i];
    }
  }
  return nullptr;
}

arrow::Status RefuseUnfinished(const TargetState& state, const Wanted& wanted) {
  const RunManifest& run = state.unfinished.front();
  const auto done = state.parts_done.find(run.id);
  std::string message = fmt::format(
      "{} holds an unfinished run, {} of {} ({} of {} parts are done)", wanted.uri, run.id,
      run.dataset(), done == state.parts_done.end() ? 0 : done->second, run.tasks);
  if (run.hash == wanted.hash) {
    message += "\n  go on with it:    the same command with --resume";
  } else {
    message += fmt::format("\n  it was begun with other settings: {}", Differences(run, wanted));
    message += "\n  go on with it:    the command it was begun with, and --resume";
  }
  if (state.live.empty()) {
    message += "\n  start over:       --write-mode overwrite";
  } else if (const auto command = state.throw_away.find(run.id);
             command != state.throw_away.end() && !command->second.empty()) {
    // Overwrite would replace finished data as well.
    message += "\n  throw it away:    " + command->second;
  }
  return arrow::Status::Invalid(message);
}

arrow::Status CheckError(const TargetState& state, const Wanted& wanted) {
  if (!state.live.empty()) {
    const RunManifest& run = state.live.back();
    return arrow::Status::Invalid(
        fmt::format("{} already holds a finished run, {} of {}, with other settings: {}\n"
                    "  replace it:       --write-mode overwrite\n"
                    "  add to it:        --write-mode append\n"
                    "  keep both:        another --to",
                    wanted.uri, run.id, run.dataset(), Differences(run, wanted)));
  }
  for (const ManifestTable& t : wanted.tables) {
    if (const uint64_t files = FilesIn(state, t.name)) {
      return arrow::Status::Invalid(
          fmt::format("{}/{} holds {} file{} that synthmill did not write\n"
                      "  replace the folder:  --write-mode overwrite\n"
                      "  keep it:             another --to",
                      wanted.uri, t.name, files, files == 1 ? "" : "s"));
    }
  }
  return arrow::Status::OK();
}

void NoteOverwrite(const TargetState& state, const Wanted& wanted,
                   std::vector<std::string>* notes) {
  std::map<std::string, std::vector<std::string>> replaced;  // run -> tables
  for (const ManifestTable& t : wanted.tables)
    if (const LiveRun* owner = OwnerOf(state, t.name)) replaced[owner->id].push_back(t.name);
  for (const auto& [run, tables] : replaced) {
    notes->push_back(
        tables.size() == 1
            ? fmt::format("replaces {}/{} (of run {})", wanted.uri, tables[0], run)
            : fmt::format("replaces {} tables of run {} in {}", tables.size(), run, wanted.uri));
  }
  for (const ManifestTable& t : wanted.tables) {
    if (OwnerOf(state, t.name)) continue;
    if (const uint64_t files = FilesIn(state, t.name)) {
      notes->push_back(fmt::format("replaces {}/{}: {} file{} that synthmill did not write",
                                   wanted.uri, t.name, files, files == 1 ? "" : "s"));
    }
  }
  for (const LiveRun& run : state.manifest.runs) {
    for (const std::string& name : run.tables) {
      if (std::none_of(wanted.tables.begin(), wanted.tables.end(),
                       [&](const ManifestTable& t) { return t.name == name; })) {
        notes->push_back(fmt::format("leaves {}/{} of run {} as it is: not part of this run",
                                     wanted.uri, name, run.id));
      }
    }
  }
}

arrow::Status CheckOverlap(const TargetState& state, const Wanted& wanted) {
  for (const RunManifest& run : state.live) {
    if (run.dataset() != wanted.dataset) continue;
    if (run.hash == wanted.hash) {
      return arrow::Status::Invalid(fmt::format(
          "{} already holds these very rows (run {}); to add others, change --seed or the numbers",
          wanted.uri, run.id));
    }
    for (const ManifestRoot& there : run.roots) {
      for (const ManifestRoot& mine : wanted.roots) {
        if (there.key != mine.key || mine.first_parameter.empty()) continue;
        if (mine.begin >= there.end || there.begin >= mine.end) continue;
        const uint64_t free = NextFree(state, wanted.dataset, mine.first_parameter);
        return arrow::Status::Invalid(fmt::format(
            "{0} {1}..{2} overlap {3}..{4}, which run {5} wrote to {6}: ids would repeat\n"
            "  the next free number is {7}: leave {8} out, or give {8} {9}",
            mine.key, plan::Grouped(mine.begin + 1), plan::Grouped(mine.end),
            plan::Grouped(there.begin + 1), plan::Grouped(there.end), run.id, wanted.uri,
            plan::Grouped(free), FlagOf(mine.first_parameter), free));
      }
    }
  }
  return arrow::Status::OK();
}

arrow::Status CheckAppend(const TargetState& state, const Wanted& wanted) {
  ARROW_RETURN_NOT_OK(CheckOverlap(state, wanted));
  for (const ManifestTable& t : wanted.tables) {
    const LiveRun* owner = OwnerOf(state, t.name);
    if (!owner) {
      if (const uint64_t files = FilesIn(state, t.name)) {
        return arrow::Status::Invalid(fmt::format(
            "{}/{} holds {} file{} that synthmill did not write: nothing is added to them; choose "
            "another --to",
            wanted.uri, t.name, files, files == 1 ? "" : "s"));
      }
      continue;
    }
    for (const RunManifest& run : state.live) {
      if (run.id != owner->id) continue;
      if (run.format() != wanted.format) {
        return arrow::Status::Invalid(
            fmt::format("{}/{} is {}, this run would add {}: use --format {}", wanted.uri, t.name,
                        run.format(), wanted.format, run.format()));
      }
      for (const ManifestTable& there : run.tables) {
        if (there.name == t.name && !there.schema->Equals(*t.schema, /*check_metadata=*/false)) {
          return arrow::Status::Invalid(
              fmt::format("{}/{} has other columns than this run would add; choose another --to",
                          wanted.uri, t.name));
        }
        if (there.name == t.name && there.partition_by != t.partition_by) {
          return arrow::Status::Invalid(
              fmt::format("{}/{} is kept in folders by [{}], this run would add [{}]: use the same "
                          "--partition-by",
                          wanted.uri, t.name, fmt::join(there.partition_by, ", "),
                          fmt::join(t.partition_by, ", ")));
        }
      }
    }
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<Decision> Decide(const TargetState& state, const Wanted& wanted) {
  Decision decision;
  if (wanted.resume) {
    for (const RunManifest& run : state.unfinished) {
      if (run.hash != wanted.hash) continue;
      decision.action = Decision::Action::kResume;
      decision.run_id = run.id;
      return decision;
    }
  }
  if (wanted.mode == WriteMode::kError || wanted.resume) {
    if (const RunManifest* run = FindComplete(state, wanted);
        run && (state.unfinished.empty() || wanted.resume)) {
      decision.action = Decision::Action::kComplete;
      decision.run_id = run->id;
      return decision;
    }
  }
  if (!state.unfinished.empty() && wanted.mode != WriteMode::kOverwrite) {
    return RefuseUnfinished(state, wanted);
  }
  for (const RunManifest& run : state.unfinished) {
    decision.discard.push_back(run.id);
    decision.notes.push_back(fmt::format("throws away the unfinished run {}", run.id));
  }
  switch (wanted.mode) {
    case WriteMode::kError:
      ARROW_RETURN_NOT_OK(CheckError(state, wanted));
      break;
    case WriteMode::kOverwrite:
      NoteOverwrite(state, wanted, &decision.notes);
      break;
    case WriteMode::kAppend:
      ARROW_RETURN_NOT_OK(CheckAppend(state, wanted));
      break;
  }
  return decision;
}

}  // namespace synthmill::run
