// Keyed bijections: the order in which a block's rows are taken, and ids that are unique without
// remembering any.
#pragma once

#include <cstdint>

#include "core/bits.h"

namespace synthmill::core {

// A keyed bijection of [0, 1024). Odd multiplications and xor-shifts modulo 2^10 are invertible;
// three keyed rounds pass the uniformity and pair tests in bijection_test.cc.
class BlockOrder {
 public:
  BlockOrder(Stream stream, uint64_t block) {
    const uint64_t k = stream.At(RowHash(block));
    for (int i = 0; i < 3; ++i) {
      multiply_[i] = static_cast<uint32_t>(k >> (20 * i)) | 1;
      add_[i] = static_cast<uint32_t>(k >> (20 * i + 10));
    }
  }
  uint32_t operator()(uint32_t i) const {
    uint32_t x = i;
    for (int r = 0; r < 3; ++r) {
      x = (x * multiply_[r] + add_[r]) & 1023;
      x ^= x >> 5;
      x = (x * 0x2F5u) & 1023;  // spreads the folded bits upward again
      x ^= x >> 7;
    }
    return x;
  }

 private:
  uint32_t multiply_[3];
  uint32_t add_[3];
};

// A keyed bijection of [0, n) for any n up to 2^62: a balanced Feistel network over the next even
// number of bits, walked along its cycle until it lands inside (fewer than 4 steps on average).
class Bijection {
 public:
  Bijection(Stream stream, uint64_t n) : n_(n) {
    int bits = 2;
    while (bits < 62 && (1ull << bits) < n) ++bits;
    half_ = (bits + 1) / 2;
    mask_ = (1ull << half_) - 1;
    for (int i = 0; i < kRounds; ++i) keys_[i] = stream.Draw(static_cast<uint64_t>(i)).key;
  }
  uint64_t size() const { return n_; }
  uint64_t operator()(uint64_t x) const {
    do x = Step(x);
    while (x >= n_);
    return x;
  }
  // What is carried to y.
  uint64_t Inverse(uint64_t y) const {
    do y = StepBack(y);
    while (y >= n_);
    return y;
  }

 private:
  static constexpr int kRounds = 4;
  uint64_t Mixed(uint64_t right, int round) const {
    // One multiplication is enough per round: its high bits depend on all of `right`.
    uint64_t f = (right + keys_[round]) * 0xD6E8FEB86659FD93ull;
    f ^= f >> 32;
    f *= 0xD6E8FEB86659FD93ull;
    return (f >> 32) & mask_;
  }
  uint64_t Step(uint64_t x) const {
    uint64_t left = x >> half_, right = x & mask_;
    for (int i = 0; i < kRounds; ++i) {
      const uint64_t next = left ^ Mixed(right, i);
      left = right;
      right = next;
    }
    return (left << half_) | right;
  }
  uint64_t StepBack(uint64_t x) const {
    uint64_t left = x >> half_, right = x & mask_;
    for (int i = kRounds; i-- > 0;) {
      const uint64_t before = right ^ Mixed(left, i);
      right = left;
      left = before;
    }
    return (left << half_) | right;
  }

  uint64_t n_;
  int half_;
  uint64_t mask_;
  uint64_t keys_[kRounds];
};

// A keyed bijection of 2 x 61 bits, for UUIDs: pairs that differ stay different.
class WideBijection {
 public:
  static constexpr uint64_t kMask = (1ull << 61) - 1;
  explicit WideBijection(Stream stream) {
    for (int i = 0; i < 4; ++i) keys_[i] = stream.Draw(static_cast<uint64_t>(i)).key;
  }
  void operator()(uint64_t* left, uint64_t* right) const {
    for (int i = 0; i < 4; i += 2) {
      *left ^= Mix(*right + keys_[i]) & kMask;
      *right ^= Mix(*left + keys_[i + 1]) & kMask;
    }
  }

 private:
  uint64_t keys_[4];
};

}  // namespace synthmill::core
