#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "run/executor.h"

namespace synthmill::run {

namespace {

// Blocks per chunk: large enough for a generator's start to cost nothing, small enough for a first
// row at once and a few chunks in memory.
constexpr uint64_t kChunkBlocks = 32;

struct Chunk {
  arrow::Status status;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  std::vector<generate::NoiseCount> noise;
};

// Chunks are made in any order by the workers and taken in order by the writer.
class ChunkQueue {
 public:
  ChunkQueue(const generate::Program& program, const plan::PlannedRoot& root, int index,
             int threads)
      : program_(program),
        root_(root),
        root_index_(index),
        chunks_((root.blocks + kChunkBlocks - 1) / kChunkBlocks),
        ahead_(2 * static_cast<uint64_t>(threads)) {
    for (int i = 0; i < threads; ++i) pool_.emplace_back([this] { Work(); });
  }
  ~ChunkQueue() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : pool_) thread.join();
  }

  uint64_t chunks() const { return chunks_; }

  Chunk Take(uint64_t index) {
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

 private:
  void Work() {
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

  arrow::Status Make(uint64_t index, Chunk* chunk) {
    const uint64_t first = root_.first_block + index * kChunkBlocks;
    const uint64_t last = std::min(first + kChunkBlocks, root_.first_block + root_.blocks);
    ARROW_ASSIGN_OR_RAISE(auto generator, program_.Part(root_index_, first, last));
    std::vector<std::shared_ptr<arrow::RecordBatch>> batches(program_.tables().size());
    while (true) {
      std::fill(batches.begin(), batches.end(), nullptr);
      ARROW_ASSIGN_OR_RAISE(const bool more, generator->Next(&batches));
      if (!more) break;
      if (batches[0] && batches[0]->num_rows() > 0) chunk->batches.push_back(batches[0]);
    }
    chunk->noise = generator->noise();
    return arrow::Status::OK();
  }

  const generate::Program& program_;
  const plan::PlannedRoot& root_;
  const int root_index_;
  const uint64_t chunks_;
  const uint64_t ahead_;
  std::mutex mutex_;
  std::condition_variable wake_;
  uint64_t next_ = 0, taken_ = 0;
  bool ended_ = false;
  std::map<uint64_t, Chunk> ready_;
  std::vector<std::thread> pool_;
};

arrow::Result<PartReceipts> Stream(const generate::Program& program, const plan::Plan& plan,
                                   io::Destination* destination, const ExecuteOptions& options) {
  const int root_index = program.tables()[0].root;
  const plan::PlannedRoot& root = plan.roots()[root_index];
  PartReceipts receipts;
  receipts.root = root.key;
  ARROW_ASSIGN_OR_RAISE(auto writer, destination->Open(0, 0, ""));
  io::Fingerprinter fingerprinter(*program.tables()[0].schema);
  uint64_t counted = 0;
  // The calling thread encodes, and is one of the threads asked for; alone, it makes chunks too.
  ChunkQueue queue(program, root, root_index, std::max(0, options.threads - 1));
  for (uint64_t index = 0; index < queue.chunks(); ++index) {
    if (options.stop && *options.stop) return arrow::Status::Cancelled("stopped");
    Chunk chunk = queue.Take(index);
    ARROW_RETURN_NOT_OK(chunk.status);
    for (const auto& batch : chunk.batches) {
      ARROW_RETURN_NOT_OK(fingerprinter.Add(*batch));
      ARROW_RETURN_NOT_OK(writer->Write(*batch));
      options.counters->rows += static_cast<uint64_t>(batch->num_rows());
      options.counters->bytes += writer->bytes() - counted;
      counted = writer->bytes();
    }
    AddNoise(chunk.noise, &receipts.noise);
  }
  ARROW_ASSIGN_OR_RAISE(io::Receipt receipt, writer->Close());
  receipt.fingerprint = fingerprinter.value();
  receipt.rows = receipt.fingerprint.rows;
  options.counters->bytes += receipt.bytes - counted;
  receipts.files.push_back(std::move(receipt));
  return receipts;
}

}  // namespace

arrow::Result<PartReceipts> ExecuteStream(const generate::Program& program, const plan::Plan& plan,
                                          io::Destination* destination,
                                          const ExecuteOptions& options) {
  auto result = Stream(program, plan, destination, options);
  if (!result.ok() && destination->reader_gone()) return PartReceipts{};
  return result;
}

}  // namespace synthmill::run
