#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// A number some percent up or down, on steps.
class Drift : public NoiseRule {
 public:
  Drift(core::Stream stream, int64_t by, int64_t step, int64_t min, int64_t max)
      : stream_(stream), by_(by), step_(step), min_(min), max_(max) {}
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    for (size_t c = 0; c < b->columns.size(); ++c) {
      Vector& v = *b->columns[c];
      for (int32_t row : rows) {
        if (v.IsNull(row)) continue;
        for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
          const uint64_t bits = stream_.Draw(c * kNoiseAttempts + attempt).At(b->hash[row]);
          // -by .. +by in parts per 10^9.
          const int64_t share =
              static_cast<int64_t>(core::Below(bits, static_cast<uint64_t>(2 * by_ + 1))) - by_;
          const __int128 moved = static_cast<__int128>(v.ints[row]) * share / 1'000'000'000;
          int64_t value = v.ints[row] + static_cast<int64_t>(moved);
          value = value / step_ * step_;
          value = std::max(min_, std::min(max_, value));
          if (value == v.ints[row]) continue;
          b->Touch(c, row);
          v.ints[row] = value;
          break;
        }
      }
    }
    return arrow::Status::OK();
  }

 private:
  core::Stream stream_;
  int64_t by_, step_, min_, max_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  const spec::Args& args = c.args();
  for (const NoiseColumn& col : c.columns())
    if (!col.type.ints() || col.type.id == TypeId::kBool || col.type.id >= TypeId::kDate) {
      args.Error(args.At("columns"), "column '" + col.name + "' is not a number");
      return nullptr;
    }
  if (c.columns().empty()) return nullptr;
  const int scale = c.columns()[0].type.scale;
  for (const NoiseColumn& col : c.columns())
    if (col.type.scale != scale) {
      args.Error(args.At("columns"), "the columns must have the same number of decimal places");
      return nullptr;
    }
  const int64_t step = args.Scaled("step", scale, 1);
  if (step < 1) {
    args.Error(args.At("step"), "step must be positive");
    return nullptr;
  }
  const TypeId id = c.columns()[0].type.id;
  const int64_t high = id == TypeId::kInt8    ? INT8_MAX
                       : id == TypeId::kInt16 ? INT16_MAX
                       : id == TypeId::kInt32 ? INT32_MAX
                                              : INT64_MAX / 4;
  return std::make_unique<Drift>(c.stream(), args.Share("by", 100'000'000), step,
                                 args.Scaled("min", scale, -high - 1),
                                 args.Scaled("max", scale, high));
}

}  // namespace

extern const NoiseKind kDrift = {
    "drift",
    "a number some percent up or down",
    "{rule: drift, columns: [annual_income], by: 0.1, step: 100, rate: 0.3}",
    {{"by", "the most, as a share of the value; default 0.1"},
     {"step", "values end on multiples of this"},
     {"min", "never below"},
     {"max", "never above"}},
    Compile};

}  // namespace synthmill::generate
