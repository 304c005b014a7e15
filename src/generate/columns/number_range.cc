#include "generate/columns/number_range.h"

#include "generate/columns/correlate.h"
#include "generate/columns/rules.h"
#include "generate/columns/spread.h"
#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

// Whether all values stay different in the type: a float32 has 24 bits.
bool Told(const Type& type, const ValueRange& range) {
  constexpr Int128 kExact = 1 << 24;
  return type.id != TypeId::kFloat32 || (range.min >= -kExact && range.max <= kExact);
}

// Any type that is stored as integers, a skew, and nothing else: the hot path.
class Number : public Column {
 public:
  Number(Type type, core::Stream stream, core::Skew skew, std::vector<NumberRange> ranges)
      : stream_(stream), skew_(skew) {
    type_ = std::move(type);
    range_ = {ranges[0].min, ranges[0].max};
    for (const NumberRange& r : ranges) {
      range_.min = std::min(range_.min, r.min), range_.max = std::max(range_.max, r.max);
      const uint64_t steps = r.steps() > ~0ull ? ~0ull : static_cast<uint64_t>(r.steps());
      ranges_.push_back({static_cast<int64_t>(r.min), static_cast<int64_t>(r.step), steps});
    }
  }
  std::optional<ValueRange> range() const override { return range_; }
  uint64_t domain() const override {
    return ranges_.size() == 1 && Told(type_, range_) ? ranges_[0].steps : 0;
  }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kInts, n);
    for (int64_t i = 0; i < n; ++i) out->ints[i] = At(ranges_[0], index[i]);
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    int64_t* ints = out->ints.data();
    if (inputs.empty()) {
      const Range r = ranges_[0];
      for (int64_t i = 0; i < rows.count; ++i) ints[i] = Draw(r, rows.hash[i]);
      return;
    }
    const int32_t* given = inputs[0]->codes.data();
    for (int64_t i = 0; i < rows.count; ++i)
      ints[i] = Draw(ranges_[static_cast<size_t>(given[i])], rows.hash[i]);
  }

 private:
  struct Range {
    int64_t min, step;
    uint64_t steps;
  };
  static int64_t At(const Range& r, uint64_t step) {
    // Unsigned: a range over all of int64 has steps beyond its largest number.
    return static_cast<int64_t>(static_cast<uint64_t>(r.min) +
                                static_cast<uint64_t>(r.step) * step);
  }
  int64_t Draw(const Range& r, uint64_t hash) const {
    return At(r, skew_.Below(stream_.At(hash), r.steps));
  }
  core::Stream stream_;
  core::Skew skew_;
  std::vector<Range> ranges_;
  ValueRange range_;
};

