// Cuts a stream of text into pieces of whole rows.
#pragma once

#include <arrow/result.h>

#include <functional>
#include <string>

#include "io/ingest/cells.h"
#include "io/ingest/reader.h"

namespace synthmill::io::ingest {

class PieceReader {
 public:
  // Fills the buffer unless the text ends: returns fewer bytes only there.
  using ReadBytes = std::function<arrow::Result<int64_t>(int64_t n, void* out)>;

  PieceReader(ReadBytes read, RowSplitter* splitter, int64_t offset, int64_t line)
      : read_(std::move(read)), splitter_(splitter), offset_(offset), line_(line) {}

  // False at the end. The piece's memory is used again.
  arrow::Result<bool> Next(Piece* piece);

 private:
  ReadBytes read_;
  RowSplitter* splitter_;
  int64_t offset_, line_;
  std::string carry_;  // the beginning of the next row
  bool ended_ = false;
};

// The text of a file, uncompressed.
struct TextInput {
  std::shared_ptr<arrow::io::RandomAccessFile> file;
  std::shared_ptr<arrow::io::InputStream> stream;  // not nullptr: it was compressed
  int64_t begin = 0;                               // behind the byte order mark

  // Reads on from where it stands; ranges of uncompressed files by their place.
  PieceReader::ReadBytes Reader() const;
  PieceReader::ReadBytes RangeReader(int64_t begin, int64_t end) const;
};
arrow::Result<TextInput> OpenText(const InputFile& file);

}  // namespace synthmill::io::ingest
