// What stands below the command line: environment, project file, user file.
//
//   SYNTHMILL_<FLAG>                   threads: 4            # flags, at the top
//   ./synthmill.yaml                   format: csv
//   ~/.config/synthmill/config.yaml    DATASET:              # flags of one dataset
//                                        total_records: 5000
#pragma once

#include <arrow/result.h>

#include <optional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "spec/yaml.h"

namespace synthmill::cli {

class Settings {
 public:
  // Reads the files that are there. Errors carry file:line:column.
  static arrow::Result<Settings> Load();

  // Sets every flag that `line` lacks and that is set somewhere below it. Words at the top of a
  // file that are no flag of any command are refused with a suggestion.
  arrow::Status Apply(const std::vector<Flag>& flags, const std::string& section,
                      CommandLine* line) const;

  struct File {
    std::string path;
    spec::Node root;
  };
  const std::vector<File>& files() const { return files_; }
  // Files looked for, in order of precedence.
  static std::vector<std::string> Paths();
  static std::string VariableName(const std::string& flag);

 private:
  std::vector<File> files_;
};

}  // namespace synthmill::cli
