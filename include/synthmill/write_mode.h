// What a run does with a target that already holds something.
#pragma once

#include <optional>
#include <string_view>

namespace synthmill {

enum class WriteMode {
  kError,      // refuse, unless the target is this very run, finished
  kOverwrite,  // replace the folders of this run's tables
  kAppend,     // add a run with new ids beside the others
};

constexpr std::string_view WriteModeName(WriteMode mode) {
  switch (mode) {
    case WriteMode::kOverwrite:
      return "overwrite";
    case WriteMode::kAppend:
      return "append";
    default:
      return "error";
  }
}

constexpr std::optional<WriteMode> ParseWriteMode(std::string_view name) {
  for (WriteMode m : {WriteMode::kError, WriteMode::kOverwrite, WriteMode::kAppend}) {
    if (name == WriteModeName(m)) return m;
  }
  return std::nullopt;
}

}  // namespace synthmill
