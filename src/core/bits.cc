#include "core/bits.h"

#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace synthmill::core {

Stream Stream::Sub(std::string_view name) const {
  return {Mix(key ^ XXH3_64bits_withSeed(name.data(), name.size(), key))};
}

Stream MakeStream(uint64_t seed, std::string_view scope, std::string_view column) {
  std::string name;
  name.reserve(scope.size() + column.size() + 1);
  name.append(scope).push_back('\0');  // no name holds a NUL: ("ab","c") and ("a","bc") differ
  name.append(column);
  return {Mix(XXH3_64bits_withSeed(name.data(), name.size(), Mix(seed + kGolden)))};
}

}  // namespace synthmill::core
