// The little XML that S3 and STS speak: elements found by name, no attributes, no namespaces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io {

// The text of the first element of that name, unescaped; empty if there is none.
std::string XmlText(std::string_view xml, std::string_view name);
// What stands inside each element of that name.
std::vector<std::string_view> XmlElements(std::string_view xml, std::string_view name);
std::string XmlEscape(std::string_view text);

}  // namespace synthmill::io
