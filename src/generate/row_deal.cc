#include "generate/row_deal.h"

#include <algorithm>

namespace synthmill::generate {

RowDeal::RowDeal(core::Fanout fanout, uint64_t parents)
    : fanout_(fanout), ranks_(parents), filled_(fanout.min() > 0 ? parents : 0) {}

RowDeal::RowDeal(core::Stream slots, core::Stream popular, uint64_t rows, uint64_t parents,
                 const core::Popularity& popularity, uint64_t most, bool each)
    : ranks_(popularity.size()) {
  const uint64_t least = each && rows >= ranks_ ? 1 : 0;
  slots_.emplace(slots, rows);
  popular_.emplace(popular, parents);
  shares_.emplace(popularity, rows, least, std::min(most, rows));
  filled_ = least * ranks_;
}

}  // namespace synthmill::generate
