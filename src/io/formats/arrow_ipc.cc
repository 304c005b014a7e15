// Arrow IPC: the file format, or for pipes the stream format. Dictionaries are kept.
#include <arrow/array/array_dict.h>
#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>

#include <utility>

#include "io/formats/format_internal.h"

namespace synthmill::io::internal {
namespace {

constexpr char kCompressions[] = "none lz4 zstd";

class ArrowWriter : public BatchWriter {
 public:
  ArrowWriter(std::shared_ptr<arrow::ipc::RecordBatchWriter> writer,
              std::shared_ptr<arrow::Schema> schema)
      : writer_(std::move(writer)),
        schema_(std::move(schema)),
        dictionaries_(static_cast<size_t>(schema_->num_fields())) {}

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    ARROW_RETURN_NOT_OK(CheckBatch(batch, *schema_));
    if (batch.num_rows() == 0) return arrow::Status::OK();
    arrow::ArrayVector columns = batch.columns();
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c]->type_id() != arrow::Type::DICTIONARY) continue;
      ARROW_ASSIGN_OR_RAISE(columns[c], WithGrownDictionary(columns[c], &dictionaries_[c]));
    }
    return writer_->WriteRecordBatch(
        *arrow::RecordBatch::Make(schema_, batch.num_rows(), std::move(columns)));
  }

  arrow::Status Close() override { return writer_->Close(); }

 private:
  // A file can't replace a dictionary, only add to it. So one that differs from the last is turned
  // into that with new entries at its end.
  static arrow::Result<std::shared_ptr<arrow::Array>> WithGrownDictionary(
      const std::shared_ptr<arrow::Array>& column, std::shared_ptr<arrow::Array>* last) {
    const auto& array = static_cast<const arrow::DictionaryArray&>(*column);
    if (*last == nullptr) {
      *last = array.dictionary();
      return column;
    }
    if (SameDictionary(*(*last)->data(), *array.dictionary()->data())) return column;
    ARROW_ASSIGN_OR_RAISE(auto unifier, arrow::DictionaryUnifier::Make(arrow::utf8()));
    ARROW_RETURN_NOT_OK(unifier->Unify(**last));
    std::shared_ptr<arrow::Buffer> transpose;
    ARROW_RETURN_NOT_OK(unifier->Unify(*array.dictionary(), &transpose));
    std::shared_ptr<arrow::Array> grown;
    ARROW_RETURN_NOT_OK(unifier->GetResultWithIndexType(arrow::int32(), &grown));
    if (grown->length() != (*last)->length()) *last = grown;
    return array.Transpose(array.type(), *last,
                           reinterpret_cast<const int32_t*>(transpose->data()));
  }

  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
  std::shared_ptr<arrow::Schema> schema_;
  arrow::ArrayVector dictionaries_;  // what the file has so far
};

arrow::Result<std::unique_ptr<BatchWriter>> OpenArrow(std::shared_ptr<arrow::io::OutputStream> out,
                                                      std::shared_ptr<arrow::Schema> schema,
                                                      const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "arrow"));
  ARROW_ASSIGN_OR_RAISE(const auto choice,
                        ParseCompression(options.compression, "arrow", kCompressions));
  auto ipc = arrow::ipc::IpcWriteOptions::Defaults();
  ipc.use_threads = false;
  ipc.emit_dictionary_deltas = true;
  if (choice.type != arrow::Compression::UNCOMPRESSED) {
    const auto type =
        choice.type == arrow::Compression::LZ4 ? arrow::Compression::LZ4_FRAME : choice.type;
    ARROW_ASSIGN_OR_RAISE(ipc.codec, choice.level ? arrow::util::Codec::Create(type, *choice.level)
                                                  : arrow::util::Codec::Create(type));
  }
  // The hints are for writers, not for those who read the file.
  arrow::FieldVector fields;
  for (const auto& field : schema->fields()) fields.push_back(field->RemoveMetadata());
  schema = arrow::schema(std::move(fields));
  ARROW_ASSIGN_OR_RAISE(auto writer, options.to_stream
                                         ? arrow::ipc::MakeStreamWriter(out, schema, ipc)
                                         : arrow::ipc::MakeFileWriter(out, schema, ipc));
  return std::make_unique<ArrowWriter>(std::move(writer), std::move(schema));
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadArrow(
    std::shared_ptr<arrow::io::RandomAccessFile> file, std::shared_ptr<arrow::Schema> schema,
    const FormatOptions&) {
  ARROW_RETURN_NOT_OK(CheckSchema(*schema, "arrow"));
  auto ipc = arrow::ipc::IpcReadOptions::Defaults();
  ipc.use_threads = false;
  // Damaged offsets would be followed into foreign memory.
  auto checked = [](std::shared_ptr<arrow::RecordBatch> batch)
      -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
    if (batch != nullptr) ARROW_RETURN_NOT_OK(batch->ValidateFull());
    return batch;
  };
  return Guard("arrow", [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> {
    ARROW_ASSIGN_OR_RAISE(auto magic, file->ReadAt(0, 6));
    if (std::string_view(*magic) != "ARROW1") {
      ARROW_RETURN_NOT_OK(file->Seek(0));
      ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchStreamReader::Open(file, ipc));
      // A stream says where it ends; one that is cut between two messages looks whole else.
      ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
      if (size >= 8) {
        ARROW_ASSIGN_OR_RAISE(auto end, file->ReadAt(size - 8, 8));
        if (std::string_view(*end) != std::string_view("\xff\xff\xff\xff\0\0\0\0", 8)) {
          return arrow::Status::Invalid("arrow: the stream has no end: the file is cut off");
        }
      }
      return MakeReader(schema, "arrow",
                        [reader, checked]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
                          ARROW_ASSIGN_OR_RAISE(auto batch, reader->Next());
                          return checked(std::move(batch));
                        });
    }
    ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchFileReader::Open(file, ipc));
    const arrow::Status same = CheckSameColumns(*reader->schema(), *schema);
    if (!same.ok()) return same.WithMessage("arrow: ", same.message());
    return MakeReader(
        schema, "arrow",
        [reader, checked, i = 0]() mutable -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
          if (i >= reader->num_record_batches()) return nullptr;
          ARROW_ASSIGN_OR_RAISE(auto batch, reader->ReadRecordBatch(i++));
          return checked(std::move(batch));
        });
  });
}

}  // namespace

const Format kArrowFormat = {
    .name = "arrow",
    .extension = "arrow",
    .help = "Arrow IPC file (stream on a pipe), with dictionaries; can be mapped into memory",
    .example = "synthmill generate DATASET --tables TABLE --format arrow --to - | ./consumer",
    .compressions = kCompressions,
    .open = OpenArrow,
    .read = ReadArrow,
};

}  // namespace synthmill::io::internal
