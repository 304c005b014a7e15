#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

// One sampler, or one per value of another column.
class Choice : public Column {
 public:
  // `drawn`: the values of any weight, where nothing else decides.
  Choice(core::Stream stream, const Dictionary* values, std::vector<core::Sampler> samplers,
         std::vector<int32_t> drawn = {})
      : stream_(stream),
        values_(values),
        samplers_(std::move(samplers)),
        drawn_(std::move(drawn)) {}
  const Dictionary* dictionary() const override { return values_; }
  bool takes_ending() const override { return false; }
  uint64_t domain() const override { return drawn_.size(); }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kCodes, n, values_);
    for (int64_t i = 0; i < n; ++i) out->codes[i] = drawn_[index[i]];
  }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kCodes, rows.count, values_);
    int32_t* codes = out->codes.data();
    if (inputs.empty()) {
      const core::Sampler& sampler = samplers_[0];
      for (int64_t i = 0; i < rows.count; ++i)
        codes[i] = static_cast<int32_t>(sampler(stream_.At(rows.hash[i])));
      return;
    }
    const int32_t* given = inputs[0]->codes.data();
    for (int64_t i = 0; i < rows.count; ++i)
      codes[i] =
          static_cast<int32_t>(samplers_[static_cast<size_t>(given[i])](stream_.At(rows.hash[i])));
  }

 private:
  core::Stream stream_;
  const Dictionary* values_;
  std::vector<core::Sampler> samplers_;
  std::vector<int32_t> drawn_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const size_t errors = args.diagnostics()->all().size();  // those of other columns
  const spec::Node* cases = args.Get("cases");
  if (!cases) {
    if (!args.Require("values", "values: {Active: 85, Closed: 15}")) return nullptr;
    const auto weights = args.Weights("values");
    if (weights.empty()) return nullptr;
    std::vector<std::string> values;
    std::vector<int64_t> w;
    for (const auto& [v, weight] : weights) {
      // A plain list may name a value twice; the dictionary holds it once.
      const auto at = std::find(values.begin(), values.end(), v);
      if (at != values.end()) {
        w[static_cast<size_t>(at - values.begin())] += weight;
        continue;
      }
      values.push_back(v), w.push_back(weight);
    }
    std::vector<core::Sampler> one;
    one.emplace_back(w);
    std::vector<int32_t> drawn;
    for (size_t i = 0; i < w.size(); ++i)
      if (w[i] > 0) drawn.push_back(static_cast<int32_t>(i));
    return std::make_unique<Choice>(c.stream(), c.Keep(values), std::move(one), std::move(drawn));
  }
  if (!args.Require("given", "given: payment_type")) return nullptr;
  const Input* given = UseCodes(c, args.Text("given", ""), args.At("given"));
  if (!given || !cases->is_map()) {
    if (given) args.Error(cases->at, "'cases' maps each value of the given column to its choices");
    return nullptr;
  }
  const Dictionary& keys = *given->column->dictionary();
  std::vector<std::string> values;
  std::vector<std::vector<std::pair<std::string, int64_t>>> per_key(
      static_cast<size_t>(keys.size()));
  spec::Args case_args(*cases, args.what(), args.env(), args.diagnostics());
  for (const spec::Node::Entry& e : cases->entries) {
    const int32_t code = keys.Find(e.key);
    if (code < 0) {
      std::vector<std::string> names;
      for (const Text& t : keys.entries()) names.emplace_back(t.view());
      args.Error(e.at, "'" + e.key + "' is no value of '" + given->name + "'",
                 spec::Suggest(e.key, names));
      continue;
    }
    per_key[static_cast<size_t>(code)] = case_args.Weights(e.key);
  }
  for (size_t k = 0; k < per_key.size(); ++k) {
    if (per_key[k].empty())
      args.Error(cases->at,
                 "no case for '" + std::string(keys[static_cast<int32_t>(k)].view()) + "'");
    for (const auto& [v, w] : per_key[k])
      if (std::find(values.begin(), values.end(), v) == values.end()) values.push_back(v);
  }
  if (args.diagnostics()->all().size() > errors) return nullptr;
  std::vector<core::Sampler> samplers;
  for (const auto& weights : per_key) {
    std::vector<int64_t> w(values.size(), 0);
    for (const auto& [v, weight] : weights)
      w[static_cast<size_t>(std::find(values.begin(), values.end(), v) - values.begin())] += weight;
    samplers.emplace_back(w);
  }
  return std::make_unique<Choice>(c.stream(), c.Keep(values), std::move(samplers),
                                  std::vector<int32_t>());
}

}  // namespace

extern const ColumnKind kChoice = {"choice",
                                   "one of a few values, by weight",
                                   "{kind: choice, values: {Active: 85, Closed: 15}}",
                                   {{"values", "value: weight, or a plain list"},
                                    {"given", "another column of few values that decides"},
                                    {"cases", "with given: value of that column -> values"}},
                                   Compile};

}  // namespace synthmill::generate
