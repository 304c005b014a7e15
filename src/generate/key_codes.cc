#include "generate/key_codes.h"

#include <algorithm>

namespace synthmill::generate {
namespace {

class Ordered : public KeyCode {
 public:
  explicit Ordered(core::Bijection order) : order_(order) {}
  void Make(const Rows& rows, uint64_t* x) const override {
    for (int64_t i = 0; i < rows.count; ++i) x[i] = order_(rows.number[i] % order_.size());
  }

 private:
  core::Bijection order_;
};

class Grouped : public KeyCode {
 public:
  Grouped(std::shared_ptr<const RowDeal> deal, core::Bijection order, core::Stream turn)
      : deal_(std::move(deal)), order_(order), turn_(turn) {}
  void Make(const Rows& rows, uint64_t* x) const override {
    RowDeal::Place place;
    for (int64_t i = 0; i < rows.count; ++i) {
      place = i == 0 ? deal_->Find(rows.number[i]) : deal_->Find(rows.number[i], place);
      const uint64_t turn = core::Below(turn_.At(core::RowHash(place.parent)), order_.size());
      const uint64_t at = place.slot - place.begin + turn;
      x[i] = order_(at < order_.size() ? at : at - order_.size());
    }
  }

 private:
  std::shared_ptr<const RowDeal> deal_;
  core::Bijection order_;
  core::Stream turn_;
};

class Dealt : public KeyCode {
 public:
  explicit Dealt(std::shared_ptr<const RowDeal> deal) : deal_(std::move(deal)) {}
  void Make(const Rows& rows, uint64_t* x) const override {
    for (int64_t i = 0; i < rows.count; ++i) x[i] = deal_->Find(rows.number[i]).parent;
  }

 private:
  std::shared_ptr<const RowDeal> deal_;
};

class Picked : public KeyCode {
 public:
  explicit Picked(PickedOptions options) : o_(std::move(options)) {}
  void Make(const Rows& rows, uint64_t* x) const override {
    RowDeal::Place place;
    for (int64_t i = 0; i < rows.count; ++i) {
      place = i == 0 ? o_.deal->Find(rows.number[i]) : o_.deal->Find(rows.number[i], place);
      const uint64_t hash = core::RowHash(place.parent);
      const uint64_t code =
          o_.popularity.Pick(o_.start.At(hash), place.slot - place.begin, place.end - place.begin);
      if (o_.parts == 1) {
        x[i] = o_.things(code);
        continue;
      }
      const uint64_t thing = o_.things(code / o_.parts);
      // The parts of one thing begin at a place of its own, else the first would be preferred.
      const uint64_t turn = core::Below(o_.turn.At(core::Mix(hash) + thing), o_.parts);
      x[i] = thing * o_.parts + (code % o_.parts + turn) % o_.parts;
    }
  }

 private:
  PickedOptions o_;
};

class Combined : public KeyCode {
 public:
  Combined(const CombinedOptions& options, size_t which) : o_(options), which_(which) {}
  void Make(const Rows& rows, uint64_t* x) const override {
    RowDeal::Place place;
    for (int64_t i = 0; i < rows.count; ++i) {
      place = i == 0 ? o_.deal->Find(rows.number[i]) : o_.deal->Find(rows.number[i], place);
      uint64_t all = o_.parts, before = 1, size = o_.parts;
      RowDeal::Place chosen;
      for (size_t k = 0; k < o_.each.size(); ++k) {
        const RowDeal::Place p = o_.each[k]->Of(place.parent);
        const uint64_t n = p.end - p.begin;
        if (k == which_) chosen = p, before = all, size = n;
        all = all > kMost / std::max<uint64_t>(n, 1) ? kMost : all * n;
      }
      const core::Bijection order(core::Stream{o_.order.At(core::RowHash(place.parent))}, all);
      const uint64_t digit = order(place.slot - place.begin) / before % size;
      x[i] = which_ < o_.each.size() ? o_.each[which_]->Row(chosen.begin + digit) : digit;
    }
  }

 private:
  static constexpr uint64_t kMost = uint64_t{1} << 62;
  CombinedOptions o_;
  size_t which_;
};

}  // namespace

KeyCodePtr MakeOrdered(core::Bijection order) { return std::make_shared<Ordered>(order); }
KeyCodePtr MakeGrouped(std::shared_ptr<const RowDeal> deal, core::Bijection order,
                       core::Stream turn) {
  return std::make_shared<Grouped>(std::move(deal), order, turn);
}
KeyCodePtr MakeDealt(std::shared_ptr<const RowDeal> deal) {
  return std::make_shared<Dealt>(std::move(deal));
}
KeyCodePtr MakePicked(PickedOptions options) {
  return std::make_shared<Picked>(std::move(options));
}
std::vector<KeyCodePtr> MakeCombined(const CombinedOptions& options) {
  std::vector<KeyCodePtr> out;
  for (size_t k = 0; k <= options.each.size(); ++k)
    out.push_back(std::make_shared<Combined>(options, k));
  return out;
}

Combinations WorstOf(const RowDeal& deal, const std::vector<std::shared_ptr<const RowDeal>>& each,
                     uint64_t parents) {
  // Within these borders all ranks have the same number of rows, but for one more or less.
  std::vector<uint64_t> borders = {0};
  const auto add = [&](const RowDeal& d) {
    if (!d.shares()) return;
    for (const core::Shares::Range& r : d.shares()->ranges()) borders.push_back(r.rank);
    borders.push_back(d.ranks());
  };
  add(deal);
  for (const auto& d : each) add(*d);
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  Combinations worst{0, 1};
  for (const uint64_t rank : borders) {
    if (rank >= std::min(deal.ranks(), parents)) break;
    const uint64_t wanted = deal.Bounds(rank).most;
    unsigned __int128 found = 1;
    for (const auto& d : each)
      if (found < uint64_t{1} << 62) found *= d->Bounds(rank).fewest;
    const uint64_t n = found > uint64_t{1} << 62 ? uint64_t{1} << 62 : static_cast<uint64_t>(found);
    if (static_cast<unsigned __int128>(wanted) * worst.found >
        static_cast<unsigned __int128>(worst.wanted) * n)
      worst = {wanted, n};
  }
  return worst;
}

}  // namespace synthmill::generate
