// Makes the rows of a part: a batch of entity rows, then every table drawn from them.
#include <algorithm>

#include "generate/program_internal.h"

namespace synthmill::generate {
namespace {

// Entity rows made at a time. Large enough that the cost per batch vanishes, small enough that the
// columns of a batch stay near the caches.
constexpr uint64_t kBatchBlocks = 8;

class Part : public PartGenerator {
 public:
  Part(std::shared_ptr<const ProgramImpl> program, int root, uint64_t begin, uint64_t end)
      : program_(std::move(program)),
        root_(program_->compiled[static_cast<size_t>(root)]),
        row_(std::max(begin, root_.root.begin)),
        end_(std::min(end, root_.root.end)),
        batches_(root_.tables.size()) {
    entity_.vectors.resize(root_.scope->columns.size());
    entity_.view_hash.resize(root_.scope->groups.views.size());
    for (const CompiledTable& t : root_.tables) {
      runners_.push_back(std::make_unique<NoiseRunner>(&t.noise, t.scope.get(),
                                                       root_.entity ? root_.scope.get() : nullptr));
      std::vector<NoiseCount> counts;
      for (const CompiledRule& r : t.noise.rules)
        counts.push_back({t.spec->key, r.name, r.rate, 0, 0, 0, 0});
      counts_.push_back(std::move(counts));
    }
  }

  arrow::Result<bool> Next(std::vector<std::shared_ptr<arrow::RecordBatch>>* out) override {
    if (row_ >= end_) return false;
    const uint64_t to = std::min((row_ / kBlockRows + kBatchBlocks) * kBlockRows, end_);
    out->assign(program_->outputs.size(), nullptr);
    MakeEntity(row_, to);
    for (size_t t = 0; t < root_.tables.size(); ++t) {
      ARROW_RETURN_NOT_OK(MakeTable(t));
      const CompiledTable& table = root_.tables[t];
      if (batches_[t].count == 0) continue;
      ARROW_ASSIGN_OR_RAISE((*out)[static_cast<size_t>(table.output)], Emit(table, batches_[t]));
      if (root_.truth_records >= 0) ARROW_RETURN_NOT_OK(truth_.AddRecords(table, batches_[t]));
      if (root_.truth_changes >= 0 && table.noise.any())
        ARROW_RETURN_NOT_OK(truth_.AddChanges(table, batches_[t]));
    }
    ARROW_RETURN_NOT_OK(EmitTruth(out));
    row_ = to;
    return true;
  }

  std::vector<NoiseCount> noise() const override {
    std::vector<NoiseCount> all;
    for (const auto& counts : counts_) all.insert(all.end(), counts.begin(), counts.end());
    return all;
  }

 private:
  void MakeEntity(uint64_t begin, uint64_t end) {
    entity_.count = static_cast<int64_t>(end - begin);
    entity_.number.resize(end - begin);
    for (uint64_t i = begin; i < end; ++i) entity_.number[i - begin] = i;
    if (!root_.entity) return;
    const Groups& groups = root_.scope->groups;
    entity_.hashes.clear();
    for (size_t v = 0; v < groups.views.size(); ++v) {
      std::vector<uint64_t>& hash = entity_.view_hash[v];
      hash.resize(end - begin);
      for (uint64_t i = begin; i < end; ++i)
        hash[i - begin] = core::RowHash(groups.Resolve(static_cast<int>(v), i));
      entity_.hashes.push_back(hash.data());
    }
    for (int c : root_.scope->order)
      if (root_.needed[static_cast<size_t>(c)])
        root_.scope->Make(c, entity_.count, entity_.number.data(), entity_.hashes,
                          &entity_.vectors);
  }

  // Which entity rows the table's rows come from, and their row numbers.
  void PlaceRows(const CompiledTable& table, TableBatch* batch) {
    batch->number.clear(), batch->source.clear();
    if (table.rows_in_order) {
      batch->number = entity_.number;
      return;
    }
    const uint64_t begin = entity_.number.empty() ? 0 : entity_.number.front();
    const uint64_t end = begin + static_cast<uint64_t>(entity_.count);
    for (uint64_t b = begin / kBlockRows; b * kBlockRows < end; ++b) {
      uint64_t number = table.shape.RowsBeforeBlock(b);
      table.shape.Block(b, &rows_);
      const bool whole = b * kBlockRows >= begin && (b + 1) * kBlockRows <= end;
      for (const BlockRow& r : rows_) {
        const uint64_t row = b * kBlockRows + r.local;
        const uint64_t n = number++;
        if (!whole && (row < begin || row >= end)) continue;
        if (!table.trimmed.empty() && IsTrimmed(table, row, r.copy)) continue;
        batch->number.push_back(n);
        batch->source.push_back(static_cast<int32_t>(row - begin));
      }
    }
  }

