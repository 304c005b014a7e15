#include "io/ingest/pieces.h"

#include <arrow/buffer.h>
#include <arrow/io/compressed.h>
#include <arrow/util/compression.h>

#include <algorithm>
#include <cstring>

namespace synthmill::io::ingest {
namespace {

// Large enough for the work around a piece to cost nothing, small enough for its cells to stay in
// the second-level cache.
constexpr size_t kPieceBytes = 512 << 10;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

void Reserve(Piece* piece, size_t capacity) {
  if (piece->capacity >= capacity) return;
  std::unique_ptr<char[]> larger(new char[capacity + kPadding]);
  std::memcpy(larger.get(), piece->data.get(), piece->size);
  piece->data = std::move(larger);
  piece->capacity = capacity;
}

}  // namespace

arrow::Result<bool> PieceReader::Next(Piece* piece) {
  piece->size = 0;
  size_t wanted = std::max(kPieceBytes, 2 * carry_.size());
  Reserve(piece, wanted);
  std::memcpy(piece->data.get(), carry_.data(), carry_.size());
  piece->size = carry_.size();
  size_t cut = 0;
  while (true) {
    if (!ended_) {
      ARROW_ASSIGN_OR_RAISE(const int64_t got, read_(static_cast<int64_t>(wanted - piece->size),
                                                     piece->data.get() + piece->size));
      piece->size += static_cast<size_t>(got);
      ended_ = piece->size < wanted;
    }
    if (piece->size == 0) return false;
    std::memset(piece->data.get() + piece->size, 0, kPadding);
    cut = splitter_->WholeRows(piece->text(), ended_);
    if (cut > 0) break;
    if (piece->size >= kMaxRowBytes) {
      return arrow::Status::Invalid("line ", line_, ": a row of more than ", kMaxRowBytes >> 20,
                                    " MiB; is this the right format and delimiter?");
    }
    wanted *= 2;
    Reserve(piece, wanted);
  }
  carry_.assign(piece->data.get() + cut, piece->size - cut);
  piece->size = cut;
  piece->offset = offset_;
  piece->line = line_;
  offset_ += static_cast<int64_t>(cut);
  line_ += static_cast<int64_t>(CountLines(piece->text()));
  return true;
}

PieceReader::ReadBytes TextInput::Reader() const {
  return [in = stream != nullptr ? stream : std::static_pointer_cast<arrow::io::InputStream>(file)](
             int64_t n, void* out) -> arrow::Result<int64_t> {
    int64_t got = 0;
    while (got < n) {
      ARROW_ASSIGN_OR_RAISE(const int64_t more, in->Read(n - got, static_cast<char*>(out) + got));
      if (more == 0) break;
      got += more;
    }
    return got;
  };
}

PieceReader::ReadBytes TextInput::RangeReader(int64_t begin, int64_t end) const {
  return [in = file, at = begin, end](int64_t n, void* out) mutable -> arrow::Result<int64_t> {
    n = std::min(n, end - at);
    int64_t got = 0;
    while (got < n) {
      ARROW_ASSIGN_OR_RAISE(const int64_t more,
                            in->ReadAt(at + got, n - got, static_cast<char*>(out) + got));
      if (more == 0) return arrow::Status::IOError("it became shorter while it was read");
      got += more;
    }
    at += got;
    return got;
  };
}

arrow::Result<TextInput> OpenText(const InputFile& file) {
  TextInput input;
  ARROW_ASSIGN_OR_RAISE(input.file, file.open());
  ARROW_ASSIGN_OR_RAISE(auto magic, input.file->ReadAt(0, 4));
  const auto starts_with = [&](std::string_view bytes) {
    return std::string_view(*magic).substr(0, bytes.size()) == bytes;
  };
  auto type = arrow::Compression::UNCOMPRESSED;
  if (starts_with("\x1f\x8b")) type = arrow::Compression::GZIP;
  if (starts_with("\x28\xb5\x2f\xfd")) type = arrow::Compression::ZSTD;
  if (type != arrow::Compression::UNCOMPRESSED) {
    ARROW_RETURN_NOT_OK(input.file->Seek(0));
    ARROW_ASSIGN_OR_RAISE(auto codec, arrow::util::Codec::Create(type));
    ARROW_ASSIGN_OR_RAISE(input.stream,
                          arrow::io::CompressedInputStream::Make(codec.get(), input.file));
    return input;
  }
  input.begin = starts_with(kByteOrderMark) ? static_cast<int64_t>(kByteOrderMark.size()) : 0;
  ARROW_RETURN_NOT_OK(input.file->Seek(input.begin));
  return input;
}

}  // namespace synthmill::io::ingest
