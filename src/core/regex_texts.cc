#include "core/regex_texts.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "core/bits.h"
#include "core/text.h"

namespace synthmill::core {
namespace {

constexpr uint32_t kOpenEnd = 8;  // what * and + repeat at most

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool Sequence(int depth, std::vector<RegexNode>* out) {
    if (depth > 32) return Fail("groups stand too deep in each other");
    while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')') {
      RegexNode node;
      if (!Atom(depth, &node) || !Times(&node)) return false;
      if (!node.set.empty() || !node.branches.empty()) out->push_back(std::move(node));
    }
    return true;
  }
  bool Alternatives(int depth, std::vector<std::vector<RegexNode>>* out) {
    do {
      out->emplace_back();
      if (!Sequence(depth, &out->back())) return false;
    } while (Take('|'));
    return true;
  }
  bool AtEnd() const { return at_ == text_.size(); }
  bool Fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return false;
  }
  const std::string& error() const { return error_; }

 private:
  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // A whole character.
  std::string Character() {
    size_t next = at_ + 1;
    while (next < text_.size() && (text_[next] & 0xC0) == 0x80) ++next;
    std::string c(text_.substr(at_, next - at_));
    at_ = next;
    return c;
  }
  static void AddRange(char from, char to, std::vector<std::string>* set) {
    for (int c = from; c <= to; ++c) set->push_back(std::string(1, static_cast<char>(c)));
  }
  // \d, \w, \s or an escaped character, behind the backslash.
  bool Escaped(std::vector<std::string>* set) {
    if (at_ == text_.size()) return Fail("it ends with a backslash");
    const std::string c = Character();
    if (c == "d") {
      AddRange('0', '9', set);
    } else if (c == "w") {
      AddRange('a', 'z', set), AddRange('A', 'Z', set), AddRange('0', '9', set);
      set->push_back("_");
    } else if (c == "s") {
      set->push_back(" ");
    } else if (std::isalnum(static_cast<unsigned char>(c[0]))) {
      return Fail("\\" + c + " is not known here; \\d, \\w and \\s are");
    } else {
      set->push_back(c);
    }
    return true;
  }
  // [:alpha:], behind the colon.
  bool Class(std::vector<std::string>* set) {
    struct Named {
      std::string_view name;
      std::string_view ranges;  // pairs of ends
    };
    static constexpr Named kClasses[] = {{"alpha", "azAZ"},   {"digit", "09"}, {"alnum", "azAZ09"},
                                         {"upper", "AZ"},     {"lower", "az"}, {"space", "  "},
                                         {"xdigit", "09afAF"}};
    const size_t end = text_.find(":]", at_);
    for (const Named& c : kClasses) {
      if (end == text_.npos || text_.substr(at_, end - at_) != c.name) continue;
      for (size_t i = 0; i < c.ranges.size(); i += 2) AddRange(c.ranges[i], c.ranges[i + 1], set);
      at_ = end + 2;
      return true;
    }
    return Fail(
        "of classes [:alpha:], [:digit:], [:alnum:], [:upper:], [:lower:], [:space:] and "
        "[:xdigit:] are known");
  }
  bool Set(std::vector<std::string>* set) {
    const bool inverse = Take('^');
    std::vector<std::string> members;
    while (at_ < text_.size() && text_[at_] != ']') {
      if (Take('\\')) {
        if (!Escaped(&members)) return false;
        continue;
      }
      if (text_.substr(at_, 2) == "[:") {
        at_ += 2;
        if (!Class(&members)) return false;
        continue;
      }
      const std::string from = Character();
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        ++at_;
        const std::string to = Character();
        if (from.size() != 1 || to.size() != 1 || to[0] < from[0])
          return Fail("the range " + from + "-" + to + " is reversed or not ASCII");
        AddRange(from[0], to[0], &members);
      } else {
        members.push_back(from);
      }
    }
    if (!Take(']')) return Fail("a [set] is not closed");
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    if (inverse) {
      for (char c = ' '; c < 127; ++c)
        if (!std::binary_search(members.begin(), members.end(), std::string(1, c)))
          set->push_back(std::string(1, c));
    } else {
      *set = std::move(members);
    }
    return set->empty() ? Fail("a [set] is empty") : true;
  }
  bool Atom(int depth, RegexNode* node) {
    if (Take('(')) {
      if (Take('?') && !Take(':')) return Fail("of groups that begin with (? only (?: is known");
      if (!Alternatives(depth + 1, &node->branches)) return false;
      return Take(')') ? true : Fail("a group is not closed");
    }
    if (Take('[')) return Set(&node->set);
    if (Take('\\')) return Escaped(&node->set);
    if (Take('.')) {
      AddRange('a', 'z', &node->set), AddRange('0', '9', &node->set);
      return true;
    }
    if ((text_[at_] == '^' && at_ == 0) || (text_[at_] == '$' && at_ + 1 == text_.size())) {
      ++at_;
      return true;
    }
    if (std::string_view("*+?{").find(text_[at_]) != std::string_view::npos)
      return Fail(std::string("there is nothing before '") + text_[at_] + "' to repeat");
    node->set.push_back(Character());
    return true;
  }
  bool Number(uint32_t* out) {
    uint64_t n = 0;
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && n < 100'000)
      n = n * 10 + static_cast<uint64_t>(text_[at_++] - '0');
    *out = static_cast<uint32_t>(n);
    return at_ > begin;
  }
  bool Times(RegexNode* node) {
    if (Take('?')) {
      node->min = 0;
    } else if (Take('*')) {
      node->min = 0, node->max = kOpenEnd;
    } else if (Take('+')) {
      node->max = kOpenEnd;
    } else if (Take('{')) {
      if (!Number(&node->min)) return Fail("{ needs a number: {3} or {2,5}");
      node->max = node->min;
      if (Take(',') && !Number(&node->max)) node->max = node->min + kOpenEnd;
      if (!Take('}') || node->max < node->min || node->max > 10'000)
        return Fail("repeats are {n} or {n,m}, m not below n, at most 10000");
    } else {
      return true;
    }
    Take('?');  // lazy or not makes no difference here
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string error_;
};

uint64_t LongestNode(const RegexNode& node) {
  uint64_t one = 0;
  for (const std::string& c : node.set) one = std::max<uint64_t>(one, c.size());
  for (const auto& branch : node.branches) one = std::max(one, LongestOf(branch));
  return std::min<uint64_t>(one * node.max, 1 << 30);
}

RegexLengths CharactersOfNode(const RegexNode& node) {
  constexpr uint64_t kMost = 1 << 30;
  RegexLengths one{1, 1};
  if (!node.branches.empty()) {
    one = {kMost, 0};
    for (const auto& branch : node.branches) {
      const RegexLengths b = CharactersOf(branch);
      one = {std::min(one.min, b.min), std::max(one.max, b.max)};
    }
  }
  return {std::min(one.min * node.min, kMost), std::min(one.max * node.max, kMost)};
}

constexpr uint64_t kMostTexts = uint64_t{1} << 62;

uint64_t Plus(uint64_t a, uint64_t b, uint64_t times) {
  const auto sum = a + static_cast<unsigned __int128>(b) * times;
  return sum > kMostTexts ? kMostTexts : static_cast<uint64_t>(sum);
}

}  // namespace