  static bool IsTrimmed(const CompiledTable& table, uint64_t row, int copy) {
    return std::any_of(table.trimmed.begin(), table.trimmed.end(),
                       [&](const Trimmed& t) { return t.row == row && t.copy == copy; });
  }

  arrow::Status MakeTable(size_t t) {
    const CompiledTable& table = root_.tables[t];
    TableBatch& batch = batches_[t];
    PlaceRows(table, &batch);
    batch.count = static_cast<int64_t>(batch.number.size());
    if (batch.count == 0) return arrow::Status::OK();
    batch.hash.resize(batch.number.size());
    for (size_t i = 0; i < batch.number.size(); ++i) batch.hash[i] = core::RowHash(batch.number[i]);
    const size_t n = table.scope->columns.size();
    batch.clean.resize(n), batch.dirty.resize(n), batch.touched.resize(n);
    const std::vector<const uint64_t*> hashes(table.scope->groups.views.size(), batch.hash.data());
    for (int c : table.scope->order) {
      const ScopeColumn& column = table.scope->columns[static_cast<size_t>(c)];
      if (column.column) {
        table.scope->Make(c, batch.count, batch.number.data(), hashes, &batch.clean);
      } else {
        batch.clean[static_cast<size_t>(c)].Gather(
            entity_.vectors[static_cast<size_t>(column.entity_column)], batch.source.data(),
            batch.count);
      }
    }
    if (!table.noise.any()) return arrow::Status::OK();
    return runners_[t]->Run(&entity_, &batch, &counts_[t]);
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Emit(const CompiledTable& table,
                                                          const TableBatch& batch) {
    arrow::ArrayVector arrays;
    for (int c : table.columns) {
      const size_t i = static_cast<size_t>(c);
      const bool noised = !batch.touched[i].empty();
      const bool dictionary = table.noise.new_text.empty() || !table.noise.new_text[i];
      ARROW_ASSIGN_OR_RAISE(auto array, ToArrow(noised ? batch.dirty[i] : batch.clean[i],
                                                table.scope->columns[i].type, dictionary));
      arrays.push_back(std::move(array));
    }
    return arrow::RecordBatch::Make(program_->outputs[static_cast<size_t>(table.output)].schema,
                                    batch.count, std::move(arrays));
  }

  arrow::Status EmitTruth(std::vector<std::shared_ptr<arrow::RecordBatch>>* out) {
    auto schema = [&](int t) { return program_->outputs[static_cast<size_t>(t)].schema; };
    if (root_.truth_records >= 0) {
      ARROW_ASSIGN_OR_RAISE((*out)[static_cast<size_t>(root_.truth_records)],
                            truth_.FinishRecords(schema(root_.truth_records)));
    }
    if (root_.truth_changes >= 0) {
      ARROW_ASSIGN_OR_RAISE((*out)[static_cast<size_t>(root_.truth_changes)],
                            truth_.FinishChanges(schema(root_.truth_changes)));
    }
    if (root_.truth_entity >= 0) {
      arrow::ArrayVector arrays;
      for (int c : root_.truth_entity_columns) {
        const size_t i = static_cast<size_t>(c);
        ARROW_ASSIGN_OR_RAISE(auto array,
                              ToArrow(entity_.vectors[i], root_.scope->columns[i].type, true));
        arrays.push_back(std::move(array));
      }
      (*out)[static_cast<size_t>(root_.truth_entity)] =
          arrow::RecordBatch::Make(schema(root_.truth_entity), entity_.count, std::move(arrays));
    }
    return arrow::Status::OK();
  }

  std::shared_ptr<const ProgramImpl> program_;
  const CompiledRoot& root_;
  uint64_t row_, end_;
  EntityBatch entity_;
  TruthBuilder truth_;
  std::vector<TableBatch> batches_;
  std::vector<std::unique_ptr<NoiseRunner>> runners_;
  std::vector<std::vector<NoiseCount>> counts_;
  std::vector<BlockRow> rows_;
};

}  // namespace

arrow::Result<std::unique_ptr<PartGenerator>> ProgramImpl::Part(int root, uint64_t begin,
                                                                uint64_t end) const {
  if (root < 0 || static_cast<size_t>(root) >= compiled.size())
    return arrow::Status::Invalid("no root ", root);
  auto self = std::static_pointer_cast<const ProgramImpl>(shared_from_this());
  return std::make_unique<generate::Part>(std::move(self), root, begin, end);
}

}  // namespace synthmill::generate
