// Text filters of templates: {name|lower}.
#pragma once

#include <string>
#include <string_view>

namespace synthmill::generate {

// Writes the filtered text, never longer than it was, and returns its end.
using TextFilter = char* (*)(std::string_view in, char* out);

// `names` is one filter or several with bars between; nullptr with *error if there is no such.
TextFilter FindTextFilter(std::string_view names, std::string* error);
std::string TextFilterHint();

}  // namespace synthmill::generate
