// The flags of generate and plan: common ones, and those a dataset's parameters become.
#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

#include "cli/app.h"
#include "spec/spec.h"
#include "synthmill/generate.h"

namespace synthmill::cli {

std::vector<Flag> CommonFlags();

// For --format and --compression.
std::vector<std::string> FormatNames();
std::vector<std::string> CompressionNames();

// What the registered destinations add, for every command that reads or writes at one.
std::vector<Flag> DestinationFlags();
// Their values. A flag given on the command line that belongs to no destination of `uris` is
// refused; the environment and configuration files may hold more than is needed.
arrow::Result<std::map<std::string, std::string, std::less<>>> DestinationOptionsFrom(
    const CommandLine& line, const std::vector<std::string>& uris);
// total_records -> --total-records; a bool that is true by default -> --no-…
std::vector<Flag> ParameterFlags(const spec::Spec& spec);

// Whether a word looks like a dataset: built in, or a path.
bool LooksLikeDataset(std::string_view word);
// The dataset's spec, if `args` name one that can be read; errors of a file are returned, an
// unknown word gives the common flags.
arrow::Result<std::vector<Flag>> GenerateFlags(const std::vector<std::string>& args);
std::string DatasetHelp(const std::vector<std::string>& args);

arrow::Result<GenerateOptions> OptionsFrom(const CommandLine& line);

}  // namespace synthmill::cli
