#include "core/resources.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace {
struct EmbeddedFile {
  const char* name;
  const char* begin;
  const char* end;
};
}  // namespace

#include "resources.inc"  // kEmbeddedFiles

namespace synthmill {

std::span<const Resource> Resources() {
  static const std::vector<Resource> kResources = [] {
    std::vector<Resource> resources;
    const size_t count = std::size(kEmbeddedFiles) - 1;
    resources.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      const EmbeddedFile& file = kEmbeddedFiles[i];
      resources.push_back(
          {file.name, std::string_view(file.begin, static_cast<size_t>(file.end - file.begin))});
    }
    return resources;
  }();
  return kResources;
}

const Resource* FindResource(std::string_view name) {
  const std::span<const Resource> all = Resources();
  const auto it = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Resource& resource, std::string_view wanted) { return resource.name < wanted; });
  return it != all.end() && it->name == name ? &*it : nullptr;
}

}  // namespace synthmill
