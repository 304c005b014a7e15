// The registry of formats and what callers ask of it.
#include <array>

#include "core/text.h"
#include "io/delta/delta_destination.h"
#include "io/formats/format.h"
#include "io/formats/format_internal.h"

namespace synthmill::io {

std::span<const Format* const> Formats() {
  static constexpr std::array kFormats = {
      // clang-format off
      &internal::kParquetFormat,
      &internal::kCsvFormat,
      &internal::kJsonLinesFormat,
      &internal::kArrowFormat,
      &delta::kDeltaFormat,
      // clang-format on
  };
  return kFormats;
}

arrow::Result<const Format*> FindFormat(std::string_view name) {
  const Format* nearest = nullptr;
  size_t distance = 3;
  std::string names;
  for (const Format* format : Formats()) {
    if (name == format->name) return format;
    if (!names.empty()) names += ", ";
    names += format->name;
    const size_t d = core::EditDistance(name, format->name, 2);
    if (d < distance) {
      distance = d;
      nearest = format;
    }
  }
  const std::string hint =
      nearest ? std::string("did you mean '") + nearest->name + "'?" : "one of: " + names;
  return arrow::Status::KeyError("unknown format '", name, "'; ", hint);
}

std::string FileExtension(const Format& format, const FormatOptions& options) {
  std::string extension = format.extension;
  if (&format == &internal::kCsvFormat || &format == &internal::kJsonLinesFormat) {
    auto choice = internal::ParseCompression(options.compression, format.name, format.compressions);
    if (choice.ok() && choice->type == arrow::Compression::GZIP) extension += ".gz";
    if (choice.ok() && choice->type == arrow::Compression::ZSTD) extension += ".zst";
  }
  return extension;
}

arrow::Status CheckOptions(const Format& format, const FormatOptions& options) {
  ARROW_RETURN_NOT_OK(
      internal::ParseCompression(options.compression, format.name, format.compressions));
  if (options.row_group_rows < 0) {
    return arrow::Status::Invalid("rows per row group must be positive, not ",
                                  options.row_group_rows);
  }
  return &format == &internal::kCsvFormat ? internal::CheckCsvOptions(options)
                                          : arrow::Status::OK();
}

std::shared_ptr<arrow::Schema> LogicalSchema(const arrow::Schema& schema) {
  arrow::FieldVector fields;
  for (const auto& field : schema.fields()) {
    if (field->type()->id() == arrow::Type::DICTIONARY) {
      const auto& type = static_cast<const arrow::DictionaryType&>(*field->type());
      fields.push_back(field->WithType(type.value_type()));
    } else {
      fields.push_back(field);
    }
  }
  return arrow::schema(std::move(fields), schema.metadata());
}

}  // namespace synthmill::io
