#include "core/bijection.h"
#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

// Row numbers below 10^digits are carried to numbers of that many digits by a keyed bijection;
// rows from 10^d on to 10^(d+1) to numbers of d + 1 digits, and so on. So ids are unique, say
// nothing of the row's place, and need no row count.
class UniqueId : public Column {
 public:
  static constexpr int kMost = 18;
  UniqueId(core::Stream stream, std::string prefix, int digits)
      : prefix_(std::move(prefix)), digits_(digits) {
    uint64_t from = 0, to = 1;
    for (int i = 0; i < digits; ++i) to *= 10;
    for (int d = digits; d <= kMost; ++d, from = to, to *= 10)
      tiers_.push_back(
          {from, to, core::Bijection(stream.Draw(static_cast<uint64_t>(d)), to - from)});
  }
  uint64_t distinct_rows() const override { return ~0ull; }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    const size_t room = prefix_.size() + kMost;
    char* p = out->arena.Reserve(static_cast<size_t>(rows.count) * room);
    for (int64_t i = 0; i < rows.count; ++i) {
      const uint64_t row = rows.number[i];
      size_t t = 0;
      while (row >= tiers_[t].to) ++t;
      char* start = p;
      std::memcpy(p, prefix_.data(), prefix_.size());
      p = WritePadded(p + prefix_.size(), tiers_[t].order(row - tiers_[t].from),
                      digits_ + static_cast<int>(t));
      out->texts[i] = {start, static_cast<uint32_t>(p - start)};
    }
    out->arena.Commit(p);
  }

 private:
  struct Tier {
    uint64_t from, to;
    core::Bijection order;
  };
  std::string prefix_;
  int digits_;
  std::vector<Tier> tiers_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const int64_t digits = c.args().Int("digits", 9);
  if (digits < 1 || digits > UniqueId::kMost) {
    c.args().Error(c.args().At("digits"), "digits must be 1..18");
    return nullptr;
  }
  return std::make_unique<UniqueId>(c.stream(), c.args().Text("prefix", ""),
                                    static_cast<int>(digits));
}

}  // namespace

extern const ColumnKind kUniqueId = {
    "unique_id",
    "a number unique within the table that does not grow with the row",
    "{kind: unique_id, prefix: ACC, digits: 10}",
    {{"prefix", "text in front"},
     {"digits", "of the number; default 9, one more for each tenfold of rows beyond that"}},
    Compile};

}  // namespace synthmill::generate
