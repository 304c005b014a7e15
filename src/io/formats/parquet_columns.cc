#include "io/formats/parquet_columns.h"

#include <arrow/buffer.h>
#include <arrow/type_traits.h>
#include <arrow/util/key_value_metadata.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace synthmill::io::internal {
namespace {

constexpr int64_t kSampleRows = 16'384;
constexpr int64_t kSampleBytes = 64 << 10;

bool HasHint(const arrow::Field& field, const char* key, std::string_view value) {
  if (field.metadata() == nullptr) return false;
  const auto found = field.metadata()->Get(key);
  return found.ok() && *found == value;
}

// The share of different values among the sample's first, 0 if there are none.
double DistinctShare(const arrow::Array& sample) {
  const int64_t rows = std::min(sample.length(), kSampleRows);
  const auto& data = *sample.data();
  std::unordered_set<std::string_view> seen;
  int64_t values = 0;
  auto add = [&](int64_t i, std::string_view value) {
    if (sample.IsNull(i)) return;
    ++values;
    seen.insert(value);
  };
  if (arrow::is_base_binary_like(data.type->id())) {
    const auto& texts = static_cast<const arrow::BinaryArray&>(sample);
    for (int64_t i = 0; i < rows; ++i) add(i, texts.GetView(i));
  } else {
    const int64_t width = data.type->byte_width();
    const char* bytes =
        reinterpret_cast<const char*>(data.buffers[1]->data()) + data.offset * width;
    for (int64_t i = 0; i < rows; ++i) {
      add(i, {bytes + i * width, static_cast<size_t>(width)});
    }
  }
  return values == 0 ? 0 : static_cast<double>(seen.size()) / static_cast<double>(values);
}

// Whether the codec takes a sixth off the text; below that its time buys next to nothing.
arrow::Result<bool> Compresses(const arrow::BinaryArray& sample,
                               const CompressionChoice& compression) {
  if (compression.type == arrow::Compression::UNCOMPRESSED) return false;
  const int64_t size = std::min<int64_t>(sample.total_values_length(), kSampleBytes);
  if (size < 1024) return true;
  ARROW_ASSIGN_OR_RAISE(auto codec,
                        compression.level
                            ? arrow::util::Codec::Create(compression.type, *compression.level)
                            : arrow::util::Codec::Create(compression.type));
  const uint8_t* text = sample.value_data()->data() + sample.value_offset(0);
  std::vector<uint8_t> out(static_cast<size_t>(codec->MaxCompressedLen(size, text)));
  ARROW_ASSIGN_OR_RAISE(const int64_t compressed,
                        codec->Compress(size, text, static_cast<int64_t>(out.size()), out.data()));
  return compressed * 6 <= size * 5;
}

}  // namespace

arrow::Result<ParquetColumn> ChooseParquetColumn(const arrow::Field& field,
                                                 const arrow::Array* sample,
                                                 const CompressionChoice& compression) {
  ParquetColumn column;
  const auto type = field.type()->id();
  const bool compressed = compression.type != arrow::Compression::UNCOMPRESSED;
  column.compress = compressed;
  const bool text = arrow::is_base_binary_like(type);
  if (type == arrow::Type::DICTIONARY || text) {
    column.statistics = HasHint(field, kHintKey, "true");
  }
  if (type == arrow::Type::DICTIONARY || sample == nullptr) return column;
  if (text) {
    column.dictionary = !HasHint(field, kHintText, "unique") && DistinctShare(*sample) <= 2.0 / 3;
    if (!column.dictionary) {
      ARROW_ASSIGN_OR_RAISE(
          column.compress,
          Compresses(static_cast<const arrow::BinaryArray&>(*sample), compression));
    }
  } else if (type != arrow::Type::BOOL) {
    column.dictionary = DistinctShare(*sample) <= 0.5;
  }
  return column;
}

}  // namespace synthmill::io::internal
