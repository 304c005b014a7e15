#include "io/formats/text_columns.h"

#include <arrow/array.h>
#include <arrow/util/bit_util.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "io/formats/json_cells.h"
#include "io/formats/text_numbers.h"

namespace synthmill::io::internal {
namespace {

template <typename T>
arrow::Status CheckRange(const arrow::ArrayData& data, const std::string& name, T low, T high) {
  const T* values = data.GetValues<T>(1);
  bool outside = false;
  for (int64_t i = 0; i < data.length; ++i) outside |= (values[i] < low) | (values[i] > high);
  if (!outside) return arrow::Status::OK();
  // Rare: look again, this time past the undefined values below nulls.
  const uint8_t* valid = data.GetNullCount() != 0 ? data.buffers[0]->data() : nullptr;
  for (int64_t i = 0; i < data.length; ++i) {
    if (valid != nullptr && !arrow::bit_util::GetBit(valid, data.offset + i)) continue;
    if (values[i] < low || values[i] > high) {
      return arrow::Status::Invalid("column '", name, "': years outside 0001..9999 have no text");
    }
  }
  return arrow::Status::OK();
}

template <typename T>
arrow::Status CheckFinite(const arrow::ArrayData& data, const std::string& name) {
  const T* values = data.GetValues<T>(1);
  const uint8_t* valid = data.GetNullCount() != 0 ? data.buffers[0]->data() : nullptr;
  for (int64_t i = 0; i < data.length; ++i) {
    if (std::isfinite(values[i])) continue;
    if (valid != nullptr && !arrow::bit_util::GetBit(valid, data.offset + i)) continue;
    return arrow::Status::Invalid("column '", name, "': JSON has no ", values[i]);
  }
  return arrow::Status::OK();
}

template <typename Escape>
void PrepareText(const Escape& escape, const arrow::ArrayData& data, TextColumn* column) {
  const int32_t* offsets = data.GetValues<int32_t>(1);
  column->kind = CellKind::kText;
  column->values = offsets;
  const auto& bytes = data.buffers[2];
  column->text = bytes ? reinterpret_cast<const char*>(bytes->data()) : "";
  // Memory between size and capacity belongs to the buffer, so blocks may be read from it.
  column->block_end = bytes ? bytes->capacity() - static_cast<int64_t>(kBlock) : -1;
  const int32_t begin = offsets[0], end = offsets[data.length];
  if (escape.AnyTextMayNeedIt() ||
      HasAny(escape.matcher(), column->text + begin, static_cast<size_t>(end - begin))) {
    column->kind = CellKind::kEscapedText;
  }
}

// Nested values as JSON, binary as hexadecimal digits; then they are texts like others, of which
// JSON needs no quotes around the nested ones.
template <typename Escape>
arrow::Status PrepareMade(const std::string& name, const std::shared_ptr<arrow::ArrayData>& data,
                          TextColumn* column, bool* quoted) {
  const bool binary = data->type->id() == arrow::Type::BINARY;
  const auto array = arrow::MakeArray(data);
  std::string& text = column->made_text;
  text.clear();
  column->made_ends.assign(1, 0);
  for (int64_t i = 0; i < data->length; ++i) {
    if (array->IsValid(i)) {
      if (binary) {
        AppendHex(static_cast<const arrow::BinaryArray&>(*array).GetView(i), &text);
      } else {
        const arrow::Status status = AppendJson(*array, i, &text);
        if (!status.ok()) return status.WithMessage("column '", name, "': ", status.message());
      }
    }
    if (text.size() > INT32_MAX) {
      return arrow::Status::CapacityError("column '", name, "': over 2 GB of text in a batch");
    }
    column->made_ends.push_back(static_cast<int32_t>(text.size()));
  }
  column->block_end = static_cast<int64_t>(text.size());
  text.append(kBlock, ' ');
  column->kind = CellKind::kText;
  column->values = column->made_ends.data();
  column->text = text.data();
  if (std::is_same_v<Escape, CsvEscape>) {
    if (!binary) column->kind = CellKind::kEscapedText;
  } else if (!binary) {
    *quoted = false;
    column->tail_size = 0;
  }
  return arrow::Status::OK();
}

template <typename Escape>
arrow::Status PrepareDictionary(const Escape& escape, const arrow::ArrayData& data,
                                TextColumn* column) {
  column->values = data.GetValues<int32_t>(1);
  if (column->dictionary == nullptr || !SameDictionary(*column->dictionary, *data.dictionary)) {
    const arrow::StringArray entries(data.dictionary);
    const CellFrame& frame = column->frame;
    const size_t n = static_cast<size_t>(entries.length());
    const size_t most = (frame.quoted_lead.size() + frame.null_cell.size() + 2 + kBlock) * (n + 1) +
                        Escape::kGrowth * static_cast<size_t>(entries.total_values_length());
    if (most > UINT32_MAX) return arrow::Status::CapacityError("a dictionary of over 4 GB");
    std::vector<char> cells(most);
    column->ends.assign(n + 1, 0);
    size_t longest = 0;
    char* out = cells.data();
    for (size_t i = 0; i < n; ++i) {
      char* const begin = out;
      if (entries.IsNull(static_cast<int64_t>(i))) {
        out = CopyExact(out, frame.null_cell);
      } else {
        out = CopyExact(out, frame.quoted_lead);
        out = escape.Write(entries.GetView(static_cast<int64_t>(i)), out);
        out = CopyExact(out, frame.quoted_tail);
      }
      longest = std::max(longest, static_cast<size_t>(out - begin));
      column->ends[i + 1] = static_cast<uint32_t>(out - cells.data());
    }
    // Slots need one access to memory instead of two in a row, but more of the cache: for small
    // dictionaries only.
    const size_t slot = longest < 16 ? 16 : longest < 32 ? 32 : 64;
    column->dictionary_kind = CellKind::kDictionary;
    if (longest < 64 && slot * n <= size_t{64} << 10) {
      column->dictionary_kind = slot == 16   ? CellKind::kDictionary16
                                : slot == 32 ? CellKind::kDictionary32
                                             : CellKind::kDictionary64;
      std::vector<char> slots(slot * n);
      for (size_t i = 0; i < n; ++i) {
        const size_t size = column->ends[i + 1] - column->ends[i];
        std::memcpy(&slots[i * slot], &cells[column->ends[i]], size);
        slots[i * slot + slot - 1] = static_cast<char>(size);
      }
      cells = std::move(slots);
    } else {
      cells.resize(static_cast<size_t>(out - cells.data()) + kBlock);
      cells.shrink_to_fit();
    }
    column->rendered = std::move(cells);
    column->dictionary = data.dictionary;
  }
  column->kind = column->dictionary_kind;
  column->cells = column->rendered.data();
  column->cell_ends = column->ends.data();
  return arrow::Status::OK();
}

}  // namespace

template <typename Escape>
arrow::Status PrepareColumn(const Escape& escape, const std::string& name,
                            const std::shared_ptr<arrow::ArrayData>& shared, TextColumn* column) {
  const arrow::ArrayData& data = *shared;
  const int64_t nulls = data.GetNullCount();
  column->valid = nulls != 0 ? data.buffers[0]->data() : nullptr;
  column->offset = data.offset;
  bool quoted = false;
  auto fixed = [&](CellKind kind, int64_t width) {
    column->kind = kind;
    column->values = data.buffers[1]->data() + data.offset * width;
    return arrow::Status::OK();
  };
  arrow::Status status;
  if (nulls == data.length) {
    column->kind = CellKind::kNull;
    return status;
  }
  switch (data.type->id()) {
    case arrow::Type::BOOL:
      status = fixed(CellKind::kBool, 0);
      break;
    case arrow::Type::INT8:
      status = fixed(CellKind::kInt8, 1);
      break;
    case arrow::Type::INT16:
      status = fixed(CellKind::kInt16, 2);
      break;
    case arrow::Type::INT32:
      status = fixed(CellKind::kInt32, 4);
      break;
    case arrow::Type::INT64:
      status = fixed(CellKind::kInt64, 8);
      break;
    case arrow::Type::FLOAT:
      status = fixed(CellKind::kFloat, 4);
      if (std::is_same_v<Escape, JsonEscape>) status = CheckFinite<float>(data, name);
      break;
    case arrow::Type::DOUBLE:
      status = fixed(CellKind::kDouble, 8);
      if (std::is_same_v<Escape, JsonEscape>) status = CheckFinite<double>(data, name);
      break;
    case arrow::Type::DECIMAL128:
      status = fixed(CellKind::kDecimal, 16);
      column->scale = static_cast<const arrow::DecimalType&>(*data.type).scale();
      break;
    case arrow::Type::DATE32:
      status = fixed(CellKind::kDate, 4);
      quoted = true;
      ARROW_RETURN_NOT_OK(CheckRange<int32_t>(data, name, kFirstDate, kLastDate));
      break;
    case arrow::Type::TIME64:
      status = fixed(CellKind::kTime, 8);
      quoted = true;
      break;
    case arrow::Type::TIMESTAMP:
      status = fixed(static_cast<const arrow::TimestampType&>(*data.type).timezone().empty()
                         ? CellKind::kTimestamp
                         : CellKind::kTimestampUtc,
                     8);
      quoted = true;
      ARROW_RETURN_NOT_OK(CheckRange<int64_t>(data, name, kFirstDate * kMicrosPerDay,
                                              (kLastDate + 1) * kMicrosPerDay - 1));
      break;
    case arrow::Type::STRING:
      PrepareText(escape, data, column);
      quoted = true;
      break;
    case arrow::Type::BINARY:
    case arrow::Type::LIST:
    case arrow::Type::MAP:
    case arrow::Type::STRUCT:
      quoted = true;
      status = PrepareMade<Escape>(name, shared, column, &quoted);
      break;
    case arrow::Type::DICTIONARY:
      status = PrepareDictionary(escape, data, column);
      break;
    default:
      return arrow::Status::NotImplemented("column '", name, "' has type ", data.type->ToString());
  }
  const Padded& lead = quoted ? column->quoted_lead : column->plain_lead;
  column->lead = lead.bytes.data();
  column->lead_size = lead.size;
  return status;
}

template arrow::Status PrepareColumn(const CsvEscape&, const std::string&,
                                     const std::shared_ptr<arrow::ArrayData>&, TextColumn*);
template arrow::Status PrepareColumn(const JsonEscape&, const std::string&,
                                     const std::shared_ptr<arrow::ArrayData>&, TextColumn*);

}  // namespace synthmill::io::internal
