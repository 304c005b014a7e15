#include "generate/columns/number_range.h"

namespace synthmill::generate {
namespace {

class Number : public Column {
 public:
  Number(Type type, core::Stream stream, core::Skew skew, std::vector<NumberRange> ranges)
      : stream_(stream), skew_(skew), ranges_(std::move(ranges)) {
    type_ = type;
  }
  uint64_t domain() const override { return ranges_.size() == 1 ? ranges_[0].steps : 0; }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kInts, n);
    for (int64_t i = 0; i < n; ++i)
      out->ints[i] = static_cast<int64_t>(static_cast<uint64_t>(ranges_[0].min) +
                                          static_cast<uint64_t>(ranges_[0].step) * index[i]);
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    int64_t* ints = out->ints.data();
    if (inputs.empty()) {
      const NumberRange r = ranges_[0];
      for (int64_t i = 0; i < rows.count; ++i) ints[i] = Draw(r, rows.hash[i]);
      return;
    }
    const int32_t* given = inputs[0]->codes.data();
    for (int64_t i = 0; i < rows.count; ++i)
      ints[i] = Draw(ranges_[static_cast<size_t>(given[i])], rows.hash[i]);
  }

 private:
  int64_t Draw(const NumberRange& r, uint64_t hash) const {
    // Unsigned: a range over all of int64 has steps beyond its largest number.
    return static_cast<int64_t>(static_cast<uint64_t>(r.min) +
                                static_cast<uint64_t>(r.step) *
                                    skew_.Below(stream_.At(hash), r.steps));
  }
  core::Stream stream_;
  core::Skew skew_;
  std::vector<NumberRange> ranges_;
};

bool ReadRange(const spec::Args& args, int scale, int64_t low, int64_t high, int64_t step,
               NumberRange* out) {
  const int64_t min = args.Scaled("min", scale, 0);
  const int64_t max = args.Scaled("max", scale, 0);
  if (!args.Require("min", "min: 1") || !args.Require("max", "max: 100")) return false;
  if (min > max) {
    args.Error(args.At("max"), "max is below min");
    return false;
  }
  if (min < low || max > high) {
    args.Error(args.At(min < low ? "min" : "max"), "does not fit the column's type");
    return false;
  }
  const uint64_t span = static_cast<uint64_t>(max) - static_cast<uint64_t>(min);
  *out = {min, step, span / static_cast<uint64_t>(step) + 1};
  if (out->steps == 0) out->steps = ~0ull;  // all of int64: the top value is left out
  return true;
}

}  // namespace

std::unique_ptr<Column> CompileNumber(ColumnContext& c, Type type, int64_t low, int64_t high) {
  const spec::Args& args = c.args();
  const int64_t step = args.Scaled("step", type.scale, 1);
  if (step < 1) {
    args.Error(args.At("step"), "step must be positive");
    return nullptr;
  }
  const core::Skew skew = ReadSkew(args);
  std::vector<NumberRange> ranges;
  const spec::Node* cases = args.Get("cases");
  if (!cases) {
    ranges.resize(1);
    if (!ReadRange(args, type.scale, low, high, step, &ranges[0])) return nullptr;
    return std::make_unique<Number>(type, c.stream(), skew, std::move(ranges));
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
  if (!ok) return nullptr;
  return std::make_unique<Number>(type, c.stream(), skew, std::move(ranges));
}

}  // namespace synthmill::generate
