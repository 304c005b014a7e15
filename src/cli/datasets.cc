// synthmill datasets: what is built in.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/kinds.h"
#include "run/dataset.h"
#include "spec/diagnostics.h"

namespace synthmill::cli {

namespace {

arrow::Result<std::vector<Flag>> DatasetsFlags(const std::vector<std::string>&) {
  return std::vector<Flag>{{"json", "", "print the list as JSON", "", {}, "Options", false, false},
                           {"markdown",
                            "",
                            "kinds: print the page of the documentation",
                            "",
                            {},
                            "Options",
                            false,
                            false}};
}

arrow::Result<int> RunDatasets(const CommandLine& line) {
  if (!line.words.empty() && line.words[0] == "kinds") {
    ARROW_ASSIGN_OR_RAISE(std::string text, KindsText(line.words.size() > 1 ? line.words[1] : ""));
    if (line.On("json")) text = KindsJson();
    if (line.On("markdown")) text = KindsMarkdown();
    std::fputs(text.c_str(), stdout);
    return kDone;
  }
  if (!line.words.empty()) {
    if (line.words[0] != "show") {
      const std::vector<std::string> known = {"show", "kinds"};
      const std::string near = spec::NearMiss(line.words[0], known);
      return arrow::Status::Invalid("unknown word '", line.words[0],
                                    "'; did you mean `synthmill datasets ",
                                    near.empty() ? "show " + line.words[0] : near, "`?");
    }
    if (line.words.size() != 2) {
      return arrow::Status::Invalid("one dataset is needed: synthmill datasets show NAME");
    }
    ARROW_ASSIGN_OR_RAISE(const std::string text, run::ReadDatasetText(line.words[1]));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
  }
  auto doc = nlohmann::ordered_json::array();
  for (const std::string& name : run::BuiltInDatasets()) {
    ARROW_ASSIGN_OR_RAISE(const auto loaded, run::LoadDataset(name));
    doc.push_back({{"dataset", name}, {"title", loaded.spec.title}});
    if (!line.On("json")) fmt::print("{:<12} {}\n", name, loaded.spec.title);
  }
  if (line.On("json")) {
    fmt::print("{}\n", doc.dump(2));
  } else {
    fmt::print(
        "\n`synthmill datasets show NAME` prints a dataset's file; a copy with changes works "
        "by its path.\n");
  }
  return kDone;
}

}  // namespace

extern const Command kDatasetsCommand;
const Command kDatasetsCommand = {
    .name = "datasets",
    .help = "list the built-in datasets, print one's file, or tell what a file can say",
    .synopsis = "[show NAME | kinds [KIND]]",
    .examples =
        "  synthmill datasets\n  synthmill datasets show NAME > my.yaml\n"
        "  synthmill datasets kinds\n  synthmill datasets kinds template\n",
    .flags = DatasetsFlags,
    .run = RunDatasets,
    .more_help = nullptr,
};

}  // namespace synthmill::cli
