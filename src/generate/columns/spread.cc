#include "generate/columns/spread.h"

#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

const std::vector<std::string> kNames = {"uniform", "normal", "lognormal", "exponential", "zipf"};

// (x * n) >> 64 for n up to 2^127.
UInt128 Times(uint64_t x, UInt128 n) {
  const UInt128 high = static_cast<UInt128>(x) * static_cast<uint64_t>(n >> 64);
  const UInt128 low = static_cast<UInt128>(x) * static_cast<uint64_t>(n);
  return high + (low >> 64);
}

// A parameter in units of 10^-(scale + 6), so that a mean may lie between two values.
std::optional<Int128> Length(const spec::Args& args, const char* key, int scale, Int128 fallback) {
  if (!args.Has(key)) return fallback;
  if (args.Get(key)->is_scalar())
    if (const auto literal = ParseWide(args.Get(key)->text, scale + 6)) return literal;
  const size_t errors = args.diagnostics()->all().size();
  const int64_t nano = args.Decimal(key, 0);
  if (args.diagnostics()->all().size() > errors) return std::nullopt;
  return scale >= 3 ? Int128{nano} * PowerOfTen(scale - 3) : Int128{nano} / PowerOfTen(3 - scale);
}

}  // namespace

std::vector<ArgDoc> SpreadDocs() {
  return {{"skew", "none (default), low, high, normal"},
          {"distribution",
           "instead of skew: uniform, normal, lognormal, exponential, zipf; cut to "
           "the range"},
          {"mean",
           "normal: default the middle; exponential: above min, default a fifth of the "
           "range"},
          {"stddev", "normal: default a sixth of the range"},
          {"median", "lognormal: default a tenth of the range above min"},
          {"sigma", "lognormal: the standard deviation of the logarithm, default 1"},
          {"exponent",
           "zipf: min is the most frequent value, the k-th has a chance in proportion "
           "to 1 / k^exponent; default 1"}};
}

UInt128 Spread::Step(uint64_t bits, UInt128 n) const {
  if (plain()) {
    if (n <= ~0ull) return skew_.Below(bits, static_cast<uint64_t>(n));
    if (!skew_.uniform()) return Times(static_cast<uint64_t>(skew_(bits)) << 32 | (bits & ~0u), n);
    // More values than 64 bits can name: the low digits come from a further mix.
    const UInt128 whole = Times(bits, n);
    const UInt128 gap = n >> 64;
    return whole + Times(core::Mix(bits + core::kGolden), gap);
  }
  UInt128 step = power_ ? (*power_)(bits) : static_cast<UInt128>((*quantile_)(bits));
  if (coarse_ > 0)
    step = (step << coarse_) + ((static_cast<UInt128>(core::Mix(bits + core::kGolden)) << 64 |
                                 core::Mix(bits + 3 * core::kGolden)) >>
                                (128 - coarse_));
  if (step < n) return step;
  // Only where a rule has taken the upper end away: evenly over what is left.
  return Times(core::Mix(bits + 2 * core::kGolden), n);
}

