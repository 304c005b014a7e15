#include "io/ingest/infer.h"

#include "io/ingest/parse_values.h"

namespace synthmill::io::ingest {
namespace {

constexpr uint8_t kBool = 1, kInt = 2, kFloat = 4, kDate = 8, kTimestamp = 16;
constexpr uint8_t kAll = kBool | kInt | kFloat | kDate | kTimestamp;

// Of `left`, the types that take this text.
uint8_t Fitting(uint8_t left, const char* text, size_t size) {
  uint8_t fits = 0;
  int64_t number;
  double real;
  bool truth;
  int32_t days;
  if ((left & kBool) && ParseBool(text, size, &truth)) fits |= kBool;
  if ((left & kInt) && ParseInt64<true>(text, size, &number)) {
    fits |= kInt;
    if (size <= 15) return fits | (left & kFloat);
  }
  if ((left & kFloat) && ParseDouble<true>(text, size, &real)) fits |= kFloat;
  if ((left & kDate) && ParseDate(text, size, &days)) fits |= kDate;
  if ((left & kTimestamp) && ParseTimestamp<true>(text, size, &number)) fits |= kTimestamp;
  return fits;
}

}  // namespace

void TypeInference::AddColumn(std::string_view text, const RowTable& rows, size_t column) {
  if (rows.rows == 0) return;
  Column& state = columns_[column];
  const Cell* cell = rows.cells.data() + column;
  uint8_t left = state.types & kAll;
  for (size_t row = 0; row < rows.rows; ++row, cell += rows.columns) {
    const size_t size = cell->size();
    const char* const at = text.data() + cell->begin;
    if (json_) {
      if (cell->null()) continue;
      state.any = true;
      if (left == 0) break;
      if (cell->nested()) {
        left = 0;
      } else if (cell->quoted()) {
        left = cell->escaped() ? 0 : Fitting(left & (kDate | kTimestamp), at, size);
      } else {
        left = Fitting(left & (kBool | kInt | kFloat), at, size);
      }
      continue;
    }
    if (!cell->quoted() && size == null_.size() && std::string_view(at, size) == null_) continue;
    if (size == 0) continue;  // "" fits text, and is no value in a column of another type
    state.any = true;
    if (left == 0) break;
    left = cell->escaped() ? 0 : Fitting(left, at, size);
  }
  state.types = left;
}

void TypeInference::Add(std::string_view text, const RowTable& rows) {
  for (size_t c = 0; c < columns_.size(); ++c) AddColumn(text, rows, c);
}

void TypeInference::Add(const TypeInference& other, const std::vector<size_t>& to) {
  for (size_t c = 0; c < other.columns_.size(); ++c) {
    Column& column = columns_[to[c]];
    column.types &= other.columns_[c].types;
    column.any |= other.columns_[c].any;
  }
}

std::shared_ptr<arrow::DataType> TypeInference::type(size_t column) const {
  const Column& state = columns_[column];
  if (!state.any) return arrow::utf8();
  if (state.types & kBool) return arrow::boolean();
  if (state.types & kInt) return arrow::int64();
  if (state.types & kFloat) return arrow::float64();
  if (state.types & kDate) return arrow::date32();
  if (state.types & kTimestamp) return arrow::timestamp(arrow::TimeUnit::MICRO);
  return arrow::utf8();
}

}  // namespace synthmill::io::ingest
