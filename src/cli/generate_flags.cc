#include "cli/generate_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "io/destinations/destination.h"
#include "run/dataset.h"
#include "schema/load_script.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {

namespace {

constexpr char kDestinationGroup[] = "Destination ";

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

std::vector<std::string> LoadDialectNames() {
  std::vector<std::string> names;
  for (const schema::LoadDialect* dialect : schema::LoadDialects())
    names.emplace_back(dialect->name);
  return names;
}

const char* ValueWord(spec::Parameter::Type type) {
  switch (type) {
    case spec::Parameter::Type::kInt:
      return "N";
    case spec::Parameter::Type::kDecimal:
      return "NUMBER";
    case spec::Parameter::Type::kShare:
      return "SHARE";
    case spec::Parameter::Type::kDate:
      return "DATE";
    case spec::Parameter::Type::kString:
      return "TEXT";
    case spec::Parameter::Type::kBool:
      return "";
  }
  return "TEXT";
}

std::string ParameterOf(std::string flag) {
  std::replace(flag.begin(), flag.end(), '-', '_');
  return flag;
}

// The dataset among `args`, or an empty string.
std::string DatasetOf(const std::vector<std::string>& args) {
  const int word = FindWord(args, CommonFlags(), LooksLikeDataset);
  return word < 0 || !LooksLikeDataset(args[word]) ? std::string() : args[word];
}

// Flags of destinations go there, except those that the dataset has as parameters: they are given
// to the dataset, which tells the destination.
arrow::Status SplitDestinationFlags(CommandLine line, GenerateOptions* options) {
  std::vector<std::string> given;
  for (const Flag& flag : DestinationFlags()) {
    if (line.Has(flag.name)) given.push_back(flag.name);
  }
  if (!given.empty()) {
    ARROW_ASSIGN_OR_RAISE(const run::LoadedDataset loaded, run::LoadDataset(options->dataset));
    for (const std::string& flag : given) {
      if (!loaded.spec.FindParameter(ParameterOf(flag))) continue;
      options->parameters[ParameterOf(flag)] = line.Get(flag);
      line.flags.erase(flag);
    }
  }
  return DestinationOptionsFrom(line, {options->to, line.Get("location")})
      .Value(&options->destination);
}

}  // namespace

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const io::Format* format : io::Formats()) names.emplace_back(format->name);
  return names;
}

std::vector<std::string> CompressionNames() {
  std::vector<std::string> names;
  for (const io::Format* format : io::Formats()) {
    std::string word;
    for (const char c : std::string(format->compressions) + " ") {
      if (c != ' ') {
        word.push_back(c);
        continue;
      }
      if (!word.empty() && std::find(names.begin(), names.end(), word) == names.end()) {
        names.push_back(word);
      }
      word.clear();
    }
  }
  return names;
}

