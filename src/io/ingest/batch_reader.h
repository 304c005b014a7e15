// Readers of Parquet and Arrow files: io/ingest/reader.h.
#pragma once

#include <memory>
#include <vector>

#include "io/ingest/reader.h"

namespace synthmill::io::ingest {

arrow::Result<FileHead> ReadBatchHead(const InputFile& file, const Format& format);
arrow::Result<std::unique_ptr<FileReader>> OpenBatchFileReader(const std::vector<InputFile>& files,
                                                               size_t file,
                                                               const TableLayout& layout,
                                                               uint64_t part_bytes);
arrow::Result<std::unique_ptr<PartReader>> OpenBatchPartReader(const std::vector<InputFile>& files,
                                                               const TableLayout& layout);

}  // namespace synthmill::io::ingest
