// Parquet through Arrow's writer, each column set up for what is in it. Figures are from an
// mdm-like table of 25 columns on one core, batches of 16,384 rows; ns per cell:
//   statistics off for text       dictionary<city> 17 instead of 49, unique text 61 instead of 77
//   no dictionary for unique text 51 instead of 73: its attempt and the fallback are saved
//   dictionary for names          20 (2.0 bytes) instead of 29 (4.9 bytes) plain with snappy
//   dates of birth, amounts       4 and 25 without a dictionary, 13 and 55 with one
//   random text (UUIDs)           23 uncompressed; 123 with snappy, which saves a tenth of the
//   bytes
// All of it: 720 ns per row and 147 bytes with snappy, where Arrow's defaults take 1,280 and 141.
#include <arrow/array.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <utility>

#include "io/formats/format_internal.h"
#include "io/formats/parquet_columns.h"
#include "io/formats/parquet_reader.h"
#include "synthmill/version.h"

namespace synthmill::io::internal {
namespace {

constexpr char kCompressions[] = "snappy zstd lz4 gzip none";

// Row groups are held in memory, encoded, until they are full: 20 to 40 MB each for 150 bytes a
// row. Larger ones gain nothing (measured up to 524,288 rows), smaller ones repeat dictionaries.
constexpr int64_t kRowGroupRows = 131'072;
// Rows that go through the encoders at once; Arrow's 1,024 cost 6% more.
constexpr int64_t kWriteBatchRows = 16'384;
// Dictionaries of up to 30,000 entries with long texts stay dictionaries.
constexpr int64_t kDictionaryBytes = 4 << 20;

class ParquetWriter : public BatchWriter {
 public:
  ParquetWriter(std::shared_ptr<arrow::io::OutputStream> out, std::shared_ptr<arrow::Schema> schema,
                CompressionChoice compression, int64_t row_group_rows)
      : out_(std::move(out)),
        schema_(std::move(schema)),
        compression_(compression),
        row_group_rows_(row_group_rows),
        dictionaries_(static_cast<size_t>(schema_->num_fields())) {}

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    ARROW_RETURN_NOT_OK(CheckBatch(batch, *schema_));
    return Guard("parquet", [&]() -> arrow::Status {
      if (batch.num_rows() == 0) return arrow::Status::OK();
      if (writer_ == nullptr) ARROW_RETURN_NOT_OK(Open(&batch));
      for (int64_t done = 0; done < batch.num_rows();) {
        if (group_rows_ == row_group_rows_) {
          ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
          group_rows_ = 0;
          std::fill(dictionaries_.begin(), dictionaries_.end(), nullptr);
        }
        const int64_t n = std::min(batch.num_rows() - done, row_group_rows_ - group_rows_);
        ARROW_RETURN_NOT_OK(WritePiece(*batch.Slice(done, n)));
        done += n;
        group_rows_ += n;
      }
      return arrow::Status::OK();
    });
  }

  arrow::Status Close() override {
    return Guard("parquet", [&]() -> arrow::Status {
      if (writer_ == nullptr) ARROW_RETURN_NOT_OK(Open(nullptr));
      return writer_->Close();
    });
  }

 private:
  // Opened with the first batch, which tells what is in the columns.
  arrow::Status Open(const arrow::RecordBatch* sample) {
    parquet::WriterProperties::Builder properties;
    properties.created_by("synthmill version " SYNTHMILL_VERSION " (build Arrow C++)");
    properties.max_row_group_length(row_group_rows_);
    properties.max_rows_per_page(row_group_rows_);  // pages are cut by size, 1 MiB
    properties.write_batch_size(kWriteBatchRows);
    properties.dictionary_pagesize_limit(kDictionaryBytes);
    properties.enable_store_decimal_as_integer();
    properties.set_size_statistics_level(parquet::SizeStatisticsLevel::None);
    for (int c = 0; c < schema_->num_fields(); ++c) {
      ARROW_ASSIGN_OR_RAISE(
          const ParquetColumn column,
          ChooseParquetColumn(*schema_->field(c),
                              sample != nullptr ? sample->column(c).get() : nullptr, compression_));
      const std::string& name = schema_->field(c)->name();
      if (!column.dictionary) properties.disable_dictionary(name);
      if (!column.statistics) properties.disable_statistics(name);
      if (column.compress) {
        properties.compression(name, compression_.type);
        if (compression_.level) properties.compression_level(name, *compression_.level);
      }
    }
    ARROW_ASSIGN_OR_RAISE(
        writer_, parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), out_,
                                                  properties.build()));
    return arrow::Status::OK();
  }

  // Rows of one row group. Arrow takes a dictionary as it is if it is that of the group's first
  // batch, else gives up on dictionary encoding. So other dictionaries are decoded first: their
  // values are then looked up one by one in the group's dictionary, and added to it.
  arrow::Status WritePiece(const arrow::RecordBatch& piece) {
    arrow::ArrayVector columns = piece.columns();
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c]->type_id() != arrow::Type::DICTIONARY) continue;
      const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*columns[c]).dictionary();
      auto& first = dictionaries_[c];
      if (first == nullptr && dictionary->null_count() == 0) {
        first = dictionary;
      } else if (first == nullptr || (!SameDictionary(*first->data(), *dictionary->data()) &&
                                      !first->Equals(*dictionary))) {
        ARROW_ASSIGN_OR_RAISE(columns[c], DecodeDictionary(columns[c]));
      }
    }
    return writer_->WriteRecordBatch(
        *arrow::RecordBatch::Make(schema_, piece.num_rows(), std::move(columns)));
  }

  std::shared_ptr<arrow::io::OutputStream> out_;
  std::shared_ptr<arrow::Schema> schema_;
  CompressionChoice compression_;
  int64_t row_group_rows_;
  int64_t group_rows_ = 0;           // in the open row group
  arrow::ArrayVector dictionaries_;  // of the open row group
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

arrow::Result<std::unique_ptr<BatchWriter>> OpenParquet(
    std::shared_ptr<arrow::io::OutputStream> out, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "parquet"));
  ARROW_ASSIGN_OR_RAISE(const auto choice,
                        ParseCompression(options.compression, "parquet", kCompressions));
  const int64_t rows = options.row_group_rows > 0 ? options.row_group_rows : kRowGroupRows;
  return std::make_unique<ParquetWriter>(std::move(out), std::move(schema), choice, rows);
}

}  // namespace

const Format kParquetFormat = {
    .name = "parquet",
    .extension = "parquet",
    .help = "Apache Parquet; dictionaries, and statistics for keys, numbers and dates",
    .example = "synthmill generate mdm --format parquet --compression 'zstd(3)' --to data/mdm",
    .compressions = kCompressions,
    .open = OpenParquet,
    .read = ReadParquet,
};

}  // namespace synthmill::io::internal
