#include "run/executor.h"

#include <memory>
#include <mutex>
#include <thread>

namespace synthmill::run {

namespace {

// One table of the part being made.
struct OpenTable {
  std::unique_ptr<io::PartWriter> writer;
  std::unique_ptr<io::Fingerprinter> fingerprinter;
  uint64_t counted_bytes = 0;
};

class PartMaker {
 public:
  PartMaker(const generate::Program& program, const plan::Plan& plan, io::Destination* destination,
            const ExecuteOptions& options, const std::atomic<bool>& failed)
      : program_(program),
        plan_(plan),
        destination_(destination),
        options_(options),
        failed_(failed) {}

  arrow::Result<PartReceipts> Make(uint64_t task) {
    const plan::Part part = plan_.task(task);
    std::vector<OpenTable> open(program_.tables().size());
    if (part.first) {
      for (size_t t = 0; t < open.size(); ++t) {
        if (program_.tables()[t].root == part.root) ARROW_RETURN_NOT_OK(Open(t, part, &open[t]));
      }
    }
    PartReceipts receipts;
    receipts.task = task;
    receipts.root = plan_.roots()[part.root].key;
    receipts.part = part.number;
    if (part.begin < part.end) {
      ARROW_ASSIGN_OR_RAISE(auto generator, program_.Part(part.root, part.begin, part.end));
      std::vector<std::shared_ptr<arrow::RecordBatch>> batches(open.size());
      while (true) {
        if (failed_.load(std::memory_order_relaxed) ||
            (options_.stop && options_.stop->load(std::memory_order_relaxed))) {
          return arrow::Status::Cancelled("stopped");
        }
        std::fill(batches.begin(), batches.end(), nullptr);
        ARROW_ASSIGN_OR_RAISE(const bool more, generator->Next(&batches));
        if (!more) break;
        for (size_t t = 0; t < open.size(); ++t) {
          if (!batches[t] || batches[t]->num_rows() == 0) continue;
          if (!open[t].writer) ARROW_RETURN_NOT_OK(Open(t, part, &open[t]));
          ARROW_RETURN_NOT_OK(Write(*batches[t], &open[t]));
        }
      }
      receipts.noise = generator->noise();
    }
    for (OpenTable& table : open) {
      if (!table.writer) continue;
      ARROW_ASSIGN_OR_RAISE(io::Receipt receipt, table.writer->Close());
      CountBytes(&table);
      receipt.fingerprint = table.fingerprinter->value();
      receipt.rows = receipt.fingerprint.rows;
      receipts.files.push_back(std::move(receipt));
    }
    if (options_.on_part) ARROW_RETURN_NOT_OK(options_.on_part(receipts));
    ++options_.counters->parts;
    return receipts;
  }

 private:
  arrow::Status Open(size_t t, const plan::Part& part, OpenTable* table) {
    ARROW_ASSIGN_OR_RAISE(table->writer, destination_->Open(t, part.number, ""));
    table->fingerprinter = std::make_unique<io::Fingerprinter>(*program_.tables()[t].schema);
    return arrow::Status::OK();
  }

  arrow::Status Write(const arrow::RecordBatch& batch, OpenTable* table) {
    ARROW_RETURN_NOT_OK(table->fingerprinter->Add(batch));
    ARROW_RETURN_NOT_OK(table->writer->Write(batch));
    options_.counters->rows += static_cast<uint64_t>(batch.num_rows());
    CountBytes(table);
    return arrow::Status::OK();
  }

  void CountBytes(OpenTable* table) {
    const uint64_t bytes = table->writer->bytes();
    options_.counters->bytes += bytes - table->counted_bytes;
    table->counted_bytes = bytes;
  }

  const generate::Program& program_;
  const plan::Plan& plan_;
  io::Destination* destination_;
  const ExecuteOptions& options_;
  const std::atomic<bool>& failed_;
};

}  // namespace

arrow::Result<std::vector<PartReceipts>> ExecuteParts(const generate::Program& program,
                                                      const plan::Plan& plan,
                                                      io::Destination* destination,
                                                      const ExecuteOptions& options) {
  std::atomic<uint64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;  // guards what follows
  arrow::Status first_error;
  std::vector<PartReceipts> finished;

  const auto work = [&] {
    PartMaker maker(program, plan, destination, options, failed);
    while (!failed) {
      const uint64_t task = next++;
      if (task >= plan.tasks()) return;
      if (options.done.contains(task)) continue;
      auto made = maker.Make(task);
      std::lock_guard<std::mutex> lock(mutex);
      if (made.ok()) {
        finished.push_back(std::move(*made));
      } else {
        // A thread that stopped because another failed has nothing to say.
        if (first_error.ok() && !failed) first_error = made.status();
        failed = true;
      }
    }
  };
  const uint64_t left = plan.tasks() - options.done.size();
  const int threads = static_cast<int>(
      std::min<uint64_t>(std::max(options.threads, 1), std::max<uint64_t>(left, 1)));
  std::vector<std::thread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  ARROW_RETURN_NOT_OK(first_error);
  return finished;
}

void AddNoise(const std::vector<generate::NoiseCount>& counts,
              std::vector<generate::NoiseCount>* sums) {
  for (const generate::NoiseCount& count : counts) {
    generate::NoiseCount* sum = nullptr;
    for (auto& s : *sums) {
      if (s.table == count.table && s.rule == count.rule) sum = &s;
    }
    if (!sum) {
      sums->push_back(count);
      continue;
    }
    sum->records += count.records;
    sum->applicable += count.applicable;
    sum->touched += count.touched;
    sum->changed += count.changed;
  }
}

}  // namespace synthmill::run
