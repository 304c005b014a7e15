#include "cli/app.h"

#include <arrow/status.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>

#include "cli/settings.h"
#include "run/dataset.h"
#include "spec/diagnostics.h"
#include "synthmill/version.h"

namespace synthmill::cli {

extern const Command kGenerateCommand;
extern const Command kPlanCommand;
extern const Command kCopyCommand;
extern const Command kVerifyCommand;
extern const Command kSchemaCommand;
extern const Command kDatasetsCommand;
extern const Command kDoctorCommand;
extern const Command kCompletionsCommand;

namespace {

// One line per command, in the order of the help.
const Command* const kCommands[] = {
    &kGenerateCommand, &kPlanCommand,     &kCopyCommand,   &kVerifyCommand,
    &kSchemaCommand,   &kDatasetsCommand, &kDoctorCommand, &kCompletionsCommand,
};

constexpr char kVersionText[] = "synthmill " SYNTHMILL_VERSION "\n";

std::string Usage() {
  std::string out =
      "synthmill makes labelled business data: repeatable, at the speed of the disk.\n\n"
      "Usage: synthmill COMMAND [flags]\n\nCommands:\n";
  for (const Command* c : kCommands) out += fmt::format("  {:<12} {}\n", c->name, c->help);
  out += WithDataset(
      "\nExamples:\n"
      "  synthmill generate DATASET --to data/DATASET --truth\n"
      "  synthmill generate DATASET --help\n"
      "  synthmill plan DATASET\n"
      "  synthmill verify data/DATASET\n\n");
  out +=
      "synthmill COMMAND --help tells more. Flags may also be set by SYNTHMILL_<FLAG>,\n"
      "./synthmill.yaml and ~/.config/synthmill/config.yaml, in this order.\n";
  return out;
}

const Command* FindCommand(std::string_view name) {
  for (const Command* c : kCommands) {
    if (name == c->name) return c;
  }
  return nullptr;
}

bool WantsHelp(const std::vector<std::string>& args) {
  for (const std::string& arg : args) {
    if (arg == "--") return false;
    if (arg == "--help" || arg == "-h") return true;
  }
  return false;
}

int RunCommand(const Command& command, const std::vector<std::string>& args) {
  auto flags = command.flags(args);
  if (!flags.ok()) return PrintError(flags.status());
  if (WantsHelp(args)) {
    std::fputs(HelpText(command, *flags, args).c_str(), stdout);
    return kDone;
  }
  const int word = FindWord(args, *flags);
  auto line = ParseArgs(command, *flags, args, word < 0 ? "" : args[word]);
  if (!line.ok()) return PrintError(line.status());
  auto code = command.run(*line);
  if (!code.ok()) return PrintError(code.status());
  return *code;
}

int Dispatch(std::vector<std::string> args) {
  if (args.empty() || args[0] == "--help" || args[0] == "-h") {
    std::fputs(Usage().c_str(), stdout);
    return kDone;
  }
  if (args[0] == "--version" || args[0] == "-V" || args[0] == "version") {
    std::fputs(kVersionText, stdout);
    return kDone;
  }
  std::string name = args[0];
  args.erase(args.begin());
  if (name == "help") {
    if (args.empty()) return Dispatch({"--help"});
    name = args[0];
    args[0] = "--help";
  }
  if (const Command* command = FindCommand(name)) return RunCommand(*command, args);
  std::vector<std::string> names = {"help", "version"};
  for (const Command* c : kCommands) names.emplace_back(c->name);
  const bool flag = name.starts_with("-");
  return PrintError(
      arrow::Status::Invalid(flag ? "a command comes first, not '" : "unknown command '", name,
                             "'; ", spec::Suggest(name, names)));
}

}  // namespace

std::span<const Command* const> Commands() { return kCommands; }

std::string CommandLine::Get(std::string_view flag, std::string fallback) const {
  const auto it = flags.find(flag);
  return it == flags.end() ? std::move(fallback) : it->second;
}

arrow::Result<uint64_t> CommandLine::Number(std::string_view flag, uint64_t fallback,
                                            uint64_t least, uint64_t most) const {
  const auto it = flags.find(flag);
  if (it == flags.end()) return fallback;
  std::string digits;
  for (char c : it->second) {
    if (c != '_') digits.push_back(c);  // 1_000_000
  }
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < least ||
      value > most) {
    const auto source = sources.find(flag);
    return arrow::Status::Invalid(fmt::format(
        "--{} {}: a whole number from {} to {} is needed{}", flag, it->second, least, most,
        source == sources.end() || source->second == "command line"
            ? ""
            : " (set by " + source->second + ")"));
  }
  return value;
}

std::vector<std::string> CommandLine::List(std::string_view flag) const {
  std::vector<std::string> out;
  std::string word;
  for (char c : Get(flag) + ",") {
    if (c != ',') {
      word.push_back(c);
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  return out;
}

int FindWord(const std::vector<std::string>& args, const std::vector<Flag>& flags,
             bool (*accept)(std::string_view)) {
  int first = -1;
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg.starts_with("--") && arg.size() > 2) {
      if (arg.find('=') != std::string::npos) continue;
      for (const Flag& flag : flags) {
        if (arg.substr(2) == flag.name && !flag.value.empty()) ++i;
      }
      continue;
    }
    if (arg.size() == 2 && arg[0] == '-') {
      for (const Flag& flag : flags) {
        if (flag.letter == arg[1] && !flag.value.empty()) ++i;
      }
      continue;
    }
    if (arg.starts_with("-") && arg.size() > 1) continue;
    if (accept && accept(arg)) return static_cast<int>(i);
    if (!accept) return static_cast<int>(i);
    if (first < 0) first = static_cast<int>(i);
  }
  return first;
}

