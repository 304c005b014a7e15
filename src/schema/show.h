// A dataset's tables and their relations, for people and for drawing programs.
#pragma once

#include <arrow/type.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "spec/spec.h"

namespace synthmill::schema {

// A table as it was compiled.
struct ShownTable {
  std::string key;
  std::string name;  // of its folder
  uint64_t rows = 0;
  std::shared_ptr<arrow::Schema> schema;
};

// Tables with their columns and keys, then the relations as a tree.
std::string ShowText(const spec::Spec& spec, const std::vector<ShownTable>& tables);
// For Graphviz.
std::string ShowDot(const spec::Spec& spec, const std::vector<ShownTable>& tables);
// Mermaid's erDiagram.
std::string ShowMermaid(const spec::Spec& spec, const std::vector<ShownTable>& tables);
std::string ShowJson(const spec::Spec& spec, const std::vector<ShownTable>& tables);

}  // namespace synthmill::schema
