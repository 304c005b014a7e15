// synthmill copy: tables from files to files.
#include "synthmill/copy.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/copy_flags.h"
#include "cli/generate_flags.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "io/destinations/destination.h"
#include "io/sources/source.h"
#include "plan/plan.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {

namespace {

arrow::Result<char> Delimiter(const CommandLine& line, std::string_view flag) {
  const std::string text = line.Get(flag);
  if (text.empty()) return '\0';
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && text != "\"" && text != "\n" && text != "\r") return text[0];
  return arrow::Status::Invalid("--", std::string(flag), " '", text,
                                "': one character is needed (not a quote or a line end), or tab");
}

arrow::Result<CopyOptions> CopyOptionsFrom(const CommandLine& line) {
  CopyOptions options;
  if (line.words.size() != 2) {
    return arrow::Status::Invalid(
        line.words.size() < 2 ? "from where to where? synthmill copy SRC DST"
                              : "one source and one destination: synthmill copy SRC DST; several "
                                "files are given as a folder or as a glob in quotes");
  }
  options.from = line.words[0];
  options.to = line.words[1];
  options.from_format = line.Get("from-format");
  options.format = line.Get("format");
  ARROW_ASSIGN_OR_RAISE(options.from_csv.delimiter, Delimiter(line, "delimiter"));
  ARROW_ASSIGN_OR_RAISE(options.to_csv.delimiter, Delimiter(line, "to-delimiter"));
  options.from_csv.header = !line.On("no-header");
  options.to_csv.header = !line.On("to-no-header");
  options.from_csv.null = line.Get("csv-null");
  options.to_csv.null = line.Get("to-csv-null");
  options.compression = line.Get("compression");
  ARROW_ASSIGN_OR_RAISE(const uint64_t group, line.Number("row-group-rows", 0, 1, 100'000'000));
  options.row_group_rows = static_cast<int64_t>(group);
  options.schema = line.Get("schema");
  options.tables = line.List("tables");
  options.columns = line.List("columns");
  options.table = line.Get("table");
  const std::string mode = line.Get("write-mode", "error");
  const auto parsed = ParseWriteMode(mode);
  if (!parsed) {
    return arrow::Status::Invalid(
        "unknown --write-mode '", mode, "'; ",
        spec::Suggest(mode, std::vector<std::string>{"error", "overwrite", "append"}));
  }
  options.write_mode = *parsed;
  const std::string on_error = line.Get("on-error", "stop");
  if (on_error != "stop" && on_error != "reject") {
    return arrow::Status::Invalid(
        "unknown --on-error '", on_error, "'; ",
        spec::Suggest(on_error, std::vector<std::string>{"stop", "reject"}));
  }
  options.on_error = on_error == "stop" ? OnError::kStop : OnError::kReject;
  options.rejects = line.Get("rejects");
  ARROW_ASSIGN_OR_RAISE(const uint64_t threads, line.Number("threads", 0, 1, 4096));
  options.threads = static_cast<int>(threads);
  ARROW_ASSIGN_OR_RAISE(options.destination,
                        DestinationOptionsFrom(line, {options.from, options.to}));
  return options;
}

std::string ResultJson(const CopyOptions& options, const CopyResult& result,
                       bool already_complete) {
  nlohmann::ordered_json doc;
  doc["version"] = 1;
  doc["run_id"] = result.run_id;
  doc["from"] = options.from;
  doc["to"] = options.to;
  doc["already_complete"] = already_complete;
  doc["rows_read"] = result.rows_read;
  doc["rows"] = result.rows;
  doc["rejected"] = result.rejected;
  doc["rejects"] =
      result.rejects.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(result.rejects);
  doc["bytes_read"] = result.bytes_read;
  doc["bytes"] = result.bytes;
  doc["seconds"] = result.seconds;
  doc["tables"] = nlohmann::ordered_json::array();
  for (const CopiedTable& t : result.tables) {
    doc["tables"].push_back({{"table", t.name},
                             {"files_read", t.files_read},
                             {"rows_read", t.rows_read},
                             {"rows", t.rows},
                             {"rejected", t.rejected},
                             {"bytes", t.bytes},
                             {"files", t.files},
                             {"fingerprint", t.fingerprint}});
  }
  doc["fingerprint"] = result.fingerprint;
  return doc.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void PrintWarnings(const Copying& copying) {
  for (const std::string& w : copying.warnings()) fmt::print(stderr, "warning: {}\n", w);
}

arrow::Result<int> RunCopy(const CommandLine& line) {
  if (line.On("dry-run")) return PrintCopyPlan(line);
  const std::atomic<int>* stop = StopOnSignals();
  const bool json = line.On("json"), quiet = line.On("quiet");
  ARROW_ASSIGN_OR_RAISE(CopyOptions options, CopyOptionsFrom(line));
  if (json && options.to == "-") {
    return arrow::Status::Invalid("--json and - would both write to standard output");
  }
  ARROW_ASSIGN_OR_RAISE(auto copying, Copying::Prepare(std::move(options)));
  PrintWarnings(*copying);
  ARROW_ASSIGN_OR_RAISE(const CopyStart start, copying->Begin());
  if (start.already_complete) {
    if (!quiet) {
      fmt::print(stderr,
                 "already complete: {} holds these files (run {}) · {} rows · {} · fingerprint "
                 "{}\n",
                 copying->options().to, start.run_id, plan::Grouped(start.result.rows),
                 plan::HumanBytes(start.result.bytes), start.result.fingerprint);
    }
    if (json) fmt::print("{}\n", ResultJson(copying->options(), start.result, true));
    return kDone;
  }
  if (!quiet) {
    fmt::print(stderr, "{}", copying->PlanText());
    for (const std::string& note : start.notes) fmt::print(stderr, "  note: {}\n", note);
  }
  RunCounters counters;
  arrow::Result<CopyResult> outcome;
  {
    const Progress progress(Progress::ChooseStyle(quiet, line.On("no-progress")), "copy",
                            copying->bytes(), counters, &RunCounters::read);
    outcome = copying->Run(&counters, stop);
  }
  if (!outcome.ok() && outcome.status().IsCancelled() && *stop) {
    fmt::print(stderr, "{}: {}\n", StoppedExitCode() == kInterrupted ? "interrupted" : "terminated",
               outcome.status().message());
    return StoppedExitCode();
  }
  ARROW_ASSIGN_OR_RAISE(const CopyResult result, std::move(outcome));
  if (result.reader_gone) return kDone;
  if (!quiet) {
    if (result.rejected > 0) {
      fmt::print(stderr, "rejected: {} of {} rows, in {}\n", plan::Grouped(result.rejected),
                 plan::Grouped(result.rows_read), result.rejects);
    }
    const double seconds = std::max(result.seconds, 1e-3);
    fmt::print(
        stderr,
        "done: {} rows read = {} written + {} rejected · {} to {} · {:.1f} s · {}/s · "
        "fingerprint {}\n",
        plan::Grouped(result.rows_read), plan::Grouped(result.rows), plan::Grouped(result.rejected),
        plan::HumanBytes(result.bytes_read), plan::HumanBytes(result.bytes), result.seconds,
        plan::HumanBytes(static_cast<uint64_t>(static_cast<double>(result.bytes_read) / seconds)),
        result.fingerprint);
  }
  if (json) fmt::print("{}\n", ResultJson(copying->options(), result, false));
  return kDone;
}

std::string CopyHelp(const std::vector<std::string>&) {
  std::string out = "Sources:\n";
  for (const io::SourceInfo* s : io::Sources()) {
    out += fmt::format("  {:<14} {}\n", s->schemes, s->help);
  }
  out += "\nDestinations:\n  FILE.EXT       one file, if its name tells a format\n";
  for (const io::DestinationInfo* d : io::Destinations()) {
    out += fmt::format("  {:<14} {}\n", d->schemes, d->help);
  }
  out +=
      "\nExamples:\n"
      "  synthmill copy orders.csv orders.parquet\n"
      "  synthmill copy orders.csv data/shop --on-error reject\n"
      "  synthmill copy data/shop exports --format csv --compression gzip\n";
  for (const io::SourceInfo* s : io::Sources()) out += fmt::format("  {}\n", s->example);
  return out;
}

}  // namespace

