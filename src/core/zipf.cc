#include "core/zipf.h"

namespace synthmill::core {

Zipf::Zipf(uint64_t n) {
  constexpr uint64_t kSingle = 1024;  // ranks with a cell of their own
  constexpr uint64_t kParts = 64;     // of its rank a range spans
  constexpr unsigned __int128 kOne = uint64_t{1} << 50;
  std::vector<int64_t> weights;
  for (uint64_t rank = 1; rank <= n;) {
    uint64_t size = rank <= kSingle ? 1 : rank / kParts;
    if (size > n - rank + 1) size = n - rank + 1;
    // The sum of 1 / k over the range, by its middle m: size / m · (1 + size² / 12 m²).
    const uint64_t twice_middle = 2 * rank + size - 1;
    const unsigned __int128 middle = kOne * 2 * size / twice_middle;
    const unsigned __int128 ratio = (static_cast<unsigned __int128>(size) << 20) / twice_middle;
    const unsigned __int128 bend = size == 1 ? 0 : (middle * ratio * ratio / 3) >> 40;
    weights.push_back(static_cast<int64_t>(middle + bend));
    ranges_.push_back({rank - 1, size});
    rank += size;
  }
  pick_ = Sampler(weights);
}

}  // namespace synthmill::core
