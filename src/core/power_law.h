// Zipf's law with any exponent, in integers: of n things the k-th is drawn with a chance in
// proportion to k^-s.
//
// The first 1,024 ranks have a cell of an alias table each; the others lie in ranges of a
// sixty-fourth of their rank, within which all are equally likely (a rank's chance is off by less
// than s / 128 of itself). So memory hardly grows with n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/sampler.h"

namespace synthmill::core {

class PowerLaw {
 public:
  // 1 <= n <= 2^62; the exponent times 10^9, from 0 (all alike) to 10.
  PowerLaw(uint64_t n, int64_t exponent);
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
