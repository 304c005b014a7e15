// Readers of CSV and JSON Lines: io/ingest/reader.h.
#pragma once

#include <memory>
#include <vector>

#include "io/ingest/reader.h"

namespace synthmill::io::ingest {

arrow::Result<FileHead> ReadTextHead(const InputFile& file, const Format& format,
                                     const FormatOptions& options);
arrow::Result<std::unique_ptr<FileReader>> OpenTextFileReader(const std::vector<InputFile>& files,
                                                              size_t file,
                                                              const TableLayout& layout,
                                                              uint64_t part_bytes);
arrow::Result<std::unique_ptr<PartReader>> OpenTextPartReader(const std::vector<InputFile>& files,
                                                              const TableLayout& layout);

}  // namespace synthmill::io::ingest
