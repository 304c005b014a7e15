// The rows of one table in their order, made ahead by a few threads: what streams are fed from.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/status.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "generate/program.h"
#include "plan/plan.h"

namespace synthmill::run {

struct Chunk {
  arrow::Status status;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  std::vector<generate::NoiseCount> noise;
};

// Chunks are made in any order by the workers and taken in order, by one thread. Only a few are in
// memory. `program` must outlive the queue; destroyed early, it stops its workers.
class ChunkQueue {
 public:
  // Table `table` of the program. Without threads, Take makes the chunk itself.
  ChunkQueue(const generate::Program& program, const plan::Plan& plan, size_t table, int threads);
  ~ChunkQueue();
  ChunkQueue(const ChunkQueue&) = delete;
  ChunkQueue& operator=(const ChunkQueue&) = delete;

  uint64_t chunks() const { return chunks_; }
  // Chunk `index`; to be called with 0, 1, 2, …
  Chunk Take(uint64_t index);

 private:
  void Work();
  arrow::Status Make(uint64_t index, Chunk* chunk);

  const generate::Program& program_;
  const int root_;
  const size_t table_;
  // What is made: ranges of rows, and the first chunk of each.
  struct Range {
    uint64_t begin, end, first_chunk;
  };
  std::vector<Range> ranges_;
  uint64_t chunks_ = 0;
  const uint64_t ahead_;
  std::mutex mutex_;  // guards what follows, but not the pool
  std::condition_variable wake_;
  uint64_t next_ = 0, taken_ = 0;
  bool ended_ = false;
  std::map<uint64_t, Chunk> ready_;
  std::vector<std::thread> pool_;
};

}  // namespace synthmill::run
