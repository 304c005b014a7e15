// Statistics of one data file, as an `add` action carries them: readers skip files by them.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::delta {

// Columns with statistics where the table's delta.dataSkippingNumIndexedCols does not say.
inline constexpr int64_t kIndexedColumns = 32;

// Belongs to one thread. The first `columns` leaves of the schema are looked at (-1: all): numbers,
// dates, timestamps and text get minValues and maxValues, all of them nullCount. Texts are cut to
// 32 characters, the greatest so that it stays an upper bound; timestamps to milliseconds.
class FileStats {
 public:
  class Leaf;

  FileStats(const arrow::Schema& schema, int64_t columns);
  ~FileStats();
  arrow::Status Add(const arrow::RecordBatch& batch);
  int64_t rows() const { return rows_; }
  // {"numRecords":…,"minValues":{…},"maxValues":{…},"nullCount":{…}}
  std::string Json() const;

 private:
  struct Node;
  enum class What { kMin, kMax, kNulls };
  static std::unique_ptr<Node> MakeNode(const arrow::Field& field, int64_t* left);
  static arrow::Status AddTo(Node* node, const std::shared_ptr<arrow::Array>& array);
  static std::string Render(const std::vector<std::unique_ptr<Node>>& nodes, What what);

  std::vector<std::unique_ptr<Node>> nodes_;  // shorter than the schema where columns have none
  int64_t rows_ = 0;
};

// The first 32 characters of a text.
std::string_view LowerBound(std::string_view text);
// At least as great as the text, in 32 characters; none if there is no such text.
std::optional<std::string> UpperBound(std::string_view text);

}  // namespace synthmill::io::delta
