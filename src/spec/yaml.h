// A YAML document as a tree that remembers where everything stood.
//
// Thread rules: a Node is immutable once parsed and may be read from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/diagnostics.h"

namespace synthmill::spec {

struct Node {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  struct Entry;

  Kind kind = Kind::kNull;
  Location at;
  bool quoted = false;         // a scalar that stood in quotes is always text
  std::string text;            // scalars only
  std::vector<Node> items;     // sequences only
  std::vector<Entry> entries;  // maps only, in the order of the file

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_sequence() const { return kind == Kind::kSequence; }
  bool is_map() const { return kind == Kind::kMap; }
  // The value under `key`, or nullptr. Maps are small: a linear search.
  const Node* Find(std::string_view key) const;
};

struct Node::Entry {
  std::string key;
  Location at;  // where the key stands
  Node value;
};

// Parses one YAML document. Syntax errors, duplicate keys, documents deeper than 64 levels or with
// more than 1,000,000 nodes (after aliases) are reported to `diagnostics`; the tree returned then
// holds what could be read; `*complete` tells whether the end of the document was reached (a
// duplicate key does not stop the reader). The text is UTF-8, at most 16 MiB.
Node ParseYaml(std::string_view text, Diagnostics* diagnostics, bool* complete = nullptr);

// Nodes and bytes of text below and with `node`, as a measure of what a copy of it costs.
int64_t CopyCost(const Node& node);

}  // namespace synthmill::spec
