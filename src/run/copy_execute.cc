// Copying on the threads of this machine: by parts, or through one writer.
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "run/copy_impl.h"

namespace synthmill::run {

namespace {

using io::ingest::Part;
using io::ingest::RefusedRow;

// Sources are cut into parts of this many bytes; fewer for small ones, so that all threads have
// work.
constexpr uint64_t kMostPartBytes = 128 << 20;
constexpr uint64_t kLeastPartBytes = 16 << 20;
constexpr size_t kRejectBytes = 4 << 20;

uint64_t PartBytes(uint64_t file_bytes) {
  return std::clamp(file_bytes / 8, kLeastPartBytes, kMostPartBytes);
}

std::string FirstLine(std::string_view text) {
  std::string line(text.substr(0, std::min<size_t>(text.find('\n'), 200)));
  if (line.size() < text.size()) line += "…";
  return line;
}

// "orders.csv:17: column 'price': 'x' is no number\n  1,x,2026-01-01\n …"
arrow::Status RowError(const std::string& file, const RefusedRow& row) {
  const std::string place = row.line > 0 ? fmt::format("{}:{}", file, row.line)
                                         : fmt::format("{}: row {}", file, row.row);
  return arrow::Status::Invalid(
      fmt::format("{}: {}\n  {}\n  nothing was written; --on-error reject puts such rows aside",
                  place, row.reason, FirstLine(row.text)));
}

// Rows of one part that were put aside.
class PartRejects {
 public:
  PartRejects(RejectStore* store, std::string table, uint64_t part)
      : store_(store), table_(std::move(table)), part_(part) {}

  arrow::Status Add(const std::string& file, const RefusedRow& row) {
    if (store_ == nullptr) return RowError(file, row);
    lines_ += RejectLine(file, row);
    ++count_;
    return lines_.size() < kRejectBytes ? arrow::Status::OK() : Flush();
  }
  arrow::Status Flush() {
    if (lines_.empty()) return arrow::Status::OK();
    const std::string lines = std::exchange(lines_, {});
    return store_->Write(table_, part_, number_++, lines);
  }
  uint64_t count() const { return count_; }

 private:
  RejectStore* store_;
  std::string table_;
  uint64_t part_;
  std::string lines_;
  uint64_t number_ = 0, count_ = 0;
};

arrow::Status NotEqual(const std::string& table, uint64_t read, uint64_t written,
                       uint64_t rejected) {
  return arrow::Status::UnknownError(
      fmt::format("{}: {} rows were read, but {} written and {} rejected: nothing is committed",
                  table, read, written, rejected));
}

struct Task {
  uint64_t number = 0;  // over all tables
  size_t table = 0;
  uint64_t part = 0;  // within the table
  Part source;
};

// Hands out parts in order. Cutting the next one is done by the thread that asks for it, right
// before it reads it.
class TaskQueue {
 public:
  explicit TaskQueue(std::vector<CopyTable>* tables) : tables_(tables) {}

  arrow::Result<bool> Next(Task* task) {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (table_ < tables_->size()) {
      CopyTable& table = (*tables_)[table_];
      if (file_ == table.inputs.size()) {
        ++table_;
        file_ = 0;
        part_ = 0;
        continue;
      }
      if (reader_ == nullptr) {
        ARROW_ASSIGN_OR_RAISE(reader_,
                              io::ingest::OpenFileReader(table.inputs, file_, table.layout,
                                                         PartBytes(table.inputs[file_].bytes)));
      }
      ARROW_ASSIGN_OR_RAISE(const bool more, reader_->NextPart(/*read=*/false, &task->source));
      if (more) {
        task->number = number_++;
        task->table = table_;
        task->part = part_++;
        return true;
      }
      reader_ = nullptr;
      ++file_;
    }
    return false;
  }

 private:
  std::vector<CopyTable>* tables_;
  std::mutex mutex_;
  size_t table_ = 0, file_ = 0;
  uint64_t part_ = 0, number_ = 0;
  std::unique_ptr<io::ingest::FileReader> reader_;
};

// What every thread looks at.
struct Failure {
  std::mutex mutex;
  std::atomic<uint64_t> task{UINT64_MAX};  // the earliest part that failed
  arrow::Status status;

