// What a noise kind is: an entry in the registry that compiles a rule of a spec into something that
// spoils some cells of a batch. A new kind is one file in noise/ and one line in noise/registry.cc.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bits.h"
#include "generate/column.h"

namespace synthmill::generate {

// A column of the table that a rule may change.
struct NoiseColumn {
  std::string name;
  Type type;
  const Dictionary* dictionary = nullptr;
};

// Values of an entity row that does not exist, for rules that give a record another one's. The
// entity's columns are made again for made-up rows; `keep` columns are those of the record.
class GhostSource {
 public:
  virtual ~GhostSource() = default;
  // `rows` are batch rows, `bits` the ghosts' random identities. Fills columns[c]: the values of
  // the c-th column asked for at compile time. They stay valid until the next call.
  virtual arrow::Status Make(std::span<const int32_t> rows, std::span<const uint64_t> bits,
                             std::vector<const Vector*>* columns) = 0;
};

// A batch of one table while its rules are applied.
class NoiseBatch {
 public:
  int64_t count = 0;
  const uint64_t* hash = nullptr;  // core::RowHash of each table row
  std::vector<Vector*> columns;    // by NoiseRule::columns index, set for each rule
  std::vector<uint64_t*> touched;  // likewise: per row, the bits of the rules that changed it
  uint64_t rule_bit = 0;
  GhostSource* ghosts = nullptr;  // for rules that asked for it

  void Touch(size_t column, int32_t row) { touched[column][row] |= rule_bit; }
};

// A compiled rule. Immutable.
class NoiseRule {
 public:
  virtual ~NoiseRule() = default;
  // The rows the rule could apply to; sets flags[i] to 1 or 0 for each and returns how many.
  // By default those with a value in any of the rule's columns.
  virtual int64_t Applicable(const NoiseBatch& batch, uint8_t* flags) const;
  // Changes `rows`, all of them applicable, and Touch()es the cells it has changed.
  virtual arrow::Status Apply(NoiseBatch* batch, std::span<const int32_t> rows) const = 0;
  // Whether it can write texts that are not in a column's dictionary.
  virtual bool makes_new_text() const { return true; }
  // For rules that need ghosts: their columns' names are the rule's; which are kept.
  virtual const std::vector<std::string>* ghost_keep() const { return nullptr; }
};

class NoiseContext {
 public:
  virtual ~NoiseContext() = default;
  virtual const spec::Args& args() const = 0;
  virtual core::Stream stream() const = 0;
  // The rule's columns that this table has, in the rule's order.
  virtual const std::vector<NoiseColumn>& columns() const = 0;
  // Weights of these columns where the spec gives them (times 10^9), else 10^9 each.
  virtual const std::vector<int64_t>& weights() const = 0;
  virtual std::shared_ptr<const List> FindList(const std::string& name, spec::Location at) = 0;
  // True if every column of the rule is text (or: a number, a date); reports the first that is not.
  bool RequireText();
  bool RequireType(TypeId a, TypeId b, const char* what);
};

struct NoiseKind {
  const char* name;
  const char* help;
  const char* example;
  std::vector<ArgDoc> args;
  std::unique_ptr<NoiseRule> (*compile)(NoiseContext& context);
};

std::span<const NoiseKind* const> NoiseKinds();
const NoiseKind* FindNoiseKind(std::string_view name);

// How often a rule that left its cell as it was draws again.
inline constexpr int kNoiseAttempts = 4;

}  // namespace synthmill::generate