// The rest: wide decimals, distributions, rules, correlation.
class ShapedNumber : public RuledColumn {
 public:
  ShapedNumber(Type type, core::Stream stream, std::vector<Spread> spreads,
               std::vector<NumberRange> ranges, size_t inputs, bool given, Rules rules,
               std::unique_ptr<Correlation> correlation)
      : stream_(stream),
        spreads_(std::move(spreads)),
        ranges_(std::move(ranges)),
        inputs_(inputs),
        given_(given),
        correlation_(std::move(correlation)) {
    type_ = std::move(type);
    rules_ = std::move(rules);
  }
  std::optional<ValueRange> range() const override {
    ValueRange all{ranges_[0].min, ranges_[0].max};
    for (const NumberRange& r : ranges_) all = {std::min(all.min, r.min), std::max(all.max, r.max)};
    return all;
  }
  uint64_t domain() const override {
    if (inputs_ > 0 || !Told(type_, {ranges_[0].min, ranges_[0].max})) return 0;
    const UInt128 steps = ranges_[0].steps();
    return steps > ~0ull ? ~0ull : static_cast<uint64_t>(steps);
  }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    Start(n, out);
    for (int64_t i = 0; i < n; ++i) Set(i, ranges_[0].At(index[i]), out);
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    Start(rows.count, out);
    for (int64_t i = 0; i < rows.count; ++i) {
      const size_t k = given_ ? static_cast<size_t>(inputs[0]->codes[i]) : 0;
      const NumberRange& r = ranges_[k];
      uint64_t bits = stream_.At(rows.hash[i]);
      if (correlation_) bits = correlation_->Bits(inputs, i, bits);
      if (rules_.empty()) {
        Set(i, r.At(spreads_[k].Step(bits, r.steps())), out);
        continue;
      }
      Int128 low = r.min, high = r.max;
      rules_.Narrow(inputs, i, &low, &high);
      const Int128 first = (low - r.min + r.step - 1) / r.step;
      const Int128 last = high < r.min ? -1 : (high - r.min) / r.step;
      // The plain spreads fit what is left; a distribution keeps its place if it can.
      Int128 step = first;
      if (last > first) {
        if (spreads_[k].plain()) {
          step = first + static_cast<Int128>(
                             spreads_[k].Step(bits, static_cast<UInt128>(last - first + 1)));
        } else {
          step = static_cast<Int128>(spreads_[k].Step(bits, r.steps()));
          if (step < first || step > last)
            step = first + static_cast<Int128>(Spread().Step(
                               core::Mix(bits), static_cast<UInt128>(last - first + 1)));
        }
      }
      Set(i, r.min + step * r.step, out);
    }
  }

 private:
  void Start(int64_t n, Vector* out) const {
    out->Start(type_.wide() ? Vector::Form::kWides : Vector::Form::kInts, n);
  }
  void Set(int64_t i, Int128 v, Vector* out) const {
    if (type_.wide()) {
      out->wides[i] = v;
    } else {
      out->ints[i] = static_cast<int64_t>(v);
    }
  }

  core::Stream stream_;
  std::vector<Spread> spreads_;
  std::vector<NumberRange> ranges_;
  size_t inputs_;
  bool given_;
  std::unique_ptr<Correlation> correlation_;
};

// A number in units of 10^-scale, beyond int64 only as a literal.
std::optional<Int128> ReadNumber(const spec::Args& args, const char* key, int scale) {
  if (!args.Require(key, std::string(key) + ": 1")) return std::nullopt;
  if (args.Get(key)->is_scalar())
    if (const auto literal = ParseWide(args.Get(key)->text, scale)) return literal;
  const size_t errors = args.diagnostics()->all().size();
  const int64_t number = args.Scaled(key, scale, 0);
  if (args.diagnostics()->all().size() > errors) return std::nullopt;
  return number;
}

bool ReadRange(const spec::Args& args, int scale, Int128 low, Int128 high, Int128 step,
               NumberRange* out) {
  const auto min = ReadNumber(args, "min", scale), max = ReadNumber(args, "max", scale);
  if (!min || !max) return false;
  if (*min > *max) {
    args.Error(args.At("max"), "max is below min");
    return false;
  }
  if (*min < low || *max > high) {
    args.Error(args.At(*min < low ? "min" : "max"), "does not fit the column's type");
    return false;
  }
  *out = {*min, *max, step};
  // The last step, not what lies beyond it.
  out->max = out->At(out->steps() - 1);
  if (out->span() >> 127) {
    for (const char* key :
         {"distribution", "correlate", "at_least", "at_most", "more_than", "less_than"}) {
      if (!args.Has(key)) continue;
      args.Error(args.At(key),
                 std::string("'") + key + "' needs a range narrower than 1.7 * 10^" +
                     std::to_string(38 - scale),
                 "bring min and max closer together");
      return false;
    }
  }
  return true;
}

