#include "generate/columns/regex_text.h"

#include <bit>

namespace synthmill::generate {
namespace {

using core::RegexNode;

// Random choices of one row: fractions of 64 bits, used up until 24 bits are left as a guard
// against bias.
class Choices {
 public:
  Choices(core::Stream stream, uint64_t hash) : stream_(stream), hash_(hash) {}
  uint64_t operator()(uint64_t n) {
    if (n <= 1) return 0;
    const int need = 64 - std::countl_zero(n - 1);
    if (room_ < need) bits_ = stream_.Draw(drawn_++).At(hash_), room_ = 40;
    room_ -= need;
    const auto product = static_cast<unsigned __int128>(bits_) * n;
    bits_ = static_cast<uint64_t>(product);
    return static_cast<uint64_t>(product >> 64);
  }

 private:
  core::Stream stream_;
  uint64_t hash_, bits_ = 0, drawn_ = 0;
  int room_ = 0;
};

char* Write(const std::vector<RegexNode>& nodes, Choices* choose, char* p) {
  for (const RegexNode& node : nodes) {
    const uint64_t times = node.min + (*choose)(node.max - node.min + 1);
    for (uint64_t k = 0; k < times; ++k) {
      if (node.branches.empty()) {
        const std::string& c = node.set[(*choose)(node.set.size())];
        p = std::copy(c.begin(), c.end(), p);
      } else {
        p = Write(node.branches[(*choose)(node.branches.size())], choose, p);
      }
    }
  }
  return p;
}

class RegexColumn : public Column {
 public:
  RegexColumn(core::Stream stream, std::vector<RegexNode> nodes)
      : stream_(stream),
        nodes_(std::move(nodes)),
        longest_(core::LongestOf(nodes_)),
        texts_(core::RegexTexts::Count(nodes_)) {}
  uint32_t longest() const override { return static_cast<uint32_t>(longest_); }
  // It would match no longer.
  bool takes_ending() const override { return false; }
  uint64_t domain() const override { return texts_ ? texts_->size() : 0; }
  void FillAt(const uint64_t* index, int64_t n, Vector* out) const override {
    out->Start(Vector::Form::kTexts, n);
    for (int64_t i = 0; i < n; ++i) {
      char* const p = out->arena.Reserve(longest_);
      char* const end = texts_->Write(index[i], p);
      out->texts[i] = {p, static_cast<uint32_t>(end - p)};
      out->arena.Commit(end);
    }
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) {
      char* const p = out->arena.Reserve(longest_);
      Choices choices(stream_, rows.hash[i]);
      char* const end = Write(nodes_, &choices, p);
      out->texts[i] = {p, static_cast<uint32_t>(end - p)};
      out->arena.Commit(end);
    }
  }

 private:
  core::Stream stream_;
  std::vector<RegexNode> nodes_;
  uint64_t longest_;
  std::optional<core::RegexTexts> texts_;
};

}  // namespace

std::unique_ptr<Column> MakeRegexColumn(core::Stream stream, std::vector<RegexNode> nodes) {
  return std::make_unique<RegexColumn>(stream, std::move(nodes));
}

}  // namespace synthmill::generate
