// Small questions about text: edit distance, UTF-8, names. Pure functions, thread safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace synthmill::core {

// Damerau-Levenshtein distance over bytes (optimal string alignment: insert, delete, replace and
// the exchange of two neighbours count one each). Distances above `limit` come back as limit + 1.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit);

// ASCII only; other bytes must be the same.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// Length of the longest prefix that is well-formed UTF-8 (Unicode 15, table 3-7).
size_t ValidUtf8Prefix(std::string_view text);

// The code point that starts at *position, which moves past it; nothing at the end of the text or
// where the bytes are not UTF-8.
std::optional<char32_t> NextCodePoint(std::string_view text, size_t* position);

// [A-Za-z_][A-Za-z0-9_]*
bool IsName(std::string_view text);
// [a-z][a-z0-9_]*
bool IsLowerName(std::string_view text);

}  // namespace synthmill::core