  void Report(uint64_t number, const arrow::Status& why) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (number >= task) return;
    task = number;
    status = why;
  }
};

class PartSink : public io::ingest::RowSink {
 public:
  PartSink(const CopyWork& work, const Task& task, const Failure& failure)
      : work_(work),
        task_(task),
        table_((*work.tables)[task.table]),
        failure_(failure),
        rejects_(work.rejects, table_.name, task.part) {}

  arrow::Status Open() {
    if (writer_ != nullptr) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(writer_, work_.destination->Open(task_.table, task_.part, ""));
    fingerprinter_ = std::make_unique<io::Fingerprinter>(*table_.layout.schema);
    return arrow::Status::OK();
  }
  arrow::Status Take(std::shared_ptr<arrow::RecordBatch> batch) override {
    ARROW_RETURN_NOT_OK(Open());
    ARROW_RETURN_NOT_OK(fingerprinter_->Add(*batch));
    ARROW_RETURN_NOT_OK(writer_->Write(*batch));
    work_.counters->rows += static_cast<uint64_t>(batch->num_rows());
    CountBytes();
    return arrow::Status::OK();
  }
  arrow::Status Refuse(RefusedRow row) override {
    return rejects_.Add(table_.inputs[task_.source.file].name, row);
  }
  arrow::Status Progress(uint64_t bytes) override {
    work_.counters->read += bytes;
    const bool stopped = work_.stop != nullptr && *work_.stop != 0;
    if (stopped || failure_.task < task_.number) return arrow::Status::Cancelled("stopped");
    return arrow::Status::OK();
  }
  // `read`: the rows found.
  arrow::Status Close(uint64_t read, PartReceipts* receipts, TableCount* count) {
    ARROW_RETURN_NOT_OK(rejects_.Flush());
    count->read = read;
    count->rejected = rejects_.count();
    uint64_t written = 0;
    if (writer_ != nullptr) {
      ARROW_ASSIGN_OR_RAISE(io::Receipt receipt, writer_->Close());
      CountBytes();
      receipt.fingerprint = fingerprinter_->value();
      receipt.rows = written = receipt.fingerprint.rows;
      receipts->files.push_back(std::move(receipt));
    }
    if (read != written + count->rejected) {
      return NotEqual(table_.name, read, written, count->rejected);
    }
    ++work_.counters->parts;
    return arrow::Status::OK();
  }

 private:
  void CountBytes() {
    const uint64_t bytes = writer_->bytes();
    work_.counters->bytes += bytes - counted_;
    counted_ = bytes;
  }

  const CopyWork& work_;
  const Task& task_;
  const CopyTable& table_;
  const Failure& failure_;
  PartRejects rejects_;
  std::unique_ptr<io::PartWriter> writer_;
  std::unique_ptr<io::Fingerprinter> fingerprinter_;
  uint64_t counted_ = 0;
};

// One thread's readers: a new one for each table.
class Readers {
 public:
  explicit Readers(const CopyWork& work) : work_(work) {}
  arrow::Result<io::ingest::PartReader*> Of(size_t table) {
    if (reader_ == nullptr || table != table_) {
      CopyTable& t = (*work_.tables)[table];
      ARROW_ASSIGN_OR_RAISE(reader_, io::ingest::OpenPartReader(t.inputs, t.layout));
      table_ = table;
    }
    return reader_.get();
  }

 private:
  const CopyWork& work_;
  size_t table_ = 0;
  std::unique_ptr<io::ingest::PartReader> reader_;
};

void RunThreads(int threads, const std::function<void()>& work) {
  std::vector<std::thread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
}

}  // namespace

