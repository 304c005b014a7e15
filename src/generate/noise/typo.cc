#include "core/sampler.h"
#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// The neighbours of a key on a US keyboard.
const char* Neighbours(char lower) {
  static constexpr const char* kLetters[26] = {
      "qwsz",   "vghn",  "xdfv", "erfcxs", "wsdr", "rtgvcd", "tyhbvf", "yujnbg", "uojk",
      "uikmnh", "ijolm", "kop",  "njk",    "bhjm", "iklp",   "ol",     "wa",     "edft",
      "awedxz", "rfgy",  "yhji", "cfgb",   "qase", "zsdc",   "tghu",   "asx"};
  static constexpr const char* kDigits[10] = {"9",  "2",  "13", "24", "35",
                                              "46", "57", "68", "79", "80"};
  if (lower >= 'a' && lower <= 'z') return kLetters[lower - 'a'];
  if (lower >= '0' && lower <= '9') return kDigits[lower - '0'];
  return nullptr;
}

// One slip of the finger: a letter replaced, put in, left out, or two neighbours swapped; letters
// come from next to the right key three times out of four. Positions inside multi-byte characters
// are left alone.
class Typo : public NoiseRule {
 public:
  Typo(core::Stream stream, const std::vector<int64_t>& weights)
      : stream_(stream), pick_(weights) {}

  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    std::string out;
    const core::Stream which = stream_.Sub("column");
    for (int32_t row : rows) {
      const size_t c = pick_(which.At(b->hash[row]));
      Vector& v = *b->columns[c];
      if (v.IsNull(row)) continue;
      for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
        out.assign(v.GetText(row).view());
        if (!Edit(&out, stream_.Draw(attempt).At(b->hash[row])) || out == v.GetText(row).view())
          continue;
        b->Touch(c, row);
        v.SetText(row, out);
        break;
      }
    }
    return arrow::Status::OK();
  }

 private:
  static bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  static char Another(char key, uint64_t bits) {
    const char lower = key >= 'A' && key <= 'Z' ? static_cast<char>(key + 32) : key;
    const char* near = Neighbours(lower);
    char c;
    if (near && (bits & 3)) {
      c = near[core::Below(core::Mix(bits), std::strlen(near))];
    } else if (lower >= '0' && lower <= '9') {
      c = static_cast<char>('0' + core::Below(core::Mix(bits), 10));
    } else {
      c = static_cast<char>('a' + core::Below(core::Mix(bits), 26));
    }
    return key >= 'A' && key <= 'Z' && c >= 'a' ? static_cast<char>(c - 32) : c;
  }

  static bool Edit(std::string* s, uint64_t bits) {
    if (s->size() < 2) return false;
    const uint64_t kind = bits & 3;
    const uint64_t more = core::Mix(bits + 1);
    const size_t at = core::Below(core::Mix(bits), s->size() - (kind == 3 ? 1 : 0));
    char& ch = (*s)[at];
    if ((ch & 0x80) || ch == ' ') return false;
    switch (kind) {
      case 0:
        ch = Another(ch, more);
        return true;
      case 1: {  // after the key it slipped from, in small letters
        char extra = Another(ch, more);
        if (extra >= 'A' && extra <= 'Z') extra = static_cast<char>(extra + 32);
        s->insert(at + 1, 1, extra);
        return true;
      }
      case 2:
        s->erase(at, 1);
        return true;
      default: {
        char& next = (*s)[at + 1];
        if ((next & 0x80) || next == ' ') return false;
        std::swap(ch, next);
        // A capital stays where it was: "Mary" becomes "Amry", not "aMry".
        if (IsLetter(ch) && IsLetter(next) && (ch ^ next) & 0x20) {
          ch = static_cast<char>(ch ^ 0x20);
          next = static_cast<char>(next ^ 0x20);
        }
        return true;
      }
    }
  }

  core::Stream stream_;
  core::Sampler pick_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  return c.RequireText() ? std::make_unique<Typo>(c.stream(), c.weights()) : nullptr;
}

}  // namespace

extern const NoiseKind kTypo = {
    "typo",
    "one slip of the finger in one of the columns",
    "{rule: typo, columns: {first_name: 0.25, last_name: 0.25, address: 0.5}, rate: 0.1}",
    {},
    Compile};

}  // namespace synthmill::generate
