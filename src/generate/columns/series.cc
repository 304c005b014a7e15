#include "generate/columns/series.h"

#include <charconv>
#include <limits>

#include "core/dates.h"
#include "core/sine.h"
#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

// The place in the series: the row number, or what another column holds.
int64_t IndexOf(const Rows& rows, Inputs inputs, int64_t i) {
  return inputs.empty() ? static_cast<int64_t>(rows.number[i]) : inputs[0]->ints[i];
}

// Makes `index` an input if it is given; false after errors.
bool UseIndex(ColumnContext& c, const spec::Args& args) {
  if (!args.Has("index")) return true;
  const Input* input = UseInts(c, args.Text("index", ""), args.At("index"));
  if (input && input->column->type().scale != 0) {
    args.Error(args.At("index"), "'" + input->name + "' does not hold whole numbers");
    return false;
  }
  return input != nullptr;
}

class Moments : public Column {
 public:
  Moments(Type type, core::Stream stream, int64_t start, int64_t step, int64_t tick,
          uint64_t jitter, bool indexed)
      : stream_(stream),
        start_(start),
        step_(step),
        tick_(tick),
        jitter_(jitter),
        indexed_(indexed) {
    type_ = std::move(type);
  }
  bool passes_nulls() const override { return indexed_; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      // Less than a step, so that the next moment is always later.
      const int64_t late =
          static_cast<int64_t>(core::Below(stream_.At(rows.hash[i]), jitter_)) * tick_;
      out->ints[i] = start_ + IndexOf(rows, inputs, i) * step_ + late;
      if (!inputs.empty() && inputs[0]->IsNull(i)) out->SetNull(i);
    }
  }

 private:
  core::Stream stream_;
  int64_t start_, step_, tick_;
  uint64_t jitter_;  // in ticks
  bool indexed_;
};

struct Wave {
  Int128 start = 0, trend = 0;  // times 10^6
  int64_t amplitude = 0, noise = 0;
  uint64_t period = 1;
  int64_t min = 0, max = 0;
};

class Series : public Column {
 public:
  Series(Type type, core::Stream stream, Wave wave, bool indexed)
      : stream_(stream), wave_(wave), indexed_(indexed) {
    type_ = std::move(type);
    noise_ = core::Skew::Find("normal").value_or(core::Skew());
  }
  bool passes_nulls() const override { return indexed_; }
  std::optional<ValueRange> range() const override { return ValueRange{wave_.min, wave_.max}; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      const int64_t at = IndexOf(rows, inputs, i);
      Int128 v = (wave_.start + wave_.trend * at) / 1'000'000;
      const int64_t phase = at % static_cast<int64_t>(wave_.period);
      const uint64_t turn =
          (static_cast<uint64_t>(phase < 0 ? phase + static_cast<int64_t>(wave_.period) : phase)
           << 32) /
          wave_.period;
      v += Int128{wave_.amplitude} * core::Sine(static_cast<uint32_t>(turn)) >> 30;
      // Three standard deviations are the whole of the noise.
      const int64_t deviation =
          static_cast<int64_t>(noise_(stream_.At(rows.hash[i]))) - (int64_t{1} << 31);
      v += Int128{wave_.noise} * deviation >> 31;
      out->ints[i] = static_cast<int64_t>(v < wave_.min   ? wave_.min
                                          : v > wave_.max ? wave_.max
                                                          : v);
      if (!inputs.empty() && inputs[0]->IsNull(i)) out->SetNull(i);
    }
  }

 private:
  core::Stream stream_;
  core::Skew noise_;
  Wave wave_;
  bool indexed_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  static const std::vector<std::string> kTypes = {"int16",   "int32",   "int64",
                                                  "float32", "float64", "decimal"};
  const std::string name = args.Choice("type", kTypes, "float64");
  Type type;
  if (name == "decimal") {
    const int64_t precision = args.Int("precision", 18);
    type = {TypeId::kDecimal, static_cast<int>(precision), static_cast<int>(args.Int("scale", 2))};
    if (precision < 1 || precision > 18 || type.scale < 0 || type.scale > precision) {
      args.Error(args.At("precision"), "precision must be 1..18 and scale 0..precision");
      return nullptr;
    }
  } else {
    ReadType(args, kTypes, "float64", &type);
    const bool whole = name.starts_with("int");
    type.scale = whole ? 0 : static_cast<int>(args.Int("scale", 3));
    if (type.scale < 0 || type.scale > (whole ? 0 : 9)) {
      args.Error(args.At("scale"), "scale must be 0..9");
      return nullptr;
    }
  }
  Wave wave;
  const int64_t limit = type.id == TypeId::kDecimal
                            ? static_cast<int64_t>(PowerOfTen(type.precision) - 1)
                        : type.id == TypeId::kInt16 ? std::numeric_limits<int16_t>::max()
                        : type.id == TypeId::kInt32 ? std::numeric_limits<int32_t>::max()
                                                    : int64_t{1} << 53;
  wave.min = args.Scaled("min", type.scale, -limit);
  wave.max = args.Scaled("max", type.scale, limit);
  if (wave.min < -limit || wave.max > limit || wave.min > wave.max) {
    args.Error(args.At("max"), "min and max must fit the column's type, max not below min");
    return nullptr;
  }
  if (!args.Require("start", "start: 100")) return nullptr;
  const int64_t start = args.Scaled("start", type.scale, 0);
  wave.start = Int128{start} * 1'000'000;
  wave.trend = args.Scaled("trend", std::min(type.scale + 6, 15), 0);
  for (int i = std::min(type.scale + 6, 15); i < type.scale + 6; ++i) wave.trend *= 10;
  wave.amplitude = args.Scaled("amplitude", type.scale, 0);
  wave.noise = args.Scaled("noise", type.scale, 0);
  const int64_t period = args.Int("period", 1);
  if (period < 1 || period > 1'000'000'000) {
    args.Error(args.At("period"), "the period is 1 to 1000000000 rows");
    return nullptr;
  }
  wave.period = static_cast<uint64_t>(period);
  if (args.Has("amplitude") && !args.Require("period", "period: 365")) return nullptr;
  if (!UseIndex(c, args)) return nullptr;
  return std::make_unique<Series>(std::move(type), c.stream(), wave, args.Has("index"));
}

}  // namespace

