// Quotas instead of coins: of the first x things exactly floor(share * x) are chosen, at every
// multiple of 1,024, so that every count is closed-form and no row is ever counted by making it.
#pragma once

#include <cstdint>

#include "core/bijection.h"
#include "core/bits.h"

namespace synthmill::core {

class Quota {
 public:
  static constexpr uint64_t kBlock = 1024;

  // `share_e9` in parts per 10^9, 0..10^9.
  Quota(Stream stream, int64_t share_e9) : stream_(stream), share_(share_e9) {}

  // Chosen among the first 1,024 * blocks things.
  uint64_t BeforeBlock(uint64_t blocks) const {
    return static_cast<uint64_t>(static_cast<unsigned __int128>(blocks) * kBlock * share_ /
                                 1'000'000'000u);
  }
  // Chosen within block b.
  uint32_t InBlock(uint64_t b) const {
    return static_cast<uint32_t>(BeforeBlock(b + 1) - BeforeBlock(b));
  }
  BlockOrder Order(uint64_t b) const { return BlockOrder(stream_, b); }
  // Chosen among the first x things, x anything.
  uint64_t Before(uint64_t x) const {
    const uint64_t b = x / kBlock;
    uint64_t n = BeforeBlock(b);
    const uint32_t rest = static_cast<uint32_t>(x % kBlock);
    if (rest == 0) return n;
    const uint32_t quota = InBlock(b);
    const BlockOrder order = Order(b);
    for (uint32_t i = 0; i < rest; ++i) n += order(i) < quota;
    return n;
  }

 private:
  Stream stream_;
  uint64_t share_;
};

}  // namespace synthmill::core
