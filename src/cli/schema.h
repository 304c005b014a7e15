// The verbs of `synthmill schema`; one file each.
#pragma once

#include <arrow/result.h>

#include "cli/app.h"

namespace synthmill::cli {

arrow::Result<int> SchemaImport(const CommandLine& line);  // words: the files
arrow::Result<int> SchemaCheck(const CommandLine& line);   // words: the file
arrow::Result<int> SchemaShow(const CommandLine& line);    // words: the file

// Writes a file whole or not at all. Refuses one that is there unless `force`.
arrow::Status WriteNewFile(const std::string& path, std::string_view text, bool force);

}  // namespace synthmill::cli
