#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

class Binary : public Column {
 public:
  Binary(core::Stream stream, uint32_t min, uint32_t max) : stream_(stream), min_(min), max_(max) {
    type_.id = TypeId::kBinary;
  }
  uint32_t longest() const override { return max_; }
  // From eight bytes on there are more than can be counted: the number is the first eight.
  uint64_t domain() const override {
    if (max_ >= 8) return uint64_t{1} << 62;
    uint64_t n = 0;
    for (uint32_t size = min_; size <= max_; ++size) n += uint64_t{1} << (8 * size);
    return n;
  }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kTexts, n);
    for (int64_t i = 0; i < n; ++i) {
      uint64_t v = index[i];
      uint32_t size = min_;
      if (max_ >= 8) {
        const uint32_t least = std::max(min_, 8u);
        size = least + static_cast<uint32_t>(core::Below(core::Mix(v), max_ - least + 1));
      } else {
        for (; v >= uint64_t{1} << (8 * size); ++size) v -= uint64_t{1} << (8 * size);
      }
      char* const p = out->arena.Reserve(size + 8);
      // Odd multiplication carries 64 bits to 64 bits one to one, so that high bytes vary, too.
      uint64_t bits = max_ >= 8 ? v * core::kGolden : v;
      for (uint32_t at = 0; at < size; at += 8) {
        std::memcpy(p + at, &bits, 8);
        bits = core::Mix(bits + core::kGolden);
      }
      out->texts[i] = {p, size};
      out->arena.Commit(p + size);
    }
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    const core::Stream size_stream = stream_.Draw(0);
    for (int64_t i = 0; i < rows.count; ++i) {
      const uint32_t size =
          min_ + static_cast<uint32_t>(core::Below(size_stream.At(rows.hash[i]), max_ - min_ + 1));
      char* const p = out->arena.Reserve(size + 8);
      // A chain from the cell's bits: eight bytes a step.
      uint64_t bits = stream_.At(rows.hash[i]);
      for (uint32_t at = 0; at < size; at += 8) {
        std::memcpy(p + at, &bits, 8);
        bits = core::Mix(bits + core::kGolden);
      }
      out->texts[i] = {p, size};
      out->arena.Commit(p + size);
    }
  }

 private:
  core::Stream stream_;
  uint32_t min_, max_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const int64_t min = args.Int("min", args.Has("max") ? 0 : 16);
  const int64_t max = args.Int("max", std::max<int64_t>(min, 16));
  if (min < 0 || max < min || max > 1 << 20) {
    args.Error(args.At("max"), "lengths must satisfy 0 <= min <= max <= 1048576");
    return nullptr;
  }
  return std::make_unique<Binary>(c.stream(), static_cast<uint32_t>(min),
                                  static_cast<uint32_t>(max));
}

}  // namespace

extern const ColumnKind kBinary = {
    "binary",
    "random bytes",
    "{kind: binary, min: 4, max: 16}",
    {{"min", "fewest bytes; default 16, or 0 if max is given"}, {"max", "most bytes; default 16"}},
    Compile};

}  // namespace synthmill::generate