arrow::Result<CommandLine> ParseArgs(const Command& command, const std::vector<Flag>& flags,
                                     const std::vector<std::string>& args,
                                     const std::string& section) {
  CommandLine line;
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, bool> switches;
  for (const Flag& flag : flags) {
    if (flag.value.empty()) {
      app.add_flag("--" + flag.name + (flag.negatable ? ",!--no-" + flag.name : ""),
                   switches[flag.name]);
    } else {
      const std::string letter = flag.letter ? std::string(",-") + flag.letter : "";
      app.add_option("--" + flag.name + letter, values[flag.name])->allow_extra_args(false);
    }
  }
  // CLI11 takes its arguments in reverse.
  std::vector<std::string> reversed(args.rbegin(), args.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& e) {
    return arrow::Status::Invalid(e.what());
  }
  for (const Flag& flag : flags) {
    if (app.get_option("--" + flag.name)->count() == 0) continue;
    std::string& value = line.flags[flag.name];
    if (flag.value.empty()) {
      value = switches[flag.name] ? "true" : "false";
    } else if (flag.repeatable) {
      for (const std::string& v : values[flag.name]) value += (value.empty() ? "" : ",") + v;
    } else {
      value = values[flag.name].back();  // the last one counts
    }
    line.sources[flag.name] = "command line";
  }
  for (const std::string& rest : app.remaining()) {
    if (rest == "--") continue;
    if (!rest.starts_with("-") || rest == "-") {
      line.words.push_back(rest);
      continue;
    }
    std::vector<std::string> names = {"--help"};
    for (const Flag& flag : flags) {
      names.push_back("--" + flag.name);
      if (flag.negatable) names.push_back("--no-" + flag.name);
    }
    const std::string given = rest.substr(0, rest.find('='));
    std::string hint = spec::NearMiss(given, names);
    return arrow::Status::Invalid(
        "unknown flag ", given, "; ",
        hint.empty() ? fmt::format("`synthmill {} --help` lists them", command.name)
                     : "did you mean " + hint + "?");
  }
  ARROW_ASSIGN_OR_RAISE(const Settings settings, Settings::Load());
  ARROW_RETURN_NOT_OK(settings.Apply(flags, section, &line));
  return line;
}

std::string HelpText(const Command& command, const std::vector<Flag>& flags,
                     const std::vector<std::string>& args) {
  std::string out =
      fmt::format("{}\n\nUsage: synthmill {} {}\n", command.help, command.name, command.synopsis);
  const std::string more = command.more_help ? command.more_help(args) : "";
  std::vector<std::string> groups;
  for (const Flag& flag : flags) {
    if (std::find(groups.begin(), groups.end(), flag.group) == groups.end()) {
      groups.push_back(flag.group);
    }
  }
  for (const std::string& group : groups) {
    out += fmt::format("\n{}:\n", group);
    for (const Flag& flag : flags) {
      if (flag.group != group) continue;
      // A switch that is on by default is shown by what switches it off.
      const bool off = flag.negatable && flag.fallback == "true";
      std::string left =
          fmt::format("  {}--{}{}", flag.letter ? fmt::format("-{}, ", flag.letter) : "",
                      off ? "no-" : "", flag.name);
      if (!flag.value.empty()) left += " " + flag.value;
      std::string right = (off ? "leave out: " : "") + flag.help;
      if (flag.repeatable) right += "; may be repeated";
      if (!flag.fallback.empty() && !flag.value.empty()) right += " [" + flag.fallback + "]";
      if (left.size() > 30) {
        out += fmt::format("{}\n{:32}{}\n", left, "", right);
      } else {
        out += fmt::format("{:<32}{}\n", left, right);
      }
    }
  }
  if (!more.empty()) {
    out += "\n" + more;
  } else if (std::strlen(command.examples) > 0) {
    out += "\nExamples:\n" + WithDataset(command.examples);
  }
  return out;
}

std::string WithDataset(std::string text) {
  constexpr std::string_view kPlace = "DATASET";
  const auto names = run::BuiltInDatasets();
  if (names.empty()) return text;
  for (size_t at = text.find(kPlace); at != std::string::npos; at = text.find(kPlace, at)) {
    text.replace(at, kPlace.size(), names[0]);
  }
  return text;
}

int PrintError(const arrow::Status& status) {
  std::string message = status.message();
  while (message.ends_with('\n')) message.pop_back();
  fmt::print(stderr, "error: {}\n", message);
  return kUsage;
}

int Main(int argc, char** argv) {
  try {
    const int code = Dispatch(std::vector<std::string>(argv + 1, argv + argc));
    std::fflush(stdout);
    return code;
  } catch (const std::exception& e) {  // out of memory, or a mistake of ours
    std::fprintf(stderr, "error: %s\n", e.what());
    return kUsage;
  }
}

}  // namespace synthmill::cli
