// Finds the bytes that mean something in CSV, 64 at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace synthmill::io::ingest {

// Goes through the positions of delimiter, quote and line feed in a text that is followed by 64
// readable bytes.
class SpecialBytes {
 public:
  SpecialBytes(std::string_view text, size_t first, char delimiter)
      : data_(text.data()), end_(text.size()), block_(first) {
#ifdef __SSE2__
    delimiters_ = _mm_set1_epi8(delimiter);
#else
    delimiter_ = delimiter;
#endif
    mask_ = block_ < end_ ? Mask(data_ + block_) : 0;
  }

  // The next one, or a position at or behind the end.
  size_t Next() {
    while (mask_ == 0) {
      block_ += 64;
      if (block_ >= end_) return end_;
      mask_ = Mask(data_ + block_);
    }
    const size_t at = block_ + static_cast<size_t>(std::countr_zero(mask_));
    mask_ &= mask_ - 1;
    return at;
  }

 private:
#ifdef __SSE2__
  uint64_t Mask(const char* block) const {
    uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
      const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, delimiters_),
                                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))),
                                         _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
      mask |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found))) << (16 * i);
    }
    return mask;
  }
  __m128i delimiters_;
#else
  uint64_t Mask(const char* block) const {
    uint64_t mask = 0;
    for (int i = 0; i < 64; ++i) {
      const char c = block[i];
      mask |= static_cast<uint64_t>(c == delimiter_ || c == '"' || c == '\n') << i;
    }
    return mask;
  }
  char delimiter_;
#endif

  const char* data_;
  size_t end_;
  size_t block_;
  uint64_t mask_ = 0;
};

}  // namespace synthmill::io::ingest
