// Shapes of distributions as inverse-CDF tables in integers.
//
// A shape maps 64 uniform bits to a position in [0, 2^32): where in its range a value falls. Tables
// of 1,025 points are made by tools/make_quantiles.py (skew_tables.inc) and interpolated in
// integers, so that no CPU's libm has a say.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace synthmill::core {

class Skew {
 public:
  struct Shape {
    const char* name;
    const char* help;
    const uint32_t* table;  // 1,025 points; nullptr: uniform
  };
  static std::span<const Shape> Shapes();
  static std::optional<Skew> Find(std::string_view name);

  Skew() = default;  // uniform
  bool uniform() const { return table_ == nullptr; }
  // Position in [0, 2^32).
  uint32_t operator()(uint64_t bits) const {
    if (table_ == nullptr) return static_cast<uint32_t>(bits >> 32);
    const uint64_t i = bits >> 54;
    const uint64_t f = (bits >> 22) & 0xFFFFFFFFu;
    const uint64_t a = table_[i], b = table_[i + 1];
    return static_cast<uint32_t>(a + (((b - a) * f) >> 32));
  }
  // A number in [0, n): for a uniform shape all 64 bits count.
  uint64_t Below(uint64_t bits, uint64_t n) const {
    if (table_ == nullptr)
      return static_cast<uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
    // 32 bits of position and 22 of what was left over, so that wide ranges have no holes.
    const uint64_t fine = (static_cast<uint64_t>((*this)(bits)) << 22) | (bits & 0x3FFFFF);
    return static_cast<uint64_t>((static_cast<unsigned __int128>(fine) * n) >> 54);
  }

 private:
  explicit Skew(const uint32_t* table) : table_(table) {}
  const uint32_t* table_ = nullptr;
};

}  // namespace synthmill::core
