#include "generate/exact_rows.h"

#include <algorithm>

namespace synthmill::generate {

namespace {

// Takes `surplus` records from the last entity row: highest copy first, tables in the order
// given. Returns how many it did not find.
uint64_t Trim(const std::vector<std::string>& order, uint64_t row, uint64_t surplus,
              std::vector<CompiledTable>* tables) {
  std::vector<BlockRow> rows;
  for (int copy = 64; copy >= 0 && surplus; --copy)
    for (const std::string& key : order)
      for (CompiledTable& t : *tables) {
        if (t.spec->key != key || surplus == 0) continue;
        t.shape.Block(row / kBlockRows, &rows);
        for (const BlockRow& r : rows)
          if (r.local == row % kBlockRows && r.copy == copy && surplus) {
            t.trimmed.push_back({row, copy});
            --surplus;
          }
      }
  return surplus;
}

}  // namespace

uint64_t RootRowsFor(uint64_t wanted, const std::vector<std::string>& trim, uint64_t begin,
                     std::vector<CompiledTable>* tables) {
  auto total = [&](uint64_t count) {
    uint64_t rows = 0;
    for (const CompiledTable& t : *tables) rows += t.shape.Rows(begin, begin + count);
    return rows;
  };
  uint64_t low = 0, high = 1;  // total(low) < wanted <= total(high)
  while (high < kMaxRootRows && total(high) < wanted) low = high, high *= 2;
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    (total(middle) < wanted ? low : high) = middle;
  }
  uint64_t surplus = total(high) - std::min(wanted, total(high));
  surplus = Trim(trim, begin + high - 1, surplus, tables);
  // Exact is exact: what the tables named could not give comes from the others.
  std::vector<std::string> others;
  for (const CompiledTable& t : *tables)
    if (std::find(trim.begin(), trim.end(), t.spec->key) == trim.end())
      others.push_back(t.spec->key);
  Trim(others, begin + high - 1, surplus, tables);
  return high;
}

}  // namespace synthmill::generate
