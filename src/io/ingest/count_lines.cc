#include <bit>
#include <cstring>

#include "io/ingest/cells.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace synthmill::io::ingest {

uint64_t CountLines(std::string_view text) {
  uint64_t lines = 0;
  size_t at = 0;
#ifdef __SSE2__
  const __m128i feed = _mm_set1_epi8('\n');
  while (at + 16 <= text.size()) {
    // Up to 255 blocks are counted in bytes: equal bytes are -1 each.
    __m128i counts = _mm_setzero_si128();
    for (int i = 0; i < 255 && at + 16 <= text.size(); ++i, at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(bytes, feed));
    }
    const __m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());
    uint64_t halves[2];
    std::memcpy(halves, &sums, sizeof halves);
    lines += halves[0] + halves[1];
  }
#endif
  for (; at < text.size(); ++at) lines += text[at] == '\n';
  return lines;
}

}  // namespace synthmill::io::ingest
