// The frame of the command line: commands, flags, errors, exit codes.
//
// A command is one file and one line in the registry (app.cc); a flag is one entry of its command's
// list. Help, the configuration files, the environment and shell completion all use these lists.
#pragma once

#include <arrow/result.h>

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::cli {

enum ExitCode {
  kDone = 0,
  kCheckFailed = 1,
  kUsage = 2,  // or any other error
  kNotThereYet = 3,
  kInterrupted = 130,
  kTerminated = 143,
};

struct Flag {
  std::string name;   // without dashes
  std::string value;  // what stands for its value in the help: "DIR"; empty: a switch
  std::string help;
  std::string fallback = {};              // shown as the default; empty: none
  std::vector<std::string> choices = {};  // for completion; the command checks them itself
  std::string group = "Options";
  bool negatable = false;   // a switch that also comes as --no-NAME
  bool layered = true;      // may be set by environment and configuration files
  bool repeatable = false;  // values given one after the other are a list, as if comma separated
  char letter = 0;          // also as -o; 0: none
};

struct CommandLine {
  std::vector<std::string> words;  // what is not a flag
  // Flags given there or, below that, by environment and files; switches: "true" or "false".
  std::map<std::string, std::string, std::less<>> flags;
  std::map<std::string, std::string, std::less<>> sources;  // of each: "command line", …

  bool Has(std::string_view flag) const { return flags.find(flag) != flags.end(); }
  std::string Get(std::string_view flag, std::string fallback = "") const;
  bool On(std::string_view flag) const { return Get(flag) == "true"; }
  // A whole number in [least, most]; the error names the flag and where it came from.
  arrow::Result<uint64_t> Number(std::string_view flag, uint64_t fallback, uint64_t least,
                                 uint64_t most) const;
  std::vector<std::string> List(std::string_view flag) const;  // comma separated, or repeated
};

struct Command {
  const char* name;
  const char* help;      // one line
  const char* synopsis;  // "DATASET|FILE.yaml [flags]"
  const char* examples;  // command lines, one each line; DATASET stands for a dataset's name
  // The flags for these arguments: a dataset named there adds its own. Must not fail for words that
  // are not known; Run tells about them.
  arrow::Result<std::vector<Flag>> (*flags)(const std::vector<std::string>& args);
  arrow::Result<int> (*run)(const CommandLine& line);
  // More for the help of these arguments (a dataset's own text and examples); may be nullptr.
  std::string (*more_help)(const std::vector<std::string>& args);
};

std::span<const Command* const> Commands();

// Parses `args` by `flags` and fills in what environment and files say. Unknown flags are refused
// with a suggestion. `section` is the dataset whose part of the files counts; may be empty.
arrow::Result<CommandLine> ParseArgs(const Command& command, const std::vector<Flag>& flags,
                                     const std::vector<std::string>& args,
                                     const std::string& section);

// The first of `args` that is not a flag or a flag's value, as far as `flags` tells; -1 if none.
// With `accept`, the first that it accepts, else the first.
int FindWord(const std::vector<std::string>& args, const std::vector<Flag>& flags,
             bool (*accept)(std::string_view) = nullptr);

std::string HelpText(const Command& command, const std::vector<Flag>& flags,
                     const std::vector<std::string>& args);

// The first built-in dataset in place of DATASET: no code knows its name.
std::string WithDataset(std::string text);

// Everything but the process's own end. No exception leaves it.
int Main(int argc, char** argv);

// "error: …" on stderr; returns kUsage.
int PrintError(const arrow::Status& status);

}  // namespace synthmill::cli
