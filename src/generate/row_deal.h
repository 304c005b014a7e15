// The rows of a table dealt out to the rows of a parent table: whose a row is, and which rows are a
// parent's, both in closed form. Each parent's rows have slots in a row; slots are carried to rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/bijection.h"
#include "core/fanout.h"
#include "core/popularity.h"

namespace synthmill::generate {

class RowDeal {
 public:
  struct Place {
    uint64_t parent = 0;
    uint64_t begin = 0, end = 0;  // the parent's slots
    uint64_t slot = 0;
  };
  // As the table is counted (`rows: {per: …}`): slots are rows. max of `fanout` is not 0.
  RowDeal(core::Fanout fanout, uint64_t parents);
  // `rows` > 0 dealt to the parents of the first ranks; with `each` one at least to all of these
  // while there are enough.
  // `popular` says which parent has which rank: tables with the same one prefer the same parents.
  // rows <= most * popularity.size(), which is the number of ranks.
  RowDeal(core::Stream slots, core::Stream popular, uint64_t rows, uint64_t parents,
          const core::Popularity& popularity, uint64_t most, bool each);

  Place Find(uint64_t row) const {
    if (fanout_) {
      const core::Fanout::Place p = fanout_->Find(row);
      return {p.parent, p.begin, p.end, row};
    }
    const uint64_t slot = (*slots_)(row % slots_->size());
    const core::Shares::Place p = shares_->Find(slot);
    return {(*popular_)(p.rank), p.begin, p.end, slot};
  }
  // The same, beginning from the place of a row near by.
  Place Find(uint64_t row, const Place& near) const {
    if (!fanout_) return Find(row);
    const core::Fanout::Place p = fanout_->Find(row, {near.parent, near.begin, near.end});
    return {p.parent, p.begin, p.end, row};
  }
  Place Of(uint64_t parent) const {
    if (fanout_) return {parent, fanout_->Begin(parent), fanout_->Begin(parent + 1), 0};
    const uint64_t rank = popular_->Inverse(parent);
    if (rank >= ranks_) return {parent, 0, 0, 0};
    const core::Shares::Place p = shares_->Of(rank);
    return {parent, p.begin, p.end, 0};
  }
  // The fewest and the most rows of a parent of this rank and the next ones, up to the next range
  // of `shares`.
  core::Shares::Bounds Bounds(uint64_t rank) const {
    if (fanout_) return {fanout_->min(), fanout_->max()};
    if (rank >= ranks_) return {0, 0};
    return shares_->BoundsOf(rank);
  }
  uint64_t Row(uint64_t slot) const { return fanout_ ? slot : slots_->Inverse(slot); }

  // The most rows of any parent.
  uint64_t most() const { return fanout_ ? fanout_->max() : shares_->most(); }
  // Only so many of the parents, by rank, may have rows; so many have some.
  uint64_t ranks() const { return ranks_; }
  uint64_t filled() const { return filled_; }
  // nullptr: as the table is counted.
  const core::Shares* shares() const { return shares_ ? &*shares_ : nullptr; }

 private:
  std::optional<core::Fanout> fanout_;
  std::optional<core::Bijection> slots_, popular_;
  std::optional<core::Shares> shares_;
  uint64_t ranks_ = 0, filled_ = 0;
};

}  // namespace synthmill::generate
