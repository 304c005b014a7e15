// Regular expressions as descriptions of texts: what matches is counted off, or drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::core {

// What a place of a text may be: a set of characters (literals are sets of one), a choice between
// sequences, or a place repeated.
struct RegexNode {
  std::vector<std::string> set;                  // characters, each in UTF-8
  std::vector<std::vector<RegexNode>> branches;  // or: one of these
  uint32_t min = 1, max = 1;                     // times
};

// Reads sets [A-Z0-9], [^…] (of printable ASCII), [:alpha:] and the like in them, . \d \w \s,
// groups (…|…), ?, {n}, {n,m}, and * and + with at most eight repeats; ^ and $ at the ends are
// skipped. *error says what else was found.
bool ParseRegex(std::string_view text, std::vector<RegexNode>* out, std::string* error);

// The longest text, in bytes, and the shortest and longest in characters.
uint64_t LongestOf(const std::vector<RegexNode>& nodes);
struct RegexLengths {
  uint64_t min = 0, max = 0;
};
RegexLengths CharactersOf(const std::vector<RegexNode>& nodes);

// All texts that match, each once, however many ways lead to it: by a deterministic automaton.
class RegexTexts {
 public:
  // Nothing if the automaton would be too large.
  static std::optional<RegexTexts> Count(const std::vector<RegexNode>& nodes);
  // How many, at most 2^62.
  uint64_t size() const { return states_[0].texts; }
  // Appends the text with the number i < size() at p, which has room for the longest.
  char* Write(uint64_t i, char* p) const;

 private:
  struct Edge {
    std::vector<std::string> characters;
    int to;
  };
  struct State {
    bool accepts = false;
    uint64_t texts = 0;  // that lead from here to an end
    std::vector<Edge> edges;
    uint64_t wide = 0;  // edges' characters to states of 2^62 texts
  };
  friend class RegexAutomaton;
  std::vector<State> states_;
};

}  // namespace synthmill::core
