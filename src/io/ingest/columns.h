// Cells of text into Arrow columns of a schema, and why a cell does not fit.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/ingest/cells.h"
#include "io/ingest/failures.h"

namespace synthmill::io::ingest {

struct ColumnOptions {
  std::string null = {};  // CSV: how null is spelt
  bool json = false;
  // The types were inferred from some rows: values have to fit as inference sees it, and columns
  // that held nothing but null and "" (`only_empty`) must go on like that.
  bool inferred = false;
  std::vector<bool> only_empty = {};
};

// Not thread-safe: it keeps memory from batch to batch.
class ColumnBuilder {
 public:
  // Column c of the schema is cell source[c] of a row; -1: it is null throughout.
  static arrow::Result<std::unique_ptr<ColumnBuilder>> Make(std::shared_ptr<arrow::Schema> schema,
                                                            std::vector<int> source,
                                                            ColumnOptions options);
  virtual ~ColumnBuilder() = default;

  // The batch of all rows. *failures has an entry for each row that does not fit, in order; the
  // values of these rows are void then, and so are whole columns of nested types.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatch>> Build(
      std::string_view text, const RowTable& rows, const RowSplitter& splitter,
      std::vector<CellFailure>* failures) = 0;
};

// Types ColumnBuilder can make.
bool CanParse(const arrow::DataType& type);

}  // namespace synthmill::io::ingest
