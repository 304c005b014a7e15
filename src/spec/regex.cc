// Thompson's construction and simulation (Regular Expression Search Algorithm, CACM 11(6), 1968).
#include "spec/regex.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/text.h"

namespace synthmill::spec {

namespace {

using arrow::Result;
using arrow::Status;
using Step = Regex::Step;
using Op = Regex::Step::Op;
using Program = std::vector<Step>;

constexpr size_t kMaxSteps = 2000;
constexpr int kMaxDepth = 32;
constexpr int kMaxRepeat = 1000;
constexpr char32_t kLast = 0x10FFFF;

int Length(const Program& program) { return static_cast<int>(program.size()); }
void Append(const Program& from, Program* to) { to->insert(to->end(), from.begin(), from.end()); }

class Parser {
 public:
  Parser(std::string_view pattern, std::vector<Regex::Set>* sets) : text_(pattern), sets_(*sets) {}

  Result<Program> Parse() {
    // Matching is against the whole text anyway.
    if (text_.starts_with('^')) text_.remove_prefix(1);
    if (text_.ends_with('$') && !text_.ends_with("\\$")) text_.remove_suffix(1);
    ARROW_ASSIGN_OR_RAISE(Program program, Alternatives());
    if (position_ < text_.size()) return Status::Invalid("a ')' without its '('");
    return program;
  }

 private:
  bool Accept(char c) {
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  bool At(char c) const { return position_ < text_.size() && text_[position_] == c; }

  Result<Program> Bounded(Program program) {
    if (program.size() > kMaxSteps) return Status::Invalid("this pattern is too large");
    return program;
  }

  Result<Program> Alternatives() {
    if (++depth_ > kMaxDepth) return Status::Invalid("this pattern is nested too deep");
    ARROW_ASSIGN_OR_RAISE(Program left, Sequence());
    while (Accept('|')) {
      ARROW_ASSIGN_OR_RAISE(const Program right, Sequence());
      Program both = {{Op::kSplit, 1, Length(left) + 2}};
      Append(left, &both);
      both.push_back({Op::kJump, Length(right) + 1, 0});
      Append(right, &both);
      ARROW_ASSIGN_OR_RAISE(left, Bounded(std::move(both)));
    }
    --depth_;
    return left;
  }

  Result<Program> Sequence() {
    Program out;
    while (position_ < text_.size() && !At('|') && !At(')')) {
      ARROW_ASSIGN_OR_RAISE(Program item, Item());
      ARROW_ASSIGN_OR_RAISE(item, Repeated(std::move(item)));
      Append(item, &out);
      ARROW_ASSIGN_OR_RAISE(out, Bounded(std::move(out)));
    }
    return out;
  }

  Result<Program> Item() {
    if (Accept('(')) {
      if (Accept('?') && !Accept(':')) return Status::Invalid("'(?' stands only in '(?:'");
      ARROW_ASSIGN_OR_RAISE(Program inner, Alternatives());
      if (!Accept(')')) return Status::Invalid("a '(' without its ')'");
      return inner;
    }
    Regex::Set set;
    if (Accept('[')) {
      ARROW_ASSIGN_OR_RAISE(set, Class());
    } else if (Accept('.')) {
      set.ranges = {{0, kLast}};
    } else {
      for (const char c : std::string_view("*+?{^$")) {
        if (At(c)) {
          return Status::Invalid("'", std::string(1, c),
                                 "' has nothing to stand for here (write \\", std::string(1, c),
                                 " for the character itself)");
        }
      }
      ARROW_ASSIGN_OR_RAISE(set, Character());
    }
    sets_.push_back(std::move(set));
    return Program{{Op::kOne, static_cast<int>(sets_.size()) - 1, 0}};
  }

  // One character, perhaps escaped, or a class such as \d.
  Result<Regex::Set> Character() {
    Regex::Set set;
    const bool escaped = Accept('\\');
    const std::optional<char32_t> c = core::NextCodePoint(text_, &position_);
    if (!c) return Status::Invalid(escaped ? "the pattern ends in '\\'" : "this is not UTF-8");
    if (!escaped || !core::IsName(std::string(1, static_cast<char>(*c & 0x7F))) || *c > 0x7F) {
      // Escaped digits are back references elsewhere.
      if (escaped && *c >= '0' && *c <= '9')
        return Status::Invalid("'\\0'..'\\9' mean nothing here");
      set.ranges = {{*c, *c}};
      return set;
    }
    switch (*c) {
      case 'd':
        set.ranges = {{'0', '9'}};
        return set;
      case 'w':
        set.ranges = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
        return set;
      case 's':
        set.ranges = {{'\t', '\r'}, {' ', ' '}};
        return set;
      default:
        return Status::Invalid("'\\", std::string(1, static_cast<char>(*c)),
                               "' means nothing here");
    }
  }

  Result<Regex::Set> Class() {
    Regex::Set set;
    set.negated = Accept('^');
    bool first = true;
    while (first || !At(']')) {
      first = false;
      if (position_ >= text_.size()) return Status::Invalid("a '[' without its ']'");
      ARROW_ASSIGN_OR_RAISE(const Regex::Set low, Character());
      const bool single = low.ranges.size() == 1 && low.ranges[0].first == low.ranges[0].second;
      const bool dash = At('-') && position_ + 1 < text_.size() && text_[position_ + 1] != ']';
      if (!dash) {
        set.ranges.insert(set.ranges.end(), low.ranges.begin(), low.ranges.end());
        continue;
      }
      ++position_;
      ARROW_ASSIGN_OR_RAISE(const Regex::Set high, Character());
      if (!single || high.ranges.size() != 1 || high.ranges[0].first != high.ranges[0].second ||
          high.ranges[0].first < low.ranges[0].first) {
        return Status::Invalid("a range within [] that does not rise");
      }
      set.ranges.emplace_back(low.ranges[0].first, high.ranges[0].first);
    }
    ++position_;
    return set;
  }

  Result<int> Number() {
    int value = 0;
    const size_t start = position_;
    while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9') {
      value = value * 10 + (text_[position_++] - '0');
      if (value > kMaxRepeat) return Status::Invalid("more than 1000 repeats");
    }
    if (position_ == start) return Status::Invalid("a number is missing within {}");
    return value;
  }

