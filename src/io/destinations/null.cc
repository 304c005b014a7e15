// null: — everything is made, encoded and thrown away. For measuring, and for fingerprints.
#include "io/destinations/destination.h"

namespace synthmill::io {

namespace {

class CountingStream : public arrow::io::OutputStream {
 public:
  arrow::Status Write(const void*, int64_t nbytes) override {
    position_ += nbytes;
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> Tell() const override { return position_; }
  bool closed() const override { return closed_; }
  int64_t position() const { return position_; }

 private:
  int64_t position_ = 0;
  bool closed_ = false;
};

class NullWriter : public PartWriter {
 public:
  NullWriter(const RunTarget& target, size_t table, uint64_t part)
      : table_(target.tables[table].name), part_(part) {}
  arrow::Status Init(const RunTarget& target, size_t table) {
    return OpenFormat(target, table, stream_).Value(&writer_);
  }
  arrow::Status Write(const arrow::RecordBatch& batch) override { return writer_->Write(batch); }
  uint64_t bytes() const override { return static_cast<uint64_t>(stream_->position()); }
  arrow::Result<Receipt> Close() override {
    ARROW_RETURN_NOT_OK(writer_->Close());
    Receipt receipt;
    receipt.table = table_;
    receipt.part = part_;
    receipt.bytes = bytes();
    return receipt;
  }

 private:
  std::string table_;
  uint64_t part_;
  std::shared_ptr<CountingStream> stream_ = std::make_shared<CountingStream>();
  std::unique_ptr<BatchWriter> writer_;
};

class NullDestination : public Destination {
 public:
  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string&) override {
    return std::make_unique<Lease>();
  }
  arrow::Status Begin(const RunTarget& target) override {
    target_ = target;
    return arrow::Status::OK();
  }
  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string&) override {
    auto writer = std::make_unique<NullWriter>(target_, table, part);
    ARROW_RETURN_NOT_OK(writer->Init(target_, table));
    return writer;
  }
  arrow::Result<bool> Holds(const Receipt&) override { return false; }
  arrow::Status Commit(const std::vector<Receipt>&, const std::string&) override {
    return arrow::Status::OK();
  }
  arrow::Status Finish() override { return arrow::Status::OK(); }
  arrow::Status Discard(const std::string&) override { return arrow::Status::OK(); }

 private:
  RunTarget target_;
};

}  // namespace

extern const DestinationInfo kNullDestination;
const DestinationInfo kNullDestination = {
    .name = "null",
    .schemes = "null:",
    .help = "make and encode everything, keep nothing: for measuring",
    .example = "synthmill generate DATASET --to null:",
    .guarantee = "nothing is kept",
    .one_stream = false,
    .matches = [](std::string_view uri) { return uri.starts_with("null:"); },
    .open = [](const std::string&,
               const DestinationOptions&) -> arrow::Result<std::unique_ptr<Destination>> {
      return std::make_unique<NullDestination>();
    },
};

}  // namespace synthmill::io
