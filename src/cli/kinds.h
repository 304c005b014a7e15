// What a dataset file can say, from the registries: `synthmill datasets kinds`.
#pragma once

#include <arrow/result.h>

#include <string>

namespace synthmill::cli {

// All column and noise kinds, one line each; with `name`, one kind with its arguments and example.
arrow::Result<std::string> KindsText(const std::string& name);
// docs/kinds.md.
std::string KindsMarkdown();
std::string KindsJson();

}  // namespace synthmill::cli
