// How values are spread over a range of n steps: evenly, by a skew, or by a distribution.
#pragma once

#include <optional>
#include <vector>

#include "core/power_law.h"
#include "core/quantile.h"
#include "generate/columns/kinds.h"

namespace synthmill::generate {

using UInt128 = unsigned __int128;

class Spread {
 public:
  // Reads `skew`, `distribution` and its parameters. Lengths are in units of 10^-scale: the range
  // begins at `min` and goes on by `step`. Nothing after errors.
  static std::optional<Spread> Read(const spec::Args& args, int scale, Int128 min, Int128 step,
                                    UInt128 steps);

  // Nothing but a skew: what the fast path takes.
  bool plain() const { return !quantile_ && !power_; }
  const core::Skew& skew() const { return skew_; }
  // A step in [0, n), n being the number of all steps or fewer; `bits` decide, larger ones for
  // later steps (not for zipf).
  UInt128 Step(uint64_t bits, UInt128 n) const;

 private:
  core::Skew skew_;
  std::optional<core::Quantile> quantile_;  // gives numbers below 2^scaled_ steps at most
  std::optional<core::PowerLaw> power_;
  UInt128 steps_ = 1;
  int coarse_ = 0;  // quantile_ and power_ count in units of 2^coarse_ steps
};

std::vector<ArgDoc> SpreadDocs();

}  // namespace synthmill::generate
