// CSV into cells, after RFC 4180 with what files in the wild do beside it: line ends of one or two
// characters, a last line without one, quotes inside of unquoted fields (they stand for
// themselves), blank lines (passed over where a table has more than one column).
//
// A quote opens a field only where the field begins, and closes it unless another quote follows.
// One that is never closed would take the rest of the file: its line alone is refused then, and
// reading goes on with the next.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "io/ingest/cells.h"
#include "io/ingest/special_bytes.h"

namespace synthmill::io::ingest {
namespace {

class CsvSplitter : public RowSplitter {
 public:
  CsvSplitter(char delimiter, size_t columns) : delimiter_(delimiter), columns_(columns) {}

  void Split(std::string_view text, RowTable* table) override {
    table->Reset(columns_);
    size_t begin = 0;
    // After a row with a quote that is never closed, splitting starts anew behind its line.
    while (begin < text.size()) begin = SplitFrom(text, begin, table);
  }

  size_t WholeRows(std::string_view text, bool end_of_file) override {
    if (end_of_file) return text.size();
    const char* const data = text.data();
    const char* const end = data + text.size();
    unquoted_.clear();
    const char* region = data;  // where the unquoted stretch begins that we are in
    const char* at = data;
    while (true) {
      const auto* quote =
          static_cast<const char*>(std::memchr(at, '"', static_cast<size_t>(end - at)));
      if (quote == nullptr) {
        if (const size_t cut = LastLineEnd(data, region, end)) return cut;
        break;
      }
      if (quote != data && quote[-1] != delimiter_ && quote[-1] != '\n') {
        at = quote + 1;  // stands for itself
        continue;
      }
      unquoted_.push_back({region, quote});
      // To the quote that closes it.
      at = quote + 1;
      while (true) {
        const auto* close =
            static_cast<const char*>(std::memchr(at, '"', static_cast<size_t>(end - at)));
        // The byte after the last may be a second quote: it is not known yet.
        if (close == nullptr || close + 1 == end) {
          at = nullptr;
          break;
        }
        at = close + 1;
        if (close[1] != '"') break;
        ++at;
      }
      if (at == nullptr) break;
      region = at;
    }
    for (size_t i = unquoted_.size(); i-- > 0;) {
      if (const size_t cut = LastLineEnd(data, unquoted_[i].first, unquoted_[i].second)) return cut;
    }
    if (text.size() < kMaxRowBytes) return 0;
    // The first row is too long. If a quote was left open, it ends with its line.
    const auto* line = static_cast<const char*>(std::memchr(data, '\n', text.size()));
    return line == nullptr || unquoted_.empty() ? 0 : static_cast<size_t>(line - data) + 1;
  }

  const char* Unescape(std::string_view cell, std::string* out) const override {
    for (size_t at = 0; at < cell.size();) {
      const size_t quote = std::min(cell.find('"', at), cell.size());
      out->append(cell, at, quote - at + (quote < cell.size()));
      at = quote + 2;  // the second one of a pair
    }
    return nullptr;
  }

 private:
  static size_t LastLineEnd(const char* data, const char* begin, const char* end) {
    const auto* line =
        static_cast<const char*>(memrchr(begin, '\n', static_cast<size_t>(end - begin)));
    return line == nullptr ? 0 : static_cast<size_t>(line - data) + 1;
  }

