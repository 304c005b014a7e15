// Carries ranks to places: which row is the most popular, the second, … A keyed bijection of
// [0, n) that is cheaper than core::Bijection and only as good as it has to be: neighbouring ranks
// lie far apart.
#pragma once

#include <cstdint>
#include <numeric>

#include "core/bits.h"

namespace synthmill::core {

class Scatter {
 public:
  // 1 <= n <= 2^62.
  Scatter(Stream stream, uint64_t n) : n_(n) {
    // Between a quarter and three quarters of n, so that no step is short.
    step_ = n / 4 + Below(stream.At(RowHash(0)), n / 2 + 1);
    if (step_ == 0) step_ = 1;
    while (std::gcd(step_, n) != 1) ++step_;
    start_ = Below(stream.At(RowHash(1)), n);
  }
  uint64_t operator()(uint64_t rank) const {
    // Half the cost where the product fits.
    if (n_ <= uint64_t{1} << 31) return (rank * step_ + start_) % n_;
    return static_cast<uint64_t>((static_cast<unsigned __int128>(rank) * step_ + start_) % n_);
  }

 private:
  uint64_t n_, step_, start_;
};

}  // namespace synthmill::core
