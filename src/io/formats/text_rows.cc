#include "io/formats/text_rows.h"

#include <arrow/array.h>
#include <arrow/util/bit_util.h>

#include <type_traits>
#include <utility>

#include "io/formats/text_numbers.h"

namespace synthmill::io::internal {
namespace {

constexpr size_t kFlushBytes = 1 << 20;
// Texts up to this length fit into the room kept for every row; longer ones ask for theirs.
constexpr size_t kShortText = 256;

}  // namespace

template <typename Escape>
RowWriter<Escape>::RowWriter(std::shared_ptr<arrow::io::OutputStream> out,
                             std::shared_ptr<arrow::Schema> schema, Escape escape,
                             std::vector<CellFrame> frames, std::string row_end,
                             std::string prologue)
    : out_(std::move(out)),
      schema_(std::move(schema)),
      escape_(std::move(escape)),
      row_end_(std::move(row_end)),
      columns_(frames.size()) {
  for (size_t c = 0; c < columns_.size(); ++c) {
    TextColumn& column = columns_[c];
    column.frame = std::move(frames[c]);
    column.plain_lead = Padded(column.frame.lead);
    column.quoted_lead = Padded(column.frame.quoted_lead);
    column.null_cell = Padded(column.frame.null_cell);
    column.tail_size = static_cast<uint8_t>(column.frame.quoted_tail.size());
    column.tail = column.tail_size != 0 ? column.frame.quoted_tail[0] : '\0';
  }
  buffer_.assign(prologue.begin(), prologue.end());
  used_ = prologue.size();
}

template <typename Escape>
RowWriter<Escape>::~RowWriter() {
  // A compressor would otherwise end its stream properly, as if all had been written.
  if (!out_->closed()) (void)out_->Abort();
}

template <typename Escape>
void RowWriter<Escape>::FlushTo(char* end) {
  const int64_t size = end - buffer_.data();
  if (size > 0 && failed_.ok()) failed_ = out_->Write(buffer_.data(), size);
}

// Makes room for `size` bytes at `out`, a place in the buffer; gives the place to go on at.
template <typename Escape>
char* RowWriter<Escape>::MakeRoom(char* out, size_t size) {
  FlushTo(out);
  if (buffer_.size() < size) buffer_.resize(size);
  return buffer_.data();
}

template <typename Escape>
[[gnu::always_inline]] inline char* RowWriter<Escape>::WriteText(const TextColumn& column,
                                                                 int64_t row, char* out) {
  const int32_t* offsets = static_cast<const int32_t*>(column.values);
  const int32_t begin = offsets[row], end = offsets[row + 1];
  const size_t size = static_cast<size_t>(end - begin);
  if (size > kShortText) [[unlikely]] {
    // Room for this cell, and again for a whole row behind it.
    const size_t need = Escape::kGrowth * size + row_reserve_;
    if (static_cast<size_t>(buffer_.data() + buffer_.size() - out) < need) {
      out = MakeRoom(out, need);
    }
  }
  out = CopyBlocks(out, column.lead, column.lead_size);
  const char* text = column.text + begin;
  bool escape = column.kind == CellKind::kEscapedText &&
                (escape_.AnyTextMayNeedIt() || HasAny(escape_.matcher(), text, size));
  if constexpr (std::is_same_v<Escape, CsvEscape>) escape |= size == 0;
  if (escape) [[unlikely]] {
    out = escape_.Write({text, size}, out);
  } else if (end <= column.block_end) [[likely]] {
    out = CopyBlocks(out, text, size);
  } else {
    std::memcpy(out, text, size);
    out += size;
  }
  *out = column.tail;
  return out + column.tail_size;
}

template <typename Escape>
[[gnu::always_inline]] inline char* RowWriter<Escape>::WriteCell(const TextColumn& column,
                                                                 int64_t row, char* out) {
  if (column.valid != nullptr && !arrow::bit_util::GetBit(column.valid, column.offset + row)) {
    return CopyBlocks(out, column.null_cell.bytes.data(), column.null_cell.size);
  }
  auto value = [&]<typename T>(T) { return static_cast<const T*>(column.values)[row]; };
  auto slot = [&]<size_t size>(std::integral_constant<size_t, size>) {
    const char* cell = column.cells + static_cast<size_t>(value(int32_t{})) * size;
    std::memcpy(out, cell, size);
    return out + static_cast<uint8_t>(cell[size - 1]);
  };
  auto lead = [&] { return CopyBlocks(out, column.lead, column.lead_size); };
  auto tail = [&](char* end) {
    *end = column.tail;
    return end + column.tail_size;
  };
  switch (column.kind) {
    case CellKind::kText:
    case CellKind::kEscapedText:
      return WriteText(column, row, out);
    case CellKind::kDictionary16:
      return slot(std::integral_constant<size_t, 16>{});
    case CellKind::kDictionary32:
      return slot(std::integral_constant<size_t, 32>{});
    case CellKind::kDictionary64:
      return slot(std::integral_constant<size_t, 64>{});
    case CellKind::kDictionary: {
      const uint32_t* ends = column.cell_ends + value(int32_t{});
      const size_t size = ends[1] - ends[0];
      if (size > kShortText) [[unlikely]] {
        const size_t need = size + row_reserve_;
        if (static_cast<size_t>(buffer_.data() + buffer_.size() - out) < need) {
          out = MakeRoom(out, need);
        }
      }
      return CopyBlocks(out, column.cells + ends[0], size);
    }
    case CellKind::kBool: {
      const bool set =
          arrow::bit_util::GetBit(static_cast<const uint8_t*>(column.values), column.offset + row);
      out = lead();
      std::memcpy(out, set ? "true\0\0\0" : "false\0\0", 8);
      return out + 5 - set;
    }
    case CellKind::kInt8:
      return WriteInteger(value(int8_t{}), lead());
    case CellKind::kInt16:
      return WriteInteger(value(int16_t{}), lead());
    case CellKind::kInt32:
      return WriteInteger(value(int32_t{}), lead());
    case CellKind::kInt64:
      return WriteInteger(value(int64_t{}), lead());
    case CellKind::kFloat:
      return WriteFloat(value(float{}), lead());
    case CellKind::kDouble:
      return WriteFloat(value(double{}), lead());
    case CellKind::kDecimal:
      return WriteDecimal128(static_cast<const uint8_t*>(column.values) + row * 16, column.scale,
                             lead());
    case CellKind::kDate:
      return tail(WriteDate(value(int32_t{}), lead()));
    case CellKind::kTime:
      return tail(WriteClock(value(int64_t{}), lead()));
    case CellKind::kTimestampUtc: {
      char* const end = WriteTimestamp(value(int64_t{}), lead());
      *end = 'Z';
      return tail(end + 1);
    }
    case CellKind::kTimestamp:
      return tail(WriteTimestamp(value(int64_t{}), lead()));
    case CellKind::kNull:
      break;
  }
  return CopyBlocks(out, column.null_cell.bytes.data(), column.null_cell.size);
}

template <typename Escape>
arrow::Status RowWriter<Escape>::Write(const arrow::RecordBatch& batch) {
  ARROW_RETURN_NOT_OK(failed_);
  ARROW_RETURN_NOT_OK(CheckBatch(batch, *schema_));
  if (batch.num_rows() == 0) return arrow::Status::OK();
  row_reserve_ = row_end_.size() + 4 * kBlock;
  for (size_t c = 0; c < columns_.size(); ++c) {
    TextColumn& column = columns_[c];
    ARROW_RETURN_NOT_OK(PrepareColumn(escape_, schema_->field(static_cast<int>(c))->name(),
                                      batch.column_data(static_cast<int>(c)), &column));
    row_reserve_ +=
        column.quoted_lead.size + column.null_cell.size + Escape::kGrowth * kShortText + 4 * kBlock;
  }
  if (buffer_.size() < kFlushBytes + row_reserve_) buffer_.resize(kFlushBytes + row_reserve_);
  char* out = buffer_.data() + used_;
  const TextColumn* const columns = columns_.data();
  const size_t n = columns_.size();
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    if (static_cast<size_t>(buffer_.data() + buffer_.size() - out) < row_reserve_) {
      FlushTo(out);
      out = buffer_.data();
      if (!failed_.ok()) break;
    }
    for (size_t c = 0; c < n; ++c) out = WriteCell(columns[c], row, out);
    out = CopyExact(out, row_end_);
  }
  used_ = static_cast<size_t>(out - buffer_.data());
  return failed_;
}

template <typename Escape>
arrow::Status RowWriter<Escape>::Close() {
  FlushTo(buffer_.data() + used_);
  used_ = 0;
  ARROW_RETURN_NOT_OK(failed_);
  return out_->Close();
}

template class RowWriter<CsvEscape>;
template class RowWriter<JsonEscape>;

}  // namespace synthmill::io::internal
