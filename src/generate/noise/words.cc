#include <unordered_map>

#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// Whole words of a text become others: postal abbreviations. Where several words could, each is
// replaced or not by a coin of its own, at least one of them.
class Words : public NoiseRule {
 public:
  Words(core::Stream stream, std::shared_ptr<const List> list, int from, int to)
      : stream_(stream), list_(std::move(list)) {
    for (size_t r = 0; r < list_->rows(); ++r)
      words_.emplace(list_->values[static_cast<size_t>(from)][r],
                     list_->values[static_cast<size_t>(to)][r]);
  }

  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    std::string out;
    for (size_t c = 0; c < b->columns.size(); ++c) {
      Vector& v = *b->columns[c];
      const core::Stream stream = stream_.Draw(c);
      for (int32_t row : rows) {
        if (v.IsNull(row)) continue;
        if (!Rewrite(v.GetText(row).view(), stream.At(b->hash[row]), &out)) continue;
        b->Touch(c, row);
        v.SetText(row, out);
      }
    }
    return arrow::Status::OK();
  }

 private:
  static bool IsWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '\'' || (c & 0x80);
  }

  template <typename OnWord, typename OnOther>
  static void Split(std::string_view text, OnWord on_word, OnOther on_other) {
    for (size_t i = 0; i < text.size();) {
      size_t j = i;
      while (j < text.size() && IsWord(text[j])) ++j;
      if (j > i) {
        on_word(text.substr(i, j - i));
        i = j;
      } else {
        on_other(text[i++]);
      }
    }
  }

  bool Rewrite(std::string_view text, uint64_t bits, std::string* out) const {
    int found = 0;
    Split(text, [&](std::string_view w) { found += words_.contains(w); }, [](char) {});
    if (found == 0) return false;
    found = std::min(found, 16);
    // All subsets but the empty one.
    const uint64_t chosen = 1 + core::Below(bits, (1ull << found) - 1);
    int at = 0;
    out->clear();
    Split(
        text,
        [&](std::string_view w) {
          auto it = words_.find(w);
          if (it == words_.end()) {
            out->append(w);
            return;
          }
          out->append(at < 16 && (chosen >> at & 1) ? it->second : w);
          ++at;
        },
        [&](char c) { out->push_back(c); });
    return *out != text;
  }

  core::Stream stream_;
  std::shared_ptr<const List> list_;
  std::unordered_map<std::string_view, std::string_view> words_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  const spec::Args& args = c.args();
  if (!c.RequireText() || !args.Require("list", "list: postal_abbreviations") ||
      !args.Require("from", "from: word") || !args.Require("to", "to: abbreviation"))
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
  return std::make_unique<Words>(c.stream(), std::move(list), from, to);
}

}  // namespace

extern const NoiseKind kWords = {
    "words", "whole words of a text become those that a list gives for them",
    "{rule: words, columns: [address], list: postal_abbreviations, from: word, to: abbreviation, "
    "rate: 0.3}",
    {{"list", "the list"}, {"from", "its column of words"}, {"to", "its column of replacements"}},
    Compile};

}  // namespace synthmill::generate
