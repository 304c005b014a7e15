// JSON Lines: an object per row with every column in order, null as null. Decimals are numbers with
// all their digits; dates and timestamps ISO 8601 texts.
#include <utility>

#include "io/formats/format_internal.h"
#include "io/formats/jsonl_reader.h"
#include "io/formats/text_rows.h"
#include "io/formats/text_stream.h"

namespace synthmill::io::internal {
namespace {

constexpr char kCompressions[] = "none gzip zstd";

arrow::Result<std::unique_ptr<BatchWriter>> OpenJsonLines(
    std::shared_ptr<arrow::io::OutputStream> out, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "jsonl"));
  ARROW_ASSIGN_OR_RAISE(const auto choice,
                        ParseCompression(options.compression, "jsonl", kCompressions));
  ARROW_ASSIGN_OR_RAISE(out, OpenTextOutput(std::move(out), choice));

  const JsonEscape escape;
  std::vector<CellFrame> frames;
  for (const auto& field : schema->fields()) {
    std::string name(JsonEscape::kGrowth * field->name().size(), '\0');
    name.resize(static_cast<size_t>(escape.Write(field->name(), name.data()) - name.data()));
    const std::string lead = (frames.empty() ? "{\"" : ",\"") + name + "\":";
    frames.push_back({lead, lead + '"', "\"", lead + "null"});
  }
  return std::make_unique<RowWriter<JsonEscape>>(std::move(out), std::move(schema), escape,
                                                 std::move(frames), "}\n", "");
}

}  // namespace

const Format kJsonLinesFormat = {
    .name = "jsonl",
    .extension = "jsonl",
    .help = "JSON Lines: one object per row, decimals as numbers, dates as ISO 8601 text",
    .example = "synthmill generate DATASET --tables TABLE --format jsonl --to - | head -3",
    .compressions = kCompressions,
    .open = OpenJsonLines,
    .read = ReadJsonLines,
};

}  // namespace synthmill::io::internal
