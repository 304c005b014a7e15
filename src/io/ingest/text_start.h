// Where the rows of a text file begin, and what its columns are called.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/ingest/cells.h"
#include "io/ingest/pieces.h"
#include "io/ingest/reader.h"

namespace synthmill::io::ingest {

bool IsJson(const Format& format);

// The error of a file, with its name.
arrow::Status At(const InputFile& file, const arrow::Status& status);

// Where the rows of a file begin, and the columns its header names.
struct TextStart {
  int64_t begin = 0, line = 1;
  std::vector<std::string> names, notes;
};

arrow::Result<TextStart> FindStart(const InputFile& file, const Format& format,
                                   const FormatOptions& options);

// Reads the rows of a file from their beginning.
arrow::Result<PieceReader::ReadBytes> ReadRows(const TextInput& input, const TextStart& start);

// The columns of a file: those of its header, else the table's.
const std::vector<std::string>& NamesIn(const TableLayout& layout, const TextStart& start);

std::unique_ptr<RowSplitter> MakeSplitter(const TableLayout& layout,
                                          const std::vector<std::string>& names);

}  // namespace synthmill::io::ingest
