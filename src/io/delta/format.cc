// Files of Delta tables: Parquet, without the types that Delta has not (schema.h).
#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/cast.h>

#include "io/delta/delta_destination.h"
#include "io/delta/schema.h"
#include "io/formats/format_internal.h"

namespace synthmill::io::delta {

namespace {

using internal::CheckBatch;
using internal::Guard;
using internal::kParquetFormat;
using internal::MakeReader;

// "23:59:59.123456" as microseconds since midnight; -1: it is no such text.
int64_t ParseClock(std::string_view text) {
  constexpr std::string_view kShape = "00:00:00.000000";
  if (text.size() != kShape.size()) return -1;
  int64_t parts[4] = {0, 0, 0, 0};
  int part = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (kShape[i] != '0') {
      if (text[i] != kShape[i]) return -1;
      ++part;
    } else if (text[i] < '0' || text[i] > '9') {
      return -1;
    } else {
      parts[part] = parts[part] * 10 + (text[i] - '0');
    }
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return -1;
  return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1'000'000 + parts[3];
}

arrow::Result<std::shared_ptr<arrow::Array>> ParseClocks(
    const arrow::StringArray& texts, const std::shared_ptr<arrow::DataType>& type) {
  arrow::Time64Builder out(type, arrow::default_memory_pool());
  ARROW_RETURN_NOT_OK(out.Reserve(texts.length()));
  for (int64_t i = 0; i < texts.length(); ++i) {
    if (texts.IsNull(i)) {
      out.UnsafeAppendNull();
      continue;
    }
    const int64_t clock = ParseClock(texts.GetView(i));
    if (clock < 0) return arrow::Status::Invalid("'", texts.GetString(i), "' is no time of day");
    out.UnsafeAppend(clock);
  }
  return out.Finish();
}

// The array as another type; in nested ones only what differs is made anew.
arrow::Result<std::shared_ptr<arrow::Array>> CastArray(const std::shared_ptr<arrow::Array>& array,
                                                       const std::shared_ptr<arrow::DataType>& to) {
  if (array->type()->Equals(*to)) return array;
  const arrow::DataType& from = *array->type();
  if (from.id() == arrow::Type::STRING && to->id() == arrow::Type::TIME64) {
    return ParseClocks(static_cast<const arrow::StringArray&>(*array), to);
  }
  if (from.id() != to->id() || to->num_fields() == 0 || from.num_fields() != to->num_fields()) {
    return arrow::compute::Cast(*array, to);
  }
  auto data = array->data()->Copy();
  data->type = to;
  for (size_t c = 0; c < data->child_data.size(); ++c) {
    ARROW_ASSIGN_OR_RAISE(const auto child, CastArray(arrow::MakeArray(data->child_data[c]),
                                                      to->field(static_cast<int>(c))->type()));
    data->child_data[c] = child->data();
  }
  return arrow::MakeArray(std::move(data));
}

// Columns cast from one schema to another; those of the same type as they are.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> CastBatch(
    const arrow::RecordBatch& batch, const std::shared_ptr<arrow::Schema>& to) {
  arrow::ArrayVector columns = batch.columns();
  for (int c = 0; c < to->num_fields(); ++c) {
    auto& column = columns[static_cast<size_t>(c)];
    ARROW_ASSIGN_OR_RAISE(column, CastArray(column, to->field(c)->type()));
  }
  return arrow::RecordBatch::Make(to, batch.num_rows(), std::move(columns));
}

class DeltaWriter : public BatchWriter {
 public:
  DeltaWriter(std::unique_ptr<BatchWriter> files, std::shared_ptr<arrow::Schema> given,
              std::shared_ptr<arrow::Schema> stored)
      : files_(std::move(files)), given_(std::move(given)), stored_(std::move(stored)) {}
  arrow::Status Write(const arrow::RecordBatch& batch) override {
    ARROW_RETURN_NOT_OK(CheckBatch(batch, *given_));
    return Guard("delta", [&]() -> arrow::Status {
      ARROW_ASSIGN_OR_RAISE(const auto cast, CastBatch(batch, stored_));
      return files_->Write(*cast);
    });
  }
  arrow::Status Close() override { return files_->Close(); }

 private:
  std::unique_ptr<BatchWriter> files_;
  std::shared_ptr<arrow::Schema> given_, stored_;
};

arrow::Result<std::unique_ptr<BatchWriter>> OpenDelta(std::shared_ptr<arrow::io::OutputStream> out,
                                                      std::shared_ptr<arrow::Schema> schema,
                                                      const FormatOptions& options) {
  const auto stored = StoredSchema(*schema);
  FormatOptions plain = options;
  plain.hive_int96 = false;
  ARROW_ASSIGN_OR_RAISE(auto files, kParquetFormat.open(std::move(out), stored, plain));
  if (stored->Equals(*schema)) return files;
  return std::make_unique<DeltaWriter>(std::move(files), std::move(schema), stored);
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadDelta(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options) {
  const auto stored = StoredSchema(*schema);
  ARROW_ASSIGN_OR_RAISE(auto files, kParquetFormat.read(std::move(file), stored, options));
  if (stored->Equals(*schema)) return files;
  return MakeReader(schema, "delta",
                    [files, schema]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
                      ARROW_ASSIGN_OR_RAISE(const auto batch, files->Next());
                      if (!batch) return nullptr;
                      return CastBatch(*batch, schema);
                    });
}

}  // namespace

const Format kDeltaFormat = {
    .name = "delta",
    .extension = "parquet",
    .help = "Delta Lake tables: Parquet files and a log beside them; each run one version",
    .example = "synthmill generate DATASET --format delta --to data",
    .compressions = kParquetFormat.compressions,
    .open = OpenDelta,
    .read = ReadDelta,
};

}  // namespace synthmill::io::delta