std::vector<Flag> CommonFlags() {
  const std::string formats = Joined(FormatNames());
  std::vector<Flag> flags = {
      {"to", "URI", "where to: a folder, null: or - (standard output)"},
      {"format", "NAME", "file format: " + formats, "parquet", FormatNames()},
      {"compression", "NAME",
       "how files are compressed: " + Joined(CompressionNames()) + "; zstd(3) sets a level", "",
       CompressionNames()},
      {"tables", "LIST", "only these tables, comma separated"},
      {"truth", "", "write the truth tables too: who is who, and every change noise made"},
      {"noise", "PROFILE", "how dirty: a profile of the dataset, or none"},
      {"seed", "N", "same seed, same values", "42"},
      {"as-of", "DATE", "the day the data are of, as 2026-01-31; default: the dataset's"},
      {"write-mode",
       "MODE",
       "on a target that holds data: error, overwrite, append",
       "error",
       {"error", "overwrite", "append"}},
      {"resume", "", "go on with an unfinished run of the same settings, or start one"},
      {"rows", "LIST",
       "row counts: 1000 for every table with rows of its own, orders=1M for one, items=3..9 for "
       "each row of its parent"},
      {"load-script", "LIST",
       "SQL beside the data that creates and loads the tables: " + Joined(LoadDialectNames()) +
           ", none; default for DDL: its own dialects and duckdb",
       "", LoadDialectNames()},
      {"partition-by", "LIST",
       "a folder for each value of these columns (region=EU/), in every table that has them"},
      {"partitions", "N", "parts of each table; default: one for each 524,288 rows, at least 8"},
      {"chunks", "N", "the same as --partitions"},
      {"records-per-chunk", "N",
       "rows of each part of a table with rows of its own; with --chunks, so many parts of so many "
       "rows"},
      {"slices", "FILE", "lines `table | slice | rows`: one part for each slice, with its rows"},
      {"scale", "FACTOR", "multiplies the rows of each slice, as 1e-6; rounded half up"},
      {"slice", "LIST",
       "only these slices, as 17 or 100..199; the tables without slices are left out"},
      {"threads", "N", "threads; default: the CPUs this process may use"},
      {"dry-run", "", "print the plan, write nothing"},
      {"json", "", "print the result (or the plan) as JSON on standard output"},
      {"quiet", "", "print errors and warnings only"},
      {"no-progress", "", "no progress while working"},
      {"row-group-rows", "N", "Parquet: rows of a row group; default: as many as make about 8 MiB"},
      {"csv-null", "TEXT", "CSV: how null is written; default: an empty field"},
      {"delimiter", "CHAR", "CSV: between fields; tab works too", ","},
      {"no-header", "", "CSV: no line with the column names"},
  };
  for (Flag& flag : flags) {
    if (flag.name == "csv-null" || flag.name == "delimiter" || flag.name == "no-header") {
      flag.group = "CSV";
    }
    if (flag.name == "row-group-rows") flag.group = "Parquet";
    flag.repeatable = flag.name == "rows" || flag.name == "slice";
    if (flag.name == "dry-run" || flag.name == "json") flag.layered = false;
  }
  for (Flag& flag : DestinationFlags()) flags.push_back(std::move(flag));
  return flags;
}

std::vector<Flag> DestinationFlags() {
  std::vector<Flag> flags;
  for (const io::DestinationInfo* destination : io::Destinations()) {
    for (const io::DestinationFlag& f : destination->flags) {
      const bool known = std::any_of(flags.begin(), flags.end(),
                                     [&](const Flag& other) { return other.name == f.name; });
      if (known) continue;  // two destinations share it
      Flag flag{f.name, f.value, f.help};
      flag.group = std::string(kDestinationGroup) + destination->name;
      flags.push_back(std::move(flag));
    }
  }
  return flags;
}

arrow::Result<std::map<std::string, std::string, std::less<>>> DestinationOptionsFrom(
    const CommandLine& line, const std::vector<std::string>& uris) {
  std::map<std::string, std::string, std::less<>> options;
  for (const Flag& flag : DestinationFlags()) {
    if (!line.Has(flag.name)) continue;
    options[flag.name] = line.Get(flag.name);
    const auto source = line.sources.find(flag.name);
    if (source == line.sources.end() || source->second != "command line") continue;
    std::string owners;
    bool used = false;
    for (const io::DestinationInfo* destination : io::Destinations()) {
      for (const io::DestinationFlag& f : destination->flags) {
        if (flag.name != f.name) continue;
        owners += std::string(owners.empty() ? "" : ", ") + destination->schemes;
        // The files of a metastore's tables may be anywhere.
        for (const std::string& uri : uris) {
          used = used || destination->matches(uri) || uri.starts_with("hive:");
        }
      }
    }
    if (!used) {
      return arrow::Status::Invalid("--", flag.name, " is for ", owners,
                                    ", which this command does not read or write");
    }
  }
  return options;
}

