#include "io/formats/text_stream.h"

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/io/memory.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace synthmill::io::internal {
namespace {

// Passes writes on; closing it leaves the file open, for its owner to close or abort.
class Borrowed : public arrow::io::OutputStream {
 public:
  explicit Borrowed(std::shared_ptr<arrow::io::OutputStream> out) : out_(std::move(out)) {}
  arrow::Status Write(const void* data, int64_t size) override { return out_->Write(data, size); }
  arrow::Status Write(const std::shared_ptr<arrow::Buffer>& data) override {
    return out_->Write(data);
  }
  arrow::Result<int64_t> Tell() const override { return out_->Tell(); }
  bool closed() const override { return closed_; }
  arrow::Status Flush() override { return out_->Flush(); }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<arrow::io::OutputStream> out_;
  bool closed_ = false;
};

// Reads a stream to its end and then asks how it ended.
class LineEndChecked : public arrow::io::InputStream {
 public:
  LineEndChecked(std::shared_ptr<arrow::Buffer> head, std::shared_ptr<arrow::io::InputStream> in,
                 bool check)
      : head_(std::move(head)), in_(std::move(in)), check_(check) {}

  arrow::Result<int64_t> Read(int64_t n, void* out) override {
    int64_t got = 0;
    if (head_ != nullptr && n > 0) {
      got = std::min(n, head_->size());
      std::memcpy(out, head_->data(), static_cast<size_t>(got));
      head_ = got == head_->size() ? nullptr : arrow::SliceBuffer(head_, got);
    }
    // Until the buffer is full: Arrow's CSV reader takes what one call gives for a block.
    while (got < n) {
      ARROW_ASSIGN_OR_RAISE(const int64_t more, in_->Read(n - got, static_cast<char*>(out) + got));
      if (more == 0) break;
      got += more;
    }
    if (got > 0) {
      last_ = static_cast<const char*>(out)[got - 1];
    } else if (n > 0 && check_ && last_ != '\n') {
      return arrow::Status::Invalid("the last line has no line end: the file is cut off");
    }
    position_ += got;
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t n) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(n));
    ARROW_ASSIGN_OR_RAISE(const int64_t got, Read(n, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(got, /*shrink_to_fit=*/false));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }
  arrow::Result<int64_t> Tell() const override { return position_; }
  bool closed() const override { return closed_; }
  arrow::Status Close() override {
    closed_ = true;
    return in_->Close();
  }

 private:
  std::shared_ptr<arrow::Buffer> head_;  // what was read to see whether there is anything
  std::shared_ptr<arrow::io::InputStream> in_;
  bool check_;
  char last_ = '\n';
  int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenTextOutput(
    std::shared_ptr<arrow::io::OutputStream> out, const CompressionChoice& choice) {
  if (choice.type == arrow::Compression::UNCOMPRESSED) {
    return std::make_shared<Borrowed>(std::move(out));
  }
  ARROW_ASSIGN_OR_RAISE(auto codec, choice.level
                                        ? arrow::util::Codec::Create(choice.type, *choice.level)
                                        : arrow::util::Codec::Create(choice.type));
  // The stream keeps what it needs of the codec.
  return arrow::io::CompressedOutputStream::Make(codec.get(),
                                                 std::make_shared<Borrowed>(std::move(out)));
}

arrow::Result<TextInput> OpenTextInput(std::shared_ptr<arrow::io::RandomAccessFile> file,
                                       const FormatOptions& options) {
  std::shared_ptr<arrow::io::InputStream> stream = file;
  ARROW_ASSIGN_OR_RAISE(auto magic, file->ReadAt(0, 4));
  if (magic->size() == 0 && !options.compression.empty() && options.compression != "none") {
    return arrow::Status::Invalid("an empty file, expected ", options.compression);
  }
  auto starts_with = [&](std::string_view bytes) {
    return std::string_view(*magic).substr(0, bytes.size()) == bytes;
  };
  auto type = arrow::Compression::UNCOMPRESSED;
  if (starts_with("\x1f\x8b")) type = arrow::Compression::GZIP;
  if (starts_with("\x28\xb5\x2f\xfd")) type = arrow::Compression::ZSTD;
  ARROW_RETURN_NOT_OK(file->Seek(0));
  if (type != arrow::Compression::UNCOMPRESSED) {
    ARROW_ASSIGN_OR_RAISE(auto codec, arrow::util::Codec::Create(type));
    ARROW_ASSIGN_OR_RAISE(stream, arrow::io::CompressedInputStream::Make(codec.get(), file));
  }
  ARROW_ASSIGN_OR_RAISE(auto head, stream->Read(1));
  TextInput input;
  input.empty = head->size() == 0;
  input.stream = std::make_shared<LineEndChecked>(input.empty ? nullptr : head, std::move(stream),
                                                  options.require_line_end);
  return input;
}

}  // namespace synthmill::io::internal
