#include "io/formats/parquet_reader.h"

#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <utility>

#include "io/formats/format_internal.h"

namespace synthmill::io::internal {

namespace {

bool HasInt96(const parquet::SchemaDescriptor& schema) {
  for (int c = 0; c < schema.num_columns(); ++c)
    if (schema.Column(c)->physical_type() == parquet::Type::INT96) return true;
  return false;
}

// The values with the zones that `type` has. INT96 has none: what was meant stands in the schema.
std::shared_ptr<arrow::ArrayData> WithZones(const arrow::ArrayData& data,
                                            const std::shared_ptr<arrow::DataType>& type) {
  auto out = data.Copy();
  const bool zone =
      data.type->id() == arrow::Type::TIMESTAMP && type->id() == arrow::Type::TIMESTAMP;
  if (!zone && (data.type->id() != type->id() || data.type->num_fields() != type->num_fields()))
    return out;  // refused by the caller
  if (zone || type->num_fields() > 0) out->type = type;
  for (size_t c = 0; c < out->child_data.size(); ++c)
    out->child_data[c] = WithZones(*out->child_data[c], type->field(static_cast<int>(c))->type());
  return out;
}

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadParquet(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions&) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "parquet"));
  return Guard("parquet", [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> {
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(std::move(file)));
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_batch_size(16'384);
    properties.set_pre_buffer(false);  // it would hold whole files
    properties.set_coerce_int96_timestamp_unit(arrow::TimeUnit::MICRO);
    builder.properties(properties);
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<parquet::arrow::FileReader> reader, builder.Build());
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::RecordBatchReader> batches,
                          reader->GetRecordBatchReader());
    const bool int96 = HasInt96(*reader->parquet_reader()->metadata()->schema());
    if (!int96) {
      const arrow::Status same = CheckSameColumns(*batches->schema(), *schema);
      if (!same.ok()) return same.WithMessage("parquet: ", same.message());
    }
    return MakeReader(
        schema, "parquet",
        // `reader` has to outlive its batches.
        [reader, batches, schema, int96]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
          ARROW_ASSIGN_OR_RAISE(auto batch, batches->Next());
          if (!int96 || batch == nullptr || batch->num_columns() != schema->num_fields())
            return batch;
          arrow::FieldVector fields;
          arrow::ArrayVector columns;
          for (int c = 0; c < batch->num_columns(); ++c) {
            columns.push_back(
                arrow::MakeArray(WithZones(*batch->column_data(c), schema->field(c)->type())));
            fields.push_back(batch->schema()->field(c)->WithType(columns.back()->type()));
          }
          return arrow::RecordBatch::Make(arrow::schema(std::move(fields)), batch->num_rows(),
                                          std::move(columns));
        });
  });
}

}  // namespace synthmill::io::internal
