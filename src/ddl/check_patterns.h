// What LIKE, GLOB and SIMILAR TO say, as regular expressions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ddl/catalog.h"

namespace synthmill::ddl {

// % and _; with `classes` also [A-Z], as SQL Server has it. Nothing where a class is not closed.
std::optional<std::string> RegexOfLike(std::string_view like, bool classes);
// *, ? and [a-z].
std::optional<std::string> RegexOfGlob(std::string_view glob);
// A regular expression with % and _.
std::string RegexOfSimilar(std::string_view similar);

// Rules of one column, each a list of texts or a pattern, of which one has to hold: one pattern.
// False if they are something else.
bool JoinPatterns(std::vector<Rule> rules, Rule* out);

}  // namespace synthmill::ddl
