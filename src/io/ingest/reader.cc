#include "io/ingest/reader.h"

#include "io/ingest/batch_reader.h"
#include "io/ingest/text_reader.h"

namespace synthmill::io::ingest {
namespace {

class MisfitDetail : public arrow::StatusDetail {
 public:
  const char* type_id() const override { return "synthmill::io::ingest::Misfit"; }
  std::string ToString() const override { return "a value does not fit its inferred type"; }
};

}  // namespace

arrow::Status Misfit(std::string why) {
  return {arrow::StatusCode::Invalid, std::move(why), std::make_shared<MisfitDetail>()};
}

bool IsMisfit(const arrow::Status& status) {
  return status.detail() != nullptr &&
         std::string_view(status.detail()->type_id()) == MisfitDetail().type_id();
}

bool IsText(const Format& format) {
  const std::string_view name = format.name;
  return name == "csv" || name == "jsonl";
}

const Format* FormatOfName(std::string_view name) {
  for (const std::string_view around : {".gz", ".zst"}) {
    if (name.ends_with(around)) name.remove_suffix(around.size());
  }
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name[dot - 1] == '/') return nullptr;
  std::string extension;
  for (const char c : name.substr(dot + 1)) {
    extension += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  // What else such files are called.
  if (extension == "tsv" || extension == "txt") extension = "csv";
  if (extension == "ndjson" || extension == "json") extension = "jsonl";
  if (extension == "parq" || extension == "pq") extension = "parquet";
  if (extension == "feather" || extension == "ipc" || extension == "arrows") extension = "arrow";
  for (const Format* format : Formats()) {
    if (extension == format->extension) return format;
  }
  return nullptr;
}

arrow::Result<FileHead> ReadHead(const InputFile& file, const Format& format,
                                 const FormatOptions& options) {
  return IsText(format) ? ReadTextHead(file, format, options) : ReadBatchHead(file, format);
}

arrow::Result<std::unique_ptr<FileReader>> OpenFileReader(const std::vector<InputFile>& files,
                                                          size_t file, const TableLayout& layout,
                                                          uint64_t part_bytes) {
  return IsText(*layout.format) ? OpenTextFileReader(files, file, layout, part_bytes)
                                : OpenBatchFileReader(files, file, layout, part_bytes);
}

arrow::Result<std::unique_ptr<PartReader>> OpenPartReader(const std::vector<InputFile>& files,
                                                          const TableLayout& layout) {
  return IsText(*layout.format) ? OpenTextPartReader(files, layout)
                                : OpenBatchPartReader(files, layout);
}

}  // namespace synthmill::io::ingest
