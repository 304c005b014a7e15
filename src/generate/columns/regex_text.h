// Texts that match a regular expression.
#pragma once

#include <memory>
#include <vector>

#include "core/regex_texts.h"
#include "generate/columns/kinds.h"

namespace synthmill::generate {

std::unique_ptr<Column> MakeRegexColumn(core::Stream stream, std::vector<core::RegexNode> nodes);

}  // namespace synthmill::generate