std::vector<Flag> ParameterFlags(const spec::Spec& spec) {
  std::vector<Flag> flags;
  for (const spec::Parameter& p : spec.parameters) {
    Flag flag;
    flag.name = p.name;
    std::replace(flag.name.begin(), flag.name.end(), '_', '-');
    flag.value = ValueWord(p.type);
    flag.help = p.help;
    if (p.min.given() || p.max.given()) {
      const std::string limits = p.min.given() && p.max.given() ? p.min.text + " to " + p.max.text
                                 : p.min.given()                ? "at least " + p.min.text
                                                                : "at most " + p.max.text;
      flag.help += (flag.help.empty() ? "" : "; ") + limits;
    }
    if (!p.choices.empty()) flag.help += (flag.help.empty() ? "" : ": ") + Joined(p.choices);
    flag.fallback = p.default_value.text;
    flag.choices = p.choices;
    flag.group = "Parameters of " + spec.dataset;
    flag.negatable = p.type == spec::Parameter::Type::kBool;
    flags.push_back(std::move(flag));
  }
  return flags;
}

bool LooksLikeDataset(std::string_view word) {
  if (run::IsDatasetPath(word)) return true;
  const auto names = run::BuiltInDatasets();
  return std::find(names.begin(), names.end(), word) != names.end();
}

arrow::Result<std::vector<Flag>> GenerateFlags(const std::vector<std::string>& args) {
  std::vector<Flag> flags = CommonFlags();
  const std::string dataset = DatasetOf(args);
  if (dataset.empty()) {
    // A mistyped dataset is told before flags that only the right one has.
    for (size_t i = 0; i < args.size(); ++i) {
      const bool may_be_value = i > 0 && args[i - 1].starts_with("-");
      if (args[i].starts_with("-") || may_be_value || args[i] == "generate") continue;
      return run::ReadDatasetText(args[i]).status();
    }
    return flags;
  }
  ARROW_ASSIGN_OR_RAISE(const run::LoadedDataset loaded, run::LoadDataset(dataset));
  std::vector<Flag> own = ParameterFlags(loaded.spec);
  // A parameter `rows` is what --rows sets where no table is named.
  std::erase_if(own, [](const Flag& flag) { return flag.name == "rows"; });
  // A parameter may bear the name of a destination's flag: it is one flag then, which means both.
  std::erase_if(flags, [&](const Flag& flag) {
    return flag.group.starts_with(kDestinationGroup) &&
           std::any_of(own.begin(), own.end(), [&](const Flag& f) { return f.name == flag.name; });
  });
  // The dataset's flags come first in the help.
  own.insert(own.end(), flags.begin(), flags.end());
  for (Flag& flag : own) {
    if (flag.name != "noise") continue;
    flag.choices = {"none"};
    for (const auto& [name, rules] : loaded.spec.noise_profiles) flag.choices.push_back(name);
    flag.help = "how dirty: " + Joined(flag.choices);
    flag.fallback = loaded.spec.default_noise;
  }
  return own;
}

std::string DatasetHelp(const std::vector<std::string>& args) {
  const std::string dataset = DatasetOf(args);
  if (dataset.empty()) {
    std::string out = "Datasets: " + Joined(run::BuiltInDatasets()) +
                      ", or a file of your own by its path.\n"
                      "`synthmill generate DATASET --help` shows a dataset's parameters.\n\n"
                      "Destinations:\n";
    for (const io::DestinationInfo* d : io::Destinations()) {
      out += fmt::format("  {:<14} {}: {}\n", d->schemes, d->help, d->guarantee);
    }
    out += "\nExamples:\n";
    for (const io::DestinationInfo* d : io::Destinations()) {
      out += fmt::format("  {}\n", WithDataset(d->example));
    }
    return out;
  }
  auto loaded = run::LoadDataset(dataset);
  if (!loaded.ok()) return "";
  std::string out = loaded->spec.title.empty() ? "" : loaded->spec.title + "\n\n";
  out += loaded->spec.help;
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  if (!loaded->spec.examples.empty()) {
    out += "\nExamples:\n";
    for (const std::string& example : loaded->spec.examples) out += "  " + example + "\n";
  }
  return out;
}

