#include "io/formats/jsonl_reader.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/api.h>
#include <arrow/json/api.h>

#include <utility>

#include "core/dates.h"
#include "io/formats/format_internal.h"
#include "io/formats/text_stream.h"

namespace synthmill::io::internal {
namespace {

arrow::Result<std::shared_ptr<arrow::Array>> ParseDates(const std::string& name,
                                                        const arrow::StringArray& texts) {
  arrow::Date32Builder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(texts.length()));
  for (int64_t i = 0; i < texts.length(); ++i) {
    if (texts.IsNull(i)) {
      builder.UnsafeAppendNull();
      continue;
    }
    const auto days = core::ParseIsoDate(texts.GetView(i));
    if (!days) {
      return arrow::Status::Invalid("column '", name, "': '", texts.GetView(i), "' is not a date");
    }
    builder.UnsafeAppend(static_cast<int32_t>(*days));
  }
  return builder.Finish();
}

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadJsonLines(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "jsonl"));
  ARROW_ASSIGN_OR_RAISE(TextInput input, OpenTextInput(std::move(file), options));
  if (input.empty) {
    return MakeReader(std::move(schema), "jsonl",
                      [] { return std::shared_ptr<arrow::RecordBatch>(); });
  }
  auto read = arrow::json::ReadOptions::Defaults();
  read.use_threads = false;
  read.block_size = 4 << 20;  // no row may be longer
  auto parse = arrow::json::ParseOptions::Defaults();
  parse.newlines_in_values = false;
  parse.unexpected_field_behavior = arrow::json::UnexpectedFieldBehavior::Error;
  // Arrow's JSON reader takes dates for numbers, so they are read as text. All may be null here, or
  // a damaged file would end in a message about Arrow's insides.
  arrow::FieldVector fields;
  for (const auto& field : schema->fields()) {
    const bool date = field->type()->id() == arrow::Type::DATE32;
    fields.push_back(arrow::field(field->name(), date ? arrow::utf8() : field->type()));
  }
  parse.explicit_schema = arrow::schema(std::move(fields));
  return Guard("jsonl", [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> {
    ARROW_ASSIGN_OR_RAISE(auto reader,
                          arrow::json::StreamingReader::Make(input.stream, read, parse));
    return MakeReader(
        schema, "jsonl", [reader, schema]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
          ARROW_ASSIGN_OR_RAISE(auto batch, reader->Next());
          if (batch == nullptr || batch->num_columns() != schema->num_fields()) return batch;
          arrow::ArrayVector columns = batch->columns();
          for (int c = 0; c < schema->num_fields(); ++c) {
            if (schema->field(c)->type()->id() != arrow::Type::DATE32) continue;
            if (columns[c]->type_id() != arrow::Type::STRING) continue;  // refused by the caller
            ARROW_ASSIGN_OR_RAISE(columns[c],
                                  ParseDates(schema->field(c)->name(),
                                             static_cast<const arrow::StringArray&>(*columns[c])));
          }
          return arrow::RecordBatch::Make(schema, batch->num_rows(), std::move(columns));
        });
  });
}

}  // namespace synthmill::io::internal
