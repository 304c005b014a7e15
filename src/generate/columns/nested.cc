#include "generate/columns/nested.h"

namespace synthmill::generate {

bool Repeats::Read(ColumnContext& c) {
  constexpr int64_t kMost = 1000;
  const spec::Args& args = c.args();
  const int64_t min = args.Int("min", 0), max = args.Int("max", std::max<int64_t>(min, 5));
  if (min < 0 || max < min || max > kMost) {
    args.Error(args.At(args.Has("max") ? "max" : "min"),
               "the number of items must satisfy 0 <= min <= max <= " + std::to_string(kMost));
    return false;
  }
  min_ = static_cast<uint64_t>(min), max_ = static_cast<uint64_t>(max);
  stream_ = c.stream().Sub("size");
  return true;
}

void Repeats::Place(const Rows& rows, int32_t* offsets, ItemRows* items) const {
  items->number.clear(), items->hash.clear();
  items->number.reserve(static_cast<size_t>(rows.count) * (min_ + max_ + 1) / 2);
  items->hash.reserve(items->number.capacity());
  offsets[0] = 0;
  for (int64_t i = 0; i < rows.count; ++i) {
    const uint64_t hash = rows.hash[i];
    const uint64_t n = min_ + core::Below(stream_.At(hash), max_ - min_ + 1);
    for (uint64_t k = 0; k < n; ++k) {
      items->number.push_back(rows.number[i] * max_ + k);
      items->hash.push_back(core::Mix(hash + (k + 1) * core::kGolden));
    }
    offsets[i + 1] = static_cast<int32_t>(items->number.size());
  }
}

}  // namespace synthmill::generate
