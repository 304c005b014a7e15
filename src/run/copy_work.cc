#include "run/copy_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace synthmill::run {

namespace {

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

}  // namespace

arrow::Status PartRejects::Add(const std::string& file, const RefusedRow& row) {
  if (store_ == nullptr) return RowError(file, row);
  lines_ += RejectLine(file, row);
  ++count_;
  return lines_.size() < kRejectBytes ? arrow::Status::OK() : Flush();
}

arrow::Status PartRejects::Flush() {
  if (lines_.empty()) return arrow::Status::OK();
  const std::string lines = std::exchange(lines_, {});
  return store_->Write(table_, part_, number_++, lines);
}

arrow::Status NotEqual(const std::string& table, uint64_t read, uint64_t written,
                       uint64_t rejected) {
  return arrow::Status::UnknownError(
      fmt::format("{}: {} rows were read, but {} written and {} rejected: nothing is committed",
                  table, read, written, rejected));
}

arrow::Result<bool> TaskQueue::Next(Task* task) {
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

void Failure::Report(uint64_t number, const arrow::Status& why) {
  const std::lock_guard<std::mutex> lock(mutex);
  if (number >= task) return;
  task = number;
  status = why;
}

arrow::Result<io::ingest::PartReader*> Readers::Of(size_t table) {
  if (reader_ == nullptr || table != table_) {
    CopyTable& t = (*work_.tables)[table];
    ARROW_ASSIGN_OR_RAISE(reader_, io::ingest::OpenPartReader(t.inputs, t.layout));
    table_ = table;
  }
  return reader_.get();
}

void RunThreads(int threads, const std::function<void()>& work) {
  std::vector<std::thread> pool;
  for (int i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
}

}  // namespace synthmill::run
