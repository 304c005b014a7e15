// What a Program is inside: compiled entities, tables and truth. Private to generate/.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "generate/noise_run.h"
#include "generate/program.h"
#include "generate/scope.h"
#include "generate/scope_view.h"
#include "generate/shape.h"

namespace synthmill::generate {

// Records that an exact row count takes away: (entity row, copy) of a table.
struct Trimmed {
  uint64_t row;
  int copy;
};

struct CompiledTable {
  const spec::Table* spec = nullptr;
  std::string name;
  std::shared_ptr<const Scope> scope;
  TableNoise noise;
  TableShape shape{{}, 0, {}};
  bool rows_in_order = false;  // no entity: row i is row i
  int output = -1;             // index into tables(), -1: not asked for
  std::vector<int> columns;    // output columns
  std::vector<Trimmed> trimmed;
  // Truth: columns by index in this table's scope.
  std::vector<int> truth_columns;
  int change_key = -1;
};

struct CompiledRoot {
  Root root;
  const spec::Entity* entity = nullptr;  // nullptr: a table without an entity
  std::shared_ptr<const Scope> scope;    // of the entity; empty without one
  std::vector<bool> needed;              // entity columns
  std::vector<CompiledTable> tables;     // all that are asked for
  int truth_entity = -1;                 // outputs, or -1
  int truth_records = -1, truth_changes = -1;
  std::vector<int> truth_entity_columns;
};

class ProgramImpl : public Program {
 public:
  const std::vector<OutputTable>& tables() const override { return outputs; }
  const std::vector<Root>& roots() const override { return root_list; }
  uint64_t Rows(int t, uint64_t begin, uint64_t end) const override;
  arrow::Result<std::unique_ptr<PartGenerator>> Part(int root, uint64_t begin,
                                                     uint64_t end) const override;

  std::vector<OutputTable> outputs;
  std::vector<Root> root_list;
  std::vector<CompiledRoot> compiled;
  std::vector<std::unique_ptr<Dictionary>> dictionaries;
  std::vector<std::unique_ptr<ScopeView>> views;
  spec::Spec spec;  // what the compiled parts point into

 private:
  // Cells that noise changes per table row, measured once on a few blocks.
  double ChangesPerRow(int root) const;
  mutable std::once_flag sampled_;
  mutable std::vector<double> changes_per_row_;
};

// Rows of table `t` from root rows [begin, end).
uint64_t TableRows(const CompiledTable& t, uint64_t begin, uint64_t end);

// Builds the rows of the truth tables from finished batches.
class TruthBuilder {
 public:
  arrow::Status AddRecords(const CompiledTable& table, const TableBatch& batch);
  arrow::Status AddChanges(const CompiledTable& table, const TableBatch& batch);
  // nullptr if there are no rows; starts anew.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> FinishRecords(
      const std::shared_ptr<arrow::Schema>& schema);
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> FinishChanges(
      const std::shared_ptr<arrow::Schema>& schema);

 private:
  std::vector<arrow::ArrayVector> records_;
  struct Strings {
    std::vector<int32_t> ends{0};
    std::string bytes;
    std::vector<bool> valid;
    int64_t nulls = 0;
    void Add(std::string_view v) {
      bytes.append(v);
      ends.push_back(static_cast<int32_t>(bytes.size()));
      valid.push_back(true);
    }
    void AddNull() {
      ends.push_back(ends.back());
      valid.push_back(false);
      ++nulls;
    }
    std::shared_ptr<arrow::Array> Finish();
  };
  Strings changes_[5];  // key, column, clean, dirty, noise
};

}  // namespace synthmill::generate
