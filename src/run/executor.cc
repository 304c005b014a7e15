#include "run/executor.h"

#include <sys/resource.h>

#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "io/partition.h"

namespace synthmill::run {

namespace {

// A file of the part being made.
struct OpenFile {
  std::unique_ptr<io::PartWriter> writer;
  std::unique_ptr<io::Fingerprinter> fingerprinter;
  uint64_t counted_bytes = 0;
};

// One table of it: a file, or one for each folder.
struct OpenTable {
  std::unique_ptr<io::PartitionSplitter> splitter;  // nullptr: no folders
  std::map<std::string, OpenFile> files;            // by folder
};

// Files in folders are open at the same time: more of them than a shell allows by default.
void AllowManyFiles() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);  // refused: opening says so
}

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
    for (size_t t = 0; t < open.size(); ++t) {
      if (program_.tables()[t].root != part.root) continue;
      if (t < options_.partition_by.size() && !options_.partition_by[t].empty()) {
        open[t].splitter = std::make_unique<io::PartitionSplitter>(*program_.tables()[t].schema,
                                                                   options_.partition_by[t]);
      } else if (part.first) {
        ARROW_RETURN_NOT_OK(Open(t, part, "", &open[t]).status());
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
          ARROW_RETURN_NOT_OK(Write(t, part, batches[t], &open[t]));
        }
      }
      receipts.noise = generator->noise();
    }
    for (OpenTable& table : open) {
      for (auto& [folder, file] : table.files) {
        ARROW_ASSIGN_OR_RAISE(io::Receipt receipt, file.writer->Close());
        CountBytes(&file);
        receipt.fingerprint = file.fingerprinter->value();
        receipt.rows = receipt.fingerprint.rows;
        receipts.files.push_back(std::move(receipt));
        file.writer.reset();
      }
    }
    if (options_.on_part) ARROW_RETURN_NOT_OK(options_.on_part(receipts));
    ++options_.counters->parts;
    return receipts;
  }

 private:
  arrow::Result<OpenFile*> Open(size_t t, const plan::Part& part, const std::string& folder,
                                OpenTable* table) {
    const generate::OutputTable& output = program_.tables()[t];
    if (table->files.size() >= kMostFolders) {
      return arrow::Status::Invalid("table ", output.name, ": part ", part.number,
                                    " has more than ", kMostFolders,
                                    " folders; choose columns of fewer values, or more "
                                    "--partitions");
    }
    OpenFile file;
    ARROW_ASSIGN_OR_RAISE(file.writer, destination_->Open(t, part.number, folder));
    file.fingerprinter = std::make_unique<io::Fingerprinter>(*output.schema);
    return &table->files.emplace(folder, std::move(file)).first->second;
  }

  arrow::Status Write(size_t t, const plan::Part& part,
                      const std::shared_ptr<arrow::RecordBatch>& batch, OpenTable* table) {
    if (!table->splitter) return WriteTo(t, part, "", *batch, *batch, table);
    ARROW_ASSIGN_OR_RAISE(const auto slices, table->splitter->Split(batch));
    for (const io::PartitionSlice& slice : slices) {
      ARROW_RETURN_NOT_OK(WriteTo(t, part, slice.folder, *slice.rows,
                                  *table->splitter->WithoutColumns(*slice.rows), table));
    }
    return arrow::Status::OK();
  }

  // `rows` is fingerprinted, `stored` is what the file holds of it.
  arrow::Status WriteTo(size_t t, const plan::Part& part, const std::string& folder,
                        const arrow::RecordBatch& rows, const arrow::RecordBatch& stored,
                        OpenTable* table) {
    const auto found = table->files.find(folder);
    OpenFile* file = found == table->files.end() ? nullptr : &found->second;
    if (!file) {
      ARROW_ASSIGN_OR_RAISE(file, Open(t, part, folder, table));
    }
    ARROW_RETURN_NOT_OK(file->fingerprinter->Add(rows));
    ARROW_RETURN_NOT_OK(file->writer->Write(stored));
    options_.counters->rows += static_cast<uint64_t>(rows.num_rows());
    CountBytes(file);
    return arrow::Status::OK();
  }

  void CountBytes(OpenFile* file) {
    const uint64_t bytes = file->writer->bytes();
    options_.counters->bytes += bytes - file->counted_bytes;
    file->counted_bytes = bytes;
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
  for (const auto& columns : options.partition_by) {
    if (!columns.empty()) AllowManyFiles();
  }
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
