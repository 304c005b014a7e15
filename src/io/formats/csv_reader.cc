#include "io/formats/csv_reader.h"

#include <arrow/csv/api.h>
#include <arrow/io/api.h>

#include <utility>

#include "io/formats/format_internal.h"
#include "io/formats/text_stream.h"

namespace synthmill::io::internal {

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadCsv(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "csv"));
  ARROW_RETURN_NOT_OK(CheckCsvOptions(options));
  ARROW_ASSIGN_OR_RAISE(TextInput input, OpenTextInput(std::move(file), options));
  if (input.empty) {
    if (options.header) return arrow::Status::Invalid("csv: the file is empty; it has no header");
    return MakeReader(std::move(schema), "csv",
                      [] { return std::shared_ptr<arrow::RecordBatch>(); });
  }

  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = false;
  read.block_size = 4 << 20;  // no row may be longer
  auto parse = arrow::csv::ParseOptions::Defaults();
  parse.delimiter = options.delimiter;
  parse.newlines_in_values = true;
  parse.ignore_empty_lines = false;  // the null of a table with one column
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.null_values = {options.csv_null};
  convert.true_values = {"true"};
  convert.false_values = {"false"};
  convert.strings_can_be_null = true;
  convert.quoted_strings_can_be_null = false;
  convert.default_column_type = arrow::utf8();  // no guessing: unknown columns are errors later
  for (const auto& field : schema->fields()) {
    convert.column_types[field->name()] = field->type();
    if (!options.header) read.column_names.push_back(field->name());
  }
  return Guard("csv", [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> {
    ARROW_ASSIGN_OR_RAISE(auto reader,
                          arrow::csv::StreamingReader::Make(arrow::io::default_io_context(),
                                                            input.stream, read, parse, convert));
    const arrow::Status same = CheckSameColumns(*reader->schema(), *schema);
    if (!same.ok()) return same.WithMessage("csv: ", same.message());
    return MakeReader(std::move(schema), "csv",
                      [reader]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
                        return reader->Next();
                      });
  });
}

}  // namespace synthmill::io::internal
