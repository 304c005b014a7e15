// Rows of text from record batches: the common engine of CSV and JSON Lines, and a hot path.
//
// Before a batch is written each column gets a cell kind (what its values are, whether any of its
// texts has to be escaped at all) and pointers into its memory; then rows are written cell by cell
// through one switch, whose jumps repeat from row to row and so are predicted. Dictionary entries
// are rendered once, with all that surrounds them.
#pragma once

#include <arrow/io/interfaces.h>

#include <memory>
#include <string>
#include <vector>

#include "io/formats/format_internal.h"
#include "io/formats/text_columns.h"

namespace synthmill::io::internal {

// Not thread-safe. Escape is CsvEscape or JsonEscape.
template <typename Escape>
class RowWriter : public BatchWriter {
 public:
  // `prologue` (a header line) is written first; `row_end` ends each row.
  RowWriter(std::shared_ptr<arrow::io::OutputStream> out, std::shared_ptr<arrow::Schema> schema,
            Escape escape, std::vector<CellFrame> frames, std::string row_end,
            std::string prologue);
  ~RowWriter() override;

  arrow::Status Write(const arrow::RecordBatch& batch) override;
  arrow::Status Close() override;

 private:
  char* WriteCell(const TextColumn& column, int64_t row, char* out);
  char* WriteText(const TextColumn& column, int64_t row, char* out);
  char* MakeRoom(char* out, size_t size);
  void FlushTo(char* end);

  std::shared_ptr<arrow::io::OutputStream> out_;
  std::shared_ptr<arrow::Schema> schema_;
  Escape escape_;
  std::string row_end_;
  std::vector<TextColumn> columns_;
  std::vector<char> buffer_;
  size_t used_ = 0;         // bytes of buffer_ that wait to be written
  size_t row_reserve_ = 0;  // room that any row of the batch needs, long texts left aside
  arrow::Status failed_;    // the first error of `out_`
};

extern template class RowWriter<CsvEscape>;
extern template class RowWriter<JsonEscape>;

}  // namespace synthmill::io::internal
