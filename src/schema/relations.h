// What a dataset file says of its tables' relations, in one place for `schema show` and load
// scripts.
#pragma once

#include <string>
#include <vector>

#include "spec/spec.h"

namespace synthmill::schema {

struct Relation {
  size_t child = 0, parent = 0;              // indices into Spec::tables
  std::vector<const spec::Column*> columns;  // of the child
  std::vector<const spec::Column*> parent_columns;
  bool required = false;  // no null among the child's columns
  bool unique = false;    // a parent has one child at most
};

// Foreign keys: references that share a hidden parent column are one.
std::vector<Relation> Relations(const spec::Spec& spec);

// Parents before children; tables of a cycle stand where the fewest references look ahead of them.
std::vector<size_t> LoadOrder(const spec::Spec& spec, const std::vector<Relation>& relations);

}  // namespace synthmill::schema
