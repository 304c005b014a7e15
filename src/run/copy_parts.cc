// Copying by parts: each is written by the thread that reads it.
#include <algorithm>

#include "run/copy_work.h"

namespace synthmill::run {

namespace {

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

}  // namespace synthmill::run
