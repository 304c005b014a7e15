// Whatever describes tables, as a dataset file: DDL and the older YAML form are imported.
#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace synthmill::schema {

struct DatasetText {
  std::string text;                   // a dataset file
  bool imported = false;              // else `text` is what was given
  std::vector<std::string> warnings;  // file:line:column: …
};

// `path` decides by its suffix (.sql) and names the dataset. What cannot be read is an error with
// all its places.
arrow::Result<DatasetText> AsDatasetText(const std::string& path, std::string text);

// "shop" of "data/shop.sql".
std::string StemOf(const std::string& path);

}  // namespace synthmill::schema
