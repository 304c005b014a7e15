// Slices: how many rows of a table each slice of a warehouse holds, from a file; each becomes one
// part.
//
//   # table | slice | rows
//   events | 0 | 373946569
//   events | 1 | 373944807
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synthmill::plan {

struct Slice {
  uint64_t id = 0;      // as in the file
  uint64_t wanted = 0;  // rows, as in the file
  uint64_t rows = 0;    // scaled, rounded half up
  bool chosen = true;   // to be made
};

struct SlicedTable {
  std::string table;          // as in the file
  int line = 0;               // its first
  std::vector<Slice> slices;  // in the order of the file: slice k is part k

  uint64_t rows() const;
  bool all_chosen() const;
};

// A share or a factor such as 1e-6, 0.001 or 2: numerator / 10^digits, exact.
struct Scale {
  uint64_t numerator = 1;
  uint64_t denominator = 1;
};
arrow::Result<Scale> ParseScale(std::string_view text);
// rows · scale, rounded half up. Invalid beyond 10^15.
arrow::Result<uint64_t> ScaleRows(uint64_t rows, const Scale& scale);

// "17", "100..199", "3,7,20..29": ranges of slice ids, both ends included.
using SliceIds = std::vector<std::pair<uint64_t, uint64_t>>;
arrow::Result<SliceIds> ParseSliceIds(const std::vector<std::string>& given);

// Reads the lines of a file. Empty lines, comments (#, --), a header, rulers (---+---) and a last
// line `(960 rows)` are passed over; errors tell file:line. `chosen` empty: all.
arrow::Result<std::vector<SlicedTable>> ReadSlices(const std::string& file, std::string_view text,
                                                   const Scale& scale, const SliceIds& chosen);

}  // namespace synthmill::plan
