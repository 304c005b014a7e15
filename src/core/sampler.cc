#include "core/sampler.h"

namespace synthmill::core {

Sampler::Sampler(std::span<const int64_t> weights) {
  const size_t n = weights.size();
  using Wide = unsigned __int128;
  Wide total = 0;
  for (int64_t w : weights) total += static_cast<Wide>(w);
  // Scaled by n, so that the average cell holds `total`.
  std::vector<Wide> left(n);
  std::vector<uint32_t> small, large;
  for (size_t i = 0; i < n; ++i) {
    left[i] = static_cast<Wide>(weights[i]) * n;
    (left[i] < total ? small : large).push_back(static_cast<uint32_t>(i));
  }
  cells_.resize(n);
  while (!small.empty() && !large.empty()) {
    const uint32_t s = small.back(), l = large.back();
    small.pop_back();
    cells_[s] = {static_cast<uint32_t>((left[s] << 32) / total), l};
    left[l] -= total - left[s];
    if (left[l] < total) {
      large.pop_back();
      small.push_back(l);
    }
  }
  // Full cells: the alias is the cell itself, so the one lost threshold step does no harm.
  for (uint32_t i : small) cells_[i] = {~0u, i};
  for (uint32_t i : large) cells_[i] = {~0u, i};
}

}  // namespace synthmill::core
