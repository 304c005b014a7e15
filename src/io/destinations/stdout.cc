// - — one table to standard output, its parts in order through one writer.
#include <unistd.h>

#include "io/destinations/destination.h"
#include "io/destinations/fd_stream.h"

namespace synthmill::io {

namespace {

class StdoutWriter : public PartWriter {
 public:
  explicit StdoutWriter(std::string table) : table_(std::move(table)) {}
  arrow::Status Init(const RunTarget& target, size_t table) {
    return OpenFormat(target, table, stream_).Value(&writer_);
  }
  arrow::Status Write(const arrow::RecordBatch& batch) override { return writer_->Write(batch); }
  uint64_t bytes() const override { return static_cast<uint64_t>(stream_->position()); }
  arrow::Result<Receipt> Close() override {
    ARROW_RETURN_NOT_OK(writer_->Close());
    ARROW_RETURN_NOT_OK(stream_->Close());
    Receipt receipt;
    receipt.table = table_;
    receipt.bytes = bytes();
    return receipt;
  }
  const std::shared_ptr<FdOutputStream>& stream() const { return stream_; }

 private:
  std::string table_;
  std::shared_ptr<FdOutputStream> stream_ =
      std::make_shared<FdOutputStream>(STDOUT_FILENO, /*owned=*/false, "standard output");
  std::unique_ptr<BatchWriter> writer_;
};

class StdoutDestination : public Destination {
 public:
  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string&) override {
    return std::make_unique<Lease>();
  }
  arrow::Status Begin(const RunTarget& target) override {
    if (target.tables.size() != 1) {
      std::string names;
      for (const auto& t : target.tables) names += (names.empty() ? "" : ", ") + t.name;
      return arrow::Status::Invalid("standard output takes one table; choose it with --tables: ",
                                    names);
    }
    target_ = target;
    return arrow::Status::OK();
  }
  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t,
                                                  const std::string&) override {
    auto writer = std::make_unique<StdoutWriter>(target_.tables[table].name);
    stream_ = writer->stream();
    ARROW_RETURN_NOT_OK(writer->Init(target_, table));
    return writer;
  }
  arrow::Result<bool> Holds(const Receipt&) override { return false; }
  arrow::Status Commit(const std::vector<Receipt>&, const std::string&) override {
    return arrow::Status::OK();
  }
  arrow::Status Finish() override { return arrow::Status::OK(); }
  arrow::Status Discard(const std::string&) override { return arrow::Status::OK(); }
  bool reader_gone() const override { return stream_ && stream_->broken_pipe(); }

 private:
  RunTarget target_;
  std::shared_ptr<FdOutputStream> stream_;
};

}  // namespace

extern const DestinationInfo kStdoutDestination;
const DestinationInfo kStdoutDestination = {
    .name = "stdout",
    .schemes = "-",
    .help = "one table to standard output, for pipes",
    .example = "synthmill generate DATASET --tables TABLE --format csv --to - | head",
    .guarantee = "rows in order, as they are made",
    .one_stream = true,
    .matches = [](std::string_view uri) { return uri == "-"; },
    .open = [](const std::string&,
               const DestinationOptions&) -> arrow::Result<std::unique_ptr<Destination>> {
      return std::make_unique<StdoutDestination>();
    },
};

}  // namespace synthmill::io
