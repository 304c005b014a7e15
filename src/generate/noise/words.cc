#include <algorithm>
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
    for (size_t r = 0; r < list_->rows(); ++r) {
      const std::string& word = list_->values[static_cast<size_t>(from)][r];
      words_.emplace(word, list_->values[static_cast<size_t>(to)][r]);
      longest_ = std::max(longest_, word.size());
    }
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

  bool Rewrite(std::string_view text, uint64_t bits, std::string* out) const {
    struct Match {
      size_t at, size;
      std::string_view to;
    };
    Match matches[kMost];
    size_t found = 0;
    for (size_t i = 0; i < text.size() && found < kMost;) {
      size_t j = i;
      while (j < text.size() && IsWord(text[j])) ++j;
      if (j > i && j - i <= longest_) {
        auto it = words_.find(text.substr(i, j - i));
        if (it != words_.end()) matches[found++] = {i, j - i, it->second};
      }
      i = j + 1;
    }
    if (found == 0) return false;
    // All subsets but the empty one.
    const uint64_t chosen = 1 + core::Below(bits, (1ull << found) - 1);
    out->clear();
    size_t done = 0;
    for (size_t m = 0; m < found; ++m) {
      if (!(chosen >> m & 1)) continue;
      out->append(text.substr(done, matches[m].at - done)).append(matches[m].to);
      done = matches[m].at + matches[m].size;
    }
    out->append(text.substr(done));
    return *out != text;
  }

  static constexpr size_t kMost = 16;  // words of a text that are looked at
  core::Stream stream_;
  std::shared_ptr<const List> list_;
  std::unordered_map<std::string_view, std::string_view> words_;
  size_t longest_ = 0;
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
    "words",
    "whole words of a text become those that a list gives for them",
    "{rule: words, columns: [address], list: postal_abbreviations, from: word, to: abbreviation, "
    "rate: 0.3}",
    {{"list", "the list"}, {"from", "its column of words"}, {"to", "its column of replacements"}},
    Compile};

}  // namespace synthmill::generate
