// Columnar formats have no interval that all engines read, so it is text after ISO 8601, which
// PostgreSQL and Snowflake cast (DuckDB does not).
#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

enum class Unit { kMonths, kSeconds };

class Interval : public Column {
 public:
  Interval(core::Stream stream, core::Skew skew, Unit unit, int64_t min, uint64_t steps)
      : stream_(stream), skew_(skew), unit_(unit), min_(min), steps_(steps) {}
  uint32_t longest() const override { return 40; }
  uint64_t domain() const override { return steps_; }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kTexts, n);
    char* p = out->arena.Reserve(static_cast<size_t>(n) * 40);
    for (int64_t i = 0; i < n; ++i) {
      char* const end = Write(min_ + static_cast<int64_t>(index[i]), p);
      out->texts[i] = {p, static_cast<uint32_t>(end - p)};
      p = end;
    }
    out->arena.Commit(p);
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    std::vector<uint64_t> index(static_cast<size_t>(rows.count));
    for (size_t i = 0; i < index.size(); ++i)
      index[i] = skew_.Below(stream_.At(rows.hash[i]), steps_);
    FillAt(index.data(), rows.count, out);
  }

 private:
  char* Write(int64_t v, char* p) const {
    *p++ = 'P';
    const char* const begin = p;
    auto part = [&](int64_t n, char unit) {
      if (n == 0) return;
      p = WriteNumber(p, n);
      *p++ = unit;
    };
    if (unit_ == Unit::kMonths) {
      part(v / 12, 'Y');
      part(v % 12, 'M');
      if (p == begin) *p++ = '0', *p++ = 'M';
      return p;
    }
    part(v / 86400, 'D');
    const int64_t rest = v % 86400;
    if (rest != 0 || p == begin) {
      *p++ = 'T';
      part(rest / 3600, 'H');
      part(rest / 60 % 60, 'M');
      part(rest % 60, 'S');
      if (rest == 0) *p++ = '0', *p++ = 'S';
    }
    return p;
  }

  core::Stream stream_;
  core::Skew skew_;
  Unit unit_;
  int64_t min_;
  uint64_t steps_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  static const std::vector<std::string> kUnits = {"months", "seconds"};
  const bool months = args.Choice("unit", kUnits, "seconds") == "months";
  const int64_t min = args.Int("min", 0), max = args.Int("max", months ? 120 : 30 * 86400);
  if (min < 0 || max < min || max > 1'000'000'000'000) {
    args.Error(args.At("max"), "must satisfy 0 <= min <= max <= 10^12");
    return nullptr;
  }
  return std::make_unique<Interval>(c.stream(), ReadSkew(args),
                                    months ? Unit::kMonths : Unit::kSeconds, min,
                                    static_cast<uint64_t>(max - min) + 1);
}

}  // namespace

extern const ColumnKind kInterval = {
    "interval",
    "a span of time as ISO 8601 text: P1DT2H3M4S, P1Y6M",
    "{kind: interval, unit: seconds, min: 60, max: 604800}",
    {{"unit", "seconds (default: days, hours, minutes, seconds) or months (years and months)"},
     {"min", "shortest, in that unit; default 0"},
     {"max", "longest; default 30 days, or 120 months"},
     {"skew", "none (default), low, high, normal"}},
    Compile};

}  // namespace synthmill::generate
