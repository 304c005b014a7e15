// Zipf's law in integers: of n things the k-th is drawn with a chance in proportion to 1 / k.
//
// The first ranks have a cell of an alias table each, the others lie in ranges of a sixty-fourth
// of their rank, within which they are equally likely (so a rank's chance is off by less than 1%).
#pragma once

#include <cstdint>
#include <vector>

#include "core/sampler.h"

namespace synthmill::core {

class Zipf {
 public:
  // 1 <= n <= 10^15.
  explicit Zipf(uint64_t n);
  // A rank in [0, n): 0 is the most frequent.
  uint64_t operator()(uint64_t bits) const {
    const Range& r = ranges_[pick_(bits)];
    return r.size == 1 ? r.begin : r.begin + Below(Mix(bits + kGolden), r.size);
  }

 private:
  struct Range {
    uint64_t begin, size;
  };
  std::vector<Range> ranges_;
  Sampler pick_;
};

}  // namespace synthmill::core
