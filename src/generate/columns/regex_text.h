// Texts that match a regular expression.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "generate/columns/kinds.h"

namespace synthmill::generate {

// What a place of a text may be: a set of characters (literals are sets of one), a choice between
// sequences, or a place repeated.
struct RegexNode {
  std::vector<std::string> set;                  // characters, each in UTF-8
  std::vector<std::vector<RegexNode>> branches;  // or: one of these
  uint32_t min = 1, max = 1;                     // times
};

// Reads sets [A-Z0-9], [^…] (of printable ASCII), . \d \w \s, groups (…|…), ?, {n}, {n,m}, and *
// and + with at most eight repeats; ^ and $ at the ends are skipped. *error says what else was
// found.
bool ParseRegex(std::string_view text, std::vector<RegexNode>* out, std::string* error);

// The longest text, in bytes.
uint64_t LongestOf(const std::vector<RegexNode>& nodes);

std::unique_ptr<Column> MakeRegexColumn(core::Stream stream, std::vector<RegexNode> nodes);

}  // namespace synthmill::generate
