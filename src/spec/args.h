// Typed access to the arguments of a column kind or a noise rule, with errors that point at them.
//
// Every getter may be called with a key that is absent and then returns the fallback; a value of
// the wrong type is reported and the fallback returned, so that all errors come at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/diagnostics.h"
#include "spec/expr.h"
#include "spec/spec.h"
#include "spec/yaml.h"

namespace synthmill::spec {

class Args {
 public:
  // `node` is a map; `what` is how messages call it ("column 'phone' (kind pattern)").
  Args(const Node& node, std::string what, const Environment& env, Diagnostics* diagnostics);

  const Node* Get(std::string_view key) const { return node_.Find(key); }
  bool Has(std::string_view key) const { return Get(key) != nullptr; }
  Location At(std::string_view key) const;  // of the value, or of the map if absent

  // Numbers and dates may be expressions over parameters.
  int64_t Int(std::string_view key, int64_t fallback) const;
  int64_t Decimal(std::string_view key, int64_t fallback) const;  // times 10^9; ints widen
  int64_t Scaled(std::string_view key, int scale, int64_t fallback) const;  // times 10^scale, exact
  int64_t Share(std::string_view key, int64_t fallback) const;  // times 10^9, within 0..1
  int64_t Date(std::string_view key, int64_t fallback) const;   // days since 1970-01-01
  bool Bool(std::string_view key, bool fallback) const;
  std::string Text(std::string_view key, std::string fallback) const;
  // One of `choices`, with a suggestion if it is none of them.
  std::string Choice(std::string_view key, std::span<const std::string> choices,
                     std::string fallback) const;
  // A scalar counts as a list of one.
  std::vector<std::string> TextList(std::string_view key) const;
  // A map value -> weight (decimals times 10^9; must be >= 0 and not all 0) or a plain list
  // (weight 1 each). In the order of the file.
  std::vector<std::pair<std::string, int64_t>> Weights(std::string_view key) const;
  // True if the key is there; otherwise reports that `key` is needed, with `example`.
  bool Require(std::string_view key, std::string_view example) const;

  // Reports every key of the map that is not in `known`, with a suggestion.
  void RejectUnknown(std::span<const std::string> known) const;
  void Error(Location at, std::string message, std::string hint = "") const;

  const Environment& env() const { return env_; }
  Diagnostics* diagnostics() const { return diagnostics_; }
  const std::string& what() const { return what_; }

 private:
  std::string Name(std::string_view key) const;  // "column 'phone' (kind pattern): 'min'"
  LocatedExpr Expression(std::string_view key) const;

  const Node& node_;
  std::string what_;
  const Environment& env_;
  Diagnostics* diagnostics_;
};

}  // namespace synthmill::spec
