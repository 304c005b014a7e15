// Counter-based random bits: bits(seed, table, column, row, draw) with no state.
//
// A row number is mixed once to 64 bits (RowHash, shared by all columns of a batch); each column
// adds its stream key and mixes again. Two rounds of Pelle Evensen's `moremur`, a stronger sibling
// of SplitMix64's finalizer (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators",
// OOPSLA 2014; Evensen, "Stronger, better, morer, Moremur", 2019, tested with PractRand on low
// entropy counters). Against Philox4x32-10: four multiplications fewer per value, no 128-bit state,
// and the first round is paid once per row instead of once per cell. One stream never repeats a
// 64-bit value (each round is a bijection), and streams cannot be shifted copies of each other
// because keys are added after the rows have been mixed. bits_test.cc holds the statistical tests.
#pragma once

#include <cstdint>
#include <string_view>

namespace synthmill::core {

constexpr uint64_t Mix(uint64_t x) {
  x ^= x >> 27;
  x *= 0x3C79AC492BA7B653ull;
  x ^= x >> 33;
  x *= 0x1C69B3F74AC4AE35ull;
  x ^= x >> 27;
  return x;
}

inline constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ull;

// First round: what a row number becomes before any stream sees it.
constexpr uint64_t RowHash(uint64_t row) { return Mix((row + 1) * kGolden); }

// A stream of values, one per row. Keys come from names in the spec, never from positions.
struct Stream {
  uint64_t key = 0;

  constexpr uint64_t At(uint64_t row_hash) const { return Mix(row_hash + key); }
  // An independent stream for the n-th further draw of the same cell.
  constexpr Stream Draw(uint64_t n) const { return {Mix(key ^ Mix((n + 1) * kGolden))}; }
  // A stream for a part of a column, by name.
  Stream Sub(std::string_view name) const;
};

// The stream of a column: `scope` is the key of the table or entity.
Stream MakeStream(uint64_t seed, std::string_view scope, std::string_view column);

// A number in [0, n) from 64 bits; bias below n / 2^64.
constexpr uint64_t Below(uint64_t bits, uint64_t n) {
  return static_cast<uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
}

// The threshold t with P(bits < t) = share, share in parts per 10^9. 1.0 gives 2^64 - 1, which
// misses once in 2^64; callers that need certainty test for it.
constexpr uint64_t Threshold(int64_t share_e9) {
  if (share_e9 <= 0) return 0;
  if (share_e9 >= 1'000'000'000) return ~0ull;
  return static_cast<uint64_t>((static_cast<unsigned __int128>(share_e9) << 64) / 1'000'000'000);
}

}  // namespace synthmill::core
