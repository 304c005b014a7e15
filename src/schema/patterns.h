// Patterns of a schema's checks as patterns of the language (kind pattern).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace synthmill::schema {

// LIKE 'A-__%' -> A-[a-z][a-z]…; nothing where no pattern of one length can be found.
std::optional<std::string> PatternOfLike(std::string_view like, bool brackets);

// ^[A-Z]{2}\d{4}$ -> [A-Z][A-Z]####. Counts {n,m} take n (at least one where n is 0 and m is not);
// nothing for alternatives and look-arounds.
std::optional<std::string> PatternOfRegex(std::string_view regex);

// A pattern of a code of up to `most` characters: letters, then digits.
std::string CodePattern(int64_t most);
// `set` n times.
std::string Repeated(std::string_view set, int64_t n);
// How many characters a pattern has, and how many different texts it makes (at most 10^18).
int64_t PatternLength(std::string_view pattern);
uint64_t PatternTexts(std::string_view pattern);

}  // namespace synthmill::schema
