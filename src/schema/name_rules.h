// What a column's name says of its values: one table of rules. A rule is chosen by the last whole
// words of the name (`holiday` is no id) and by the class of the column's type; `least` keeps kinds
// away that a short column cannot hold. More words beat fewer, then the earlier rule wins.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::schema {

enum class ValueClass { kText, kNumber, kDate, kBool };

// What the columns of one table do for each other (agree.h).
enum class Role {
  kNone,
  kFirstName,
  kLastName,
  kFullName,
  kEmail,
  kUserName,
  kCity,
  kState,  // also a status, where nothing else speaks of a place
  kZip,
  kAddress,
  kCountry,
  kBegin,  // a moment that others come after
  kEnd,
};

struct NameRule {
  const char* name;   // as comments call it
  const char* words;  // MatchWords
  Role role = Role::kNone;
  // Text. `kind`: the column's arguments; @hex:N and @code:N stand for patterns of up to N
  // characters, @text:N for free text. `values`: value:weight between bars; what is too long is
  // left out, and the rule with it if fewer than two are left.
  const char* kind = nullptr;
  const char* values = nullptr;
  int least = 0;
  // Numbers.
  const char* min = nullptr;
  const char* max = nullptr;
  const char* skew = nullptr;
  // Dates and timestamps.
  const char* from = nullptr;
  const char* to = nullptr;
  // Booleans (and numbers and short texts that stand for them): the share of true.
  const char* share = nullptr;
  const char* example;  // a column's name that it is for

  bool Serves(ValueClass c) const;
};

std::span<const NameRule> NameRules();

// The rule for a column of `table`, whose type holds `limit` characters (0: no limit); nullptr: its
// name says nothing.
const NameRule* FindNameRule(std::string_view table, std::string_view column, ValueClass c,
                             int64_t limit);

// value:weight|value|… as pairs; a value without weight has 1.
std::vector<std::pair<std::string, int>> RuleValues(const NameRule& rule, int64_t limit);

}  // namespace synthmill::schema
