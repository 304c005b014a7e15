// Correlation with another column: the bits a value is drawn from lean on the other value's rank.
#pragma once

#include <memory>
#include <vector>

#include "generate/columns/kinds.h"

namespace synthmill::generate {

inline constexpr ArgDoc kCorrelateDoc = {
    "correlate", "{with: COLUMN, strength: -1..1}: the rank correlation with another column"};

class Correlation {
 public:
  // Reads `correlate` if it is there (*out stays empty if not); the other column becomes an input.
  // False after errors.
  static bool Read(ColumnContext& context, std::vector<const Input*>* inputs,
                   std::unique_ptr<Correlation>* out);
  // 64 uniform bits whose order goes with the other value of row i as far as was asked for. `own`
  // are bits of the row's own; a null's place is taken by them.
  uint64_t Bits(Inputs inputs, int64_t i, uint64_t own) const;

 private:
  // The share of values below v, and how many are equal to it, in units of 2^-64.
  uint64_t Rank(int64_t v, uint64_t bits) const;

  size_t input_ = 0;
  bool inverse_ = false;
  uint64_t width_ = 0;           // of the noise, 2^62 for the whole range
  std::vector<int64_t> sorted_;  // a sample of the other column
};

}  // namespace synthmill::generate
