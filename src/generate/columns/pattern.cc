#include "generate/columns/kinds.h"
#include "generate/columns/regex_text.h"

namespace synthmill::generate {
namespace {

// Each place of the pattern is a literal or a set of characters. Random digits come out of one
// 64-bit fraction: multiply by the set's size, the whole part is the choice, the rest goes on.
class Pattern : public Column {
 public:
  struct Place {
    std::string set;
    bool refresh = false;  // draws 64 new bits first: the old ones are used up
  };
  Pattern(core::Stream stream, std::vector<Place> places) : places_(std::move(places)) {
    int draws = 0;
    for (const Place& p : places_) draws += p.refresh;
    for (int i = 0; i < std::max(draws, 1); ++i) streams_.push_back(stream.Draw(i));
    // A set may name a character twice.
    for (const Place& p : places_) {
      std::string& set = sets_.emplace_back();
      for (char c : p.set)
        if (set.find(c) == std::string::npos) set.push_back(c);
    }
  }
  uint64_t domain() const override {
    unsigned __int128 n = 1;
    for (const std::string& set : sets_)
      if (n < kMostCounted) n *= set.size();
    return n > kMostCounted ? kMostCounted : static_cast<uint64_t>(n);
  }
  uint32_t longest() const override { return static_cast<uint32_t>(places_.size()); }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kTexts, n);
    const uint32_t size = static_cast<uint32_t>(places_.size());
    char* p = out->arena.Reserve(static_cast<size_t>(n) * size);
    for (int64_t i = 0; i < n; ++i, p += size) {
      out->texts[i] = {p, size};
      // From the right, so that all places vary where there are more values than can be counted.
      uint64_t rest = index[i];
      for (size_t k = sets_.size(); k-- > 0;) {
        p[k] = sets_[k][rest % sets_[k].size()];
        rest /= sets_[k].size();
      }
    }
    out->arena.Commit(p);
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    const uint32_t size = static_cast<uint32_t>(places_.size());
    char* p = out->arena.Reserve(static_cast<size_t>(rows.count) * size);
    for (int64_t i = 0; i < rows.count; ++i) {
      out->texts[i] = {p, size};
      uint64_t bits = 0;
      size_t stream = 0;
      for (const Place& place : places_) {
        if (place.refresh) bits = streams_[stream++].At(rows.hash[i]);
        const auto product = static_cast<unsigned __int128>(bits) * place.set.size();
        bits = static_cast<uint64_t>(product);
        *p++ = place.set[static_cast<size_t>(product >> 64)];
      }
    }
    out->arena.Commit(p);
  }

 private:
  static constexpr uint64_t kMostCounted = uint64_t{1} << 62;
  std::vector<Place> places_;
  std::vector<std::string> sets_;
  std::vector<core::Stream> streams_;
};

// `[a-cX]` from just after the bracket; returns false if it is not closed or empty.
bool ReadSet(std::string_view text, size_t* at, std::string* set) {
  while (*at < text.size() && text[*at] != ']') {
    char a = text[(*at)++];
    if (a & 0x80) return false;  // a piece of a character
    if (*at + 1 < text.size() && text[*at] == '-' && text[*at + 1] != ']') {
      const char b = text[*at + 1];
      *at += 2;
      if (b < a) return false;
      for (int c = a; c <= b; ++c) set->push_back(static_cast<char>(c));
    } else {
      set->push_back(a);
    }
  }
  if (*at >= text.size() || set->empty()) return false;
  ++*at;
  return true;
}

// Bits that are used up by a choice of one of n; 24 of 64 are kept as a guard against bias.
void Refresh(std::vector<Pattern::Place>* places) {
  int room = 0;
  for (Pattern::Place& place : *places) {
    if (place.set.size() <= 1) continue;
    const int need = place.set.size() <= 16 ? 4 : 8;
    if (room < need) place.refresh = true, room = 40;
    room -= need;
  }
}

std::unique_ptr<Column> CompileRegex(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (args.Has("pattern")) {
    args.Error(args.At("pattern"), "either a pattern or a regex");
    return nullptr;
  }
  std::vector<core::RegexNode> nodes;
  std::string error;
  if (!core::ParseRegex(args.Text("regex", ""), &nodes, &error)) {
    args.Error(args.At("regex"), "the regex cannot be read: " + error);
    return nullptr;
  }
  const uint64_t longest = core::LongestOf(nodes);
  if (longest == 0 || longest > 65'536) {
    args.Error(args.At("regex"), "the regex must match texts of 1 to 65536 bytes");
    return nullptr;
  }
  // Of fixed form and ASCII: as a pattern, which is faster and can be counted off.
  std::vector<Pattern::Place> places;
  for (const core::RegexNode& node : nodes) {
    const bool fixed = node.branches.empty() && node.min == node.max &&
                       std::all_of(node.set.begin(), node.set.end(),
                                   [](const std::string& s) { return s.size() == 1; });
    if (!fixed) return MakeRegexColumn(c.stream(), std::move(nodes));
    std::string set;
    for (const std::string& character : node.set) set += character;
    for (uint32_t k = 0; k < node.max; ++k) places.push_back({set, false});
  }
  Refresh(&places);
  return std::make_unique<Pattern>(c.stream(), std::move(places));
}

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (args.Has("regex")) return CompileRegex(c);
  if (!args.Require("pattern", "pattern: \"[A-Z]##-####\"")) return nullptr;
  const std::string text = args.Text("pattern", "");
  std::vector<Pattern::Place> places;
  for (size_t i = 0; i < text.size();) {
    Pattern::Place place;
    const char ch = text[i++];
    if (ch == '#') {
      place.set = "0123456789";
    } else if (ch == '?') {
      place.set = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    } else if (ch == '[') {
      if (!ReadSet(text, &i, &place.set)) {
        args.Error(args.At("pattern"),
                   "a [set] of the pattern is empty, reversed, not closed or not ASCII");
        return nullptr;
      }
    } else if (ch == '\\' && i < text.size()) {
      place.set = text[i++];
    } else {
      place.set = ch;
    }
    places.push_back(std::move(place));
  }
  if (places.empty()) {
    args.Error(args.At("pattern"), "the pattern is empty");
    return nullptr;
  }
  Refresh(&places);
  return std::make_unique<Pattern>(c.stream(), std::move(places));
}

}  // namespace

extern const ColumnKind kPattern = {
    "pattern",
    "random text of a fixed form",
    "{kind: pattern, pattern: \"[2-9]##-####\"}",
    {{"pattern", "# a digit, ? a capital letter, [a-c0-9] one of a set, \\ the next as it is"},
     {"regex",
      "instead: a regular expression of sets, \\d \\w, groups (a|b) and repeats ? {n} {n,m} * +"}},
    Compile};

}  // namespace synthmill::generate
