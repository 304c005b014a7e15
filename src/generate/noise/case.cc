#include "core/sampler.h"
#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// Capitals, small letters, and blanks where none belong, in one of the columns.
class Case : public NoiseRule {
 public:
  Case(core::Stream stream, const std::vector<int64_t>& weights)
      : stream_(stream), pick_(weights) {}
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    std::string out;
    for (int32_t row : rows) {
      for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
        const uint64_t bits = stream_.Draw(attempt).At(b->hash[row]);
        const size_t c = pick_(bits);
        Vector& v = *b->columns[c];
        if (v.IsNull(row)) continue;
        const std::string_view old = v.GetText(row).view();
        Rewrite(old, core::Mix(bits), &out);
        if (out == old) continue;
        b->Touch(c, row);
        v.SetText(row, out);
        break;
      }
    }
    return arrow::Status::OK();
  }

 private:
  static void Rewrite(std::string_view in, uint64_t bits, std::string* out) {
    out->clear();
    const uint64_t kind = core::Below(bits, 8);
    if (kind < 5) {
      for (char c : in) {
        const bool upper = kind < 3;
        if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        out->push_back(c);
      }
      return;
    }
    if (kind == 5) out->push_back(' ');
    out->append(in);
    if (kind == 6) out->push_back(' ');
    if (kind == 7) {  // two blanks for one
      const size_t at = out->find(' ');
      if (at != std::string::npos) {
        out->insert(at, 1, ' ');
      } else {
        out->push_back(' ');
      }
    }
  }
  core::Stream stream_;
  core::Sampler pick_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  return c.RequireText() ? std::make_unique<Case>(c.stream(), c.weights()) : nullptr;
}

}  // namespace

extern const NoiseKind kCase = {"case",
                                "another case, or stray blanks, in one of the columns",
                                "{rule: case, columns: [first_name, address], rate: 0.1}",
                                {},
                                Compile};

}  // namespace synthmill::generate
