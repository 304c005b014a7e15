#include "run/chunk_queue.h"
#include "run/executor.h"

namespace synthmill::run {

namespace {

arrow::Result<PartReceipts> Stream(const generate::Program& program, const plan::Plan& plan,
                                   io::Destination* destination, const ExecuteOptions& options) {
  PartReceipts receipts;
  receipts.root = plan.roots()[program.tables()[0].root].key;
  ARROW_ASSIGN_OR_RAISE(auto writer, destination->Open(0, 0, ""));
  io::Fingerprinter fingerprinter(*program.tables()[0].schema);
  uint64_t counted = 0;
  // The calling thread encodes, and is one of the threads asked for; alone, it makes chunks too.
  ChunkQueue queue(program, plan, 0, std::max(0, options.threads - 1));
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
