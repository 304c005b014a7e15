#include "generate/columns/date_range.h"

#include "core/dates.h"

namespace synthmill::generate {
namespace {

struct Bounds {
  int64_t from = 0, to = 0;  // in ticks; relative to the first input if `after`
  bool after = false;
  int64_t year_unit = 0;  // ticks of a day if the first input fixes the calendar year
  bool not_before = false, not_after = false;  // further inputs, in this order
};

class Time : public Column {
 public:
  Time(Type type, core::Stream stream, core::Skew skew, Bounds b, int64_t tick,
       std::vector<int64_t> input_factor)
      : stream_(stream), skew_(skew), b_(b), tick_(tick), factor_(std::move(input_factor)) {
    type_ = type;
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    int64_t* ints = out->ints.data();
    if (inputs.empty()) {
      const uint64_t n = static_cast<uint64_t>((b_.to - b_.from) / tick_) + 1;
      for (int64_t i = 0; i < rows.count; ++i)
        ints[i] = b_.from +
                  tick_ * static_cast<int64_t>(skew_.Below(stream_.At(rows.hash[i]), n));
      return;
    }
    for (int64_t i = 0; i < rows.count; ++i) {
      size_t next = 0;
      bool null = false;
      auto input = [&] {
        null |= inputs[next]->IsNull(i);
        const int64_t v = inputs[next]->ints[i] * factor_[next];
        ++next;
        return v;
      };
      int64_t from = b_.from, to = b_.to;
      if (b_.after) {
        const int64_t base = input();
        from += base, to += base;
      }
      if (b_.year_unit) {
        // Floor division: days before 1970 are negative.
        const int64_t v = input();
        const int64_t day = v / b_.year_unit - (v % b_.year_unit < 0);
        const int64_t year = core::CivilFromDays(day).year;
        from = std::max(from, core::DaysFromCivil(year, 1, 1) * b_.year_unit);
        to = std::min(to, core::DaysFromCivil(year + 1, 1, 1) * b_.year_unit - tick_);
      }
      if (b_.not_before) from = std::max(from, input());
      if (b_.not_after) to = std::min(to, input());
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
  std::vector<int64_t> factors;
  auto use = [&](const char* key) {
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
    factors.push_back(id == TypeId::kDate ? unit : 1);
    return true;
  };
  if (args.Has("after")) {
    if (!use("after")) return nullptr;
    b.after = true;
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
    args.Error(args.At(b.after ? "max_days" : "to"), "the end is before the start");
    return nullptr;
  }
  if (args.Has("year_of")) {
    if (!use("year_of")) return nullptr;
    b.year_unit = unit;
  }
  if (args.Has("not_before")) {
    if (!use("not_before")) return nullptr;
    b.not_before = true;
  }
  if (args.Has("not_after")) {
    if (!use("not_after")) return nullptr;
    b.not_after = true;
  }
  return std::make_unique<Time>(type, c.stream(), ReadSkew(args), b, tick, std::move(factors));
}

}  // namespace synthmill::generate
