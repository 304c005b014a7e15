#include "core/resources.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace synthmill {
namespace {

TEST(Resources, AreSortedAndFoundByName) {
  const auto all = Resources();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const Resource& a, const Resource& b) { return a.name < b.name; }));
  for (const Resource& resource : all) {
    EXPECT_EQ(FindResource(resource.name), &resource) << resource.name;
  }
  EXPECT_EQ(FindResource(""), nullptr);
  EXPECT_EQ(FindResource("no/such.yaml"), nullptr);
}

TEST(Resources, AreTheFilesOfTheDatasetsFolder) {
  const std::filesystem::path folder = std::filesystem::path(SYNTHMILL_SOURCE_DIR) / "datasets";
  EXPECT_FALSE(Resources().empty());
  for (const Resource& resource : Resources()) {
    std::ifstream file(folder / resource.name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    EXPECT_TRUE(bytes.str() == resource.bytes) << resource.name;
  }
}

}  // namespace
}  // namespace synthmill
