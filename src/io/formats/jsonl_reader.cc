#include "io/formats/jsonl_reader.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/api.h>
#include <arrow/json/api.h>
#include <arrow/type_traits.h>

#include <utility>

#include "core/dates.h"
#include "io/formats/format_internal.h"
#include "io/formats/json_cells.h"
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

// Arrow's JSON reader has no times and no binary, takes no zone, and wants maps as lists of pairs.
bool ArrowReads(const arrow::Schema& schema) {
  for (const auto& field : schema.fields()) {
    const auto& type = *field->type();
    if (arrow::is_nested(type.id()) || type.id() == arrow::Type::BINARY ||
        type.id() == arrow::Type::TIME64 ||
        (type.id() == arrow::Type::TIMESTAMP &&
         !static_cast<const arrow::TimestampType&>(type).timezone().empty()))
      return false;
  }
  return true;
}

// Rows of any type, line by line.
class LineReader {
 public:
  LineReader(std::shared_ptr<arrow::io::InputStream> in, std::shared_ptr<arrow::Schema> schema)
      : in_(std::move(in)), schema_(std::move(schema)), row_(arrow::struct_(schema_->fields())) {}

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Next() {
    std::unique_ptr<arrow::ArrayBuilder> builder;
    ARROW_RETURN_NOT_OK(arrow::MakeBuilder(arrow::default_memory_pool(), row_, &builder));
    std::string_view line;
    while (builder->length() < kRows) {
      ARROW_ASSIGN_OR_RAISE(const bool more, Line(&line));
      if (!more) break;
      ++number_;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const arrow::Status status = ParseJson(line, *row_, builder.get());
      if (!status.ok()) return status.WithMessage("line ", number_, ": ", status.message());
    }
    if (builder->length() == 0) return nullptr;
    ARROW_ASSIGN_OR_RAISE(const auto rows, builder->Finish());
    if (rows->null_count() > 0) return arrow::Status::Invalid("a row that is null");
    return arrow::RecordBatch::Make(schema_, rows->length(),
                                    static_cast<const arrow::StructArray&>(*rows).fields());
  }

 private:
  static constexpr int64_t kRows = 8192, kBlockBytes = 1 << 20;

  arrow::Result<bool> Line(std::string_view* line) {
    while (true) {
      const size_t end = buffer_.find('\n', looked_);
      if (end != std::string::npos || (ended_ && at_ < buffer_.size())) {
        const size_t stop = end == std::string::npos ? buffer_.size() : end;
        *line = std::string_view(buffer_).substr(at_, stop - at_);
        at_ = looked_ = std::min(stop + 1, buffer_.size());
        return true;
      }
      if (ended_) return false;
      buffer_.erase(0, at_);
      at_ = 0;
      looked_ = buffer_.size();
      buffer_.resize(looked_ + kBlockBytes);
      ARROW_ASSIGN_OR_RAISE(const int64_t got, in_->Read(kBlockBytes, buffer_.data() + looked_));
      buffer_.resize(looked_ + static_cast<size_t>(got));
      ended_ = got == 0;
    }
  }

  std::shared_ptr<arrow::io::InputStream> in_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::DataType> row_;
  std::string buffer_;
  size_t at_ = 0, looked_ = 0;  // the next line; from where on no line end has been looked for
  bool ended_ = false;
  int64_t number_ = 0;
};

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
  if (!ArrowReads(*schema)) {
    auto lines = std::make_shared<LineReader>(input.stream, schema);
    return MakeReader(std::move(schema), "jsonl", [lines] { return lines->Next(); });
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
