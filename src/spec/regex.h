// Regular expressions for the values of parameters: the common subset, matched in time linear in
// the text, whatever the pattern (std::regex recurses and backtracks, which a file of somebody
// else's must not be able to abuse).
//
//   . [a-z0-9_] [^,] \d \w \s \. · ( ) (?: ) | · * + ? {3} {1,} {1,5} · ^ at the start, $ at the
//   end
//
// By code point of UTF-8; case matters; always against the whole text.
#pragma once

#include <arrow/result.h>

#include <string_view>
#include <utility>
#include <vector>

namespace synthmill::spec {

class Regex {
 public:
  static arrow::Result<Regex> Parse(std::string_view pattern);

  bool Matches(std::string_view text) const;

  // A step of the automaton; targets are relative to the step itself.
  struct Step {
    enum class Op { kOne, kSplit, kJump };
    Op op = Op::kOne;
    int first = 0;   // kSplit, kJump: target; kOne: index into the sets
    int second = 0;  // kSplit
  };
  struct Set {
    std::vector<std::pair<char32_t, char32_t>> ranges;
    bool negated = false;
    bool Has(char32_t c) const;
  };

 private:
  std::vector<Step> steps_;
  std::vector<Set> sets_;
};

}  // namespace synthmill::spec
