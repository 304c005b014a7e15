// Parquet through Arrow's writer, each column set up for what is in it. Figures are from an
// mdm-like table of 25 columns on one core, batches of 16,384 rows; ns per cell:
//   statistics off for text       dictionary<city> 17 instead of 49, unique text 61 instead of 77
//   no dictionary for unique text 51 instead of 73: its attempt and the fallback are saved
//   dictionary for names          20 (2.0 bytes) instead of 29 (4.9 bytes) plain with snappy
//   dates of birth, amounts       4 and 25 without a dictionary, 13 and 55 with one
//   random text (UUIDs)           23 uncompressed; 123 with snappy, a tenth smaller
// All of it: 780 ns of CPU and 147 bytes a row with snappy, two threads with three files each; the
// defaults and plain arrays take 2,200 (1,450 if written by whole tables) and 140. lz4 is as
// snappy; zstd(1) takes half as much time again for 38% fewer bytes, zstd(3) twice the time for
// 39%.
#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "io/formats/format_internal.h"
#include "io/formats/parquet_columns.h"
#include "io/formats/parquet_reader.h"
#include "synthmill/version.h"

namespace synthmill::io::internal {
namespace {

constexpr char kCompressions[] = "snappy zstd lz4 gzip none";

// The rows of a group are held as they come until it is full, then written column by column.
// Arrow's buffered row groups would hold the encoders of all columns instead: 100 MB a file, and
// twice the time, most of it for fresh pages of memory. A group ends before 8 MiB of values (25,000
// customers of 25 columns, 65,000 narrow rows) so that memory hardly grows with size, with six
// files open: groups of 131,072 customers cost 160 MB more, and gain 5% in bytes and 7% in time.
constexpr int64_t kRowGroupRows = 131'072;
constexpr int64_t kRowGroupBytes = 8 << 20;
constexpr int64_t kPageBytes = 256 << 10;
// Rows that go through the encoders at once; Arrow's 1,024 cost 6% more.
constexpr int64_t kWriteBatchRows = 16'384;
// Dictionaries of up to 30,000 entries with long texts stay dictionaries.
constexpr int64_t kDictionaryBytes = 4 << 20;

class ParquetWriter : public BatchWriter {
 public:
  ParquetWriter(std::shared_ptr<arrow::io::OutputStream> out, std::shared_ptr<arrow::Schema> schema,
                CompressionChoice compression, int64_t row_group_rows, bool int96)
      : out_(std::move(out)),
        schema_(std::move(schema)),
        compression_(compression),
        row_group_rows_(row_group_rows > 0 ? row_group_rows : kRowGroupRows),
        // Who asks for a number of rows gets it, whatever they weigh.
        row_group_bytes_(row_group_rows > 0 ? INT64_MAX : kRowGroupBytes),
        int96_(int96),
        pending_(static_cast<size_t>(schema_->num_fields())) {}

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    ARROW_RETURN_NOT_OK(CheckBatch(batch, *schema_));
    return Guard("parquet", [&]() -> arrow::Status {
      if (batch.num_rows() == 0) return arrow::Status::OK();
      if (writer_ == nullptr) ARROW_RETURN_NOT_OK(Open(&batch));
      // Before the batch is taken in, not after: no more than the limit is ever held.
      const int64_t bytes = SizeOf(batch);
      if (pending_rows_ > 0 && pending_bytes_ + bytes > row_group_bytes_) {
        ARROW_RETURN_NOT_OK(WriteRowGroup());
      }
      for (int64_t done = 0; done < batch.num_rows();) {
        const int64_t n = std::min(batch.num_rows() - done, row_group_rows_ - pending_rows_);
        for (size_t c = 0; c < pending_.size(); ++c) {
          pending_[c].push_back(batch.column(static_cast<int>(c))->Slice(done, n));
        }
        done += n;
        pending_rows_ += n;
        if (pending_rows_ == row_group_rows_) ARROW_RETURN_NOT_OK(WriteRowGroup());
      }
      pending_bytes_ += pending_rows_ == 0 ? 0 : bytes;
      return arrow::Status::OK();
    });
  }

