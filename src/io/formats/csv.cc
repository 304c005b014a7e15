// CSV after RFC 4180, with LF as line end. Null is an empty field or `csv_null`; the empty text is
// "".
#include <cctype>
#include <utility>

#include "io/formats/csv_reader.h"
#include "io/formats/format_internal.h"
#include "io/formats/text_rows.h"
#include "io/formats/text_stream.h"

namespace synthmill::io::internal {
namespace {

constexpr char kCompressions[] = "none gzip zstd";

arrow::Result<std::unique_ptr<BatchWriter>> OpenCsv(std::shared_ptr<arrow::io::OutputStream> out,
                                                    std::shared_ptr<arrow::Schema> schema,
                                                    const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "csv"));
  ARROW_RETURN_NOT_OK(CheckCsvOptions(options));
  ARROW_ASSIGN_OR_RAISE(const auto choice,
                        ParseCompression(options.compression, "csv", kCompressions));
  ARROW_ASSIGN_OR_RAISE(out, OpenTextOutput(std::move(out), choice));

  const CsvEscape escape{options.delimiter, options.csv_null};
  std::string header;
  std::vector<CellFrame> frames;
  for (const auto& field : schema->fields()) {
    const std::string lead = frames.empty() ? "" : std::string(1, options.delimiter);
    frames.push_back({lead, lead, "", lead + options.csv_null});
    std::string name(2 * field->name().size() + 2, '\0');
    name.resize(static_cast<size_t>(escape.Write(field->name(), name.data()) - name.data()));
    header += lead + name;
  }
  header += '\n';
  return std::make_unique<RowWriter<CsvEscape>>(std::move(out), std::move(schema), escape,
                                                std::move(frames), "\n",
                                                options.header ? header : "");
}

}  // namespace

arrow::Status CheckCsvOptions(const FormatOptions& options) {
  const unsigned char d = static_cast<unsigned char>(options.delimiter);
  // Numbers and dates are written without a look at the delimiter.
  if (std::isalnum(d) || d >= 0x80 || d == '\0' ||
      std::string_view("\"\r\n+-.: ").find(options.delimiter) != std::string_view::npos) {
    return arrow::Status::Invalid("'", options.delimiter,
                                  "' can't be a CSV delimiter; try ',', ';', '|' or a tab");
  }
  const std::string& null = options.csv_null;
  if (null.find_first_of("\"\r\n") != std::string::npos ||
      null.find(options.delimiter) != std::string::npos) {
    return arrow::Status::Invalid("the spelling of null in CSV, '", null,
                                  "', must not hold a delimiter, quote or line end");
  }
  const size_t first = null.find_first_not_of("+- ");
  std::string lower;
  for (const char c : null) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool number = first != std::string::npos &&
                      (std::isdigit(static_cast<unsigned char>(null[first])) || null[first] == '.');
  if (number || lower == "true" || lower == "false" || lower == "nan" || lower == "inf" ||
      lower == "-inf") {
    return arrow::Status::Invalid("the spelling of null in CSV, '", null,
                                  "', could be a value; try NULL or \\N");
  }
  return arrow::Status::OK();
}

const Format kCsvFormat = {
    .name = "csv",
    .extension = "csv",
    .help = "comma-separated text (RFC 4180); null is an empty field, the empty text is \"\"",
    .example = "synthmill generate DATASET --tables TABLE --format csv --delimiter ';' --to data",
    .compressions = kCompressions,
    .open = OpenCsv,
    .read = ReadCsv,
};

}  // namespace synthmill::io::internal
