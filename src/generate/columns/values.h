// Literal values of any scalar type, out of a column's arguments.
#pragma once

#include <string>

#include "generate/column.h"

namespace synthmill::generate {

// A number in units of the type (10^-scale, days, microseconds, 0 and 1), or the bytes.
struct Value {
  Int128 number = 0;
  std::string text;
};

// Reads the argument `key` as a value of the type; reports what is none and returns false. Dates
// and numbers may be expressions; timestamps are written 2026-01-31T23:59:59.123456, times
// 23:59:59.123456, binary as hexadecimal digits.
bool ReadValue(const spec::Args& args, const char* key, const Type& type, Value* out);

// The number times 10^scale, exactly; nothing if it is no number, needs more digits after the
// point, or has more than 38 digits.
std::optional<Int128> ParseWide(std::string_view text, int scale);
// A number in units of the type, as people write it.
std::string ValueText(Int128 number, const Type& type);

// 10^n for 0 <= n <= 38.
Int128 PowerOfTen(int n);

}  // namespace synthmill::generate
