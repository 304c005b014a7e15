// How popular each of n things is, in closed form: what is drawn from without being drawn twice.
//
// Things have ranks, the most popular first. Every rank has a width on a line, never more than the
// one before it; ranges of ranks share one width, so that memory hardly grows with n.
#pragma once

#include <cstdint>
#include <vector>

#include "core/skew.h"

namespace synthmill::core {

class Popularity {
 public:
  struct Range {
    uint64_t rank, size;  // ranks [rank, rank + size)
    uint64_t begin;       // of the first of them on the line
    uint64_t width;       // of each
  };
  // Each rank's width is a multiple of `parts`. 1 <= n * parts <= 2^50.
  Popularity(Skew skew, uint64_t n, uint64_t parts = 1);
  static Popularity Zipf(uint64_t n, uint64_t parts = 1);

  uint64_t size() const { return size_; }
  // The line is [0, length), below 2^62.
  uint64_t length() const { return length_; }
  const std::vector<Range>& ranges() const { return ranges_; }

  // Where on the line a place lies: part `part` of `parts` of rank `rank`.
  struct Place {
    uint64_t rank, part;
  };
  Place Find(uint64_t x) const {
    size_t low = 0, high = ranges_.size();
    while (high - low > 1) {
      const size_t middle = (low + high) / 2;
      (ranges_[middle].begin <= x ? low : high) = middle;
    }
    const Range& r = ranges_[low];
    const uint64_t offset = x - r.begin;
    return {r.rank + offset / r.width, parts_ == 1 ? 0 : offset % r.width / (r.width / parts_)};
  }

  // The j-th of d different ones (times `parts`, as rank * parts + part), 0 <= j < d <= n * parts.
  // `bits` are the same for all of these. Points at equal distances on the line fall into different
  // ranks but where a rank is wider than the distance; those are the first ones, and then all of
  // them are taken.
  uint64_t Pick(uint64_t bits, uint64_t j, uint64_t d) const {
    const auto length = static_cast<unsigned __int128>(length_);
    const uint64_t start = static_cast<uint64_t>((length * bits) >> 64);
    const Place p = Find(static_cast<uint64_t>((length * j + start) / d));
    const uint64_t natural = p.rank * parts_ + p.part;
    return natural > j ? natural : j;
  }

 private:
  struct Weight {
    uint64_t size, weight;  // of the whole range
  };
  Popularity() = default;
  void Lay(std::vector<Weight> weights, uint64_t parts);

  uint64_t size_ = 0, parts_ = 1, length_ = 0;
  std::vector<Range> ranges_;
};

// n places handed out to ranks by their popularity, to none fewer than `least` or more than `most`;
// both directions in closed form.
class Shares {
 public:
  // least * size <= n <= most * size, n <= 2^62.
  Shares(const Popularity& popularity, uint64_t n, uint64_t least, uint64_t most);

  struct Place {
    uint64_t rank, begin, end;  // the rank's places are [begin, end)
  };
  Place Find(uint64_t place) const;
  Place Of(uint64_t rank) const;
  // The fewest and the most places of the ranks in the range of this one.
  struct Bounds {
    uint64_t fewest, most;
  };
  Bounds BoundsOf(uint64_t rank) const;
  uint64_t most() const { return most_; }  // that any rank has
  // Ranks [rank, rank + size) have places / size each, rounded down or up.
  struct Range {
    uint64_t rank, size;
    uint64_t begin, places;
  };
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  static Place In(const Range& r, uint64_t k) {
    const auto before = [&](uint64_t i) {
      return r.begin + static_cast<uint64_t>(static_cast<unsigned __int128>(r.places) * i / r.size);
    };
    return {r.rank + k, before(k), before(k + 1)};
  }
  const Range& RangeOf(uint64_t rank) const;

  std::vector<Range> ranges_;
  uint64_t most_ = 0;
};

}  // namespace synthmill::core
