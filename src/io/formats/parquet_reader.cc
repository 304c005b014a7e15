#include "io/formats/parquet_reader.h"

#include <parquet/arrow/reader.h>
#include <parquet/properties.h>

#include <utility>

#include "io/formats/format_internal.h"

namespace synthmill::io::internal {

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
    builder.properties(properties);
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<parquet::arrow::FileReader> reader, builder.Build());
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::RecordBatchReader> batches,
                          reader->GetRecordBatchReader());
    const arrow::Status same = CheckSameColumns(*batches->schema(), *schema);
    if (!same.ok()) return same.WithMessage("parquet: ", same.message());
    return MakeReader(std::move(schema), "parquet",
                      // `reader` has to outlive its batches.
                      [reader, batches]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
                        return batches->Next();
                      });
  });
}

}  // namespace synthmill::io::internal
