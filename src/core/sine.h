// The sine in integers, by a table: the same on every machine.
#pragma once

#include <cstdint>

namespace synthmill::core {

// sin(2 pi turn / 2^32) times 2^30, to within 2^-19 of the whole.
int64_t Sine(uint32_t turn);

}  // namespace synthmill::core
