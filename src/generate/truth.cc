#include <arrow/array/concatenate.h>
#include <arrow/buffer.h>
#include <arrow/util/bit_util.h>

#include <unordered_map>

#include "generate/program_internal.h"

namespace synthmill::generate {

arrow::Status TruthBuilder::AddRecords(const CompiledTable& table, const TableBatch& batch) {
  if (batch.count == 0) return arrow::Status::OK();
  records_.resize(table.truth_columns.size());
  for (size_t i = 0; i < table.truth_columns.size(); ++i) {
    const size_t c = static_cast<size_t>(table.truth_columns[i]);
    ARROW_ASSIGN_OR_RAISE(auto array, ToArrow(batch.clean[c], table.scope->columns[c].type, false));
    records_[i].push_back(std::move(array));
  }
  return arrow::Status::OK();
}

arrow::Status TruthBuilder::AddChanges(const CompiledTable& table, const TableBatch& batch) {
  const Scope& scope = *table.scope;
  const Vector& key = batch.clean[static_cast<size_t>(table.change_key)];
  const Type& key_type = scope.columns[static_cast<size_t>(table.change_key)].type;
  std::unordered_map<uint64_t, std::string> names;  // of a set of rules
  auto rules = [&](uint64_t mask) -> const std::string& {
    std::string& text = names[mask];
    if (text.empty())
      for (size_t r = 0; r < table.noise.rules.size(); ++r)
        if (mask >> r & 1) text += (text.empty() ? "" : "+") + table.noise.rules[r].name;
    return text;
  };
  for (int64_t i = 0; i < batch.count; ++i) {
    for (int c : table.noise.noised) {
      const size_t t = static_cast<size_t>(c);
      if (!scope.columns[t].output) continue;  // no record has it
      const uint64_t mask = batch.touched[t][static_cast<size_t>(i)];
      const Type& type = scope.columns[t].type;
      if (!mask || SameCell(batch.clean[t], i, batch.dirty[t], i, type)) continue;
      if (key_type.text()) {
        changes_[0].Add(key.GetText(i).view());
      } else {
        changes_[0].Add(CellText(key, i, key_type));
      }
      changes_[1].Add(scope.columns[t].spec->output);
      const Vector* sides[] = {&batch.clean[t], &batch.dirty[t]};
      for (int s = 0; s < 2; ++s) {
        if (sides[s]->IsNull(i)) {
          changes_[2 + s].AddNull();
        } else {
          changes_[2 + s].Add(CellText(*sides[s], i, type));
        }
      }
      changes_[4].Add(rules(mask));
    }
  }
  return arrow::Status::OK();
}

std::shared_ptr<arrow::Array> TruthBuilder::Strings::Finish() {
  const int64_t n = static_cast<int64_t>(valid.size());
  std::shared_ptr<arrow::Buffer> bits;
  if (nulls) {
    std::vector<uint8_t> bytes_of(static_cast<size_t>(arrow::bit_util::BytesForBits(n)));
    for (int64_t i = 0; i < n; ++i)
      if (valid[static_cast<size_t>(i)])
        bytes_of[static_cast<size_t>(i >> 3)] |= static_cast<uint8_t>(1 << (i & 7));
    bits = arrow::Buffer::FromVector(std::move(bytes_of));
  }
  auto array = std::make_shared<arrow::StringArray>(n, arrow::Buffer::FromVector(std::move(ends)),
                                                    arrow::Buffer::FromString(std::move(bytes)),
                                                    bits, nulls);
  *this = Strings();
  return array;
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> TruthBuilder::FinishRecords(
    const std::shared_ptr<arrow::Schema>& schema) {
  if (records_.empty()) return nullptr;
  arrow::ArrayVector columns;
  for (arrow::ArrayVector& pieces : records_) {
    ARROW_ASSIGN_OR_RAISE(auto column, arrow::Concatenate(pieces));
    columns.push_back(std::move(column));
  }
  records_.clear();
  const int64_t rows = columns[0]->length();
  return arrow::RecordBatch::Make(schema, rows, std::move(columns));
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> TruthBuilder::FinishChanges(
    const std::shared_ptr<arrow::Schema>& schema) {
  const int64_t rows = static_cast<int64_t>(changes_[0].valid.size());
  if (rows == 0) return nullptr;
  arrow::ArrayVector columns;
  for (Strings& s : changes_) columns.push_back(s.Finish());
  return arrow::RecordBatch::Make(schema, rows, std::move(columns));
}

}  // namespace synthmill::generate