  Result<Program> Repeated(Program item) {
    int min = 1, max = 1;  // max -1: without end
    if (Accept('*')) {
      min = 0, max = -1;
    } else if (Accept('+')) {
      max = -1;
    } else if (Accept('?')) {
      min = 0;
    } else if (Accept('{')) {
      ARROW_ASSIGN_OR_RAISE(min, Number());
      max = min;
      if (Accept(',')) {
        max = -1;
        if (!At('}')) {
          ARROW_ASSIGN_OR_RAISE(max, Number());
        }
      }
      if (!Accept('}')) return Status::Invalid("a '{' without its '}'");
      if (max >= 0 && max < min) return Status::Invalid("{", min, ",", max, "} does not rise");
    } else {
      return item;
    }
    // Bounded before it is built: {1000} of {1000} must not be written out first.
    const size_t copies = static_cast<size_t>(max < 0 ? min + 1 : max);
    if (copies * (item.size() + 2) > kMaxSteps) return Status::Invalid("this pattern is too large");
    Program out;
    for (int i = 0; i < min; ++i) Append(item, &out);
    if (max < 0) {
      out.push_back({Op::kSplit, 1, Length(item) + 2});
      Append(item, &out);
      out.push_back({Op::kJump, -(Length(item) + 1), 0});
    }
    for (int i = min; i < max; ++i) {
      out.push_back({Op::kSplit, 1, Length(item) + 1});
      Append(item, &out);
    }
    return out;
  }

  std::string_view text_;
  std::vector<Regex::Set>& sets_;
  size_t position_ = 0;
  int depth_ = 0;
};

// Adds step `start` and all that is reached from it without reading a character.
void Follow(const std::vector<Step>& steps, size_t start, std::vector<bool>* seen,
            std::vector<size_t>* active) {
  std::vector<size_t> pending = {start};
  while (!pending.empty()) {
    const size_t at = pending.back();
    pending.pop_back();
    if ((*seen)[at]) continue;
    (*seen)[at] = true;
    active->push_back(at);
    if (at == steps.size() || steps[at].op == Op::kOne) continue;
    const auto target = [&](int offset) {
      return static_cast<size_t>(static_cast<int64_t>(at) + offset);
    };
    pending.push_back(target(steps[at].first));
    if (steps[at].op == Op::kSplit) pending.push_back(target(steps[at].second));
  }
}

}  // namespace

bool Regex::Set::Has(char32_t c) const {
  const bool in = std::any_of(ranges.begin(), ranges.end(), [c](const auto& range) {
    return range.first <= c && c <= range.second;
  });
  return in != negated;
}

Result<Regex> Regex::Parse(std::string_view pattern) {
  Regex regex;
  ARROW_ASSIGN_OR_RAISE(regex.steps_, Parser(pattern, &regex.sets_).Parse());
  return regex;
}

bool Regex::Matches(std::string_view text) const {
  std::vector<size_t> active, next;
  std::vector<bool> seen(steps_.size() + 1);
  Follow(steps_, 0, &seen, &active);
  for (size_t position = 0; position < text.size();) {
    const std::optional<char32_t> c = core::NextCodePoint(text, &position);
    if (!c) return false;
    seen.assign(seen.size(), false);
    next.clear();
    for (const size_t at : active) {
      if (at == steps_.size() || steps_[at].op != Op::kOne) continue;
      if (sets_[static_cast<size_t>(steps_[at].first)].Has(*c))
        Follow(steps_, at + 1, &seen, &next);
    }
    active.swap(next);
    if (active.empty()) return false;
  }
  return std::find(active.begin(), active.end(), steps_.size()) != active.end();
}

}  // namespace synthmill::spec
