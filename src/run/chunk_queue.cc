#include "run/chunk_queue.h"

#include <algorithm>

namespace synthmill::run {

namespace {

// Rows per chunk: large enough for a generator's start to cost nothing, small enough for a first
// row at once and a few chunks in memory.
constexpr uint64_t kChunkRows = 32 * generate::kBlockRows;

}  // namespace

ChunkQueue::ChunkQueue(const generate::Program& program, const plan::Plan& plan, size_t table,
                       int threads)
    : program_(program),
      root_(program.tables()[table].root),
      table_(table),
      ahead_(2 * static_cast<uint64_t>(threads)) {
  const plan::PlannedRoot& root = plan.roots()[static_cast<size_t>(root_)];
  const auto add = [&](uint64_t begin, uint64_t end) {
    if (begin >= end) return;
    ranges_.push_back({begin, end, chunks_});
    // Cut at multiples, where batches end anyway.
    chunks_ += (end + kChunkRows - 1) / kChunkRows - begin / kChunkRows;
  };
  for (const uint64_t slice : root.chosen) add(root.cuts[slice], root.cuts[slice + 1]);
  if (root.chosen.empty()) add(root.begin, root.end);
  for (int i = 0; i < threads; ++i) pool_.emplace_back([this] { Work(); });
}

ChunkQueue::~ChunkQueue() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : pool_) thread.join();
}

Chunk ChunkQueue::Take(uint64_t index) {
  if (pool_.empty()) {
    Chunk chunk;
    chunk.status = Make(index, &chunk);
    return chunk;
  }
  std::unique_lock<std::mutex> lock(mutex_);
  wake_.wait(lock, [&] { return ready_.contains(index); });
  Chunk chunk = std::move(ready_[index]);
  ready_.erase(index);
  taken_ = index + 1;
  lock.unlock();
  wake_.notify_all();
  return chunk;
}

void ChunkQueue::Work() {
  while (true) {
    uint64_t index;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return ended_ || next_ >= chunks_ || next_ < taken_ + ahead_; });
      if (ended_ || next_ >= chunks_) return;
      index = next_++;
    }
    Chunk chunk;
    chunk.status = Make(index, &chunk);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ready_[index] = std::move(chunk);
    }
    wake_.notify_all();
  }
}

arrow::Status ChunkQueue::Make(uint64_t index, Chunk* chunk) {
  size_t r = ranges_.size() - 1;
  while (ranges_[r].first_chunk > index) --r;
  const uint64_t chunk_number = ranges_[r].begin / kChunkRows + (index - ranges_[r].first_chunk);
  const uint64_t begin = std::max(ranges_[r].begin, chunk_number * kChunkRows);
  const uint64_t end = std::min(ranges_[r].end, (chunk_number + 1) * kChunkRows);
  ARROW_ASSIGN_OR_RAISE(auto generator, program_.Part(root_, begin, end));
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches(program_.tables().size());
  while (true) {
    std::fill(batches.begin(), batches.end(), nullptr);
    ARROW_ASSIGN_OR_RAISE(const bool more, generator->Next(&batches));
    if (!more) break;
    if (batches[table_] && batches[table_]->num_rows() > 0) {
      chunk->batches.push_back(batches[table_]);
    }
  }
  chunk->noise = generator->noise();
  return arrow::Status::OK();
}

}  // namespace synthmill::run
