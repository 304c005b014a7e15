#include "run/estimate.h"

#include <arrow/io/memory.h>

#include <algorithm>

namespace synthmill::run {

namespace {

// Two sizes of sample tell what a file costs anyhow (schema, dictionaries, footer) from what each
// row adds.
constexpr uint64_t kSmallBlocks = 1;
constexpr uint64_t kLargeBlocks = 4;

struct Sample {
  double rows = 0, bytes = 0;
};

arrow::Result<std::vector<Sample>> Take(const generate::Program& program, const io::Format& format,
                                        const io::FormatOptions& options, int root, uint64_t begin,
                                        uint64_t end) {
  const size_t n = program.tables().size();
  std::vector<Sample> samples(n);
  std::vector<std::shared_ptr<arrow::io::BufferOutputStream>> streams(n);
  std::vector<std::unique_ptr<io::BatchWriter>> writers(n);
  for (size_t t = 0; t < n; ++t) {
    if (program.tables()[t].root != root) continue;
    ARROW_ASSIGN_OR_RAISE(streams[t], arrow::io::BufferOutputStream::Create());
    ARROW_ASSIGN_OR_RAISE(writers[t], format.open(streams[t], program.tables()[t].schema, options));
  }
  if (begin < end) {
    ARROW_ASSIGN_OR_RAISE(auto generator, program.Part(root, begin, end));
    std::vector<std::shared_ptr<arrow::RecordBatch>> batches(n);
    while (true) {
      std::fill(batches.begin(), batches.end(), nullptr);
      ARROW_ASSIGN_OR_RAISE(const bool more, generator->Next(&batches));
      if (!more) break;
      for (size_t t = 0; t < n; ++t) {
        if (!writers[t] || !batches[t]) continue;
        ARROW_RETURN_NOT_OK(writers[t]->Write(*batches[t]));
        samples[t].rows += static_cast<double>(batches[t]->num_rows());
      }
    }
  }
  for (size_t t = 0; t < n; ++t) {
    if (!writers[t]) continue;
    ARROW_RETURN_NOT_OK(writers[t]->Close());
    ARROW_ASSIGN_OR_RAISE(const int64_t size, streams[t]->Tell());
    samples[t].bytes = static_cast<double>(size);
  }
  return samples;
}

}  // namespace

arrow::Status EstimateBytes(const generate::Program& program, const io::Format& format,
                            const io::FormatOptions& options, plan::Plan* plan) {
  for (size_t r = 0; r < plan->roots().size(); ++r) {
    const plan::PlannedRoot& root = plan->roots()[r];
    // From the middle: the first ids are shorter than the others.
    const uint64_t large = std::min(kLargeBlocks, root.blocks);
    const uint64_t small = std::min(kSmallBlocks, root.blocks);
    const uint64_t first = root.first_block + (root.blocks - large) / 2;
    const auto take = [&](uint64_t blocks) {
      const uint64_t begin = std::max(root.begin, first * generate::kBlockRows);
      const uint64_t end = std::min(root.end, (first + blocks) * generate::kBlockRows);
      return Take(program, format, options, static_cast<int>(r), begin, end);
    };
    ARROW_ASSIGN_OR_RAISE(const auto b, take(large));
    ARROW_ASSIGN_OR_RAISE(const auto a, take(small));
    for (size_t t = 0; t < plan->tables().size(); ++t) {
      plan::PlannedTable& table = plan->tables()[t];
      if (table.root != static_cast<int>(r)) continue;
      double slope = 0, fixed = b[t].bytes;
      if (b[t].rows > a[t].rows) {
        slope = std::max(0.0, (b[t].bytes - a[t].bytes) / (b[t].rows - a[t].rows));
        fixed = std::max(0.0, b[t].bytes - slope * b[t].rows);
      } else if (b[t].rows > 0) {
        // A root of one block is one part, and the sample is its file.
        if (root.blocks > 1) {
          slope = b[t].bytes / b[t].rows;
          fixed = 0;
        }
      }
      table.bytes = static_cast<uint64_t>(fixed * static_cast<double>(table.parts) +
                                          slope * static_cast<double>(table.rows));
    }
  }
  return arrow::Status::OK();
}

}  // namespace synthmill::run
