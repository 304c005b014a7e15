#include "generate/columns/date_range.h"

#include "core/dates.h"
#include "generate/columns/correlate.h"
#include "generate/columns/rules.h"
#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

struct Bounds {
  int64_t from = 0, to = 0;  // in ticks; relative to the first input if `after`
  // Which of the inputs; -1: none.
  int after = -1, year_of = -1, not_before = -1, not_after = -1;
  int64_t unit = 1;  // ticks of a day
};

class Time : public RuledColumn {
 public:
  Time(Type type, core::Stream stream, core::Skew skew, Bounds b, int64_t tick,
       std::vector<int64_t> input_factor, std::optional<ValueRange> range, Rules rules,
       std::unique_ptr<Correlation> correlation)
      : stream_(stream),
        skew_(skew),
        b_(b),
        tick_(tick),
        factor_(std::move(input_factor)),
        range_(range),
        correlation_(std::move(correlation)) {
    type_ = std::move(type);
    rules_ = std::move(rules);
  }
  bool passes_nulls() const override { return !factor_.empty(); }
  std::optional<ValueRange> range() const override { return range_; }
  uint64_t domain() const override {
    return factor_.empty() && rules_.empty() && !correlation_ ? Steps() : 0;
  }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kInts, n);
    for (int64_t i = 0; i < n; ++i) out->ints[i] = b_.from + tick_ * static_cast<int64_t>(index[i]);
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    int64_t* ints = out->ints.data();
    if (inputs.empty()) {
      const uint64_t n = Steps();
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
      if (!rules_.empty()) {
        Int128 low = from, high = to;
        rules_.Narrow(inputs, i, &low, &high);
        from = static_cast<int64_t>(low), to = static_cast<int64_t>(high);
      }
      // Onto a whole second (or the like), where an input is finer.
      if (tick_ > 1) {
        const int64_t beyond = from % tick_;
        from += beyond > 0 ? tick_ - beyond : -beyond;
      }
      const uint64_t n = to >= from ? static_cast<uint64_t>((to - from) / tick_) + 1 : 1;
      uint64_t bits = stream_.At(rows.hash[i]);
      if (correlation_) bits = correlation_->Bits(inputs, i, bits);
      ints[i] = from + tick_ * static_cast<int64_t>(skew_.Below(bits, n));
      if (null) out->SetNull(i);
    }
  }

 private:
  uint64_t Steps() const { return static_cast<uint64_t>((b_.to - b_.from) / tick_) + 1; }

  core::Stream stream_;
  core::Skew skew_;
  Bounds b_;
  int64_t tick_;
  std::vector<int64_t> factor_;  // inputs that are dates, for a column of timestamps
  std::optional<ValueRange> range_;
  std::unique_ptr<Correlation> correlation_;
};

// The range, as far as it is known beforehand. `at` gives an input's range in ticks.
template <typename At>
std::optional<ValueRange> RangeOf(const Bounds& b, int64_t tick, At&& at) {
  ValueRange r{b.from, b.to};
  if (b.after >= 0) {
    const auto base = at(b.after);
    if (!base) return std::nullopt;
    r = {base->min + b.from, base->max + b.to};
  }
  // A lower bound beyond the end is taken itself, rounded up.
  if (b.not_before >= 0) {
    const auto bound = at(b.not_before);
    if (!bound) return std::nullopt;
    r.max = std::max(r.max, bound->max + tick - 1);
  }
  return r;
}

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
  const auto range = RangeOf(b, tick, [&](int k) {
    auto r = inputs[static_cast<size_t>(k)]->column->range();
    const Int128 factor = factors[static_cast<size_t>(k)];
    if (r) *r = {r->min * factor, r->max * factor + (factor - 1)};
    return r;
  });
  Rules rules;
  std::unique_ptr<Correlation> correlation;
  const bool ruled = std::any_of(std::begin(kRuleDocs), std::end(kRuleDocs),
                                 [&](const ArgDoc& d) { return args.Has(d.name); });
  if (ruled && !factors.empty()) {
    args.Error(args.At("kind"),
               "a rule such as at_least needs fixed ends: from and to, without "
               "after, year_of, not_before and not_after");
    return nullptr;
  }
  if (ruled && !rules.Read(c, type, *range, tick, &inputs)) return nullptr;
  if (!Correlation::Read(c, &inputs, &correlation)) return nullptr;
  return std::make_unique<Time>(std::move(type), c.stream(), ReadSkew(args), b, tick,
                                std::move(factors), range, std::move(rules),
                                std::move(correlation));
}

int64_t ReadTick(const spec::Args& args, const std::string& fallback) {
  static const std::vector<std::string> kPrecisions = {"second", "millisecond", "microsecond"};
  const std::string precision = args.Choice("precision", kPrecisions, fallback);
  return precision == "second" ? 1'000'000 : precision == "millisecond" ? 1'000 : 1;
}

std::vector<ArgDoc> WithTimeDocs(std::vector<ArgDoc> docs) {
  for (const ArgDoc& doc : std::initializer_list<ArgDoc>{
           {"min_days", "with after: at least so many days later; default 0"},
           {"max_days", "with after: at most so many; default 30"},
           {"year_of", "a column whose calendar year it must share"},
           {"not_before", "a column that is a lower bound too"},
           {"not_after", "a column that is an upper bound too"},
           {"skew", "none (default), low, high, normal"},
           kCorrelateDoc})
    docs.push_back(doc);
  return WithRules(std::move(docs));
}

}  // namespace synthmill::generate
