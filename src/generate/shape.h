// Which rows of an entity a table holds, how often, and in which order: all closed-form.
#pragma once

#include <cstdint>
#include <vector>

#include "core/quota.h"

namespace synthmill::generate {

// One row of a table within a block of 1,024 entity rows.
struct BlockRow {
  uint16_t local;  // entity row within the block
  uint8_t copy;    // 0: the first record of this entity row
};

class TableShape {
 public:
  // `coverage_e9` in parts per 10^9; `at_least_e9[k]` is the share with at least k + 2 copies,
  // not increasing.
  TableShape(core::Stream stream, int64_t coverage_e9, std::vector<int64_t> at_least_e9);

  // Table rows that come from entity rows before 1,024 * block: the row number of a block's first.
  uint64_t RowsBeforeBlock(uint64_t block) const;
  // All rows of block b in their final order; the i-th has row number RowsBeforeBlock(b) + i.
  void Block(uint64_t block, std::vector<BlockRow>* rows) const;
  // Rows that come from entity rows [begin, end).
  uint64_t Rows(uint64_t begin, uint64_t end) const;
  int max_copies() const { return static_cast<int>(copies_.size()) + 1; }

 private:
  uint64_t RowsInBlock(uint64_t block, uint32_t from, uint32_t to) const;

  core::Stream order_;
  core::Quota coverage_;
  std::vector<core::Quota> copies_;
};

}  // namespace synthmill::generate
