// The noise of one table, compiled: its rules in order, and where derived columns are made again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "generate/noise.h"
#include "generate/program.h"
#include "generate/scope.h"

namespace synthmill::generate {

struct CompiledRule {
  std::string name;
  std::unique_ptr<NoiseRule> rule;
  core::Stream choose;             // who is touched
  int64_t rate = 0;                // times 10^9
  std::vector<int> columns;        // table columns
  std::vector<int> ghost_columns;  // the same in the entity, for rules with ghosts
  std::vector<int> ghost_order;    // entity columns to make, in order
  std::vector<int> ghost_keep;     // entity columns taken from the record
};

struct NoiseStep {
  int rule = -1;      // apply this rule
  int rederive = -1;  // or make this table column again
};

struct TableNoise {
  std::vector<CompiledRule> rules;  // at most 64
  std::vector<NoiseStep> steps;
  std::vector<int> noised;     // table columns that may change, in table order
  std::vector<bool> new_text;  // by table column: may hold values outside its dictionary
  bool any() const { return !rules.empty(); }
};

TableNoise CompileNoise(CompileState* state, const std::string& key,
                        const std::vector<spec::NoiseRule>& rules, const Scope& table,
                        const Scope* entity);

// What a table batch is made of while noise runs over it.
struct TableBatch {
  int64_t count = 0;
  std::vector<uint64_t> number;                // row numbers
  std::vector<uint64_t> hash;                  // of them
  std::vector<int32_t> source;                 // entity rows: index into the entity batch
  std::vector<Vector> clean;                   // by table column
  std::vector<Vector> dirty;                   // by table column; only noised ones are filled
  std::vector<std::vector<uint64_t>> touched;  // by table column; only noised ones
};

// The entity batch the table's rows come from.
struct EntityBatch {
  int64_t count = 0;
  std::vector<uint64_t> number;
  std::vector<std::vector<uint64_t>> view_hash;
  std::vector<const uint64_t*> hashes;  // by view
  std::vector<Vector> vectors;
};

// Applies the rules; counts[r] grows. One object per thread: it keeps scratch space.
class NoiseRunner {
 public:
  NoiseRunner(const TableNoise* noise, const Scope* table, const Scope* entity);
  ~NoiseRunner();
  arrow::Status Run(const EntityBatch* entity, TableBatch* batch, std::vector<NoiseCount>* counts);

 private:
  struct Ghosts;
  void Rederive(int column, const EntityBatch& entity, TableBatch* batch);

  const TableNoise* noise_;
  const Scope* table_;
  const Scope* entity_;
  std::unique_ptr<Ghosts> ghosts_;
  std::vector<uint8_t> flags_;
  std::vector<std::vector<int32_t>> chosen_;  // by rule
  std::vector<Vector> scratch_;
};

}  // namespace synthmill::generate
