#include "generate/columns/date_range.h"

#include "core/dates.h"

namespace synthmill::generate {
namespace {

struct Bounds {
  int64_t from = 0, to = 0;  // in ticks; relative to the first input if `after`
  // Which of the inputs; -1: none.
  int after = -1, year_of = -1, not_before = -1, not_after = -1;
  int64_t unit = 1;  // ticks of a day
};

class Time : public Column {
 public:
  Time(Type type, core::Stream stream, core::Skew skew, Bounds b, int64_t tick,
       std::vector<int64_t> input_factor)
      : stream_(stream), skew_(skew), b_(b), tick_(tick), factor_(std::move(input_factor)) {
    type_ = type;
  }
  bool passes_nulls() const override { return true; }
  uint64_t domain() const override {
    return factor_.empty() ? static_cast<uint64_t>((b_.to - b_.from) / tick_) + 1 : 0;
  }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kInts, n);
    for (int64_t i = 0; i < n; ++i) out->ints[i] = b_.from + tick_ * static_cast<int64_t>(index[i]);
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    int64_t* ints = out->ints.data();
    if (inputs.empty()) {
      const uint64_t n = static_cast<uint64_t>((b_.to - b_.from) / tick_) + 1;
      for (int64_t i = 0; i < rows.count; ++i)
        ints[i] = b_.from + tick_ * static_cast<int64_t>(skew_.Below(stream_.At(rows.hash[i]), n));
      return;
    }
    for (int64_t i = 0; i < rows.count; ++i) {
      bool null = false;
      auto input = [&](int k) {
        const size_t at = static_cast<size_t>(k);
        null |= inputs[at]->IsNull(i);
        return inputs[at]->ints[i] * factor_[at];
      };
      int64_t from = b_.from, to = b_.to;
      if (b_.after >= 0) {
        const int64_t base = input(b_.after);
        from += base, to += base;
      }
      if (b_.year_of >= 0) {
        // Floor division: days before 1970 are negative.
        const int64_t v = input(b_.year_of);
        const int64_t day = v / b_.unit - (v % b_.unit < 0);
        const int64_t year = core::CivilFromDays(day).year;
        from = std::max(from, core::DaysFromCivil(year, 1, 1) * b_.unit);
        to = std::min(to, core::DaysFromCivil(year + 1, 1, 1) * b_.unit - tick_);
      }
      if (b_.not_before >= 0) from = std::max(from, input(b_.not_before));
      if (b_.not_after >= 0) to = std::min(to, input(b_.not_after));
      // Onto a whole second (or the like), where an input is finer.
      if (tick_ > 1) {
        const int64_t beyond = from % tick_;
        from += beyond > 0 ? tick_ - beyond : -beyond;
      }
      const uint64_t n = to >= from ? static_cast<uint64_t>((to - from) / tick_) + 1 : 1;
      ints[i] = from + tick_ * static_cast<int64_t>(skew_.Below(stream_.At(rows.hash[i]), n));
      if (null) out->SetNull(i);
    }
  }

 private:
  core::Stream stream_;
  core::Skew skew_;
  Bounds b_;
  int64_t tick_;
  std::vector<int64_t> factor_;  // inputs that are dates, for a column of timestamps
};

}  // namespace

std::unique_ptr<Column> CompileTime(ColumnContext& c, Type type, int64_t unit, int64_t tick) {
  const spec::Args& args = c.args();
  Bounds b;
  b.unit = unit;
  std::vector<int64_t> factors;
  std::vector<const Input*> inputs;
  // The column named by `key`, as an index; false after an error.
  auto use = [&](const char* key, int* index) {
    const Input* input = UseInts(c, args.Text(key, ""), args.At(key));
    if (!input) return false;
    const TypeId id = input->column->type().id;
    if (id != TypeId::kDate && id != TypeId::kTimestamp) {
      args.Error(args.At(key), "'" + input->name + "' is neither a date nor a timestamp");
      return false;
    }
    if (id == TypeId::kTimestamp && unit == 1) {
      args.Error(args.At(key), "'" + input->name + "' is a timestamp; a date is needed here");
      return false;
    }
    *index = static_cast<int>(InputIndex(&inputs, input));
    factors.resize(inputs.size(), id == TypeId::kDate ? unit : 1);
    return true;
  };
  if (args.Has("after")) {
    if (!use("after", &b.after)) return nullptr;
    b.from = args.Int("min_days", 0) * unit;
    b.to = args.Int("max_days", 30) * unit;
  } else {
    if (!args.Require("from", "from: as_of - 5y") || !args.Require("to", "to: as_of - 1d"))
      return nullptr;
    b.from = args.Date("from", 0) * unit;
    // The last day counts whole.
    b.to = args.Date("to", 0) * unit + (unit - tick) * (unit > 1);
  }
  if (b.from > b.to) {
    args.Error(args.At(b.after >= 0 ? "max_days" : "to"), "the end is before the start");
    return nullptr;
  }
  if (args.Has("year_of") && !use("year_of", &b.year_of)) return nullptr;
  if (args.Has("not_before") && !use("not_before", &b.not_before)) return nullptr;
  if (args.Has("not_after") && !use("not_after", &b.not_after)) return nullptr;
  return std::make_unique<Time>(type, c.stream(), ReadSkew(args), b, tick, std::move(factors));
}

}  // namespace synthmill::generate
