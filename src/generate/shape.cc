#include "generate/shape.h"

#include <utility>

namespace synthmill::generate {

using core::BlockOrder;
using core::Quota;

TableShape::TableShape(core::Stream stream, int64_t coverage_e9, std::vector<int64_t> at_least_e9)
    : order_(stream.Sub("order")), coverage_(stream.Sub("coverage"), coverage_e9) {
  // One order for all numbers of copies: who has three also has two.
  for (int64_t share : at_least_e9) copies_.emplace_back(stream.Sub("copies"), share);
}

uint64_t TableShape::RowsBeforeBlock(uint64_t block) const {
  const uint64_t covered = coverage_.BeforeBlock(block);
  uint64_t rows = covered;
  for (const Quota& q : copies_) rows += q.Before(covered);
  return rows;
}

void TableShape::Block(uint64_t block, std::vector<BlockRow>* rows) const {
  rows->clear();
  const uint32_t quota = coverage_.InBlock(block);
  uint16_t by_rank[Quota::kBlock];
  const BlockOrder order = coverage_.Order(block);
  for (uint32_t i = 0; i < Quota::kBlock; ++i) {
    const uint32_t rank = order(i);
    by_rank[rank] = static_cast<uint16_t>(i);
  }
  if (copies_.empty()) {
    for (uint32_t r = 0; r < quota; ++r) rows->push_back({by_rank[r], 0});
    return;
  }
  // The covered rows have ranks of their own, counted from the table's start; copies are given out
  // by quotas over blocks of those.
  uint64_t rank = coverage_.BeforeBlock(block);
  uint64_t rank_block = rank / Quota::kBlock;
  BlockOrder copy_order = copies_[0].Order(rank_block);
  uint32_t quotas[64];
  auto load = [&] {
    for (size_t k = 0; k < copies_.size(); ++k) quotas[k] = copies_[k].InBlock(rank_block);
  };
  load();
  for (uint32_t r = 0; r < quota; ++r, ++rank) {
    if (rank / Quota::kBlock != rank_block) {
      rank_block = rank / Quota::kBlock;
      copy_order = copies_[0].Order(rank_block);
      load();
    }
    const uint32_t place = copy_order(static_cast<uint32_t>(rank % Quota::kBlock));
    rows->push_back({by_rank[r], 0});
    uint8_t copy = 0;
    for (size_t k = 0; k < copies_.size(); ++k)
      if (place < quotas[k]) rows->push_back({by_rank[r], ++copy});
  }
  // Copies must not stand side by side, or the order would be the answer: Fisher-Yates.
  const core::Stream s = order_.Draw(block);
  for (size_t i = rows->size(); i > 1; --i) {
    const uint64_t j = core::Below(s.At(core::RowHash(i)), i);
    std::swap((*rows)[i - 1], (*rows)[j]);
  }
}

uint64_t TableShape::RowsInBlock(uint64_t block, uint32_t from, uint32_t to) const {
  std::vector<BlockRow> rows;
  Block(block, &rows);
  uint64_t n = 0;
  for (const BlockRow& r : rows) n += r.local >= from && r.local < to;
  return n;
}

uint64_t TableShape::Rows(uint64_t begin, uint64_t end) const {
  if (begin >= end) return 0;
  const uint64_t first = begin / Quota::kBlock, last = end / Quota::kBlock;
  const uint32_t head = static_cast<uint32_t>(begin % Quota::kBlock);
  const uint32_t tail = static_cast<uint32_t>(end % Quota::kBlock);
  if (first == last) return RowsInBlock(first, head, tail);
  uint64_t rows = RowsBeforeBlock(last) - RowsBeforeBlock(first);
  if (head) rows -= RowsInBlock(first, 0, head);
  if (tail) rows += RowsInBlock(last, 0, tail);
  return rows;
}

}  // namespace synthmill::generate
