#include <fmt/format.h>

#include <sstream>

#include "io/delta/delta_destination.h"
#include "io/destinations/destination.h"
#include "io/partition.h"
#include "spec/diagnostics.h"

namespace synthmill::io {

extern const DestinationInfo kHdfsDestination;
extern const DestinationInfo kHiveDestination;
extern const DestinationInfo kGcsDestination;
extern const DestinationInfo kLocalDestination;
extern const DestinationInfo kNullDestination;
extern const DestinationInfo kS3Destination;
extern const DestinationInfo kStdoutDestination;

namespace {

// One line per destination. The local folder takes whatever has no scheme.
const DestinationInfo* const kDestinations[] = {
    // clang-format off
    &kLocalDestination,
    &kNullDestination,
    &kS3Destination,
    &kGcsDestination,
    &kHdfsDestination,
    &kStdoutDestination,
    &kHiveDestination,
    // clang-format on
};

}  // namespace

std::span<const DestinationInfo* const> Destinations() { return kDestinations; }

arrow::Result<const DestinationInfo*> FindDestination(std::string_view uri) {
  if (uri.empty()) return arrow::Status::Invalid("no destination: say where to with --to");
  for (const DestinationInfo* d : kDestinations) {
    if (d->matches(uri)) return d;
  }
  std::vector<std::string> schemes;
  for (const DestinationInfo* d : kDestinations) {
    std::istringstream words(d->schemes);
    for (std::string word; words >> word;) {
      if (word.ends_with(':')) schemes.push_back(word);
    }
  }
  const std::string scheme(uri.substr(0, uri.find(':') + 1));
  return arrow::Status::Invalid("unknown destination '", scheme, "' in --to ", std::string(uri),
                                "; ", spec::Suggest(scheme, schemes),
                                " (a path goes to a folder, - to stdout)");
}

arrow::Result<std::unique_ptr<Destination>> OpenDestination(const std::string& uri,
                                                            const DestinationOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const DestinationInfo* info, FindDestination(uri));
  ARROW_ASSIGN_OR_RAISE(auto destination, info->open(uri, options));
  if (destination->table_documents() == nullptr) return destination;
  return delta::WithLogs(std::move(destination), uri);
}

std::string ShellWord(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string PartFileName(uint64_t part, std::string_view suffix, std::string_view extension) {
  return suffix.empty() ? fmt::format("part-{:05}.{}", part, extension)
                        : fmt::format("part-{:05}-{}.{}", part, suffix, extension);
}

arrow::Result<std::unique_ptr<BatchWriter>> OpenFormat(
    const RunTarget& target, size_t table, std::shared_ptr<arrow::io::OutputStream> out) {
  return target.format->open(
      std::move(out), FileSchema(target.tables[table].schema, target.tables[table].partition_by),
      target.format_options);
}

}  // namespace synthmill::io