  // Splits all rows from `first` on; returns where to go on: the end, or behind the line of a row
  // that a quote was left open in.
  size_t SplitFrom(std::string_view text, size_t first, RowTable* table) {
    const char* const data = text.data();
    const size_t end = text.size();
    SpecialBytes specials(text, first, delimiter_);
    const size_t columns = columns_;
    size_t row_begin = first, field = first, column = 0;
    uint32_t flags = 0;
    size_t field_size = 0;  // of a quoted field
    bool garbage = false;   // text after a closing quote
    Cell* cells = RowCells(table);
    const auto emit = [&](size_t at) {
      const size_t size = flags != 0 ? field_size : at - field;
      cells[std::min(column, columns)] = {static_cast<uint32_t>(field + (flags != 0)),
                                          static_cast<uint32_t>(size) | flags};
      ++column;
      flags = 0;
    };
    const auto finish_row = [&](size_t row_end) {
      if (column == columns && !garbage) {
        table->begins.push_back(static_cast<uint32_t>(row_begin));
        table->ends.push_back(static_cast<uint32_t>(row_end));
        ++table->rows;
        cells = RowCells(table);
      } else if (!(column == 1 && row_end == row_begin && columns > 1)) {
        std::string reason = garbage ? std::string("text after a closing quote")
                                     : fmt::format("{} field{}, expected {}", column,
                                                   column == 1 ? "" : "s", columns);
        table->bad.push_back(
            {static_cast<uint32_t>(row_begin), static_cast<uint32_t>(row_end), std::move(reason)});
      }
      column = 0;
      garbage = false;
    };
    while (true) {
      size_t at = specials.Next();
      if (at < end && data[at] == delimiter_) {
        emit(at);
        field = at + 1;
        continue;
      }
      if (at >= end || data[at] == '\n') {
        if (at >= end && row_begin == end) return end;
        at = std::min(at, end);
        const size_t row_end = at - (at > row_begin && data[at - 1] == '\r');
        emit(std::max(row_end, field));
        finish_row(row_end);
        row_begin = field = at + 1;
        if (at >= end) return end;
        continue;
      }
      if (at != field) continue;  // a quote inside of a field stands for itself
      flags = Cell::kQuoted;
      while (true) {
        at = specials.Next();
        if (at >= end) return Unclosed(text, row_begin, table);
        if (data[at] != '"') continue;
        if (data[at + 1] != '"' || at + 1 == end) break;
        flags |= Cell::kEscaped;
        specials.Next();
      }
      field_size = at - field - 1;
      const size_t next = at + 1;
      if (next < end && data[next] != delimiter_ && data[next] != '\n' &&
          !(data[next] == '\r' && (next + 1 == end || data[next + 1] == '\n'))) {
        garbage = true;
      }
    }
  }

  static size_t Unclosed(std::string_view text, size_t row_begin, RowTable* table) {
    const size_t line_end = std::min(text.find('\n', row_begin), text.size());
    const size_t row_end = line_end - (line_end > row_begin && text[line_end - 1] == '\r' ? 1 : 0);
    table->bad.push_back({static_cast<uint32_t>(row_begin), static_cast<uint32_t>(row_end),
                          "a quote is opened and never closed"});
    return line_end + 1;
  }

  // Room for one more row and a cell too many.
  Cell* RowCells(RowTable* table) const {
    const size_t used = table->rows * columns_;
    if (table->cells.size() < used + columns_ + 1) {
      table->cells.resize(std::max<size_t>(2 * (used + columns_ + 1), 4096));
    }
    return table->cells.data() + used;
  }

  const char delimiter_;
  const size_t columns_;
  std::vector<std::pair<const char*, const char*>> unquoted_;
};

}  // namespace

void RowTable::Remove(const std::vector<uint32_t>& left_out) {
  size_t kept = 0, next = 0;
  for (size_t row = 0; row < rows; ++row) {
    if (next < left_out.size() && left_out[next] == row) {
      ++next;
      continue;
    }
    if (kept != row) {
      std::memmove(&cells[kept * columns], &cells[row * columns], columns * sizeof(Cell));
      begins[kept] = begins[row];
      ends[kept] = ends[row];
    }
    ++kept;
  }
  rows = kept;
  begins.resize(kept);
  ends.resize(kept);
}

std::unique_ptr<RowSplitter> MakeCsvSplitter(char delimiter, size_t columns) {
  return std::make_unique<CsvSplitter>(delimiter, columns);
}

}  // namespace synthmill::io::ingest
