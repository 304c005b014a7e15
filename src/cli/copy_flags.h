// The flags of copy, which `plan copy` takes too.
#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

#include "cli/app.h"

namespace synthmill::cli {

arrow::Result<std::vector<Flag>> CopyFlags(const std::vector<std::string>& args);
// What a copy would do.
arrow::Result<int> PrintCopyPlan(const CommandLine& line);

}  // namespace synthmill::cli