uint64_t LongestOf(const std::vector<RegexNode>& nodes) {
  uint64_t sum = 0;
  for (const RegexNode& node : nodes) sum = std::min<uint64_t>(sum + LongestNode(node), 1 << 30);
  return sum;
}

bool ParseRegex(std::string_view text, std::vector<RegexNode>* out, std::string* error) {
  Reader reader(text);
  RegexNode whole;
  bool ok = core::ValidUtf8Prefix(text) == text.size() || reader.Fail("it is not UTF-8");
  ok = ok && reader.Alternatives(0, &whole.branches);
  ok = ok && (reader.AtEnd() || reader.Fail("a ) without a ("));
  *error = reader.error();
  if (!ok) return false;
  if (whole.branches.size() == 1) {
    *out = std::move(whole.branches[0]);
  } else {
    out->push_back(std::move(whole));
  }
  return true;
}

RegexLengths CharactersOf(const std::vector<RegexNode>& nodes) {
  RegexLengths sum;
  for (const RegexNode& node : nodes) {
    const RegexLengths n = CharactersOfNode(node);
    sum = {std::min<uint64_t>(sum.min + n.min, 1 << 30),
           std::min<uint64_t>(sum.max + n.max, 1 << 30)};
  }
  return sum;
}

// Thompson's construction (free of cycles, as repeats have an end), then sets of its states.
class RegexAutomaton {
 public:
  std::optional<RegexTexts> Run(const std::vector<RegexNode>& nodes) {
    const int begin = Add();
    const int end = Sequence(nodes, begin);
    if (end < 0) return std::nullopt;
    end_ = end;
    if (Reach({begin}) < 0) return std::nullopt;
    return std::move(out_);
  }

 private:
  static constexpr size_t kMostStates = 4096;
  struct Step {
    const std::vector<std::string>* set;  // nullptr: nothing is read
    int to;
  };

