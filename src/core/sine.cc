#include "core/sine.h"

namespace synthmill::core {
namespace {

#include "core/sine_table.inc"

}  // namespace

int64_t Sine(uint32_t turn) {
  // A quarter is in the table; the others are its mirror images.
  const uint32_t quarter = turn >> 30;
  uint32_t in = turn & 0x3FFFFFFF;
  if (quarter & 1) in = 0x40000000 - in;
  const uint32_t i = in >> 22;
  const int64_t f = in & 0x3FFFFF;
  const int64_t a = kSineQuarter[i], b = kSineQuarter[i < 256 ? i + 1 : 256];
  const int64_t v = a + (((b - a) * f) >> 22);
  return quarter & 2 ? -v : v;
}

}  // namespace synthmill::core
