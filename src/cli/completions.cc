// synthmill completions: scripts for shells, made from the lists of commands, flags and datasets.
#include <fmt/format.h>

#include <cstdio>

#include "cli/app.h"
#include "run/dataset.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {

namespace {

struct Words {
  std::string name, help;
  std::vector<Flag> flags;         // --no-NAME spelled out
  std::vector<std::string> first;  // what may follow the command
};

std::string Join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : " ") + w;
  return out;
}

// For a shell's single quotes.
std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

arrow::Result<std::vector<Words>> Collect() {
  std::vector<Words> all;
  const std::vector<std::string> datasets = run::BuiltInDatasets();
  for (const Command* command : Commands()) {
    Words words{command->name, command->help, {}, {}};
    // The flags of all built-in datasets; each once.
    std::vector<std::vector<std::string>> arguments = {{}};
    const bool takes_dataset =
        std::string_view(command->synopsis).find("DATASET") != std::string_view::npos;
    if (takes_dataset) {
      words.first = datasets;
      for (const std::string& dataset : datasets) arguments.push_back({dataset});
    }
    if (std::string_view(command->synopsis).find("show") != std::string_view::npos) {
      words.first = {"show"};
      words.first.insert(words.first.end(), datasets.begin(), datasets.end());
    }
    if (std::string_view(command->synopsis).starts_with("import")) {
      words.first = {"import", "check", "show"};
    }
    if (std::string_view(command->synopsis).find("bash") != std::string_view::npos) {
      words.first = {"bash", "zsh", "fish"};
    }
    for (const auto& args : arguments) {
      ARROW_ASSIGN_OR_RAISE(const auto flags, command->flags(args));
      for (Flag flag : flags) {
        bool known = false;
        for (Flag& f : words.flags) {
          if (f.name != flag.name) continue;
          known = true;
          if (f.choices.empty()) f.choices = flag.choices;
        }
        if (known) continue;
        words.flags.push_back(flag);
        if (flag.negatable) {
          flag.name = "no-" + flag.name;
          flag.help = "leave out: " + flag.help;
          words.flags.push_back(flag);
        }
      }
    }
    Flag help;
    help.name = "help";
    help.help = "show what there is";
    words.flags.push_back(help);
    all.push_back(std::move(words));
  }
  return all;
}

std::string Bash(const std::vector<Words>& all) {
  std::vector<std::string> names = {"help", "version"};
  for (const Words& w : all) names.push_back(w.name);
  std::string out =
      "# synthmill completions bash > ~/.local/share/bash-completion/completions/synthmill\n"
      "_synthmill() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  out += fmt::format("    COMPREPLY=($(compgen -W {} -- \"$cur\")); return\n  fi\n",
                     Quoted(Join(names)));
  out += "  case ${COMP_WORDS[1]} in\n";
  for (const Words& w : all) {
    out += fmt::format("  {})\n    case $prev in\n", w.name);
    std::vector<std::string> flags;
    std::string files;
    for (const Flag& flag : w.flags) {
      flags.push_back("--" + flag.name);
      if (flag.value.empty()) continue;
      if (flag.choices.empty()) {
        files += (files.empty() ? "--" : "|--") + flag.name;
      } else {
        out += fmt::format("    --{}) COMPREPLY=($(compgen -W {} -- \"$cur\")); return ;;\n",
                           flag.name, Quoted(Join(flag.choices)));
      }
    }
    if (!files.empty()) {
      out += fmt::format("    {}) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", files);
    }
    out += "    esac\n";
    out += fmt::format(
        "    case $cur in\n    -*) COMPREPLY=($(compgen -W {} -- \"$cur\")) ;;\n"
        "    *) COMPREPLY=($(compgen -W {} -- \"$cur\") $(compgen -f -- \"$cur\")) ;;\n    esac "
        ";;\n",
        Quoted(Join(flags)), Quoted(Join(w.first)));
  }
  return out + "  esac\n}\ncomplete -o filenames -F _synthmill synthmill\n";
}

// A colon and brackets have a meaning inside zsh's specs.
std::string ZshText(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string Zsh(const std::vector<Words>& all) {
  std::string out =
      "#compdef synthmill\n"
      "# synthmill completions zsh > \"${fpath[1]}/_synthmill\"\n"
      "_synthmill() {\n  local -a commands\n  commands=(\n";
  for (const Words& w : all) out += "    " + Quoted(ZshText(w.name) + ":" + ZshText(w.help)) + "\n";
  out +=
      "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  local command=$words[2]\n  shift words; (( CURRENT-- ))\n"
      "  case $command in\n";
  for (const Words& w : all) {
    out += fmt::format("  {})\n    _arguments \\\n", w.name);
    for (const Flag& flag : w.flags) {
      std::string spec = "--" + flag.name + "[" + ZshText(flag.help) + "]";
      if (!flag.value.empty()) {
        spec += ":" + flag.value + ":";
        spec += flag.choices.empty() ? "_files" : "(" + Join(flag.choices) + ")";
      }
      out += "      " + Quoted(spec) + " \\\n";
    }
    out +=
        "      " +
        Quoted(w.first.empty() ? "*:file:_files" : "*: :{compadd " + Join(w.first) + "; _files}") +
        " ;;\n";
  }
  return out + "  esac\n}\n_synthmill \"$@\"\n";
}

std::string Fish(const std::vector<Words>& all) {
  std::string out = "# synthmill completions fish > ~/.config/fish/completions/synthmill.fish\n";
  for (const Words& w : all) {
    out += fmt::format("complete -c synthmill -n __fish_use_subcommand -f -a {} -d {}\n", w.name,
                       Quoted(w.help));
  }
  for (const Words& w : all) {
    const std::string when = "'__fish_seen_subcommand_from " + w.name + "'";
    if (!w.first.empty()) {
      out += fmt::format("complete -c synthmill -n {} -a {}\n", when, Quoted(Join(w.first)));
    }
    for (const Flag& flag : w.flags) {
      out += fmt::format("complete -c synthmill -n {} -l {} -d {}", when, flag.name,
                         Quoted(flag.help));
      if (!flag.value.empty()) {
        out += flag.choices.empty() ? " -r" : " -x -a " + Quoted(Join(flag.choices));
      }
      out += "\n";
    }
  }
  return out;
}

arrow::Result<std::vector<Flag>> NoFlags(const std::vector<std::string>&) {
  return std::vector<Flag>{};
}

arrow::Result<int> RunCompletions(const CommandLine& line) {
  const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  if (line.words.size() != 1) {
    return arrow::Status::Invalid("one shell is needed: bash, zsh or fish");
  }
  const std::string& shell = line.words[0];
  ARROW_ASSIGN_OR_RAISE(const auto all, Collect());
  std::string text;
  if (shell == "bash")
    text = Bash(all);
  else if (shell == "zsh")
    text = Zsh(all);
  else if (shell == "fish")
    text = Fish(all);
  else {
    return arrow::Status::Invalid("unknown shell '", shell, "'; ", spec::Suggest(shell, shells));
  }
  std::fputs(text.c_str(), stdout);
  return kDone;
}

}  // namespace

extern const Command kCompletionsCommand;
const Command kCompletionsCommand = {
    .name = "completions",
    .help = "print completions for a shell",
    .synopsis = "bash|zsh|fish",
    .examples =
        "  synthmill completions bash > ~/.local/share/bash-completion/completions/synthmill\n",
    .flags = NoFlags,
    .run = RunCompletions,
    .more_help = nullptr,
};

}  // namespace synthmill::cli