  int Add() {
    if (steps_.size() >= kMostStates) return -1;
    steps_.emplace_back();
    return static_cast<int>(steps_.size()) - 1;
  }
  // Each returns the state behind what it adds, or -1.
  int Sequence(const std::vector<RegexNode>& nodes, int from) {
    for (const RegexNode& node : nodes)
      if (from >= 0) from = Repeat(node, from);
    return from;
  }
  int Repeat(const RegexNode& node, int from) {
    std::vector<int> ends;
    for (uint32_t i = 0; i < node.max && from >= 0; ++i) {
      if (i >= node.min) ends.push_back(from);
      from = Once(node, from);
    }
    if (from < 0) return -1;
    for (int e : ends) steps_[static_cast<size_t>(e)].push_back({nullptr, from});
    return from;
  }
  int Once(const RegexNode& node, int from) {
    if (node.branches.empty()) {
      const int to = Add();
      if (to >= 0) steps_[static_cast<size_t>(from)].push_back({&node.set, to});
      return to;
    }
    std::vector<int> ends;
    for (const auto& branch : node.branches) {
      const int begin = Add();
      if (begin < 0) return -1;
      steps_[static_cast<size_t>(from)].push_back({nullptr, begin});
      ends.push_back(Sequence(branch, begin));
      if (ends.back() < 0) return -1;
    }
    const int to = Add();
    if (to < 0) return -1;
    for (int e : ends) steps_[static_cast<size_t>(e)].push_back({nullptr, to});
    return to;
  }

  std::set<int> Closed(std::set<int> states) const {
    std::vector<int> open(states.begin(), states.end());
    while (!open.empty()) {
      const int s = open.back();
      open.pop_back();
      for (const Step& step : steps_[static_cast<size_t>(s)])
        if (!step.set && states.insert(step.to).second) open.push_back(step.to);
    }
    return states;
  }

  // The automaton's state for a set of states, with all that follows; -1: too large.
  int Reach(std::set<int> from) {
    from = Closed(std::move(from));
    const auto known = number_.find(from);
    if (known != number_.end()) return known->second;
    if (out_.states_.size() >= kMostStates || depth_ >= kMostDepth) return -1;
    const int number = static_cast<int>(out_.states_.size());
    number_.emplace(from, number);
    out_.states_.emplace_back();
    std::map<std::string, std::set<int>> next;
    for (int s : from)
      for (const Step& step : steps_[static_cast<size_t>(s)])
        if (step.set)
          for (const std::string& c : *step.set) next[c].insert(step.to);
    if (work_ += next.size(); work_ > kMostWork) return -1;
    RegexTexts::State state;
    state.accepts = from.contains(end_);
    std::map<int, std::vector<std::string>> edges;
    ++depth_;
    for (auto& [c, targets] : next) {
      const int to = Reach(std::move(targets));
      if (to < 0) return -1;
      edges[to].push_back(c);
    }
    --depth_;
    state.texts = state.accepts;
    for (auto& [to, characters] : edges) {
      const uint64_t texts = out_.states_[static_cast<size_t>(to)].texts;
      state.texts = Plus(state.texts, texts, characters.size());
      if (texts == kMostTexts) state.wide += characters.size();
      state.edges.push_back({std::move(characters), to});
    }
    out_.states_[static_cast<size_t>(number)] = std::move(state);
    return number;
  }

  static constexpr int kMostDepth = 2000;
  static constexpr size_t kMostWork = 1 << 16;
  std::vector<std::vector<Step>> steps_;
  std::map<std::set<int>, int> number_;
  int end_ = 0, depth_ = 0;
  size_t work_ = 0;
  RegexTexts out_;
};

std::optional<RegexTexts> RegexTexts::Count(const std::vector<RegexNode>& nodes) {
  return RegexAutomaton().Run(nodes);
}

char* RegexTexts::Write(uint64_t i, char* p) const {
  const State* at = &states_[0];
  // More texts than can be counted: the number's low digits choose, each turned by what stands
  // before it, so that all places vary where the number has come to its end.
  uint64_t before = 0;
  const bool wide = at->wide > 0;
  while (at->wide > 0) {
    uint64_t which = (i % at->wide + Mix(before) % at->wide) % at->wide;
    i /= at->wide;
    before = Mix(before + which + kGolden);
    const Edge* taken = nullptr;
    for (const Edge& e : at->edges) {
      if (states_[static_cast<size_t>(e.to)].texts < kMostTexts) continue;
      taken = &e;
      if (which < e.characters.size()) break;
      which -= e.characters.size();
    }
    p = std::copy(taken->characters[which].begin(), taken->characters[which].end(), p);
    at = &states_[static_cast<size_t>(taken->to)];
  }
  if (wide) i = (i + before % kMostTexts) % kMostTexts;
  for (;;) {
    if (at->accepts && i-- == 0) return p;
    for (const Edge& e : at->edges) {
      const uint64_t each = states_[static_cast<size_t>(e.to)].texts;
      const uint64_t which = i / each;
      if (which >= e.characters.size()) {
        i -= each * e.characters.size();
        continue;
      }
      i %= each;
      p = std::copy(e.characters[which].begin(), e.characters[which].end(), p);
      at = &states_[static_cast<size_t>(e.to)];
      break;
    }
  }
}

}  // namespace synthmill::core
