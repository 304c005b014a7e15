#include <algorithm>
#include <unordered_map>

#include "core/sampler.h"
#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// Whole values become another value that a list gives for them: nicknames, synonyms.
class Replace : public NoiseRule {
 public:
  Replace(core::Stream stream, std::shared_ptr<const List> list, int from, int to,
          const std::vector<NoiseColumn>& columns)
      : stream_(stream), list_(std::move(list)), to_(list_->values[static_cast<size_t>(to)]) {
    const auto& keys = list_->values[static_cast<size_t>(from)];
    std::unordered_map<std::string_view, std::vector<int64_t>> weights;
    for (size_t r = 0; r < list_->rows(); ++r) {
      entries_[keys[r]].rows.push_back(r);
      weights[keys[r]].push_back(list_->weights[r]);
    }
    for (auto& [key, entry] : entries_) entry.sampler = core::Sampler(weights[key]);
    for (const NoiseColumn& c : columns) {
      std::vector<const Entry*> entries;
      if (c.dictionary)
        for (const Text& t : c.dictionary->entries()) entries.push_back(Lookup(t.view()));
      by_code_.push_back(std::move(entries));
    }
  }

  int64_t Applicable(const NoiseBatch& b, uint8_t* flags) const override {
    std::memset(flags, 0, static_cast<size_t>(b.count));
    for (size_t c = 0; c < b.columns.size(); ++c) {
      const Vector& v = *b.columns[c];
      for (int64_t i = 0; i < b.count; ++i) flags[i] |= !v.IsNull(i) && Find(c, v, i);
    }
    int64_t n = 0;
    for (int64_t i = 0; i < b.count; ++i) n += flags[i];
    return n;
  }

  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    for (size_t c = 0; c < b->columns.size(); ++c) {
      Vector& v = *b->columns[c];
      for (int32_t row : rows) {
        if (v.IsNull(row)) continue;
        const std::string_view old = v.GetText(row).view();
        const Entry* entry = Find(c, v, row);
        if (!entry) continue;
        for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
          const uint64_t bits = stream_.Draw(c * kNoiseAttempts + attempt).At(b->hash[row]);
          const std::string& to = to_[entry->rows[entry->sampler(bits)]];
          if (to == old) continue;
          b->Touch(c, row);
          v.SetText(row, to);
          break;
        }
      }
    }
    return arrow::Status::OK();
  }

 private:
  struct Entry {
    std::vector<size_t> rows;
    core::Sampler sampler;
  };

  const Entry* Lookup(std::string_view text) const {
    auto it = entries_.find(text);
    return it == entries_.end() ? nullptr : &it->second;
  }
  // Values of a dictionary are looked up once, when the rule is compiled.
  const Entry* Find(size_t column, const Vector& v, int64_t i) const {
    const std::vector<const Entry*>& by_code = by_code_[column];
    if (v.form == Vector::Form::kCodes && static_cast<size_t>(v.codes[i]) < by_code.size())
      return by_code[static_cast<size_t>(v.codes[i])];
    return Lookup(v.GetText(i).view());
  }
  core::Stream stream_;
  std::shared_ptr<const List> list_;
  const std::vector<std::string>& to_;
  std::unordered_map<std::string_view, Entry> entries_;
  std::vector<std::vector<const Entry*>> by_code_;  // by column and code
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  const spec::Args& args = c.args();
  if (!c.RequireText() || !args.Require("list", "list: nicknames") ||
      !args.Require("from", "from: name") || !args.Require("to", "to: nickname"))
    return nullptr;
  auto list = c.FindList(args.Text("list", ""), args.At("list"));
  if (!list) return nullptr;
  const int from = list->Find(args.Text("from", "")), to = list->Find(args.Text("to", ""));
  if (from < 0 || to < 0) {
    const char* key = from < 0 ? "from" : "to";
    args.Error(args.At(key), "list '" + list->name + "' has no column '" + args.Text(key, "") + "'",
               spec::Suggest(args.Text(key, ""), list->columns));
    return nullptr;
  }
  return std::make_unique<Replace>(c.stream(), std::move(list), from, to, c.columns());
}

}  // namespace

extern const NoiseKind kReplace = {
    "replace",
    "whole values become another that a list gives for them",
    "{rule: replace, columns: [first_name], list: nicknames, from: name, to: nickname, rate: 0.3}",
    {{"list", "the list"}, {"from", "its column of values"}, {"to", "its column of replacements"}},
    Compile};

}  // namespace synthmill::generate
