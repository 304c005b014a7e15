#include "core/quantile.h"

#include <algorithm>

#include "core/fixed_math.h"

namespace synthmill::core {
namespace {

#include "core/normal_tail.inc"

constexpr __int128 kMost = __int128{1} << 61;

int64_t Clamped(__int128 v) {
  return static_cast<int64_t>(v < -kMost ? -kMost : v > kMost ? kMost : v);
}

// -ln of the share of a side that lies beyond a point, times 2^32.
int64_t MinusLn(int level, int cell) {
  // 16^-level (1 - cell / 256); the last point as in make_quantiles.py.
  const int64_t log = cell == 256
                          ? -(int64_t{10} << 32)
                          : Log2(static_cast<unsigned __int128>(256 - cell)) - (int64_t{8} << 32);
  const int64_t bits = (int64_t{4} * level << 32) - log;
  return static_cast<int64_t>(static_cast<__int128>(bits) * kLn2 >> 32);
}

}  // namespace

Quantile Quantile::Normal(int64_t mean, int64_t stddev, int shift) {
  Quantile q(shift);
  const size_t half = q.points_.size() / 2;
  for (size_t i = 0; i < half; ++i) {
    const __int128 distance =
        static_cast<__int128>(stddev) * static_cast<__int128>(kNormalTail[i]) >> 32;
    q.points_[i] = Clamped(mean - distance);
    q.points_[half + i] = Clamped(mean + distance);
  }
  return q;
}

Quantile Quantile::Exponential(int64_t mean, int shift) {
  Quantile q(shift);
  const size_t half = q.points_.size() / 2;
  for (int level = 0; level < kLevels; ++level)
    for (int cell = 0; cell <= kCells; ++cell) {
      const size_t i = static_cast<size_t>(level * (kCells + 1) + cell);
      const int64_t beyond = MinusLn(level, cell);
      // Upper: half of the side's share t lies beyond, -ln(t / 2). Lower: -ln(1 - t / 2), which is
      // the logarithm of 2 / (2 - t) with t in units of 2^-60.
      const int shift_of_level = 4 * level;
      const uint64_t t = cell == kCells
                             ? (uint64_t{1} << 50) >> shift_of_level
                             : (static_cast<uint64_t>(kCells - cell) << 52) >> shift_of_level;
      const int64_t lower = static_cast<int64_t>(
          static_cast<__int128>((int64_t{61} << 32) - Log2((uint64_t{1} << 61) - t)) * kLn2 >> 32);
      q.points_[i] = Clamped(static_cast<__int128>(mean) * lower >> 32);
      q.points_[half + i] = Clamped(static_cast<__int128>(mean) * (kLn2 + beyond) >> 32);
    }
  return q;
}

Quantile Quantile::LogNormal(int64_t median, int64_t sigma, int shift) {
  Quantile q(shift);
  const size_t half = q.points_.size() / 2;
  const int64_t log = Log2(static_cast<unsigned __int128>(std::max<int64_t>(median, 1)));
  auto power = [](int64_t y) {  // 2^(y / 2^32)
    const int64_t whole = y >> 32;
    if (whole >= 61) return int64_t{1} << 61;
    if (whole < -61) return int64_t{0};
    const uint64_t fraction = Exp2Fraction(static_cast<uint32_t>(y));
    return static_cast<int64_t>(fraction >> (62 - whole > 63 ? 63 : 62 - whole));
  };
  for (size_t i = 0; i < half; ++i) {
    // sigma z / ln 2
    const __int128 y = static_cast<__int128>(sigma) * static_cast<__int128>(kNormalTail[i]) / kLn2;
    const int64_t distance = Clamped(y);
    q.points_[i] = power(log - std::min<int64_t>(distance, int64_t{1} << 40));
    q.points_[half + i] = power(log + std::min<int64_t>(distance, int64_t{1} << 40));
  }
  return q;
}

bool Quantile::Cut(int64_t low, int64_t high) {
  low_ = low, high_ = high;
  const __int128 unit = __int128{1} << shift_;
  // A number stands for all that is rounded to it.
  const int64_t from = Clamped(low * unit - unit / 2), to = Clamped(high * unit + unit / 2);
  // The first u of which the value is at least `bound`.
  auto first = [&](int64_t bound) {
    uint64_t a = 0, b = ~uint64_t{0};
    while (a < b) {
      const uint64_t m = a + (b - a) / 2;
      if (At(m) < bound) {
        a = m + 1;
      } else {
        b = m;
      }
    }
    return a;
  };
  from_ = At(0) >= from ? 0 : first(from);
  const uint64_t end = At(~uint64_t{0}) < to ? ~uint64_t{0} : first(to);
  span_ = end > from_ ? end - from_ : 0;
  return span_ >> 24 != 0;
}

}  // namespace synthmill::core
