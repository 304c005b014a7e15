#include <sstream>

#include "io/sources/source.h"
#include "spec/diagnostics.h"

namespace synthmill::io {

extern const SourceInfo kGcsSource;
extern const SourceInfo kHdfsSource;
extern const SourceInfo kHiveSource;
extern const SourceInfo kLocalSource;
extern const SourceInfo kS3Source;
extern const SourceInfo kStdinSource;

namespace {

// One line per source. Local files take whatever has no scheme.
const SourceInfo* const kSources[] = {
    // clang-format off
    &kLocalSource,
    &kStdinSource,
    &kS3Source,
    &kGcsSource,
    &kHdfsSource,
    &kHiveSource,
    // clang-format on
};

}  // namespace

std::span<const SourceInfo* const> Sources() { return kSources; }

arrow::Result<const SourceInfo*> FindSource(std::string_view uri) {
  for (const SourceInfo* source : kSources) {
    if (source->matches(uri)) return source;
  }
  std::vector<std::string> schemes;
  for (const SourceInfo* source : kSources) {
    std::istringstream words(source->schemes);
    for (std::string word; words >> word;) {
      if (word.ends_with(':')) schemes.push_back(word);
    }
  }
  const std::string scheme(uri.substr(0, uri.find(':') + 1));
  return arrow::Status::Invalid("unknown source '", scheme, "' in ", std::string(uri), "; ",
                                spec::Suggest(scheme, schemes),
                                " (a path is a file or a folder, - is standard input)");
}

}  // namespace synthmill::io
