// What the ways of copying share: parts handed out in order, rows put aside, readers, failures.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "run/copy_impl.h"

namespace synthmill::run {

using io::ingest::Part;
using io::ingest::RefusedRow;

// Sources are cut into parts of so many bytes at most; fewer for small ones, so that all threads
// have work.
inline constexpr uint64_t kMostPartBytes = 128 << 20;

// Rows of one part that were put aside.
class PartRejects {
 public:
  PartRejects(RejectStore* store, std::string table, uint64_t part)
      : store_(store), table_(std::move(table)), part_(part) {}

  // The error of the row where there is no store.
  arrow::Status Add(const std::string& file, const RefusedRow& row);
  arrow::Status Flush();
  uint64_t count() const { return count_; }

 private:
  RejectStore* store_;
  std::string table_;
  uint64_t part_;
  std::string lines_;
  uint64_t number_ = 0, count_ = 0;
};

// The error of rows that were lost.
arrow::Status NotEqual(const std::string& table, uint64_t read, uint64_t written,
                       uint64_t rejected);

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

  // False at the end.
  arrow::Result<bool> Next(Task* task);

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

  void Report(uint64_t number, const arrow::Status& why);
};

// One thread's readers: a new one for each table.
class Readers {
 public:
  explicit Readers(const CopyWork& work) : work_(work) {}
  arrow::Result<io::ingest::PartReader*> Of(size_t table);

 private:
  const CopyWork& work_;
  size_t table_ = 0;
  std::unique_ptr<io::ingest::PartReader> reader_;
};

// Runs `work` on so many threads, the calling one among them.
void RunThreads(int threads, const std::function<void()>& work);

}  // namespace synthmill::run
