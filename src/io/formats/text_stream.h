// Byte streams of the text formats: compression around the whole file, and what tells a whole file
// from a cut one.
#pragma once

#include <arrow/io/interfaces.h>

#include <memory>

#include "io/formats/format_internal.h"

namespace synthmill::io::internal {

// The stream to write to: `out` itself or a compressor on top of it. Finish with CloseTextOutput,
// which leaves `out` open.
arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenTextOutput(
    std::shared_ptr<arrow::io::OutputStream> out, const CompressionChoice& choice);

struct TextInput {
  std::shared_ptr<arrow::io::InputStream> stream;
  bool empty = false;  // not one byte
};

// Compression is told by the file's first bytes (neither gzip's nor zstd's is UTF-8 text); but a
// file that is to be compressed by the options can't be empty. The stream ends in an error if the
// last byte is not a line end and `require_line_end` is set.
arrow::Result<TextInput> OpenTextInput(std::shared_ptr<arrow::io::RandomAccessFile> file,
                                       const FormatOptions& options);

}  // namespace synthmill::io::internal
