// Finding and reading dataset files: built-in ones by name, others by path.
#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostics.h"
#include "spec/spec.h"

namespace synthmill::run {

struct LoadedDataset {
  spec::Spec spec;
  std::unique_ptr<spec::Diagnostics> diagnostics;  // of the file; compiling adds to it
  bool built_in = false;
  // Of the import, where the file is DDL or of the older YAML form; spec.text is what it became.
  std::vector<std::string> warnings;
};

// Names of the datasets baked into the binary, sorted.
std::vector<std::string> BuiltInDatasets();

// Whether a word is meant as a file: it holds a '/' or ends in .yaml, .yml or .sql.
bool IsDatasetPath(std::string_view word);

// The text of a dataset file, byte for byte. An unknown name is answered with a suggestion.
arrow::Result<std::string> ReadDatasetText(const std::string& name_or_path);

// Reads and checks; all errors of the file come at once.
arrow::Result<LoadedDataset> LoadDataset(const std::string& name_or_path);

}  // namespace synthmill::run
