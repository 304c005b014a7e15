#include "io/formats/csv_reader.h"

#include <arrow/builder.h>
#include <arrow/csv/api.h>
#include <arrow/io/api.h>
#include <arrow/type_traits.h>

#include <utility>

#include "io/formats/format_internal.h"
#include "io/formats/json_cells.h"
#include "io/formats/text_stream.h"

namespace synthmill::io::internal {
namespace {

// What PrepareMade (text_columns.cc) made a text of, as the values again; others as they are.
arrow::Result<std::shared_ptr<arrow::Array>> FromText(const arrow::Field& field,
                                                      const std::shared_ptr<arrow::Array>& array) {
  const bool binary = field.type()->id() == arrow::Type::BINARY;
  if (!binary && !arrow::is_nested(field.type()->id())) return array;
  const auto& texts = static_cast<const arrow::StringArray&>(*array);
  std::unique_ptr<arrow::ArrayBuilder> builder;
  ARROW_RETURN_NOT_OK(arrow::MakeBuilder(arrow::default_memory_pool(), field.type(), &builder));
  for (int64_t i = 0; i < texts.length(); ++i) {
    arrow::Status status;
    if (texts.IsNull(i)) {
      status = builder->AppendNull();
    } else if (binary) {
      auto bytes = FromHex(texts.GetView(i));
      status = bytes.ok() ? static_cast<arrow::BinaryBuilder*>(builder.get())->Append(*bytes)
                          : bytes.status();
    } else {
      status = ParseJson(texts.GetView(i), *field.type(), builder.get());
    }
    if (!status.ok()) return status.WithMessage("column '", field.name(), "': ", status.message());
  }
  return builder->Finish();
}

}  // namespace

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
  // Nested values come as JSON, binary as hexadecimal digits.
  arrow::FieldVector fields;
  for (const auto& field : schema->fields()) {
    const bool made =
        arrow::is_nested(field->type()->id()) || field->type()->id() == arrow::Type::BINARY;
    fields.push_back(made ? field->WithType(arrow::utf8()) : field);
    convert.column_types[field->name()] = fields.back()->type();
    if (!options.header) read.column_names.push_back(field->name());
  }
  return Guard("csv", [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> {
    ARROW_ASSIGN_OR_RAISE(auto reader,
                          arrow::csv::StreamingReader::Make(arrow::io::default_io_context(),
                                                            input.stream, read, parse, convert));
    const arrow::Status same = CheckSameColumns(*reader->schema(), arrow::Schema(fields));
    if (!same.ok()) return same.WithMessage("csv: ", same.message());
    return MakeReader(
        schema, "csv", [reader, schema]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
          ARROW_ASSIGN_OR_RAISE(auto batch, reader->Next());
          if (batch == nullptr) return batch;
          arrow::ArrayVector columns = batch->columns();
          for (int c = 0; c < batch->num_columns(); ++c) {
            ARROW_ASSIGN_OR_RAISE(columns[static_cast<size_t>(c)],
                                  FromText(*schema->field(c), columns[static_cast<size_t>(c)]));
          }
          return arrow::RecordBatch::Make(schema, batch->num_rows(), std::move(columns));
        });
  });
}

}  // namespace synthmill::io::internal
