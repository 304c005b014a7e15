// Row counts given beside a dataset file: `--rows 1000`, `--rows orders=1M`, `--rows items=3..9`.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace synthmill::spec {

struct RowsOverride {
  std::string text;   // as given
  std::string table;  // key or output name; empty: every table that has rows of its own
  int64_t rows = 0;
  // With `per_parent`: from min to max rows for each row of `parent` (empty: the table's own).
  bool per_parent = false;
  int64_t min = 0, max = 0;
  std::string parent;
};

// One or more counts, separated by commas: N, TABLE=N, TABLE=MIN..MAX, TABLE=MIN..MAX/PARENT. Of
// several for the same table the last one counts.
arrow::Result<std::vector<RowsOverride>> ParseRows(const std::vector<std::string>& given);

}  // namespace synthmill::spec
