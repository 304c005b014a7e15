// What the columns of a key take their values by: a number for each row, of which each column takes
// its digits. No two rows have the same number, or, of one parent's rows, no two.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "generate/column.h"

namespace synthmill::generate {

class KeyCode {
 public:
  virtual ~KeyCode() = default;
  virtual void Make(const Rows& rows, uint64_t* x) const = 0;
};
using KeyCodePtr = std::shared_ptr<const KeyCode>;

// A keyed order of [0, n) over all rows.
KeyCodePtr MakeOrdered(core::Bijection order);
// The same among the rows of each parent, from a place of the parent's own.
KeyCodePtr MakeGrouped(std::shared_ptr<const RowDeal> deal, core::Bijection order,
                       core::Stream turn);
// Whose the row is.
KeyCodePtr MakeDealt(std::shared_ptr<const RowDeal> deal);

// Among the rows of each parent different things by their popularity, times `parts`: which thing
// (carried from its rank by `things`) * parts + part.
struct PickedOptions {
  std::shared_ptr<const RowDeal> deal;
  core::Popularity popularity;
  uint64_t parts;
  core::Bijection things;
  core::Stream start, turn;
};
KeyCodePtr MakePicked(PickedOptions options);

// Rows of other tables, all of the parent that this row has, in combinations that differ among the
// parent's rows. `each` column has a code of its own that gives a row of its table; `parts` further
// values are told apart, which code number each.size() gives.
struct CombinedOptions {
  std::shared_ptr<const RowDeal> deal;
  std::vector<std::shared_ptr<const RowDeal>> each;
  uint64_t parts = 1;
  core::Stream order;
};
std::vector<KeyCodePtr> MakeCombined(const CombinedOptions& options);

// The most rows of `deal` that a parent can have, divided by the fewest combinations of `each` for
// that parent, at its worst: `parts` must be at least that. 0: some parent has none.
struct Combinations {
  uint64_t wanted = 0, found = 0;  // where it is worst
};
Combinations WorstOf(const RowDeal& deal, const std::vector<std::shared_ptr<const RowDeal>>& each,
                     uint64_t parents);

}  // namespace synthmill::generate
