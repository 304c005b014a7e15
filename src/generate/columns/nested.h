// What lists and maps share: how many items a row has, and the items as rows of their own.
#pragma once

#include <vector>

#include "generate/columns/kinds.h"

namespace synthmill::generate {

// The items of a batch. An item is a pure function of its row and place: its number is
// row * most + place, so numbers differ over all rows, and its hash mixes the row's with the place.
struct ItemRows {
  std::vector<uint64_t> number, hash;
  Rows rows() const { return {static_cast<int64_t>(number.size()), number.data(), hash.data()}; }
};

class Repeats {
 public:
  // Reads `min` and `max`; false after errors.
  bool Read(ColumnContext& context);
  uint64_t max() const { return max_; }
  uint64_t min() const { return min_; }
  // Fills offsets[0..count] and the items.
  void Place(const Rows& rows, int32_t* offsets, ItemRows* items) const;

 private:
  core::Stream stream_;
  uint64_t min_ = 0, max_ = 5;
};

}  // namespace synthmill::generate
