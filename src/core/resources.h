// Files baked into the binary: the datasets folder (built-in specs and their lists). The build
// embeds them (cmake/SynthmillResources.cmake), so that the binary works from any folder.
#ifndef SYNTHMILL_CORE_RESOURCES_H_
#define SYNTHMILL_CORE_RESOURCES_H_

#include <span>
#include <string_view>

namespace synthmill {

// One embedded file. Both views live as long as the program.
struct Resource {
  std::string_view name;   // relative to datasets/, such as "mdm.yaml" or "lists/last_names.csv"
  std::string_view bytes;  // as in the file
};

// All embedded files, sorted by name. Thread safe.
std::span<const Resource> Resources();

// The file of exactly this name, or nullptr. Thread safe.
const Resource* FindResource(std::string_view name);

}  // namespace synthmill

#endif  // SYNTHMILL_CORE_RESOURCES_H_
