// What a piece of a text file splits into: rows, and where each of their cells lies. CSV and JSON
// Lines differ in how they are split; from here on they are the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::ingest {

// Texts are followed by this many readable bytes, so that they can be looked at in words and copied
// in blocks.
inline constexpr size_t kPadding = 64;
// No row may be longer: a quote that is never closed must not take the whole file.
inline constexpr size_t kMaxRowBytes = 32 << 20;

struct Cell {
  uint32_t begin;  // in the piece of text
  uint32_t bits;   // size and flags

  static constexpr uint32_t kQuoted = uint32_t{1} << 31;   // a quoted CSV field, a JSON string
  static constexpr uint32_t kEscaped = uint32_t{1} << 30;  // has to be unescaped
  static constexpr uint32_t kNull = uint32_t{1} << 29;     // JSON: null, or the key is not there
  static constexpr uint32_t kNested = uint32_t{1} << 28;   // JSON: an object or an array
  static constexpr uint32_t kSize = (uint32_t{1} << 28) - 1;

  uint32_t size() const { return bits & kSize; }
  bool quoted() const { return (bits & kQuoted) != 0; }
  bool escaped() const { return (bits & kEscaped) != 0; }
  bool null() const { return (bits & kNull) != 0; }
  bool nested() const { return (bits & kNested) != 0; }
};
static_assert(kMaxRowBytes < Cell::kSize);

// A row that could not be split into cells.
struct BadRow {
  uint32_t begin = 0, end = 0;  // without its line end
  std::string reason;
};

// The rows of one piece. Reused from piece to piece.
struct RowTable {
  size_t columns = 0;
  size_t rows = 0;                     // that were split
  std::vector<Cell> cells;             // row by row, `columns` each
  std::vector<uint32_t> begins, ends;  // of each row, without line ends
  std::vector<BadRow> bad;
  std::vector<std::string> new_keys;  // JSON: keys that are no column, first seen first

  size_t found() const { return rows + bad.size(); }
  std::string_view RowText(std::string_view text, size_t row) const {
    return text.substr(begins[row], ends[row] - begins[row]);
  }
  void Reset(size_t column_count) {
    columns = column_count;
    rows = 0;
    begins.clear();
    ends.clear();
    bad.clear();
    new_keys.clear();
  }
  // Leaves out the rows named, which are in ascending order.
  void Remove(const std::vector<uint32_t>& left_out);
};

// Splits pieces of whole rows. Not thread-safe.
class RowSplitter {
 public:
  virtual ~RowSplitter() = default;
  // `text` begins with a row and is followed by kPadding bytes.
  virtual void Split(std::string_view text, RowTable* rows) = 0;
  // Where the last row in `text` ends that is known to be whole, 0 if there is none. At
  // `end_of_file` all of it is.
  virtual size_t WholeRows(std::string_view text, bool end_of_file) = 0;
  // Appends the text of an escaped cell to *out; returns why it can't be, or nullptr.
  virtual const char* Unescape(std::string_view cell, std::string* out) const = 0;
};

std::unique_ptr<RowSplitter> MakeCsvSplitter(char delimiter, size_t columns);
// What becomes of a row with a key that is no column: it is refused, it is taken without it, or it
// is taken and the key noted in RowTable::new_keys.
enum class OtherKeys { kRefuse, kIgnore, kNote };
// `names`: the keys that are columns.
std::unique_ptr<RowSplitter> MakeJsonSplitter(const std::vector<std::string>& names,
                                              OtherKeys other_keys);

// Line feeds in the text.
uint64_t CountLines(std::string_view text);

}  // namespace synthmill::io::ingest
