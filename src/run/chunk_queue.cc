#include "run/chunk_queue.h"

#include <algorithm>

namespace synthmill::run {

namespace {

// Blocks per chunk: large enough for a generator's start to cost nothing, small enough for a first
// row at once and a few chunks in memory.
constexpr uint64_t kChunkBlocks = 32;

}  // namespace

ChunkQueue::ChunkQueue(const generate::Program& program, const plan::Plan& plan, size_t table,
                       int threads)
    : program_(program),
      root_(plan.roots()[static_cast<size_t>(program.tables()[table].root)]),
      root_index_(program.tables()[table].root),
      table_(table),
      chunks_((root_.blocks + kChunkBlocks - 1) / kChunkBlocks),
      ahead_(2 * static_cast<uint64_t>(threads)) {
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
  const uint64_t first = root_.first_block + index * kChunkBlocks;
  const uint64_t last = std::min(first + kChunkBlocks, root_.first_block + root_.blocks);
  ARROW_ASSIGN_OR_RAISE(auto generator, program_.Part(root_index_, first, last));
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
