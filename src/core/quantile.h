// Distributions with parameters of their own, as inverse-CDF tables in integers.
//
// A table counts outward from the median on either side, ten levels of 256 cells: level k divides
// the last 16^-k of the side's probability, so that tails are followed to 2^-40 (seven standard
// deviations) with the same care as the middle. Tables are made when a spec is compiled, from the
// normal table of tools/make_quantiles.py and from core/fixed_math.h; values between two points are
// interpolated.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace synthmill::core {

class Quantile {
 public:
  // What is measured in: values are `unit` times as fine as the numbers that come out.
  static Quantile Normal(int64_t mean, int64_t stddev, int shift);
  // From 0 on, with this mean.
  static Quantile Exponential(int64_t mean, int shift);
  // exp of a normal distribution: `sigma` is the standard deviation of the logarithm, times 2^32.
  static Quantile LogNormal(int64_t median, int64_t sigma, int shift);

  // Moves all of it, by a fine value.
  void Shift(int64_t by) {
    for (int64_t& p : points_) p += by;
  }
  // Cuts the distribution to the numbers low..high (what falls outside is as if it were drawn
  // again). False if next to nothing (2^-40) of it lies there.
  bool Cut(int64_t low, int64_t high);

  // A number, rounded; never outside what it was cut to.
  int64_t operator()(uint64_t bits) const {
    const uint64_t u =
        from_ + static_cast<uint64_t>(static_cast<unsigned __int128>(bits) * span_ >> 64);
    const int64_t fine = At(u);
    const int64_t v = shift_ > 0 ? (fine + (int64_t{1} << (shift_ - 1))) >> shift_ : fine;
    return v < low_ ? low_ : v > high_ ? high_ : v;
  }

 private:
  static constexpr int kLevels = 10, kCells = 256;
  explicit Quantile(int shift) : shift_(shift), points_(2 * kLevels * (kCells + 1)) {}

  // The fine value below which u / 2^64 of all lie.
  int64_t At(uint64_t u) const {
    const bool upper = u >> 63;
    const uint64_t outward = (upper ? u : ~u) << 1;
    int level = std::countl_one(outward) / 4;
    if (level >= kLevels) level = kLevels - 1;
    const uint64_t in_level = outward << (4 * level);
    const uint64_t f = in_level << 8 >> 32;
    const int64_t* p =
        &points_[((upper ? kLevels : 0) + static_cast<size_t>(level)) * (kCells + 1) +
                 (in_level >> 56)];
    return p[0] + static_cast<int64_t>(
                      (static_cast<__int128>(p[1] - p[0]) * static_cast<int64_t>(f)) >> 32);
  }

  int shift_;
  std::vector<int64_t> points_;  // lower side, then upper
  uint64_t from_ = 0, span_ = ~uint64_t{0};
  int64_t low_ = INT64_MIN, high_ = INT64_MAX;
};

}  // namespace synthmill::core
