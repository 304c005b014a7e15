// The columns of a batch as the row writer (text_rows.h) wants them.
#pragma once

#include <arrow/array/data.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "io/formats/format_internal.h"
#include "io/formats/text_escape.h"

namespace synthmill::io::internal {

// Copies go in blocks of this size: source and target have that much room behind their ends.
inline constexpr size_t kBlock = 32;

// Copies in whole blocks: short texts of unpredictable length cost no mispredicted branch.
inline char* CopyBlocks(char* out, const char* text, size_t size) {
  std::memcpy(out, text, kBlock);
  for (size_t i = kBlock; i < size; i += kBlock) std::memcpy(out + i, text + i, kBlock);
  return out + size;
}

inline char* CopyExact(char* out, const std::string& text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Text in fixed memory that can be copied in blocks.
struct Padded {
  size_t size = 0;
  std::vector<char> bytes = std::vector<char>(kBlock);

  Padded() = default;
  explicit Padded(const std::string& text) : size(text.size()), bytes(size + kBlock) {
    std::memcpy(bytes.data(), text.data(), size);
  }
};

// What stands around the cells of one column.
struct CellFrame {
  std::string lead;         // `,"name":` before a number
  std::string quoted_lead;  // `,"name":"` before a text, date or timestamp
  std::string quoted_tail;  // `"` after it; at most one byte
  std::string null_cell;    // all of a null cell, `,"name":null`
};

enum class CellKind : uint8_t {
  kNull,  // every value is null
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFloat,
  kDouble,
  kDecimal,
  kDate,
  kTime,
  kTimestamp,
  kTimestampUtc,
  kText,          // nothing in it needs to be escaped; empty texts do, in CSV
  kEscapedText,   // perhaps
  kDictionary16,  // rendered cells in slots of 16 bytes, the last byte the length
  kDictionary32,
  kDictionary64,
  kDictionary,  // rendered cells at offsets
};

struct TextColumn {
  // Of the batch.
  CellKind kind = CellKind::kNull;
  uint8_t tail_size = 0;
  char tail = 0;
  const uint8_t* valid = nullptr;  // nullptr: no nulls
  int64_t offset = 0;              // into `valid` and bools
  const void* values = nullptr;    // indices for dictionaries; offsets for texts
  const char* text = nullptr;
  int64_t block_end = 0;  // texts in `text` that end up to here can be copied in blocks
  const char* lead = nullptr;
  size_t lead_size = 0;
  const char* cells = nullptr;  // rendered dictionary
  const uint32_t* cell_ends = nullptr;
  int scale = 0;

  // Of the file.
  Padded plain_lead, quoted_lead, null_cell;
  CellFrame frame;

  // The dictionary rendered last, held so that its address is not given to another one.
  std::shared_ptr<arrow::ArrayData> dictionary;
  std::vector<char> rendered;
  std::vector<uint32_t> ends;
  CellKind dictionary_kind = CellKind::kDictionary;

  // Nested and binary cells of the batch, as text.
  std::string made_text;
  std::vector<int32_t> made_ends;
};

// Sets up `column` for the cells of `data`, which has to outlive their use. Errors for values that
// have no text (years of five digits; in JSON infinity and NaN).
template <typename Escape>
arrow::Status PrepareColumn(const Escape& escape, const std::string& name,
                            const std::shared_ptr<arrow::ArrayData>& data, TextColumn* column);

}  // namespace synthmill::io::internal