std::unique_ptr<Column> Make(ColumnContext& c, Type type, std::vector<NumberRange> ranges,
                             std::vector<const Input*> inputs) {
  const bool given = !inputs.empty();
  const spec::Args& args = c.args();
  std::vector<Spread> spreads;
  for (const NumberRange& r : ranges) {
    auto spread = Spread::Read(args, type.scale, r.min, r.step, r.steps());
    if (!spread) return nullptr;
    spreads.push_back(std::move(*spread));
  }
  ValueRange all{ranges[0].min, ranges[0].max};  // what every case allows
  for (const NumberRange& r : ranges) all = {std::max(all.min, r.min), std::min(all.max, r.max)};
  Rules rules;
  std::unique_ptr<Correlation> correlation;
  if (!rules.Read(c, type, all, ranges[0].step, &inputs) ||
      !Correlation::Read(c, &inputs, &correlation))
    return nullptr;
  if (spreads[0].plain() && rules.empty() && !correlation && !type.wide())
    return std::make_unique<Number>(std::move(type), c.stream(), spreads[0].skew(),
                                    std::move(ranges));
  return std::make_unique<ShapedNumber>(std::move(type), c.stream(), std::move(spreads),
                                        std::move(ranges), inputs.size(), given, std::move(rules),
                                        std::move(correlation));
}

}  // namespace

std::unique_ptr<Column> CompileNumberIn(ColumnContext& c, Type type, NumberRange range) {
  range.max = range.At(range.steps() - 1);
  return Make(c, std::move(type), {range}, {});
}

std::unique_ptr<Column> CompileNumber(ColumnContext& c, Type type, Int128 low, Int128 high) {
  const spec::Args& args = c.args();
  Int128 step = 1;
  if (args.Has("step")) {
    const auto given = ReadNumber(args, "step", type.scale);
    if (!given) return nullptr;
    step = *given;
  }
  if (step < 1) {
    args.Error(args.At("step"), "step must be positive");
    return nullptr;
  }
  std::vector<NumberRange> ranges;
  const spec::Node* cases = args.Get("cases");
  if (!cases) {
    ranges.resize(1);
    if (!ReadRange(args, type.scale, low, high, step, &ranges[0])) return nullptr;
    return Make(c, std::move(type), std::move(ranges), {});
  }
  if (!args.Require("given", "given: job_level")) return nullptr;
  const Input* given = UseCodes(c, args.Text("given", ""), args.At("given"));
  if (!given) return nullptr;
  if (!cases->is_map()) {
    args.Error(cases->at, "'cases' maps each value of the given column to {min, max}");
    return nullptr;
  }
  const Dictionary& keys = *given->column->dictionary();
  ranges.resize(static_cast<size_t>(keys.size()));
  std::vector<bool> have(ranges.size());
  static const std::vector<std::string> kKnown = {"min", "max"};
  bool ok = true;
  for (const spec::Node::Entry& e : cases->entries) {
    const int32_t code = keys.Find(e.key);
    if (code < 0) {
      std::vector<std::string> names;
      for (const Text& t : keys.entries()) names.emplace_back(t.view());
      args.Error(e.at, "'" + e.key + "' is no value of '" + given->name + "'",
                 spec::Suggest(e.key, names));
      ok = false;
      continue;
    }
    spec::Args range(e.value, "case '" + e.key + "'", args.env(), args.diagnostics());
    range.RejectUnknown(kKnown);
    ok &= ReadRange(range, type.scale, low, high, step, &ranges[static_cast<size_t>(code)]);
    have[static_cast<size_t>(code)] = true;
  }
  for (size_t k = 0; k < have.size(); ++k)
    if (!have[k]) {
      args.Error(cases->at,
                 "no case for '" + std::string(keys[static_cast<int32_t>(k)].view()) + "'");
      ok = false;
    }
  if (!ok || ranges.empty()) return nullptr;
  return Make(c, std::move(type), std::move(ranges), {given});
}

std::vector<ArgDoc> WithNumberDocs(std::vector<ArgDoc> docs) {
  for (const ArgDoc& doc : SpreadDocs()) docs.push_back(doc);
  docs.push_back(kCorrelateDoc);
  return WithRules(std::move(docs));
}

}  // namespace synthmill::generate