std::optional<int64_t> ParseDuration(std::string_view text) {
  int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || n < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  const int64_t us = unit == "us"   ? 1
                     : unit == "ms" ? 1'000
                     : unit == "s"  ? 1'000'000
                     : unit == "m"  ? 60'000'000
                     : unit == "h"  ? 3'600'000'000
                     : unit == "d"  ? core::kMicrosPerDay
                                    : 0;
  if (us == 0 || n > INT64_MAX / us) return std::nullopt;
  return n * us;
}

std::unique_ptr<Column> CompileMoments(ColumnContext& c, Type type, int64_t tick) {
  const spec::Args& outer = c.args();
  const spec::Node& node = *outer.Get("series");
  if (!node.is_map()) {
    outer.Error(node.at, "'series' is a map",
                "such as: {start: as_of - 30d, step: 15m, jitter: 0.5}");
    return nullptr;
  }
  const spec::Args args(node, outer.what() + ": 'series'", outer.env(), outer.diagnostics());
  static const std::vector<std::string> kKnown = {"start", "step", "jitter", "index"};
  args.RejectUnknown(kKnown);
  if (!args.Require("start", "start: as_of - 30d") || !args.Require("step", "step: 15m"))
    return nullptr;
  const size_t errors = args.diagnostics()->all().size();
  const auto moment = core::ParseMoment(args.Text("start", ""));
  const int64_t start = moment ? *moment : args.Date("start", 0) * core::kMicrosPerDay;
  const auto step = ParseDuration(args.Text("step", ""));
  if (!step || *step == 0 || *step % tick != 0)
    args.Error(args.At("step"),
               "a step is a whole number and a unit (ms, s, m, h, d), and a multiple of the "
               "column's precision",
               "such as: 15m");
  if (start % tick != 0) args.Error(args.At("start"), "the start is finer than the precision");
  const int64_t jitter = args.Share("jitter", 0);
  if (!UseIndex(c, args) || args.diagnostics()->all().size() > errors) return nullptr;
  const auto ticks = static_cast<uint64_t>(Int128{*step / tick} * jitter / 1'000'000'000);
  return std::make_unique<Moments>(std::move(type), c.stream(), start, *step, tick, ticks,
                                   args.Has("index"));
}

extern const ColumnKind kSeries = {
    "series",
    "numbers that go on from row to row: trend, season and noise",
    "{kind: series, start: 100, trend: 0.05, period: 365, amplitude: 20, noise: 3}",
    {{"start", "value of the first row, before season and noise"},
     {"trend", "added for each row; up to six digits finer than the column; default 0"},
     {"period", "rows of a season"},
     {"amplitude", "of the season, a sine; default 0"},
     {"noise", "the most that is added or taken, mostly far less; default 0"},
     {"index",
      "a column of whole numbers that counts instead of the row number, such as a "
      "position"},
     {"min", "values below are raised to this"},
     {"max", "values above are lowered to this"},
     {"type", "float64 (default), float32, decimal, int16, int32, int64"},
     {"precision", "of decimals: digits in all, at most 18"},
     {"scale", "digits after the point; default 3, of decimals 2"}},
    Compile};

}  // namespace synthmill::generate
