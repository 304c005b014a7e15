// Weighted choice in constant time and integers: Vose's alias method (IEEE TSE 17(9), 1991) with
// thresholds of 32 bits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bits.h"

namespace synthmill::core {

class Sampler {
 public:
  Sampler() = default;
  // Non-negative weights, fewer than 2^22 of them, not all zero. The chance of i is its weight's
  // share to within about 2^-31 of one cell.
  explicit Sampler(std::span<const int64_t> weights);

  uint32_t size() const { return static_cast<uint32_t>(cells_.size()); }
  uint32_t operator()(uint64_t bits) const {
    // The high half picks the cell, the low half decides between its two tenants.
    const uint32_t i =
        static_cast<uint32_t>(((bits >> 32) * static_cast<uint64_t>(cells_.size())) >> 32);
    const Cell& c = cells_[i];
    return static_cast<uint32_t>(bits) < c.threshold ? i : c.alias;
  }

 private:
  struct Cell {
    uint32_t threshold;
    uint32_t alias;
  };
  std::vector<Cell> cells_;
};

}  // namespace synthmill::core
