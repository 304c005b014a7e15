// synthmill verify: reads a target back and compares it with its manifest.
#include "run/verify.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/generate_flags.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "plan/plan.h"
#include "run/resources.h"

namespace synthmill::cli {

namespace {

arrow::Result<std::vector<Flag>> VerifyFlags(const std::vector<std::string>&) {
  std::vector<Flag> flags = {
      {"tables", "LIST", "only these tables, comma separated"},
      {"threads", "N", "threads; default: the CPUs this process may use"},
      {"json", "", "print the result as JSON on standard output", "", {}, "Options", false, false},
      {"quiet", "", "print errors only"},
      {"no-progress", "", "no progress while working"},
  };
  for (Flag& flag : DestinationFlags()) flags.push_back(std::move(flag));
  return flags;
}

std::string ToJson(const run::VerifyResult& result) {
  nlohmann::ordered_json doc;
  doc["version"] = 1;
  doc["fingerprint"] = result.fingerprint;
  doc["ok"] = result.ok();
  doc["tables"] = nlohmann::ordered_json::array();
  for (const auto& t : result.tables) {
    doc["tables"].push_back({{"table", t.table},
                             {"rows", t.rows},
                             {"bytes", t.bytes},
                             {"fingerprint", t.fingerprint},
                             {"status", t.ok ? "ok" : "bad"}});
  }
  doc["bad_parts"] = nlohmann::ordered_json::array();
  for (const auto& b : result.bad_parts) {
    nlohmann::ordered_json part = {{"table", b.table}, {"part", nullptr}};
    if (b.part >= 0) part["part"] = b.part;
    part["file"] = b.file;
    part["reason"] = b.reason;
    doc["bad_parts"].push_back(std::move(part));
  }
  return doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

arrow::Result<int> RunVerify(const CommandLine& line) {
  if (line.words.size() != 1) {
    return arrow::Status::Invalid("one target is needed: synthmill verify DIR");
  }
  const bool quiet = line.On("quiet");
  run::VerifyOptions options;
  options.tables = line.List("tables");
  ARROW_ASSIGN_OR_RAISE(options.destination, DestinationOptionsFrom(line, line.words));
  ARROW_ASSIGN_OR_RAISE(const uint64_t threads, line.Number("threads", 0, 1, 4096));
  options.threads = threads ? static_cast<int>(threads) : run::ReadLimits().threads();
  options.stop = StopOnSignals();
  RunCounters counters;
  options.counters = &counters;
  arrow::Result<run::VerifyResult> outcome;
  {
    const Progress progress(Progress::ChooseStyle(quiet, line.On("no-progress")), "verify", 0,
                            counters);
    outcome = run::Verify(line.words[0], options);
  }
  if (!outcome.ok() && outcome.status().IsCancelled() && *options.stop) return StoppedExitCode();
  ARROW_ASSIGN_OR_RAISE(const run::VerifyResult result, std::move(outcome));
  if (line.On("json")) {
    fmt::print("{}\n", ToJson(result));
  } else if (!quiet) {
    size_t width = 5;
    for (const auto& t : result.tables) width = std::max(width, t.table.size());
    for (const auto& t : result.tables) {
      fmt::print("{:<{}}  {:>15} rows  {:>9}  {}  {}\n", t.table, width, plan::Grouped(t.rows),
                 plan::HumanBytes(t.bytes), t.fingerprint, t.ok ? "ok" : "BAD");
    }
  }
  for (const auto& b : result.bad_parts) {
    fmt::print(stderr, "bad: {}/{}: {}\n", b.table, b.file, b.reason);
  }
  if (!quiet) {
    fmt::print(stderr, "{}: fingerprint {}\n",
               result.ok() ? "verified"
                           : fmt::format("{} bad part{}", result.bad_parts.size(),
                                         result.bad_parts.size() == 1 ? "" : "s"),
               result.fingerprint);
  }
  return result.ok() ? kDone : kCheckFailed;
}

}  // namespace

extern const Command kVerifyCommand;
const Command kVerifyCommand = {
    .name = "verify",
    .help = "read what is stored and compare it with its manifest",
    .synopsis = "URI [flags]",
    .examples = "  synthmill verify data/DATASET\n  synthmill verify data/DATASET --json\n",
    .flags = VerifyFlags,
    .run = RunVerify,
    .more_help = nullptr,
};

}  // namespace synthmill::cli
