#include "run/table_reader.h"

#include <arrow/compute/cast.h>

#include <utility>

#include "io/formats/format.h"
#include "run/chunk_queue.h"

namespace synthmill::run {

namespace {

class TableReader : public arrow::RecordBatchReader {
 public:
  TableReader(std::shared_ptr<const generate::Program> program, const plan::Plan& plan,
              size_t table, int threads, bool dictionaries)
      : program_(std::move(program)),
        schema_(dictionaries ? program_->tables()[table].schema
                             : io::LogicalSchema(*program_->tables()[table].schema)),
        queue_(*program_, plan, table, threads) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    while (at_ >= chunk_.batches.size()) {
      if (next_ >= queue_.chunks()) {
        batch->reset();
        return arrow::Status::OK();
      }
      chunk_ = queue_.Take(next_++);
      at_ = 0;
      ARROW_RETURN_NOT_OK(chunk_.status);
    }
    return Decode(*chunk_.batches[at_++]).Value(batch);
  }

 private:
  // Columns whose type is not the schema's are dictionaries to be decoded.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Decode(const arrow::RecordBatch& batch) const {
    arrow::ArrayVector columns = batch.columns();
    for (int c = 0; c < schema_->num_fields(); ++c) {
      auto& column = columns[static_cast<size_t>(c)];
      const auto& type = schema_->field(c)->type();
      if (column->type()->Equals(*type)) continue;
      ARROW_ASSIGN_OR_RAISE(column, arrow::compute::Cast(*column, type));
    }
    return arrow::RecordBatch::Make(schema_, batch.num_rows(), std::move(columns));
  }

  std::shared_ptr<const generate::Program> program_;
  std::shared_ptr<arrow::Schema> schema_;
  ChunkQueue queue_;
  Chunk chunk_;
  size_t at_ = 0;
  uint64_t next_ = 0;
};

}  // namespace

std::shared_ptr<arrow::RecordBatchReader> MakeTableReader(
    std::shared_ptr<const generate::Program> program, const plan::Plan& plan, size_t table,
    int threads, bool dictionaries) {
  return std::make_shared<TableReader>(std::move(program), plan, table, threads, dictionaries);
}

}  // namespace synthmill::run
