// What the values of a column may be beyond its type, as a dataset file or the checks of a schema
// say it. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace synthmill::core {

struct ValueBound {
  __int128 value = 0;  // the last one allowed, in units of the type: 10^-scale, days, microseconds
  double real = 0;     // the same for floats, and whether it is itself allowed
  bool open = false;
  std::string text;  // as a message says it: "at least 18", "more than 0"
};

struct ValueLimits {
  std::optional<ValueBound> min, max;
  // Of text. Characters are code points.
  uint64_t least_chars = 0, most_chars = UINT64_MAX, most_bytes = UINT64_MAX;
  std::vector<std::string> values;  // the only texts allowed; empty: any
  std::vector<__int128> numbers;    // ditto, in units of the type

  bool none() const {
    return !min && !max && least_chars == 0 && most_chars == UINT64_MAX &&
           most_bytes == UINT64_MAX && values.empty() && numbers.empty();
  }
};

}  // namespace synthmill::core
