// "3 to 9 rows for each parent" in closed form: which child rows parent p has, and which parent a
// child row has, both in constant time and without a table.
//
// Parent p has the rows [Begin(p), Begin(p + 1)), Begin(p) = ⌊(min + max) / 2 · p⌋ + jitter(p) with
// a keyed jitter in [0, ⌊(max - min) / 2⌋]. Two neighbouring jitters differ by at most that much
// either way, so every parent has min to max rows, most often the mean; and Begin(p) strays from
// the mean by less than one parent's rows, so that the parent of a row is one of three.
#pragma once

#include <cstdint>

#include "core/bits.h"

namespace synthmill::core {

class Fanout {
 public:
  // 0 <= min <= max <= 10^9. Rows up to 10^15 are exact.
  Fanout(Stream stream, uint64_t min, uint64_t max)
      : stream_(stream), sum_(min + max), steps_((max - min) / 2 + 1), min_(min), max_(max) {}

  uint64_t min() const { return min_; }
  uint64_t max() const { return max_; }

  // Child rows before parent p; of all n parents together: Begin(n).
  uint64_t Begin(uint64_t parent) const {
    if (parent == 0) return 0;
    const uint64_t jitter = steps_ == 1 ? 0 : Below(stream_.At(RowHash(parent)), steps_);
    return static_cast<uint64_t>(static_cast<unsigned __int128>(sum_) * parent / 2) + jitter;
  }

  struct Place {
    uint64_t parent;
    uint64_t begin;  // first row of the parent, and one past its last
    uint64_t end;
  };
  // The parent of a child row. max must not be 0: then there are no rows.
  Place Find(uint64_t row) const {
    uint64_t p = static_cast<uint64_t>(static_cast<unsigned __int128>(row) * 2 / sum_);
    p -= p > 0;
    uint64_t begin = Begin(p), end = Begin(p + 1);
    while (end <= row) {  // at most twice
      begin = end;
      end = Begin(++p + 1);
    }
    return {p, begin, end};
  }
  // The same, beginning from the place of a row near by: consecutive rows cost next to nothing.
  Place Find(uint64_t row, Place near) const {
    if (row >= near.begin && row < near.end) return near;
    if (row != near.end) return Find(row);
    do near = {near.parent + 1, near.end, Begin(near.parent + 2)};
    while (near.end <= row);
    return near;
  }

 private:
  Stream stream_;
  uint64_t sum_;
  uint64_t steps_;
  uint64_t min_, max_;
};

}  // namespace synthmill::core
