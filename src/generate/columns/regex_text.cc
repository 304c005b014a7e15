#include "generate/columns/regex_text.h"

#include <bit>
#include <cctype>

#include "core/text.h"

namespace synthmill::generate {
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
  bool Set(std::vector<std::string>* set) {
    const bool inverse = Take('^');
    std::vector<std::string> members;
    while (at_ < text_.size() && text_[at_] != ']') {
      if (Take('\\')) {
        if (!Escaped(&members)) return false;
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

// Random choices of one row: fractions of 64 bits, used up until 24 bits are left as a guard
// against bias.
class Choices {
 public:
  Choices(core::Stream stream, uint64_t hash) : stream_(stream), hash_(hash) {}
  uint64_t operator()(uint64_t n) {
    if (n <= 1) return 0;
    const int need = 64 - std::countl_zero(n - 1);
    if (room_ < need) bits_ = stream_.Draw(drawn_++).At(hash_), room_ = 40;
    room_ -= need;
    const auto product = static_cast<unsigned __int128>(bits_) * n;
    bits_ = static_cast<uint64_t>(product);
    return static_cast<uint64_t>(product >> 64);
  }

 private:
  core::Stream stream_;
  uint64_t hash_, bits_ = 0, drawn_ = 0;
  int room_ = 0;
};

char* Write(const std::vector<RegexNode>& nodes, Choices* choose, char* p) {
  for (const RegexNode& node : nodes) {
    const uint64_t times = node.min + (*choose)(node.max - node.min + 1);
    for (uint64_t k = 0; k < times; ++k) {
      if (node.branches.empty()) {
        const std::string& c = node.set[(*choose)(node.set.size())];
        p = std::copy(c.begin(), c.end(), p);
      } else {
        p = Write(node.branches[(*choose)(node.branches.size())], choose, p);
      }
    }
  }
  return p;
}

class RegexColumn : public Column {
 public:
  RegexColumn(core::Stream stream, std::vector<RegexNode> nodes)
      : stream_(stream), nodes_(std::move(nodes)), longest_(LongestOf(nodes_)) {}
  uint32_t longest() const override { return static_cast<uint32_t>(longest_); }
  // It would match no longer.
  bool takes_ending() const override { return false; }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      char* const p = out->arena.Reserve(longest_);
      Choices choices(stream_, rows.hash[i]);
      char* const end = Write(nodes_, &choices, p);
      out->texts[i] = {p, static_cast<uint32_t>(end - p)};
      out->arena.Commit(end);
    }
  }

 private:
  core::Stream stream_;
  std::vector<RegexNode> nodes_;
  uint64_t longest_;
};

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

std::unique_ptr<Column> MakeRegexColumn(core::Stream stream, std::vector<RegexNode> nodes) {
  return std::make_unique<RegexColumn>(stream, std::move(nodes));
}

}  // namespace synthmill::generate
