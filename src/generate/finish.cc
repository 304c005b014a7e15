#include "generate/finish.h"

#include <algorithm>
#include <unordered_map>

#include "generate/columns/rules.h"
#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

struct Limits {
  uint32_t chars = ~0u, bytes = ~0u;

  bool Fits(uint32_t size) const { return size <= chars && size <= bytes; }
  // The longest beginning of whole characters within both.
  uint32_t Cut(Text t) const {
    uint32_t at = 0, count = 0;
    while (at < t.size && count < chars) {
      uint32_t next = at + 1;
      while (next < t.size && (t.data[next] & 0xC0) == 0x80) ++next;
      if (next > bytes) break;
      at = next, ++count;
    }
    return at;
  }
};

class Finished : public RuledColumn {
 public:
  Finished(std::unique_ptr<Column> inner, Limits limits, core::Stream stream, uint64_t threshold,
           Value value, ColumnContext* context)
      : inner_(std::move(inner)),
        limits_(limits),
        stream_(stream),
        threshold_(threshold),
        value_(std::move(value)) {
    type_ = inner_->type();
    if (const auto* ruled = dynamic_cast<const RuledColumn*>(inner_.get())) rules_ = ruled->rules();
    const Dictionary* from = inner_->dictionary();
    if (!from) return;
    // Few values: cut once, and the default among them.
    std::vector<std::string> values;
    std::unordered_map<std::string, int32_t> places;
    auto code = [&](const std::string& text) {
      const auto [at, fresh] = places.emplace(text, static_cast<int32_t>(values.size()));
      if (fresh) values.push_back(text);
      return at->second;
    };
    bool same = true;
    for (int32_t i = 0; i < from->size(); ++i) {
      const Text& t = (*from)[i];
      codes_.push_back(code(std::string(t.data, limits_.Fits(t.size) ? t.size : limits_.Cut(t))));
      same &= codes_.back() == i;
    }
    if (threshold_) default_code_ = code(value_.text);
    dictionary_ = values.size() == codes_.size() && same ? from : context->Keep(values);
    if (same) codes_.clear();
  }

  const Dictionary* dictionary() const override { return dictionary_; }
  bool passes_nulls() const override { return inner_->passes_nulls(); }
  bool may_be_null() const override { return inner_->may_be_null(); }
  const Relation* relation() const override { return inner_->relation(); }
  uint64_t distinct_rows() const override { return Whole() ? inner_->distinct_rows() : 0; }
  bool takes_ending() const override { return inner_->takes_ending(); }
  std::unique_ptr<Column> ReleaseUncut() override {
    // Codes are what others are made from: those stay.
    return threshold_ == 0 && !dictionary_ ? std::move(inner_) : nullptr;
  }
  bool mostly_distinct() const override { return inner_->mostly_distinct(); }
  uint32_t longest() const override {
    const uint32_t own = dictionary_ ? dictionary_->longest() : inner_->longest();
    const uint32_t most =
        std::min(limits_.bytes, limits_.chars > ~0u / 4 ? ~0u : limits_.chars * 4);
    return own == 0 && most != ~0u ? most : std::min(own, most);
  }
  std::optional<core::Popularity> popularity(uint64_t parts) const override {
    return inner_->popularity(parts);
  }
  uint64_t domain() const override { return Whole() ? inner_->domain() : 0; }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    inner_->FillAt(index, n, out);
  }
  std::optional<ValueRange> range() const override {
    std::optional<ValueRange> r = inner_->range();
    if (r && threshold_) r->min = std::min(r->min, value_.number);
    if (r && threshold_) r->max = std::max(r->max, value_.number);
    return r;
  }

  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    inner_->Fill(rows, inputs, out);
    if (out->form == Vector::Form::kCodes) {
      out->dictionary = dictionary_;
      if (!codes_.empty())
        for (int64_t i = 0; i < rows.count; ++i)
          out->codes[i] = codes_[static_cast<size_t>(out->codes[i])];
    } else if (out->form == Vector::Form::kTexts) {
      for (int64_t i = 0; i < rows.count; ++i) {
        Text& t = out->texts[i];
        if (!limits_.Fits(t.size)) t.size = limits_.Cut(t);
      }
    }
    if (threshold_ == 0) return;
    const Text text = out->form == Vector::Form::kTexts ? out->arena.Copy(value_.text) : Text{};
    for (int64_t i = 0; i < rows.count; ++i) {
      if (stream_.At(rows.hash[i]) >= threshold_ && threshold_ != ~0ull) continue;
      if (!rules_.empty() && !rules_.Allow(inputs, i, value_.number)) continue;
      switch (out->form) {
        case Vector::Form::kInts:
          out->ints[i] = static_cast<int64_t>(value_.number);
          break;
        case Vector::Form::kWides:
          out->wides[i] = value_.number;
          break;
        case Vector::Form::kCodes:
          out->codes[i] = default_code_;
          break;
        case Vector::Form::kTexts:
          out->texts[i] = text;
          break;
        case Vector::Form::kNested:
          break;
      }
      if (out->has_nulls) out->nulls[i] = 0;
    }
  }

 private:
  // Nothing is cut or replaced: cut texts may fall together.
  bool Whole() const {
    return codes_.empty() && threshold_ == 0 &&
           (!type_.bytes() || (limits_.chars == ~0u && limits_.bytes == ~0u) ||
            (inner_->longest() != 0 && limits_.Fits(inner_->longest())));
  }

  std::unique_ptr<Column> inner_;
  Limits limits_;
  core::Stream stream_;
  uint64_t threshold_;
  Value value_;
  const Dictionary* dictionary_ = nullptr;
  std::vector<int32_t> codes_;  // of the inner dictionary's entries; empty: the same
  int32_t default_code_ = 0;
};

}  // namespace

std::unique_ptr<Column> Finish(std::unique_ptr<Column> column, ColumnContext& context) {
  const spec::Args& args = context.args();
  Limits limits;
  bool ok = true;
  auto length = [&](const char* key, uint32_t* out) {
    if (!args.Has(key)) return;
    const int64_t n = args.Int(key, 1);
    if (n < 1 || !column->type().text()) {
      args.Error(args.At(key), n < 1 ? "a length is at least 1"
                                     : "'" + std::string(key) + "' is for columns of text");
      ok = false;
    }
    *out = static_cast<uint32_t>(std::clamp<int64_t>(n, 1, ~0u));
  };
  length("max_length", &limits.chars);
  length("max_bytes", &limits.bytes);
  uint64_t threshold = 0;
  Value value;
  if (args.Has("default_share") && !args.Require("default", "default: open")) return nullptr;
  if (args.Has("default")) {
    threshold = core::Threshold(args.Share("default_share", 100'000'000));
    ok &= ReadValue(args, "default", column->type(), &value);
    const Text text{value.text.data(), static_cast<uint32_t>(value.text.size())};
    if (ok && column->type().text() && limits.Cut(text) < text.size) {
      args.Error(args.At("default"), "the default is longer than the column may be");
      ok = false;
    }
  }
  if (!ok) return nullptr;
  if (threshold == 0 && !args.Has("max_length") && !args.Has("max_bytes")) return column;
  return std::make_unique<Finished>(std::move(column), limits, context.stream().Sub("default"),
                                    threshold, std::move(value), &context);
}

}  // namespace synthmill::generate
