#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// The columns become those of somebody who does not exist: a person who has moved, changed name,
// job or mailbox. `keep` names entity columns that stay the person's own, so that what depends on
// them still fits.
class Redraw : public NoiseRule {
 public:
  Redraw(core::Stream stream, std::vector<NoiseColumn> columns, std::vector<std::string> keep)
      : stream_(stream), columns_(std::move(columns)), keep_(std::move(keep)) {}
  bool makes_new_text() const override { return false; }
  const std::vector<std::string>* ghost_keep() const override { return &keep_; }

  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    std::vector<int32_t> left(rows.begin(), rows.end());
    std::vector<uint64_t> bits;
    std::vector<const Vector*> ghosts;
    for (int attempt = 0; attempt < kNoiseAttempts && !left.empty(); ++attempt) {
      const core::Stream stream = stream_.Draw(attempt);
      bits.clear();
      for (int32_t row : left) bits.push_back(stream.At(b->hash[row]));
      ARROW_RETURN_NOT_OK(b->ghosts->Make(left, bits, &ghosts));
      size_t again = 0;
      for (size_t i = 0; i < left.size(); ++i) {
        const int32_t row = left[i];
        bool changed = false;
        for (size_t c = 0; c < columns_.size(); ++c) {
          if (b->columns[c]->IsNull(row)) continue;
          if (SameCell(*b->columns[c], row, *ghosts[c], static_cast<int64_t>(i), columns_[c].type))
            continue;
          b->Touch(c, row);
          b->columns[c]->SetFrom(row, *ghosts[c], static_cast<int64_t>(i));
          changed = true;
        }
        if (!changed) left[again++] = row;
      }
      left.resize(again);
    }
    return arrow::Status::OK();
  }

 private:
  core::Stream stream_;
  std::vector<NoiseColumn> columns_;
  std::vector<std::string> keep_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  return std::make_unique<Redraw>(c.stream(), c.columns(), c.args().TextList("keep"));
}

}  // namespace

extern const NoiseKind kRedraw = {
    "redraw",
    "values become those of another row of the entity that does not exist",
    "{rule: redraw, columns: [address, city, state, zip_code], rate: 0.1}",
    {{"keep", "entity columns that stay the record's own"}},
    Compile};

}  // namespace synthmill::generate
