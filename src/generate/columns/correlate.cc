// The other value's rank u in its distribution is uniform. Noise of width w is added to it and what
// leaves the range is reflected at its ends, which keeps the sum uniform: so the column's own
// distribution stays as it was asked for. With a triangle wave's Fourier series the rank
// correlation comes out as 1 - w^2 / 2 + w^3 / 8 for 0 <= w <= 2, from which w is found.
//
// Ranks come from a sample of the other column, made when the spec is compiled: whatever its kind,
// distribution and steps are.
#include "generate/columns/correlate.h"

#include <algorithm>

namespace synthmill::generate {
namespace {

constexpr int64_t kSample = 8192;
constexpr int64_t kOne = 1'000'000'000;

// The width w, times 2^62, for a strength times 10^9: where the falling cubic above reaches it.
uint64_t WidthOf(int64_t strength) {
  int64_t a = 0, b = 2 * kOne;
  while (a < b) {
    const int64_t w = a + (b - a) / 2;
    const Int128 w2 = Int128{w} * w / kOne;
    const Int128 rho = kOne - w2 / 2 + w2 * w / kOne / 8;
    if (rho > strength) {
      a = w + 1;
    } else {
      b = w;
    }
  }
  return static_cast<uint64_t>((static_cast<unsigned __int128>(a) << 62) / kOne);
}

}  // namespace

uint64_t Correlation::Rank(int64_t v, uint64_t bits) const {
  const auto [from, to] = std::equal_range(sorted_.begin(), sorted_.end(), v);
  const uint64_t below = static_cast<uint64_t>(from - sorted_.begin());
  const uint64_t equal = static_cast<uint64_t>(to - from);
  // 2^-62 of the whole: somewhere among its equals, or between its neighbours.
  constexpr uint64_t kUnit = (uint64_t{1} << 62) / kSample;
  uint64_t at = below * kUnit;
  if (equal > 0) {
    at += core::Below(bits, equal * kUnit);
  } else {
    at -= below > 0 ? core::Below(bits, kUnit) : 0;
  }
  return std::min(at, (uint64_t{1} << 62) - 1);
}

uint64_t Correlation::Bits(Inputs inputs, int64_t i, uint64_t own) const {
  if (inputs[input_]->IsNull(i)) return own;
  constexpr int64_t kWhole = int64_t{1} << 62;
  const uint64_t more = core::Mix(own + core::kGolden);
  int64_t u = static_cast<int64_t>(Rank(inputs[input_]->ints[i], more));
  if (inverse_) u = kWhole - 1 - u;
  const int64_t noise =
      static_cast<int64_t>(core::Below(own, width_ / 2)) - static_cast<int64_t>(width_ / 4);
  int64_t sum = u / 2 + noise;  // half of it: noise is at most a whole range on either side
  constexpr int64_t kHalf = kWhole / 2;
  if (sum < 0) sum = -sum - 1;
  if (sum >= kHalf) sum = 2 * kHalf - 1 - sum;
  return (static_cast<uint64_t>(sum) << 3) | (more & 7);
}

bool Correlation::Read(ColumnContext& context, std::vector<const Input*>* inputs,
                       std::unique_ptr<Correlation>* out) {
  const spec::Args& outer = context.args();
  if (!outer.Has("correlate")) return true;
  const spec::Node& node = *outer.Get("correlate");
  if (!node.is_map()) {
    outer.Error(node.at, "'correlate' is a map", "such as: {with: income, strength: 0.8}");
    return false;
  }
  const spec::Args args(node, outer.what() + ": 'correlate'", outer.env(), outer.diagnostics());
  static const std::vector<std::string> kKnown = {"with", "strength"};
  args.RejectUnknown(kKnown);
  if (!args.Require("with", "with: income") || !args.Require("strength", "strength: 0.8"))
    return false;
  const int64_t strength = args.Decimal("strength", 0);
  if (strength < -kOne || strength > kOne) {
    args.Error(args.At("strength"), "the strength of a correlation is -1 to 1");
    return false;
  }
  const Input* input = UseInts(context, args.Text("with", ""), args.At("with"));
  if (!input) return false;
  // A sample of its values, of rows that no table has.
  std::vector<uint64_t> number(kSample), hash(kSample);
  for (size_t i = 0; i < number.size(); ++i) {
    number[i] = (uint64_t{1} << 61) + i;
    hash[i] = core::RowHash(number[i]);
  }
  // What can be counted off has no inputs of its own.
  if (input->column->domain() == 0) {
    args.Error(args.At("with"), "'" + input->name +
                                    "' is made from other columns or has no range; "
                                    "correlate with a number, date or time that is drawn");
    return false;
  }
  auto made = std::make_unique<Correlation>();
  Vector v;
  input->column->Fill({kSample, number.data(), hash.data()}, {}, &v);
  made->sorted_.assign(v.ints.data(), v.ints.data() + kSample);
  std::sort(made->sorted_.begin(), made->sorted_.end());
  made->inverse_ = strength < 0;
  made->width_ = WidthOf(strength < 0 ? -strength : strength);
  made->input_ = InputIndex(inputs, input);
  *out = std::move(made);
  return true;
}

}  // namespace synthmill::generate
