#include "io/destinations/part_stream.h"

#include <utility>

namespace synthmill::io {

namespace {

class StreamPartWriter : public PartWriter {
 public:
  StreamPartWriter(Receipt receipt, std::shared_ptr<PartStream> stream)
      : receipt_(std::move(receipt)), stream_(std::move(stream)) {}
  ~StreamPartWriter() override {
    // First, or a format's destructor might still write.
    if (!done_) (void)stream_->Abort();
  }
  arrow::Status Init(const RunTarget& target, size_t table) {
    return OpenFormat(target, table, stream_).Value(&writer_);
  }
  arrow::Status Write(const arrow::RecordBatch& batch) override { return writer_->Write(batch); }
  uint64_t bytes() const override { return static_cast<uint64_t>(stream_->position()); }
  arrow::Result<Receipt> Close() override {
    ARROW_RETURN_NOT_OK(writer_->Close());
    ARROW_RETURN_NOT_OK(stream_->Close());
    done_ = true;
    receipt_.bytes = bytes();
    receipt_.hash = stream_->hash();
    receipt_.token = stream_->token();
    return receipt_;
  }

 private:
  Receipt receipt_;
  std::shared_ptr<PartStream> stream_;
  std::unique_ptr<BatchWriter> writer_;
  bool done_ = false;
};

}  // namespace

arrow::Result<std::unique_ptr<PartWriter>> OpenStreamPart(const RunTarget& target, size_t table,
                                                          Receipt receipt,
                                                          std::shared_ptr<PartStream> stream) {
  auto writer = std::make_unique<StreamPartWriter>(std::move(receipt), std::move(stream));
  ARROW_RETURN_NOT_OK(writer->Init(target, table));
  return writer;
}

}  // namespace synthmill::io
