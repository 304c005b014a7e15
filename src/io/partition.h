// Tables kept in folders by the values of columns, as Hive and Spark do:
//
//   DIR/<table>/region=EU/day=2026-01-01/part-00000.parquet
//
// The columns are not inside the files; readers put them back by their types. Special characters
// are written as %XX, null as __HIVE_DEFAULT_PARTITION__.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io {

inline constexpr std::string_view kNullPartition = "__HIVE_DEFAULT_PARTITION__";

// Errors unless each is a column of `schema`, of a type whose values can be names (text, whole
// numbers, decimals, dates, bools), none twice, and a column is left for the files.
arrow::Status CheckPartitionColumns(const arrow::Schema& schema,
                                    const std::vector<std::string>& columns);

// What is inside the files: `schema` without the columns.
std::shared_ptr<arrow::Schema> FileSchema(const std::shared_ptr<arrow::Schema>& schema,
                                          const std::vector<std::string>& columns);

std::string EscapePartitionValue(std::string_view value);
// Errors for a '%' that two hex digits do not follow.
arrow::Result<std::string> UnescapePartitionValue(std::string_view text);

// The rows of a batch that belong into one folder, all columns kept.
struct PartitionSlice {
  std::string folder;
  std::shared_ptr<arrow::RecordBatch> rows;
};

// Splits the batches of one table; belongs to one thread. Whole columns: codes of values, one
// counting sort, one take. A batch of one value passes through as it is.
class PartitionSplitter {
 public:
  PartitionSplitter(const arrow::Schema& schema, const std::vector<std::string>& columns);
  // By folder in the order of first appearance; rows keep their order.
  arrow::Result<std::vector<PartitionSlice>> Split(
      const std::shared_ptr<arrow::RecordBatch>& batch) const;
  std::shared_ptr<arrow::RecordBatch> WithoutColumns(const arrow::RecordBatch& batch) const;

 private:
  std::vector<int> columns_;  // in the order of the folders
  std::vector<std::string> names_;
  std::vector<int> kept_;
  std::shared_ptr<arrow::Schema> file_schema_;
};

// The values that "region=EU/day=2026-01-31" gives to `columns`, by their types in `schema`. What
// follows them in `folder` is left alone.
arrow::Result<std::map<std::string, std::shared_ptr<arrow::Scalar>>> ValuesOfFolder(
    const arrow::Schema& schema, const std::vector<std::string>& columns, std::string_view folder);

// Rows of a file put back among the columns of `schema` (logical): the values of `columns` come
// from the folders of its path, "region=EU/part-00000.parquet".
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadWithPartitions(
    std::shared_ptr<arrow::RecordBatchReader> rows, std::shared_ptr<arrow::Schema> schema,
    const std::vector<std::string>& columns, std::string_view file);

}  // namespace synthmill::io
