#include "core/popularity.h"

#include <algorithm>

namespace synthmill::core {
namespace {

using Wide = unsigned __int128;

constexpr uint64_t kSingle = 1024;  // ranks with a range of their own
constexpr uint64_t kParts = 64;     // of its rank a range spans

// Ranges of ranks [0, n): single ones, then a sixty-fourth of the rank each.
template <typename Each>
void ForRanges(uint64_t n, Each each) {
  for (uint64_t rank = 0; rank < n;) {
    const uint64_t size = std::min(rank < kSingle ? 1 : rank / kParts, n - rank);
    each(rank, size);
    rank += size;
  }
}

// Of all values the share, times 2^50, that lies below position p of 2^54.
uint64_t Below54(const Skew& skew, uint64_t p) {
  const auto at = [&](uint64_t i) {
    // The table's points, asked for by the bits that lead to them.
    return i >= 1024 ? uint64_t{1} << 54 : uint64_t{skew(i << 54)} << 22;
  };
  uint64_t low = 0, high = 1024;
  while (high - low > 1) {
    const uint64_t middle = (low + high) / 2;
    (at(middle) <= p ? low : high) = middle;
  }
  const uint64_t a = at(low), b = at(low + 1);
  const uint64_t within =
      p <= a || b <= a ? 0 : static_cast<uint64_t>((Wide{p - a} << 40) / (b - a));
  return (low << 40) + std::min<uint64_t>(within, uint64_t{1} << 40);
}

}  // namespace

Popularity::Popularity(Skew skew, uint64_t n, uint64_t parts) {
  std::vector<Weight> weights;
  if (skew.uniform()) {
    weights.push_back({n, n});
  } else {
    uint64_t before = 0;
    ForRanges(n, [&](uint64_t rank, uint64_t size) {
      const uint64_t end = rank + size;
      const uint64_t upto = end == n ? uint64_t{1} << 50
                                     : Below54(skew, static_cast<uint64_t>((Wide{end} << 54) / n));
      weights.push_back({size, upto - before});
      before = upto;
    });
  }
  Lay(std::move(weights), parts);
}

Popularity Popularity::Zipf(uint64_t n, uint64_t parts) {
  std::vector<Weight> weights;
  ForRanges(n, [&](uint64_t rank, uint64_t size) {
    // The sum of 1 / k over a range, by its middle.
    weights.push_back({size, static_cast<uint64_t>((Wide{size} << 51) / (2 * rank + size + 1))});
  });
  Popularity out;
  out.Lay(std::move(weights), parts);
  return out;
}

void Popularity::Lay(std::vector<Weight> weights, uint64_t parts) {
  parts_ = parts;
  Wide sum = 0;
  for (const Weight& w : weights) sum += w.weight;
  for (const Weight& w : weights) {
    const Wide whole = (Wide{w.weight} << 60) / sum / w.size / parts * parts;
    const uint64_t width = std::max(static_cast<uint64_t>(whole), parts);
    ranges_.push_back({0, w.size, 0, width});
  }
  std::stable_sort(ranges_.begin(), ranges_.end(),
                   [](const Range& a, const Range& b) { return a.width > b.width; });
  for (Range& r : ranges_) {
    r.rank = size_;
    r.begin = length_;
    size_ += r.size;
    length_ += r.size * r.width;
  }
}

Shares::Shares(const Popularity& popularity, uint64_t n, uint64_t least, uint64_t most) {
  // Ranges that would get more than they can hold are filled; the others share what is left.
  const uint64_t room = most - least;
  const std::vector<Popularity::Range>& from = popularity.ranges();
  Wide length = popularity.length();
  uint64_t left = n - least * popularity.size();
  size_t full = 0;  // widths fall, so that the first ones fill up first
  while (full < from.size() && length > 0 && Wide{left} * from[full].width > Wide{room} * length) {
    left -= room * from[full].size;
    length -= Wide{from[full].width} * from[full].size;
    ++full;
  }
  Wide passed = 0;
  uint64_t given = 0, begin = 0;
  for (size_t i = 0; i < from.size(); ++i) {
    uint64_t extra = room * from[i].size;
    if (i >= full) {
      passed += Wide{from[i].width} * from[i].size;
      const uint64_t upto = static_cast<uint64_t>(Wide{left} * passed / length);
      extra = upto - given;
      given = upto;
    }
    const uint64_t places = least * from[i].size + extra;
    ranges_.push_back({from[i].rank, from[i].size, begin, places});
    begin += places;
    most_ = std::max(most_, (places + from[i].size - 1) / from[i].size);
  }
}

Shares::Place Shares::Find(uint64_t place) const {
  size_t low = 0, high = ranges_.size();
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    (ranges_[middle].begin <= place ? low : high) = middle;
  }
  const Range& r = ranges_[low];
  // The largest k with places * k / size <= offset.
  const Wide next = (Wide{place - r.begin} + 1) * r.size - 1;
  return In(r, r.places == 0 ? 0 : static_cast<uint64_t>(next / r.places));
}

const Shares::Range& Shares::RangeOf(uint64_t rank) const {
  size_t low = 0, high = ranges_.size();
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    (ranges_[middle].rank <= rank ? low : high) = middle;
  }
  return ranges_[low];
}

Shares::Place Shares::Of(uint64_t rank) const {
  const Range& r = RangeOf(rank);
  return In(r, rank - r.rank);
}

Shares::Bounds Shares::BoundsOf(uint64_t rank) const {
  const Range& r = RangeOf(rank);
  return {r.places / r.size, (r.places + r.size - 1) / r.size};
}

}  // namespace synthmill::core
