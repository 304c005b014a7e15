// Copying one table in order through one writer, while other threads read and convert.
#include <condition_variable>
#include <map>
#include <thread>

#include "run/copy_work.h"

namespace synthmill::run {

namespace {

// What became of a piece of source.
struct Converted {
  arrow::Status status;
  size_t file = 0;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  std::vector<RefusedRow> refused;
  io::Fingerprint fingerprint;
  uint64_t read = 0;
};

class CollectingSink : public io::ingest::RowSink {
 public:
  CollectingSink(const CopyWork& work, Converted* out)
      : work_(work), out_(out), fingerprinter_(*(*work.tables)[0].layout.schema) {}
  arrow::Status Take(std::shared_ptr<arrow::RecordBatch> batch) override {
    ARROW_RETURN_NOT_OK(fingerprinter_.Add(*batch));
    out_->batches.push_back(std::move(batch));
    return arrow::Status::OK();
  }
  arrow::Status Refuse(RefusedRow row) override {
    out_->refused.push_back(std::move(row));
    return arrow::Status::OK();
  }
  arrow::Status Progress(uint64_t bytes) override {
    work_.counters->read += bytes;
    return arrow::Status::OK();
  }
  void Finish() { out_->fingerprint = fingerprinter_.value(); }

 private:
  const CopyWork& work_;
  Converted* out_;
  io::Fingerprinter fingerprinter_;
};

// Pieces are read in order, converted in any order by the workers, and taken in order.
class PieceQueue {
 public:
  PieceQueue(const CopyWork& work, int threads)
      : work_(work), ahead_(2 * static_cast<uint64_t>(threads) + 1) {
    for (int i = 0; i < threads; ++i) pool_.emplace_back([this] { Work(); });
  }
  ~PieceQueue() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : pool_) thread.join();
  }

  // False at the end.
  bool Take(Converted* out) {
    if (pool_.empty()) return ReadAndConvert(&own_readers_, out);
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [&] { return ready_.contains(taken_) || (read_all_ && taken_ == next_); });
    if (!ready_.contains(taken_)) return false;
    *out = std::move(ready_[taken_]);
    ready_.erase(taken_++);
    lock.unlock();
    wake_.notify_all();
    return true;
  }

 private:
  void Work() {
    Readers readers(work_);
    while (true) {
      Part part;
      uint64_t index;
      Converted out;
      {
        // Room first, then the right to read.
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock,
                   [&] { return ended_ || read_all_ || (!reading_ && next_ < taken_ + ahead_); });
        if (ended_ || read_all_) return;
        reading_ = true;
        index = next_;
      }
      const auto more = ReadNext(&part);
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        reading_ = false;
        if (!more.ok() || !*more) {
          read_all_ = true;
          if (!more.ok()) {
            ready_[index].status = more.status();
            ++next_;
          }
        } else {
          ++next_;
        }
      }
      wake_.notify_all();
      if (!more.ok() || !*more) return;
      Convert(&readers, part, &out);
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        ready_[index] = std::move(out);
      }
      wake_.notify_all();
    }
  }

  bool ReadAndConvert(Readers* readers, Converted* out) {
    Part part;
    *out = Converted{};
    const auto more = ReadNext(&part);
    if (more.ok() && !*more) return false;
    if (more.ok()) {
      Convert(readers, part, out);
    } else {
      out->status = more.status();
    }
    return true;
  }

  arrow::Result<bool> ReadNext(Part* part) {
    CopyTable& table = (*work_.tables)[0];
    while (file_ < table.inputs.size()) {
      if (reader_ == nullptr) {
        ARROW_ASSIGN_OR_RAISE(
            reader_, io::ingest::OpenFileReader(table.inputs, file_, table.layout, kMostPartBytes));
      }
      ARROW_ASSIGN_OR_RAISE(const bool more, reader_->NextPart(/*read=*/true, part));
      if (more) return true;
      reader_ = nullptr;
      ++file_;
    }
    return false;
  }

  void Convert(Readers* readers, const Part& part, Converted* out) {
    out->file = part.file;
    CollectingSink sink(work_, out);
    const auto convert = [&]() -> arrow::Status {
      ARROW_ASSIGN_OR_RAISE(io::ingest::PartReader * reader, readers->Of(0));
      return reader->Read(part, &sink).Value(&out->read);
    };
    out->status = convert();
    sink.Finish();
  }

  const CopyWork& work_;
  const uint64_t ahead_;
  // Of the thread that is reading.
  size_t file_ = 0;
  std::unique_ptr<io::ingest::FileReader> reader_;
  Readers own_readers_{work_};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool reading_ = false, read_all_ = false, ended_ = false;
  uint64_t next_ = 0, taken_ = 0;
  std::map<uint64_t, Converted> ready_;
  std::vector<std::thread> pool_;
};

}  // namespace

arrow::Result<CopiedParts> CopyStream(const CopyWork& work) {
  const CopyTable& table = (*work.tables)[0];
  CopiedParts copied;
  copied.counts.resize(1);
  TableCount& count = copied.counts[0];
  ARROW_ASSIGN_OR_RAISE(auto writer, work.destination->Open(0, 0, ""));
  io::Fingerprint fingerprint;
  PartRejects rejects(work.rejects, table.name, 0);
  uint64_t counted = 0;
  // The calling thread encodes, and is one of the threads asked for; alone, it reads too.
  PieceQueue queue(work, std::max(0, work.threads - 1));
  for (Converted piece; queue.Take(&piece);) {
    if (work.stop != nullptr && *work.stop != 0) return arrow::Status::Cancelled("stopped");
    ARROW_RETURN_NOT_OK(piece.status);
    for (const RefusedRow& row : piece.refused) {
      ARROW_RETURN_NOT_OK(rejects.Add(table.inputs[piece.file].name, row));
    }
    for (const auto& batch : piece.batches) {
      ARROW_RETURN_NOT_OK(writer->Write(*batch));
      work.counters->rows += static_cast<uint64_t>(batch->num_rows());
      work.counters->bytes += writer->bytes() - counted;
      counted = writer->bytes();
    }
    fingerprint.Add(piece.fingerprint);
    count.read += piece.read;
  }
  ARROW_RETURN_NOT_OK(rejects.Flush());
  count.rejected = rejects.count();
  ARROW_ASSIGN_OR_RAISE(io::Receipt receipt, writer->Close());
  receipt.fingerprint = fingerprint;
  receipt.rows = fingerprint.rows;
  work.counters->bytes += receipt.bytes - counted;
  if (count.read != receipt.rows + count.rejected) {
    return NotEqual(table.name, count.read, receipt.rows, count.rejected);
  }
  PartReceipts part;
  part.root = table.name;
  part.files.push_back(std::move(receipt));
  copied.parts.push_back(std::move(part));
  return copied;
}

}  // namespace synthmill::run