arrow::Result<std::vector<Flag>> CopyFlags(const std::vector<std::string>&) {
  std::vector<Flag> flags = {
      {"from-format", "NAME", "format of SRC; default: as its files are called", "", FormatNames()},
      {"format", "NAME", "format of DST; default: as DST is called, else parquet", "",
       FormatNames()},
      {"compression", "NAME", "how files are compressed; zstd(3) sets a level", "",
       CompressionNames()},
      {"schema", "FILE",
       "a dataset file or DDL with types and limits of the columns; default: the files' types, or "
       "inferred"},
      {"tables", "LIST", "only these tables, comma separated"},
      {"columns", "LIST", "only these columns, in this order"},
      {"table", "NAME", "what the one table is called; default: as its file"},
      {"write-mode",
       "MODE",
       "on a target that holds data: error, overwrite, append",
       "error",
       {"error", "overwrite", "append"}},
      {"on-error",
       "WHAT",
       "a row that does not fit: stop (nothing is written), reject (it is put aside)",
       "stop",
       {"stop", "reject"}},
      {"rejects", "FILE", "where rejected rows go; default: beside the run's manifest"},
      {"threads", "N", "threads; default: the CPUs this process may use"},
      {"dry-run", "", "print the plan, write nothing"},
      {"json", "", "print the result (or the plan) as JSON on standard output"},
      {"quiet", "", "print errors and warnings only"},
      {"no-progress", "", "no progress while working"},
      {"row-group-rows", "N", "Parquet: rows of a row group; default: as many as make about 8 MiB"},
      {"delimiter", "CHAR", "CSV: between fields; tab works too; default: a comma, in .tsv a tab"},
      {"no-header", "", "CSV: no line with the column names"},
      {"csv-null", "TEXT", "CSV: how null is written; default: an empty field"},
      {"to-delimiter", "CHAR", "CSV to CSV: of DST"},
      {"to-no-header", "", "CSV to CSV: of DST"},
      {"to-csv-null", "TEXT", "CSV to CSV: of DST"},
  };
  for (Flag& flag : flags) {
    if (flag.help.starts_with("CSV")) flag.group = "CSV";
    if (flag.help.starts_with("Parquet")) flag.group = "Parquet";
    if (flag.name == "dry-run" || flag.name == "json") flag.layered = false;
  }
  for (Flag& flag : DestinationFlags()) flags.push_back(std::move(flag));
  return flags;
}

arrow::Result<int> PrintCopyPlan(const CommandLine& line) {
  ARROW_ASSIGN_OR_RAISE(CopyOptions options, CopyOptionsFrom(line));
  ARROW_ASSIGN_OR_RAISE(auto copying, Copying::Prepare(std::move(options)));
  PrintWarnings(*copying);
  fmt::print("{}{}", line.On("json") ? copying->PlanJson() : copying->PlanText(),
             line.On("json") ? "\n" : "");
  return kDone;
}

extern const Command kCopyCommand;
const Command kCopyCommand = {
    .name = "copy",
    .help = "copy tables between files, folders and buckets, in any format",
    .synopsis = "SRC DST [flags]",
    .examples = "",
    .flags = CopyFlags,
    .run = RunCopy,
    .more_help = CopyHelp,
};

}  // namespace synthmill::cli
