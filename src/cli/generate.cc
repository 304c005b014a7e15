// synthmill generate: makes a dataset.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/copy_flags.h"
#include "cli/generate_flags.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "plan/plan.h"

namespace synthmill::cli {

namespace {

// What noise did, as people read it.
std::string NoiseTable(const std::vector<NoiseResult>& noise) {
  size_t width = 5;
  for (const NoiseResult& n : noise) width = std::max(width, n.rule.size());
  std::string out = fmt::format("noise{:{}}  configured  touched  changed\n", "", width - 3);
  for (const NoiseResult& n : noise) {
    const auto share = [&](uint64_t count) {
      return n.applicable == 0 ? std::string("-")
                               : fmt::format("{:.1f} %", 100.0 * static_cast<double>(count) /
                                                             static_cast<double>(n.applicable));
    };
    out += fmt::format("  {:<{}}  {:>10}  {:>7}  {:>7}\n", n.rule, width,
                       fmt::format("{:.1f} %", 100 * n.configured), share(n.touched),
                       share(n.changed));
  }
  return out;
}

// Wanted, scaled and made rows by slice; the sums alone stand below.
std::string SliceTable(const std::vector<SliceResult>& slices) {
  constexpr size_t kShown = 40;
  std::string out = fmt::format("{:<24} {:>8} {:>10} {:>18} {:>15} {:>15}\n", "slices", "slice",
                                "part", "wanted", "rows", "made");
  uint64_t wanted = 0, rows = 0, made = 0;
  for (size_t i = 0; i < slices.size(); ++i) {
    const SliceResult& s = slices[i];
    wanted += s.wanted, rows += s.rows, made += s.made;
    // All that differ are shown.
    if (i >= kShown && s.rows == s.made) continue;
    out += fmt::format("  {:<22} {:>8} {:>10} {:>18} {:>15} {:>15}{}\n", s.table, s.slice,
                       fmt::format("part-{:05}", s.part), plan::Grouped(s.wanted),
                       plan::Grouped(s.rows), plan::Grouped(s.made),
                       s.rows == s.made ? "" : "  DIFFERS");
  }
  if (slices.size() > kShown) {
    out += fmt::format("  … {} slices in all; --json and _synthmill/ list them\n",
                       plan::Grouped(slices.size()));
  }
  return out + fmt::format("  {:<22} {:>8} {:>10} {:>18} {:>15} {:>15}\n", "total", slices.size(),
                           "", plan::Grouped(wanted), plan::Grouped(rows), plan::Grouped(made));
}

nlohmann::ordered_json ResultJson(const Generation& generation, const GenerateResult& result,
                                  bool already_complete) {
  nlohmann::ordered_json doc;
  doc["version"] = 1;
  doc["run_id"] = result.run_id;
  doc["to"] = generation.options().to;
  doc["already_complete"] = already_complete;
  doc["rows"] = result.rows;
  doc["bytes"] = result.bytes;
  doc["seconds"] = result.seconds;
  doc["rows_resumed"] = result.rows_resumed;
  doc["tables"] = nlohmann::ordered_json::array();
  for (const TableResult& t : result.tables) {
    doc["tables"].push_back({{"table", t.name},
                             {"key", t.key},
                             {"rows", t.rows},
                             {"bytes", t.bytes},
                             {"files", t.files},
                             {"fingerprint", t.fingerprint}});
  }
  doc["noise"] = nlohmann::ordered_json::array();
  for (const NoiseResult& n : result.noise) {
    const auto share = [&](uint64_t count) {
      return n.applicable ? static_cast<double>(count) / static_cast<double>(n.applicable) : 0.0;
    };
    doc["noise"].push_back({{"rule", n.rule},
                            {"configured", n.configured},
                            {"applicable", n.applicable},
                            {"touched", n.touched},
                            {"changed", n.changed},
                            {"touched_share", share(n.touched)},
                            {"changed_share", share(n.changed)}});
  }
  if (!result.slices.empty()) {
    doc["slices"] = nlohmann::ordered_json::array();
    for (const SliceResult& s : result.slices) {
      doc["slices"].push_back({{"table", s.table},
                               {"slice", s.slice},
                               {"part", s.part},
                               {"wanted", s.wanted},
                               {"rows", s.rows},
                               {"made", s.made}});
    }
  }
  doc["fingerprint"] = result.fingerprint;
  return doc;
}

void PrintWarnings(const Generation& generation) {
  for (const std::string& w : generation.warnings()) fmt::print(stderr, "warning: {}\n", w);
}

arrow::Result<int> PrintPlan(const CommandLine& line) {
  ARROW_ASSIGN_OR_RAISE(GenerateOptions options, OptionsFrom(line));
  ARROW_ASSIGN_OR_RAISE(auto generation, Generation::Prepare(std::move(options)));
  PrintWarnings(*generation);
  fmt::print("{}{}", line.On("json") ? generation->PlanJson() : generation->PlanText(),
             line.On("json") ? "\n" : "");
  return kDone;
}

arrow::Result<int> RunGenerate(const CommandLine& line) {
  if (line.On("dry-run")) return PrintPlan(line);
  const std::atomic<int>* stop = StopOnSignals();
  const bool json = line.On("json");
  const bool quiet = line.On("quiet");
  ARROW_ASSIGN_OR_RAISE(GenerateOptions options, OptionsFrom(line));
  if (options.to.empty()) {
    // A wrong dataset or flag is told before the missing destination.
    ARROW_RETURN_NOT_OK(Generation::Prepare(std::move(options)).status());
    return arrow::Status::Invalid(
        "where to? --to DIR for a folder, --to - for standard output; --dry-run shows the plan");
  }
  if (json && options.to == "-") {
    return arrow::Status::Invalid("--json and --to - would both write to standard output");
  }
  ARROW_ASSIGN_OR_RAISE(auto generation, Generation::Prepare(std::move(options)));
  PrintWarnings(*generation);
  ARROW_ASSIGN_OR_RAISE(const Start start, generation->Begin());
  if (start.already_complete) {
    if (!quiet) {
      fmt::print(stderr,
                 "already complete: {} holds this run ({}) · {} rows · {} · fingerprint {}\n",
                 generation->options().to, start.run_id, plan::Grouped(start.result.rows),
                 plan::HumanBytes(start.result.bytes), start.result.fingerprint);
    }
    if (json) fmt::print("{}\n", ResultJson(*generation, start.result, true).dump(2));
    return kDone;
  }
  if (!quiet) {
    fmt::print(stderr, "{}", generation->PlanText());
    for (const std::string& note : start.notes) fmt::print(stderr, "  note: {}\n", note);
    if (start.resumes) {
      fmt::print(stderr, "  goes on with run {}: {} of {} parts are there\n", start.run_id,
                 plan::Grouped(start.parts_done), plan::Grouped(generation->parts()));
    }
  }

  RunCounters counters;
  arrow::Result<GenerateResult> outcome;
  {
    const Progress progress(Progress::ChooseStyle(quiet, line.On("no-progress")), "generate",
                            generation->rows(), counters);
    outcome = generation->Run(&counters, stop);
  }
  if (!outcome.ok() && outcome.status().IsCancelled() && *stop) {
    fmt::print(stderr, "{}: {}\n", StoppedExitCode() == kInterrupted ? "interrupted" : "terminated",
               outcome.status().message());
    return StoppedExitCode();
  }
  ARROW_ASSIGN_OR_RAISE(const GenerateResult result, std::move(outcome));
  if (result.reader_gone) return kDone;
  if (!quiet) {
    if (!result.noise.empty()) fmt::print(stderr, "{}", NoiseTable(result.noise));
    if (!result.slices.empty()) fmt::print(stderr, "{}", SliceTable(result.slices));
    const double made = static_cast<double>(result.rows - result.rows_resumed);
    fmt::print(stderr, "done: {} rows · {} · {:.1f} s · {} rows/s · fingerprint {}\n",
               plan::Grouped(result.rows), plan::HumanBytes(result.bytes), result.seconds,
               plan::Grouped(static_cast<uint64_t>(made / std::max(result.seconds, 1e-3))),
               result.fingerprint);
  }
  if (json) fmt::print("{}\n", ResultJson(*generation, result, false).dump(2));
  return kDone;
}

// `plan copy SRC DST` takes the flags of copy.
bool PlansCopy(const std::vector<std::string>& args) { return !args.empty() && args[0] == "copy"; }

arrow::Result<std::vector<Flag>> PlanFlags(const std::vector<std::string>& args) {
  return PlansCopy(args) ? CopyFlags(args) : GenerateFlags(args);
}

arrow::Result<int> RunPlan(const CommandLine& line) {
  if (PlansCopy(line.words)) {
    CommandLine copy = line;
    copy.words.erase(copy.words.begin());
    return PrintCopyPlan(copy);
  }
  CommandLine generate = line;
  // `plan generate DATASET` is `plan DATASET`.
  if (!generate.words.empty() && generate.words[0] == "generate") {
    generate.words.erase(generate.words.begin());
  }
  return PrintPlan(generate);
}

}  // namespace

extern const Command kGenerateCommand;
const Command kGenerateCommand = {
    .name = "generate",
    .help = "make a dataset",
    .synopsis = "DATASET|FILE.yaml [flags]",
    .examples = "",
    .flags = GenerateFlags,
    .run = RunGenerate,
    .more_help = DatasetHelp,
};

extern const Command kPlanCommand;
const Command kPlanCommand = {
    .name = "plan",
    .help = "show what a command would make: tables, rows, bytes, parts",
    .synopsis = "[generate] DATASET|FILE.yaml | copy SRC DST [flags of either]",
    .examples = "",
    .flags = PlanFlags,
    .run = RunPlan,
    .more_help = DatasetHelp,
};

}  // namespace synthmill::cli