arrow::Result<CopiedParts> CopyParts(const CopyWork& work) {
  TaskQueue queue(work.tables);
  Failure failure;
  std::mutex mutex;  // guards what follows
  CopiedParts copied;
  copied.counts.resize(work.tables->size());

  const auto copy = [&](Readers* readers, const Task& task) -> arrow::Status {
    PartSink sink(work, task, failure);
    if (task.part == 0) ARROW_RETURN_NOT_OK(sink.Open());
    ARROW_ASSIGN_OR_RAISE(io::ingest::PartReader * reader, readers->Of(task.table));
    ARROW_ASSIGN_OR_RAISE(const uint64_t read, reader->Read(task.source, &sink));
    PartReceipts receipts;
    receipts.task = task.number;
    receipts.root = (*work.tables)[task.table].name;
    receipts.part = task.part;
    TableCount count;
    ARROW_RETURN_NOT_OK(sink.Close(read, &receipts, &count));
    const std::lock_guard<std::mutex> lock(mutex);
    copied.parts.push_back(std::move(receipts));
    copied.counts[task.table].read += count.read;
    copied.counts[task.table].rejected += count.rejected;
    return arrow::Status::OK();
  };
  RunThreads(work.threads, [&] {
    Readers readers(work);
    Task task;
    while (failure.task == UINT64_MAX) {
      const auto more = queue.Next(&task);
      if (!more.ok()) failure.Report(task.number + 1, more.status());
      if (!more.ok() || !*more) return;
      const arrow::Status status = copy(&readers, task);
      // A thread that stopped because an earlier part failed has nothing to say.
      if (!status.ok()) failure.Report(task.number, status);
    }
  });
  ARROW_RETURN_NOT_OK(failure.status);
  std::sort(copied.parts.begin(), copied.parts.end(),
            [](const PartReceipts& a, const PartReceipts& b) { return a.task < b.task; });
  return copied;
}

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

arrow::Status InferTypes(const CopyWork& work, const std::vector<std::string>& columns,
                         CopyTable* table) {
  io::ingest::TableLayout& layout = table->layout;
  while (true) {
    // Batches are not wanted, and files may have columns that the first rows did not.
    io::ingest::TableLayout text = layout;
    text.schema = nullptr;
    std::vector<CopyTable> one(1);
    one[0].inputs = table->inputs;
    one[0].layout = text;
    const bool json = std::string_view(layout.format->name) == "jsonl";
    TaskQueue queue(&one);
    Failure failure;
    std::mutex mutex;  // guards what follows
    io::ingest::TypeInference types(layout.names.size(), layout.options.csv_null, json);
    std::map<uint64_t, std::vector<std::string>> keys;  // new ones, by part
    std::vector<size_t> same(layout.names.size());
    for (size_t i = 0; i < same.size(); ++i) same[i] = i;
    RunThreads(work.threads, [&] {
      io::ingest::TypeInference seen(layout.names.size(), layout.options.csv_null, json);
      Task task;
      auto reader = io::ingest::OpenPartReader(one[0].inputs, one[0].layout);
      if (!reader.ok()) return failure.Report(0, reader.status());
      while (failure.task == UINT64_MAX) {
        if (work.stop != nullptr && *work.stop != 0) {
          return failure.Report(0, arrow::Status::Cancelled("stopped"));
        }
        const auto more = queue.Next(&task);
        if (!more.ok()) failure.Report(task.number + 1, more.status());
        if (!more.ok() || !*more) break;
        std::vector<std::string> found;
        const arrow::Status status = (*reader)->Infer(task.source, &seen, &found);
        if (!status.ok()) failure.Report(task.number, status);
        const std::lock_guard<std::mutex> lock(mutex);
        if (!found.empty()) keys[task.number] = std::move(found);
      }
      const std::lock_guard<std::mutex> lock(mutex);
      types.Add(seen, same);
    });
    ARROW_RETURN_NOT_OK(failure.status);
    bool grown = false;
    for (const auto& [part, names] : keys) {
      for (const std::string& name : names) {
        if (std::find(layout.names.begin(), layout.names.end(), name) != layout.names.end()) {
          continue;
        }
        layout.names.push_back(name);
        grown = true;
      }
    }
    if (!grown) return SetInferred(types, columns, table);
  }
}

}  // namespace synthmill::run
