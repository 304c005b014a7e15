#include "generate/columns/nested.h"

namespace synthmill::generate {
namespace {

// The keys of a row are different. One that is there already is drawn again, a few times in whole
// batches; what then is still there twice takes the next value of a column that can be counted off,
// or is left out.
class Map : public Column {
 public:
  Map(Repeats repeats, std::unique_ptr<NestedColumn> key, std::unique_ptr<NestedColumn> value)
      : repeats_(std::move(repeats)), key_(std::move(key)), value_(std::move(value)) {
    type_.id = TypeId::kMap;
    type_.children = {{"key", key_->column->type()}, {"value", value_->column->type()}};
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    std::vector<int32_t> offsets(static_cast<size_t>(rows.count) + 1);
    ItemRows items;
    repeats_.Place(rows, offsets.data(), &items);
    Vector keys;
    key_->Fill(items.rows(), &keys);
    std::vector<int32_t> twice;
    FindTwice(rows.count, offsets, keys, &twice);
    for (int attempt = 0; attempt < kAttempts && !twice.empty(); ++attempt) {
      ItemRows again;
      for (int32_t k : twice) {
        const size_t at = static_cast<size_t>(k);
        again.number.push_back(items.number[at]);
        items.hash[at] = core::Mix(items.hash[at] + core::kGolden);
        again.hash.push_back(items.hash[at]);
      }
      Replace(again.rows(), twice, &keys);
      FindTwice(rows.count, offsets, keys, &twice);
    }
    if (!twice.empty()) CountOff(rows.count, offsets, &twice, &keys);
    Keep(rows, offsets, twice, items, keys, out);
  }

 private:
  static constexpr int kAttempts = 6;

  bool Same(const Vector& keys, int64_t i, int64_t j) const {
    return SameCell(keys, i, keys, j, type_.children[0].type);
  }
  // Items whose key stands before them in their row.
  void FindTwice(int64_t rows, const std::vector<int32_t>& offsets, const Vector& keys,
                 std::vector<int32_t>* twice) const {
    twice->clear();
    for (size_t i = 0; i < static_cast<size_t>(rows); ++i)
      for (int32_t k = offsets[i] + 1; k < offsets[i + 1]; ++k)
        for (int32_t j = offsets[i]; j < k; ++j)
          if (Same(keys, j, k)) {
            twice->push_back(k);
            break;
          }
  }
  void Replace(const Rows& again, const std::vector<int32_t>& at, Vector* keys) const {
    Vector fresh;
    key_->column->Fill(again, {}, &fresh);
    Take(fresh, at, keys);
  }
  static void Take(const Vector& fresh, const std::vector<int32_t>& at, Vector* keys) {
    for (size_t i = 0; i < at.size(); ++i) keys->SetFrom(at[i], fresh, static_cast<int64_t>(i));
  }
  // Small domains: the first value that the row does not have yet.
  void CountOff(int64_t rows, const std::vector<int32_t>& offsets, std::vector<int32_t>* twice,
                Vector* keys) const {
    const uint64_t domain = key_->column->domain();
    if (domain == 0 || domain > 4 * repeats_.max() + 64) return;
    std::vector<uint64_t> all(domain);
    for (uint64_t v = 0; v < domain; ++v) all[v] = v;
    Vector values;
    key_->column->FillAt(all.data(), static_cast<int64_t>(domain), &values);
    const Type& type = type_.children[0].type;
    size_t row = 0;
    for (int32_t k : *twice) {
      while (offsets[row + 1] <= k) ++row;
      for (int64_t v = 0; v < values.length; ++v) {
        bool there = false;
        for (int32_t j = offsets[row]; j < offsets[row + 1] && !there; ++j)
          there = SameCell(*keys, j, values, v, type);
        if (there) continue;
        keys->SetFrom(k, values, v);
        break;
      }
    }
    FindTwice(rows, offsets, *keys, twice);
  }
  void Keep(const Rows& rows, const std::vector<int32_t>& offsets,
            const std::vector<int32_t>& dropped, const ItemRows& items, const Vector& keys,
            Vector* out) const {
    out->StartNested(rows.count, 2, true);
    ItemRows kept;
    std::vector<int32_t> index;
    size_t drop = 0;
    out->offsets[0] = 0;
    for (int64_t i = 0; i < rows.count; ++i) {
      for (int32_t k = offsets[static_cast<size_t>(i)]; k < offsets[static_cast<size_t>(i) + 1];
           ++k) {
        if (drop < dropped.size() && dropped[drop] == k) {
          ++drop;
          continue;
        }
        index.push_back(k);
        kept.number.push_back(items.number[static_cast<size_t>(k)]);
        kept.hash.push_back(items.hash[static_cast<size_t>(k)]);
      }
      out->offsets[i + 1] = static_cast<int32_t>(index.size());
    }
    // Copied, because `keys` goes.
    Copy(keys, index, &out->children[0]);
    value_->Fill(kept.rows(), &out->children[1]);
  }
  static void Copy(const Vector& from, const std::vector<int32_t>& index, Vector* out) {
    const int64_t n = static_cast<int64_t>(index.size());
    out->Gather(from, index.data(), n);
    if (from.form == Vector::Form::kTexts) {
      out->arena.Reset();
      for (int64_t i = 0; i < n; ++i) out->texts[i] = out->arena.Copy(out->texts[i].view());
    }
    for (Text& extra : out->extras) extra = out->arena.Copy(extra.view());
  }

  Repeats repeats_;
  std::unique_ptr<NestedColumn> key_, value_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  Repeats repeats;
  bool ok = repeats.Read(c);
  ok &= args.Require("key", "key: {kind: choice, values: [a, b, c]}");
  ok &= args.Require("value", "value: {kind: int, min: 1, max: 9}");
  if (!ok) return nullptr;
  auto key = c.CompileNested(*args.Get("key"), "key");
  auto value = c.CompileNested(*args.Get("value"), "value");
  if (!key || !value) return nullptr;
  if (key->column->type().nested() || key->null_threshold) {
    args.Error(args.At("key"), "a map's key is no list, map or struct and never null");
    return nullptr;
  }
  const uint64_t domain = key->column->domain();
  if (domain != 0 && domain < repeats.max()) {
    args.Error(args.At("key"),
               "the keys of a map differ, but there are " + std::to_string(domain) + " for up to " +
                   std::to_string(repeats.max()) + " pairs",
               "give it more keys, or fewer pairs by max");
    return nullptr;
  }
  return std::make_unique<Map>(std::move(repeats), std::move(key), std::move(value));
}

}  // namespace

extern const ColumnKind kMap = {"map",
                                "pairs of a key and a value; the keys of a row differ",
                                "{kind: map, key: {kind: choice, values: [color, size, weight]}, "
                                "value: {kind: int, min: 1, max: 9}, max: 3}",
                                {{"key", "a column without a name: what the keys are"},
                                 {"value", "a column without a name: what the values are"},
                                 {"min", "fewest pairs; default 0"},
                                 {"max", "most pairs, up to 1000; default 5"}},
                                Compile};

}  // namespace synthmill::generate