arrow::Result<GenerateOptions> OptionsFrom(const CommandLine& line) {
  GenerateOptions options;
  if (line.words.empty()) {
    return arrow::Status::Invalid("which dataset? One of: ", Joined(run::BuiltInDatasets()),
                                  ", or a file of your own by its path");
  }
  // A word that is no dataset may be the value of a mistyped flag: the dataset is told first.
  options.dataset = line.words[0];
  if (line.words.size() > 1) {
    return arrow::Status::Invalid("one dataset at a time: '", line.words[0], "' and '",
                                  line.words[1], "' were given");
  }
  options.to = line.Get("to");
  ARROW_RETURN_NOT_OK(SplitDestinationFlags(line, &options));
  options.format = line.Get("format", options.format);
  options.compression = line.Get("compression");
  options.csv_null = line.Get("csv-null");
  options.header = !line.On("no-header");
  ARROW_ASSIGN_OR_RAISE(const uint64_t group, line.Number("row-group-rows", 0, 1, 100'000'000));
  options.row_group_rows = static_cast<int64_t>(group);
  const std::string delimiter = line.Get("delimiter", ",");
  if (delimiter == "tab" || delimiter == "\\t") {
    options.delimiter = '\t';
  } else if (delimiter.size() == 1 && delimiter != "\"" && delimiter != "\n" && delimiter != "\r") {
    options.delimiter = delimiter[0];
  } else {
    return arrow::Status::Invalid("--delimiter '", delimiter,
                                  "': one character is needed (not a quote or a line end), or tab");
  }
  ARROW_ASSIGN_OR_RAISE(options.seed,
                        line.Number("seed", options.seed, 0, std::numeric_limits<int64_t>::max()));
  options.as_of = line.Get("as-of");
  options.noise = line.Get("noise");
  options.truth = line.On("truth");
  options.tables = line.List("tables");
  options.load_scripts = line.List("load-script");
  options.rows = line.List("rows");
  constexpr uint64_t kMostParts = 1'000'000'000'000'000;
  ARROW_ASSIGN_OR_RAISE(options.partitions, line.Number("partitions", 0, 1, kMostParts));
  ARROW_ASSIGN_OR_RAISE(const uint64_t chunks, line.Number("chunks", 0, 1, kMostParts));
  if (chunks > 0 && options.partitions > 0 && chunks != options.partitions) {
    return arrow::Status::Invalid("--chunks ", chunks, " and --partitions ", options.partitions,
                                  " are the same thing: leave one out");
  }
  if (chunks > 0) options.partitions = chunks;
  ARROW_ASSIGN_OR_RAISE(options.part_rows, line.Number("records-per-chunk", 0, 1, kMostParts));
  options.slices = line.Get("slices");
  options.scale = line.Get("scale");
  options.slice = line.List("slice");
  options.partition_by = line.List("partition-by");
  ARROW_ASSIGN_OR_RAISE(const uint64_t threads, line.Number("threads", 0, 1, 4096));
  options.threads = static_cast<int>(threads);
  const std::string mode = line.Get("write-mode", "error");
  const auto parsed = ParseWriteMode(mode);
  if (!parsed) {
    return arrow::Status::Invalid(
        "unknown --write-mode '", mode, "'; ",
        spec::Suggest(mode, std::vector<std::string>{"error", "overwrite", "append"}));
  }
  options.write_mode = *parsed;
  options.resume = line.On("resume");
  const std::vector<Flag> common = CommonFlags();
  for (const auto& [name, value] : line.flags) {
    if (std::none_of(common.begin(), common.end(),
                     [&name = name](const Flag& f) { return f.name == name; })) {
      options.parameters[ParameterOf(name)] = value;
    }
  }
  return options;
}

}  // namespace synthmill::cli
