#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

class Bool : public Column {
 public:
  Bool(core::Stream stream, int64_t share) : stream_(stream), threshold_(core::Threshold(share)) {
    type_.id = TypeId::kBool;
  }
  uint64_t domain() const override { return 2; }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kInts, n);
    for (int64_t i = 0; i < n; ++i) out->ints[i] = static_cast<int64_t>(index[i]);
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    // "<=" only for a share of 1, which must hold for every row.
    const uint64_t all = threshold_ == ~0ull;
    for (int64_t i = 0; i < rows.count; ++i)
      out->ints[i] = static_cast<int64_t>((stream_.At(rows.hash[i]) < threshold_) | all);
  }

 private:
  core::Stream stream_;
  uint64_t threshold_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  return std::make_unique<Bool>(c.stream(), c.args().Share("share", 500'000'000));
}

}  // namespace

extern const ColumnKind kBool = {"bool",
                                 "true with a given share",
                                 "{kind: bool, share: 0.75}",
                                 {{"share", "of true; default 0.5"}},
                                 Compile};

}  // namespace synthmill::generate