  arrow::Status Close() override {
    return Guard("parquet", [&]() -> arrow::Status {
      if (writer_ == nullptr) ARROW_RETURN_NOT_OK(Open(nullptr));
      ARROW_RETURN_NOT_OK(WriteRowGroup());
      return writer_->Close();
    });
  }

 private:
  // Opened with the first batch, which tells what is in the columns.
  arrow::Status Open(const arrow::RecordBatch* sample) {
    parquet::WriterProperties::Builder properties;
    properties.created_by("synthmill version " SYNTHMILL_VERSION " (build Arrow C++)");
    properties.max_row_group_length(row_group_rows_);
    properties.max_rows_per_page(row_group_rows_);  // pages are cut by their size
    properties.data_pagesize(kPageBytes);
    properties.write_batch_size(kWriteBatchRows);
    properties.dictionary_pagesize_limit(kDictionaryBytes);
    properties.set_size_statistics_level(parquet::SizeStatisticsLevel::None);
    for (int c = 0; c < schema_->num_fields(); ++c) {
      ARROW_RETURN_NOT_OK(SetUp(*schema_->field(c), schema_->field(c)->name(),
                                sample != nullptr ? sample->column(c).get() : nullptr,
                                &properties));
    }
    parquet::ArrowWriterProperties::Builder arrow_properties;
    if (int96_) arrow_properties.enable_deprecated_int96_timestamps();
    ARROW_ASSIGN_OR_RAISE(
        writer_, parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), out_,
                                                  properties.build(), arrow_properties.build()));
    return arrow::Status::OK();
  }

  // Sets the properties of a column, or of each that a nested one consists of: what Parquet calls
  // a.list.element, a.key_value.key, a.key_value.value and a.field.
  arrow::Status SetUp(const arrow::Field& field, const std::string& path,
                      const arrow::Array* sample, parquet::WriterProperties::Builder* properties) {
    auto child = [&](const arrow::Field& of, const std::string& name,
                     std::shared_ptr<arrow::Array> values) {
      return SetUp(of, path + "." + name, values.get(), properties);
    };
    switch (field.type()->id()) {
      case arrow::Type::LIST: {
        const auto* list = static_cast<const arrow::ListArray*>(sample);
        return child(*field.type()->field(0), "list.element", list ? list->values() : nullptr);
      }
      case arrow::Type::MAP: {
        const auto& type = static_cast<const arrow::MapType&>(*field.type());
        const auto* map = static_cast<const arrow::MapArray*>(sample);
        ARROW_RETURN_NOT_OK(child(*type.key_field(), "key_value.key", map ? map->keys() : nullptr));
        return child(*type.item_field(), "key_value.value", map ? map->items() : nullptr);
      }
      case arrow::Type::STRUCT: {
        const auto* fields = static_cast<const arrow::StructArray*>(sample);
        for (int f = 0; f < field.type()->num_fields(); ++f) {
          const arrow::Field& one = *field.type()->field(f);
          ARROW_RETURN_NOT_OK(child(one, one.name(), fields ? fields->field(f) : nullptr));
        }
        return arrow::Status::OK();
      }
      default:
        break;
    }
    ARROW_ASSIGN_OR_RAISE(const ParquetColumn column,
                          ChooseParquetColumn(field, sample, compression_));
    if (!column.dictionary) properties->disable_dictionary(path);
    if (!column.statistics) properties->disable_statistics(path);
    if (column.compress) {
      properties->compression(path, compression_.type);
      if (compression_.level) properties->compression_level(path, *compression_.level);
    }
    return arrow::Status::OK();
  }

  // Column by column: only one column's encoder is alive at a time, with its tables in the cache.
  arrow::Status WriteRowGroup() {
    if (pending_rows_ == 0) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(writer_->NewRowGroup());
    for (arrow::ArrayVector& chunks : pending_) {
      auto column = std::make_shared<arrow::ChunkedArray>(std::exchange(chunks, {}));
      if (column->type()->id() == arrow::Type::DICTIONARY) {
        ARROW_ASSIGN_OR_RAISE(column, WithOneDictionary(std::move(column)));
      }
      ARROW_RETURN_NOT_OK(writer_->WriteColumnChunk(column));
    }
    pending_rows_ = 0;
    pending_bytes_ = 0;
    return arrow::Status::OK();
  }

  // Bytes of the rows, nearly, without dictionaries.
  static int64_t SizeOf(const arrow::RecordBatch& batch) {
    int64_t bytes = 0;
    for (const auto& column : batch.columns()) bytes += SizeOf(*column);
    return bytes;
  }
  static int64_t SizeOf(const arrow::Array& column) {
    const int64_t n = column.length();
    switch (column.type_id()) {
      case arrow::Type::STRING:
      case arrow::Type::BINARY:
        return 4 * n + static_cast<const arrow::BinaryArray&>(column).total_values_length();
      case arrow::Type::DICTIONARY:
        return 4 * n;
      case arrow::Type::LIST:
        return 4 * n + SizeOf(*static_cast<const arrow::ListArray&>(column).values());
      case arrow::Type::MAP: {
        const auto& map = static_cast<const arrow::MapArray&>(column);
        return 4 * n + SizeOf(*map.keys()) + SizeOf(*map.items());
      }
      case arrow::Type::STRUCT: {
        int64_t bytes = 0;
        for (const auto& field : static_cast<const arrow::StructArray&>(column).fields())
          bytes += SizeOf(*field);
        return bytes;
      }
      default:
        return (column.type()->bit_width() + 7) / 8 * n;
    }
  }

  // Arrow writes dictionaries as they are, without a look at the values, if all chunks have the
  // same one, with neither nulls nor duplicates in it.
  static arrow::Result<std::shared_ptr<arrow::ChunkedArray>> WithOneDictionary(
      std::shared_ptr<arrow::ChunkedArray> column) {
    auto dictionary = [&](int chunk) {
      return static_cast<const arrow::DictionaryArray&>(*column->chunk(chunk)).dictionary();
    };
    bool same = dictionary(0)->null_count() == 0;
    // A group of few rows would carry a dictionary of mostly unused values.
    bool decode = !same || column->length() < dictionary(0)->length() / 4;
    for (int i = 1; i < column->num_chunks(); ++i) {
      decode |= dictionary(i)->null_count() != 0;
      same &= SameDictionary(*dictionary(0)->data(), *dictionary(i)->data());
    }
    if (decode) {
      arrow::ArrayVector plain;
      for (const auto& chunk : column->chunks()) {
        ARROW_ASSIGN_OR_RAISE(plain.emplace_back(), DecodeDictionary(chunk));
      }
      return std::make_shared<arrow::ChunkedArray>(std::move(plain));
    }
    return same ? column : arrow::DictionaryUnifier::UnifyChunkedArray(column);
  }

  std::shared_ptr<arrow::io::OutputStream> out_;
  std::shared_ptr<arrow::Schema> schema_;
  CompressionChoice compression_;
  int64_t row_group_rows_;
  int64_t row_group_bytes_;
  bool int96_;
  std::vector<arrow::ArrayVector> pending_;  // the next row group, by column
  int64_t pending_rows_ = 0;
  int64_t pending_bytes_ = 0;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

arrow::Result<std::unique_ptr<BatchWriter>> OpenParquet(
    std::shared_ptr<arrow::io::OutputStream> out, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "parquet"));
  ARROW_ASSIGN_OR_RAISE(const auto choice,
                        ParseCompression(options.compression, "parquet", kCompressions));
  return std::make_unique<ParquetWriter>(std::move(out), std::move(schema), choice,
                                         options.row_group_rows, options.hive_int96);
}

}  // namespace

const Format kParquetFormat = {
    .name = "parquet",
    .extension = "parquet",
    .help = "Apache Parquet; dictionaries, and statistics for keys, numbers and dates",
    .example = "synthmill generate DATASET --format parquet --compression 'zstd(3)' --to data",
    .compressions = kCompressions,
    .open = OpenParquet,
    .read = ReadParquet,
};

}  // namespace synthmill::io::internal
