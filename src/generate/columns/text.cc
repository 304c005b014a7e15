#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

// Values are slices of one pool of sentences, made once per column from a list of words: free text
// costs no more than a copy.
class FreeText : public Column {
 public:
  FreeText(core::Stream stream, std::string pool, uint32_t min, uint32_t max)
      : stream_(stream), min_(min), max_(max), pool_(std::move(pool)) {
    usable_ = pool_.size() - max_;
    ascii_ = std::none_of(pool_.begin(), pool_.end(), IsInside);
    pool_.resize(pool_.size() + kTextSlack, ' ');
  }
  uint32_t longest() const override { return max_; }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      const uint64_t bits = stream_.At(rows.hash[i]);
      // The high half places the slice, the low half sizes it.
      uint64_t at = ((bits >> 32) * usable_) >> 32;
      uint32_t size = min_ + static_cast<uint32_t>(((bits & 0xFFFFFFFF) * (max_ - min_ + 1)) >> 32);
      if (!ascii_) {  // whole characters only, so up to three bytes fewer
        while (IsInside(pool_[at])) ++at;
        while (size > 0 && IsInside(pool_[at + size])) --size;
      }
      out->texts[i] = {pool_.data() + at, size};
    }
  }

 private:
  // Of a UTF-8 character: not its first byte.
  static bool IsInside(char c) { return (c & 0xC0) == 0x80; }

  core::Stream stream_;
  uint32_t min_, max_;
  std::string pool_;
  uint64_t usable_;
  bool ascii_;
};

// A word of one to eight characters of one script, letters of two to four bytes among them.
void AddWord(uint64_t bits, std::string* out) {
  struct Script {
    uint32_t first, count;
  };
  static constexpr Script kScripts[] = {{'a', 26},    {0x00E0, 23},   {0x0430, 32}, {0x03B1, 17},
                                        {0x05D0, 27}, {0x0627, 20},   {0x0915, 37}, {0x4E00, 2000},
                                        {0x3042, 60}, {0xAC00, 2000}, {0x1F600, 64}};
  const Script& script = kScripts[core::Below(bits, std::size(kScripts))];
  const uint64_t length = 1 + (bits & 7);
  for (uint64_t i = 0; i < length; ++i) {
    bits = core::Mix(bits + core::kGolden);
    const uint32_t c = script.first + static_cast<uint32_t>(core::Below(bits, script.count));
    auto tail = [&](int shift) { *out += static_cast<char>(0x80 | (c >> shift & 63)); };
    if (c < 0x80) {
      *out += static_cast<char>(c);
    } else if (c < 0x800) {
      *out += static_cast<char>(0xC0 | c >> 6);
      tail(0);
    } else if (c < 0x10000) {
      *out += static_cast<char>(0xE0 | c >> 12);
      tail(6), tail(0);
    } else {
      *out += static_cast<char>(0xF0 | c >> 18);
      tail(12), tail(6), tail(0);
    }
  }
}

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const int64_t min = args.Int("min", 10), max = args.Int("max", 43);
  if (min < 0 || max < min || max > 65536) {
    args.Error(args.At("max"), "lengths must satisfy 0 <= min <= max <= 65536");
    return nullptr;
  }
  static const std::vector<std::string> kAlphabets = {"latin", "unicode"};
  const bool unicode = args.Choice("alphabet", kAlphabets, "latin") == "unicode";
  std::shared_ptr<const List> words = c.FindList(args.Text("list", "text_words"), args.At("list"));
  if (!words) return nullptr;
  const core::Sampler sampler(words->weights);
  std::string pool;
  const size_t size = (1u << 20) + static_cast<size_t>(max);
  const core::Stream stream = c.stream().Sub("pool");
  uint64_t in_sentence = 0;
  for (uint64_t i = 0; pool.size() < size; ++i) {
    const uint64_t bits = stream.At(core::RowHash(i));
    if (unicode) {
      AddWord(bits, &pool);
    } else {
      pool += words->values[0][sampler(bits)];
    }
    // A sentence ends after 4 to 11 words.
    const bool stop = ++in_sentence >= 4 + (core::Mix(bits) & 7);
    if (stop) in_sentence = 0;
    pool += stop ? ". " : " ";
  }
  return std::make_unique<FreeText>(c.stream(), std::move(pool), static_cast<uint32_t>(min),
                                    static_cast<uint32_t>(max));
}

}  // namespace

extern const ColumnKind kText = {
    "text",
    "free text: pieces of sentences",
    "{kind: text, min: 10, max: 43}",
    {{"min", "shortest, in bytes; default 10"},
     {"max", "longest; default 43"},
     {"alphabet", "latin (default), or unicode: many scripts and emoji"},
     {"list", "words to make sentences of; default text_words"}},
    Compile};

}  // namespace synthmill::generate
