#include "io/ingest/batch_reader.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/compute/api.h>
#include <arrow/ipc/reader.h>
#include <arrow/scalar.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "io/formats/format_internal.h"
#include "io/ingest/cast.h"
#include "io/ingest/limits.h"
#include "spec/diagnostics.h"

namespace synthmill::io::ingest {
namespace {

using internal::Guard;

bool IsParquet(const Format& format) { return std::string_view(format.name) == "parquet"; }

arrow::Status At(const InputFile& file, const arrow::Status& status) {
  return status.ok() ? status : status.WithMessage(file.name, ": ", status.message());
}

// Either an IPC file, or a stream.
struct ArrowInput {
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file;
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> stream;
  std::shared_ptr<arrow::Schema> schema() const {
    return file != nullptr ? file->schema() : stream->schema();
  }
};

arrow::Result<ArrowInput> OpenArrowInput(const InputFile& input) {
  ArrowInput out;
  auto ipc = arrow::ipc::IpcReadOptions::Defaults();
  ipc.use_threads = false;
  ARROW_ASSIGN_OR_RAISE(auto file, input.open());
  ARROW_ASSIGN_OR_RAISE(auto magic, file->ReadAt(0, 6));
  if (std::string_view(*magic) == "ARROW1") {
    ARROW_ASSIGN_OR_RAISE(out.file, arrow::ipc::RecordBatchFileReader::Open(file, ipc));
    return out;
  }
  // A stream says where it ends; one that is cut between two messages looks whole else.
  ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
  if (size < 8) return arrow::Status::Invalid("it is no Arrow file");
  ARROW_ASSIGN_OR_RAISE(auto end, file->ReadAt(size - 8, 8));
  if (std::string_view(*end) != std::string_view("\xff\xff\xff\xff\0\0\0\0", 8)) {
    return arrow::Status::Invalid("it has no end: cut off, or no Arrow file");
  }
  ARROW_RETURN_NOT_OK(file->Seek(0));
  ARROW_ASSIGN_OR_RAISE(out.stream, arrow::ipc::RecordBatchStreamReader::Open(file, ipc));
  return out;
}

arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> OpenParquetInput(
    const InputFile& input) {
  ARROW_ASSIGN_OR_RAISE(auto file, input.open());
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(std::move(file)));
  parquet::ArrowReaderProperties properties(/*use_threads=*/false);
  properties.set_batch_size(16'384);
  properties.set_pre_buffer(false);  // it would hold whole files
  builder.properties(properties);
  return builder.Build();
}

constexpr int kNotInFile = -1;

bool SameName(const TableLayout& layout, std::string_view a, std::string_view b) {
  if (!layout.as_hive) return a == b;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Indices of the schema's columns in the file's; kNotInFile: a constant, or null.
arrow::Result<std::vector<int>> MapColumns(const TableLayout& layout, const InputFile& file,
                                           const arrow::Schema& found) {
  std::vector<int> source;
  std::vector<std::string> names = found.field_names();
  for (const auto& field : layout.schema->fields()) {
    if (file.constants.contains(field->name())) {
      source.push_back(kNotInFile);
      continue;
    }
    std::vector<int> all;
    for (size_t i = 0; i < names.size(); ++i) {
      if (SameName(layout, names[i], field->name())) all.push_back(static_cast<int>(i));
    }
    if (all.size() > 1) {
      return arrow::Status::Invalid("it has several columns '", field->name(), "'");
    }
    if (all.empty() && layout.as_hive) {
      source.push_back(kNotInFile);
      continue;
    }
    if (all.empty()) {
      return arrow::Status::Invalid("there is no column '", field->name(), "'; ",
                                    spec::Suggest(field->name(), names));
    }
    source.push_back(all[0]);
  }
  if (layout.ignore_others || layout.as_hive) return source;
  for (const std::string& name : names) {
    if (layout.schema->GetFieldIndex(name) < 0) {
      return arrow::Status::Invalid("the column '", name,
                                    "' is not one of the table's; --columns chooses those to copy");
    }
  }
  return source;
}

class ParquetFileReader : public FileReader {
 public:
  ParquetFileReader(size_t index, uint64_t part_bytes) : index_(index), part_bytes_(part_bytes) {}
  arrow::Status Init(const InputFile& file) {
    ARROW_ASSIGN_OR_RAISE(auto reader, OpenParquetInput(file));
    metadata_ = reader->parquet_reader()->metadata();
    return arrow::Status::OK();
  }
  arrow::Result<bool> NextPart(bool read, Part* part) override {
    *part = Part{};
    part->file = index_;
    part->begin = static_cast<uint64_t>(next_);
    part->first_row = row_;
    int64_t bytes = 0;
    while (next_ < metadata_->num_row_groups()) {
      const auto group = metadata_->RowGroup(next_++);
      bytes += group->total_byte_size();
      row_ += group->num_rows();
      if (read || bytes >= static_cast<int64_t>(part_bytes_)) break;
    }
    part->end = static_cast<uint64_t>(next_);
    part->bytes = static_cast<uint64_t>(bytes);
    const bool first = !std::exchange(begun_, true);
    return first || part->begin < part->end;
  }

 private:
  const size_t index_;
  const uint64_t part_bytes_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  int next_ = 0;
  int64_t row_ = 0;
  bool begun_ = false;
};

class ArrowFileReader : public FileReader {
 public:
  ArrowFileReader(InputFile file, size_t index, uint64_t part_bytes)
      : file_(std::move(file)), index_(index), part_bytes_(part_bytes) {}
  arrow::Status Init() { return OpenArrowInput(file_).Value(&input_); }
  bool splittable() const override { return input_.file != nullptr; }

  arrow::Result<bool> NextPart(bool read, Part* part) override {
    *part = Part{};
    part->file = index_;
    if (read) return NextBatch(part);
    const bool first = !std::exchange(begun_, true);
    if (!splittable()) {
      part->whole = true;
      part->bytes = file_.bytes;
      return first;
    }
    const int batches = input_.file->num_record_batches();
    const uint64_t batch_bytes = file_.bytes / static_cast<uint64_t>(std::max(batches, 1)) + 1;
    const int step = static_cast<int>(std::clamp<uint64_t>(part_bytes_ / batch_bytes, 1, 1 << 20));
    part->begin = static_cast<uint64_t>(next_);
    next_ = std::min(batches, next_ + step);
    part->end = static_cast<uint64_t>(next_);
    part->bytes = batch_bytes * (part->end - part->begin);
    return first || part->begin < part->end;
  }

 private:
  arrow::Result<bool> NextBatch(Part* part) {
    part->first_row = row_;
    part->begin = part->end = static_cast<uint64_t>(next_);
    const arrow::Status status = Guard("arrow", [&]() -> arrow::Status {
      if (input_.stream != nullptr) return input_.stream->ReadNext(&part->batch);
      if (next_ == input_.file->num_record_batches()) return arrow::Status::OK();
      return input_.file->ReadRecordBatch(next_++).Value(&part->batch);
    });
    ARROW_RETURN_NOT_OK(At(file_, status));
    if (part->batch == nullptr) return false;
    row_ += part->batch->num_rows();
    return true;
  }

  const InputFile file_;
  const size_t index_;
  const uint64_t part_bytes_;
  ArrowInput input_;
  int next_ = 0;
  int64_t row_ = 0;
  bool begun_ = false;
};

class BatchPartReader : public PartReader {
 public:
  BatchPartReader(const std::vector<InputFile>& files, const TableLayout& layout)
      : files_(files), layout_(layout), parquet_(IsParquet(*layout.format)) {}

  arrow::Result<uint64_t> Read(const Part& part, RowSink* sink) override {
    found_ = 0;
    row_ = part.first_row;
    const arrow::Status status = Guard(layout_.format->name, [&] {
      return parquet_ ? ReadGroups(part, sink) : ReadBatches(part, sink);
    });
    ARROW_RETURN_NOT_OK(At(files_[part.file], status));
    return found_;
  }

 private:
  arrow::Status ReadGroups(const Part& part, RowSink* sink) {
    if (open_ != part.file) {
      ARROW_ASSIGN_OR_RAISE(reader_, OpenParquetInput(files_[part.file]));
      std::shared_ptr<arrow::Schema> schema;
      ARROW_RETURN_NOT_OK(reader_->GetSchema(&schema));
      ARROW_ASSIGN_OR_RAISE(source_, MapColumns(layout_, files_[part.file], *schema));
      open_ = part.file;
      // Columns that nobody asked for are not even read, where each is one column of the file.
      leaves_.resize(static_cast<size_t>(reader_->parquet_reader()->metadata()->num_columns()));
      std::iota(leaves_.begin(), leaves_.end(), 0);
      if (leaves_.size() == static_cast<size_t>(schema->num_fields())) {
        leaves_ = source_;
        std::erase(leaves_, kNotInFile);
        std::sort(leaves_.begin(), leaves_.end());
        for (int& s : source_) {
          if (s == kNotInFile) continue;
          s = static_cast<int>(std::lower_bound(leaves_.begin(), leaves_.end(), s) -
                               leaves_.begin());
        }
      }
    }
    const uint64_t groups = part.end - part.begin;
    if (groups == 0) return arrow::Status::OK();
    for (uint64_t group = part.begin; group < part.end; ++group) {
      ARROW_ASSIGN_OR_RAISE(auto batches,
                            reader_->GetRecordBatchReader({static_cast<int>(group)}, leaves_));
      while (true) {
        std::shared_ptr<arrow::RecordBatch> batch;
        ARROW_RETURN_NOT_OK(batches->ReadNext(&batch));
        if (batch == nullptr) break;
        ARROW_RETURN_NOT_OK(Pass(std::move(batch), sink));
      }
      ARROW_RETURN_NOT_OK(sink->Progress(part.bytes / groups));
    }
    return arrow::Status::OK();
  }

  arrow::Status ReadBatches(const Part& part, RowSink* sink) {
    if (open_ != part.file || part.whole) {
      ARROW_ASSIGN_OR_RAISE(input_, OpenArrowInput(files_[part.file]));
      ARROW_ASSIGN_OR_RAISE(source_, MapColumns(layout_, files_[part.file], *input_.schema()));
      open_ = part.file;
    }
    if (part.batch != nullptr) {
      ARROW_RETURN_NOT_OK(Pass(part.batch, sink));
      return sink->Progress(part.bytes);
    }
    if (part.whole) {
      while (true) {
        std::shared_ptr<arrow::RecordBatch> batch;
        ARROW_RETURN_NOT_OK(input_.stream->ReadNext(&batch));
        if (batch == nullptr) return sink->Progress(part.bytes);
        ARROW_RETURN_NOT_OK(Pass(std::move(batch), sink));
      }
    }
    first_batch_ = static_cast<int>(part.begin);
    for (uint64_t i = part.begin; i < part.end; ++i) {
      ARROW_ASSIGN_OR_RAISE(auto batch, input_.file->ReadRecordBatch(static_cast<int>(i)));
      ARROW_RETURN_NOT_OK(Pass(std::move(batch), sink));
      ARROW_RETURN_NOT_OK(sink->Progress(part.bytes / (part.end - part.begin)));
    }
    return arrow::Status::OK();
  }

  arrow::Status Pass(std::shared_ptr<arrow::RecordBatch> batch, RowSink* sink) {
    // Damaged offsets would be followed into foreign memory.
    if (!parquet_) ARROW_RETURN_NOT_OK(batch->ValidateFull());
    found_ += static_cast<uint64_t>(batch->num_rows());
    ARROW_ASSIGN_OR_RAISE(auto cast, Cast(*batch));
    if (!failures_.empty()) {
      ARROW_RETURN_NOT_OK(RefuseRows(*batch, sink));
      const int64_t refused = static_cast<int64_t>(failures_.size());
      arrow::BooleanBuilder keep;
      for (int64_t row = 0, next = 0; row < batch->num_rows(); ++row) {
        const bool out = next < refused && failures_[static_cast<size_t>(next)].row == row;
        next += out;
        ARROW_RETURN_NOT_OK(keep.Append(!out));
      }
      ARROW_ASSIGN_OR_RAISE(auto mask, keep.Finish());
      ARROW_ASSIGN_OR_RAISE(const arrow::Datum kept, arrow::compute::Filter(batch, mask));
      ARROW_ASSIGN_OR_RAISE(cast, Cast(*kept.record_batch()));
      if (!failures_.empty()) {
        return arrow::Status::UnknownError("a row fitted and then did not: ", failures_[0].reason);
      }
    }
    row_ += batch->num_rows();
    return cast->num_rows() > 0 ? sink->Take(std::move(cast)) : arrow::Status::OK();
  }

  arrow::Result<std::shared_ptr<arrow::Array>> Column(const arrow::RecordBatch& batch, int c) {
    const int in_file = source_[static_cast<size_t>(c)];
    if (in_file != kNotInFile) return batch.column(in_file);
    const auto& field = layout_.schema->field(c);
    const auto& constants = files_[open_].constants;
    const auto value = constants.find(field->name());
    if (value == constants.end()) {
      return arrow::MakeArrayOfNull(field->type(), batch.num_rows());
    }
    return arrow::MakeArrayFromScalar(*value->second, batch.num_rows());
  }

  // With failures the rows that have one are void.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Cast(const arrow::RecordBatch& batch) {
    failures_.clear();
    arrow::ArrayVector columns;
    for (int c = 0; c < layout_.schema->num_fields(); ++c) {
      ARROW_ASSIGN_OR_RAISE(const auto found, Column(batch, c));
      ARROW_ASSIGN_OR_RAISE(auto column,
                            CastColumn(found, *layout_.schema->field(c), c, &failures_));
      columns.push_back(std::move(column));
    }
    auto out = arrow::RecordBatch::Make(layout_.schema, batch.num_rows(), std::move(columns));
    CheckLimits(*out, layout_.limits, &failures_);
    OnePerRow(&failures_);
    return out;
  }

  arrow::Status RefuseRows(const arrow::RecordBatch& batch, RowSink* sink) {
    // Batches before this part's were not counted when it was cut.
    for (; !parquet_ && first_batch_ > 0; --first_batch_) {
      ARROW_ASSIGN_OR_RAISE(auto before, input_.file->ReadRecordBatch(first_batch_ - 1));
      row_ += before->num_rows();
    }
    for (CellFailure& failure : failures_) {
      RefusedRow row;
      row.row = row_ + failure.row + 1;
      row.reason = std::move(failure.reason);
      for (int c = 0; c < batch.num_columns(); ++c) {
        ARROW_ASSIGN_OR_RAISE(const auto value, batch.column(c)->GetScalar(failure.row));
        row.text += fmt::format("{}{}={}", c == 0 ? "" : ", ", batch.schema()->field(c)->name(),
                                value->ToString());
      }
      ARROW_RETURN_NOT_OK(sink->Refuse(std::move(row)));
    }
    return arrow::Status::OK();
  }

  const std::vector<InputFile>& files_;
  const TableLayout& layout_;
  const bool parquet_;
  size_t open_ = SIZE_MAX;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  ArrowInput input_;
  std::vector<int> source_, leaves_;
  std::vector<CellFailure> failures_;
  int64_t row_ = 0;
  int first_batch_ = 0;
  uint64_t found_ = 0;
};

}  // namespace

arrow::Result<FileHead> ReadBatchHead(const InputFile& file, const Format& format) {
  FileHead head;
  std::shared_ptr<arrow::Schema> found;
  const arrow::Status status = Guard(format.name, [&]() -> arrow::Status {
    if (IsParquet(format)) {
      ARROW_ASSIGN_OR_RAISE(auto reader, OpenParquetInput(file));
      return reader->GetSchema(&found);
    }
    ARROW_ASSIGN_OR_RAISE(const ArrowInput input, OpenArrowInput(file));
    found = input.schema();
    return arrow::Status::OK();
  });
  ARROW_RETURN_NOT_OK(At(file, status));
  arrow::FieldVector fields;
  for (const auto& field : found->fields()) {
    fields.push_back(arrow::field(field->name(), PlainType(field->type()), field->nullable()));
  }
  head.schema = arrow::schema(std::move(fields));
  return head;
}

arrow::Result<std::unique_ptr<FileReader>> OpenBatchFileReader(const std::vector<InputFile>& files,
                                                               size_t file,
                                                               const TableLayout& layout,
                                                               uint64_t part_bytes) {
  if (IsParquet(*layout.format)) {
    auto reader = std::make_unique<ParquetFileReader>(file, part_bytes);
    ARROW_RETURN_NOT_OK(
        At(files[file], Guard("parquet", [&] { return reader->Init(files[file]); })));
    return reader;
  }
  auto reader = std::make_unique<ArrowFileReader>(files[file], file, part_bytes);
  ARROW_RETURN_NOT_OK(At(files[file], reader->Init()));
  return reader;
}

arrow::Result<std::unique_ptr<PartReader>> OpenBatchPartReader(const std::vector<InputFile>& files,
                                                               const TableLayout& layout) {
  return std::make_unique<BatchPartReader>(files, layout);
}

}  // namespace synthmill::io::ingest