std::optional<Spread> Spread::Read(const spec::Args& args, int scale, Int128 min, Int128 step,
                                   UInt128 steps) {
  Spread spread;
  spread.skew_ = ReadSkew(args);
  spread.steps_ = steps;
  const std::string name = args.Choice("distribution", kNames, "uniform");
  if (args.Has("distribution") && args.Has("skew")) {
    args.Error(args.At("skew"), "either a skew or a distribution");
    return std::nullopt;
  }
  struct Use {
    const char* parameter;
    std::vector<std::string> names;
  };
  static const std::vector<Use> kUses = {{"mean", {"normal", "exponential"}},
                                         {"stddev", {"normal"}},
                                         {"median", {"lognormal"}},
                                         {"sigma", {"lognormal"}},
                                         {"exponent", {"zipf"}}};
  for (const Use& use : kUses)
    if (args.Has(use.parameter) &&
        std::find(use.names.begin(), use.names.end(), name) == use.names.end()) {
      args.Error(args.At(use.parameter), std::string("'") + use.parameter +
                                             "' is no parameter of the distribution '" + name +
                                             "'");
      return std::nullopt;
    }
  if (name == "uniform") return spread;
  while ((steps >> spread.coarse_) > (UInt128{1} << 60)) ++spread.coarse_;
  const int64_t n = static_cast<int64_t>(steps >> spread.coarse_);
  if (name == "zipf") {
    const int64_t exponent = args.Decimal("exponent", 1'000'000'000);
    if (exponent < 0 || exponent > 10'000'000'000) {
      args.Error(args.At("exponent"), "the exponent is 0 to 10");
      return std::nullopt;
    }
    spread.power_.emplace(static_cast<uint64_t>(n), exponent);
    return spread;
  }
  // Fractions of a step as long as they fit.
  int shift = 0;
  while (shift < 24 && (static_cast<UInt128>(n) << shift) < (UInt128{1} << 58)) ++shift;
  // From units of 10^-(scale + 6) to units of 2^-shift of a (coarse) step.
  constexpr Int128 kMillion = 1'000'000;
  auto fine = [&](Int128 length) {
    const Int128 unit = step * kMillion;
    const Int128 whole = length / unit, rest = length % unit;
    const Int128 v =
        spread.coarse_ > 0
            ? whole >> spread.coarse_
            : (whole << shift) + (unit < (Int128{1} << 100) ? (rest << shift) / unit : 0);
    const Int128 most = Int128{1} << 60;
    return static_cast<int64_t>(v > most ? most : v < -most ? -most : v);
  };
  // Only distributions ask for it, whose ranges an Int128 counts (ReadRange).
  const Int128 range = static_cast<Int128>((steps - 1) * static_cast<unsigned __int128>(step));
  auto times_million = [&](Int128 v) {
    return v > PowerOfTen(31) || v < -PowerOfTen(31) ? (v > 0 ? PowerOfTen(37) : -PowerOfTen(37))
                                                     : v * kMillion;
  };
  auto parameter = [&](const char* key, Int128 fallback) {
    return Length(args, key, scale, times_million(fallback));
  };
  bool positive = true;
  if (name == "normal") {
    const auto mean = parameter("mean", min + range / 2), stddev = parameter("stddev", range / 6);
    if (!mean || !stddev) return std::nullopt;
    positive = *stddev > 0 || !args.Has("stddev");
    spread.quantile_ =
        core::Quantile::Normal(fine(*mean - times_million(min)), fine(*stddev), shift);
  } else if (name == "exponential") {
    const auto mean = parameter("mean", range / 5);
    if (!mean) return std::nullopt;
    positive = *mean > 0 || !args.Has("mean");
    spread.quantile_ = core::Quantile::Exponential(fine(*mean), shift);
  } else {
    const auto median = parameter("median", min + range / 10);
    if (!median) return std::nullopt;
    const int64_t sigma = args.Decimal("sigma", 1'000'000'000);
    positive = *median > 0 && sigma > 0 && sigma <= 10'000'000'000;
    // A value, not a distance: the logarithm is of the number itself.
    const int64_t from = fine(times_million(min));
    spread.quantile_ = core::Quantile::LogNormal(
        fine(*median), static_cast<int64_t>((Int128{sigma} << 32) / 1'000'000'000), shift);
    spread.quantile_->Shift(-from);
  }
  if (!positive) {
    args.Error(args.At("distribution"),
               "the distribution's mean (exponential), stddev, median and sigma are above 0, and "
               "sigma is at most 10");
    return std::nullopt;
  }
  if (!spread.quantile_->Cut(0, n - 1)) {
    args.Error(args.At("distribution"),
               "next to nothing of the distribution lies between min and "
               "max");
    return std::nullopt;
  }
  return spread;
}

}  // namespace synthmill::generate
