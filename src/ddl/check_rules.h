// Turns the condition of a CHECK into rules, as far as it is understood.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ddl/catalog.h"
#include "ddl/dialect.h"
#include "ddl/lexer.h"

namespace synthmill::ddl {

struct ParsedCheck {
  std::vector<Rule> rules;
  // Columns the condition says to hold JSON: json_valid(c), c IS JSON.
  std::vector<std::string> json_columns;
};

// `tokens` are what stands between the parentheses of the CHECK. A part that is not understood
// gives a rule kOther. Names in the rules are as they stood; linear but for nesting, which is
// bounded.
ParsedCheck ParseCheck(std::span<const Token> tokens, const DialectEntry& dialect);

}  // namespace synthmill::ddl
