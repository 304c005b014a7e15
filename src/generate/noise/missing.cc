#include "core/sampler.h"
#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// Exactly one of the columns becomes null.
class Missing : public NoiseRule {
 public:
  Missing(core::Stream stream, const std::vector<int64_t>& weights)
      : stream_(stream), pick_(weights) {}
  bool makes_new_text() const override { return false; }
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    for (int32_t row : rows) {
      for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
        const size_t c = pick_(stream_.Draw(attempt).At(b->hash[row]));
        if (b->columns[c]->IsNull(row)) continue;
        b->Touch(c, row);
        b->columns[c]->SetNull(row);
        break;
      }
    }
    return arrow::Status::OK();
  }

 private:
  core::Stream stream_;
  core::Sampler pick_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  return std::make_unique<Missing>(c.stream(), c.weights());
}

}  // namespace

extern const NoiseKind kMissing = {"missing",
                                   "exactly one of the columns becomes null",
                                   "{rule: missing, columns: [phone, company], rate: 0.15}",
                                   {},
                                   Compile};

}  // namespace synthmill::generate
