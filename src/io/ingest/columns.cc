#include "io/ingest/columns.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/builder.h>
#include <arrow/util/decimal.h>
#include <arrow/util/utf8.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "core/text.h"
#include "io/formats/json_cells.h"
#include "io/formats/text_columns.h"
#include "io/ingest/parse_values.h"

namespace synthmill::io::ingest {
namespace {

using internal::CopyBlocks;
using internal::kBlock;
namespace formats = io::internal;

constexpr const char* kNullInRequired = "null in a column that must not be null";

class Builder : public ColumnBuilder {
 public:
  Builder(std::shared_ptr<arrow::Schema> schema, std::vector<int> source, ColumnOptions options)
      : schema_(std::move(schema)), source_(std::move(source)), options_(std::move(options)) {
    options_.only_empty.resize(static_cast<size_t>(schema_->num_fields()));
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Build(
      std::string_view text, const RowTable& rows, const RowSplitter& splitter,
      std::vector<CellFailure>* failures) override {
    text_ = text.data();
    rows_ = &rows;
    splitter_ = &splitter;
    failures_ = failures;
    failures->clear();
    const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
    valid_utf8_ = arrow::util::ValidateUTF8(bytes, static_cast<int64_t>(text.size()));
    arrow::ArrayDataVector columns;
    for (int c = 0; c < schema_->num_fields(); ++c) {
      column_ = c;
      ARROW_ASSIGN_OR_RAISE(auto data, options_.inferred ? Column<true>() : Column<false>());
      columns.push_back(std::move(data));
    }
    OnePerRow(failures);
    return arrow::RecordBatch::Make(schema_, static_cast<int64_t>(rows.rows), std::move(columns));
  }

 private:
  const arrow::Field& field() const { return *schema_->field(column_); }

  void Fail(size_t row, std::string reason) {
    failures_->push_back({static_cast<uint32_t>(row), column_,
                          fmt::format("column '{}': {}", field().name(), reason)});
  }
  void FailValue(size_t row, const Cell& cell, std::string_view what) {
    Fail(row, fmt::format("{} is {}", Shown({text_ + cell.begin, cell.size()}), what));
  }
  const Cell* cells() const {
    return rows_->cells.empty() ? nullptr
                                : rows_->cells.data() + source_[static_cast<size_t>(column_)];
  }

  template <bool strict>
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Column() {
    if (source_[static_cast<size_t>(column_)] < 0) return AllNull();
    const arrow::DataType& type = *field().type();
    switch (type.id()) {
      case arrow::Type::BOOL:
        return Bools<strict>();
      case arrow::Type::INT8:
        return Integers<int8_t, strict>();
      case arrow::Type::INT16:
        return Integers<int16_t, strict>();
      case arrow::Type::INT32:
        return Integers<int32_t, strict>();
      case arrow::Type::INT64:
        return Integers<int64_t, strict>();
      case arrow::Type::FLOAT:
        return Floats<float, strict>();
      case arrow::Type::DOUBLE:
        return Floats<double, strict>();
      case arrow::Type::DATE32:
        return Fixed<int32_t, strict>([this](size_t row, const Cell& cell, int32_t* out) {
          if (!ParseDate(text_ + cell.begin, cell.size(), out)) {
            FailValue(row, cell, "no date (yyyy-mm-dd)");
          }
        });
      case arrow::Type::TIME64:
        return Fixed<int64_t, strict>([this](size_t row, const Cell& cell, int64_t* out) {
          if (!ParseTime(text_ + cell.begin, cell.size(), out)) {
            FailValue(row, cell, "no time (hh:mm:ss)");
          }
        });
      case arrow::Type::TIMESTAMP:
        if (!static_cast<const arrow::TimestampType&>(type).timezone().empty()) {
          return Fixed<int64_t, strict>([this](size_t row, const Cell& cell, int64_t* out) {
            if (!ParseMoment(text_ + cell.begin, cell.size(), out)) {
              FailValue(row, cell, "no timestamp (yyyy-mm-dd hh:mm:ssZ)");
            }
          });
        }
        return Fixed<int64_t, strict>([this](size_t row, const Cell& cell, int64_t* out) {
          if (!ParseTimestamp<strict>(text_ + cell.begin, cell.size(), out)) {
            FailValue(row, cell, "no timestamp (yyyy-mm-dd hh:mm:ss)");
          }
        });
      case arrow::Type::DECIMAL128:
        return Decimals<strict>();
      case arrow::Type::STRING:
        return Texts();
      case arrow::Type::BINARY:
      case arrow::Type::LIST:
      case arrow::Type::MAP:
      case arrow::Type::STRUCT:
        return Made();
      default:
        return arrow::Status::NotImplemented("column '", field().name(), "': ", type.ToString(),
                                             " can't be read from text");
    }
  }

  // Memory for the column, with every row valid.
  arrow::Status Begin(int64_t value_bytes) {
    const auto n = static_cast<int64_t>(rows_->rows);
    ARROW_ASSIGN_OR_RAISE(values_, arrow::AllocateBuffer(value_bytes));
    ARROW_ASSIGN_OR_RAISE(validity_, arrow::AllocateBuffer((n + 7) / 8));
    std::memset(validity_->mutable_data(), 0xff, static_cast<size_t>(validity_->size()));
    nulls_ = 0;
    return arrow::Status::OK();
  }
  void SetNull(size_t row) {
    validity_->mutable_data()[row >> 3] &= static_cast<uint8_t>(~(1u << (row & 7)));
    ++nulls_;
    if (!field().nullable()) Fail(row, kNullInRequired);
  }
  std::shared_ptr<arrow::ArrayData> Finish(std::shared_ptr<arrow::Buffer> more = nullptr) {
    std::vector<std::shared_ptr<arrow::Buffer>> buffers = {
        nulls_ > 0 ? std::shared_ptr<arrow::Buffer>(std::move(validity_)) : nullptr,
        std::shared_ptr<arrow::Buffer>(std::move(values_))};
    if (more != nullptr) buffers.push_back(std::move(more));
    return arrow::ArrayData::Make(field().type(), static_cast<int64_t>(rows_->rows),
                                  std::move(buffers), nulls_);
  }

  bool IsNull(const Cell& cell) const {
    if (options_.json) return cell.null();
    if (cell.quoted()) return false;
    const std::string& null = options_.null;
    return cell.size() == null.size() &&
           (null.empty() || std::memcmp(text_ + cell.begin, null.data(), null.size()) == 0);
  }

  arrow::Result<std::shared_ptr<arrow::ArrayData>> AllNull() {
    ARROW_ASSIGN_OR_RAISE(
        auto array, arrow::MakeArrayOfNull(field().type(), static_cast<int64_t>(rows_->rows)));
    if (!field().nullable()) {
      for (size_t row = 0; row < rows_->rows; ++row) Fail(row, "it is not there");
    }
    return array->data();
  }

  // Calls `parse` for each cell that holds a value.
  template <bool strict, typename Null, typename Parse>
  void ForEach(const Null& null, const Parse& parse) {
    const size_t stride = rows_->columns, n = rows_->rows;
    const Cell* cell = cells();
    for (size_t row = 0; row < n; ++row, cell += stride) {
      // "" is no value of a type other than text.
      if (IsNull(*cell) || (cell->size() == 0 && !options_.json)) {
        null(row);
      } else if (options_.json && (cell->nested() || (strict && cell->quoted() && !TextLike()))) {
        FailValue(row, *cell, cell->nested() ? "no single value" : "a string");
      } else if (cell->escaped()) {
        FailValue(row, *cell, "no " + field().type()->ToString());
      } else {
        parse(row, *cell);
      }
    }
  }
  bool TextLike() const {
    return field().type()->id() == arrow::Type::DATE32 ||
           field().type()->id() == arrow::Type::TIMESTAMP;
  }

  template <typename T, bool strict, typename Parse>
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Fixed(const Parse& parse) {
    ARROW_RETURN_NOT_OK(Begin(static_cast<int64_t>(rows_->rows * sizeof(T))));
    T* const out = reinterpret_cast<T*>(values_->mutable_data());
    ForEach<strict>(
        [&](size_t row) {
          out[row] = T{};
          SetNull(row);
        },
        [&](size_t row, const Cell& cell) { parse(row, cell, out + row); });
    return Finish();
  }

  template <typename T, bool strict>
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Integers() {
    return Fixed<T, strict>([this](size_t row, const Cell& cell, T* out) {
      int64_t value = 0;
      if (!ParseInt64<strict>(text_ + cell.begin, cell.size(), &value)) {
        FailValue(row, cell, "no whole number, or too large for int64");
      } else if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
        FailValue(row, cell, fmt::format("too large for int{}", 8 * sizeof(T)));
      }
      *out = static_cast<T>(value);
    });
  }

  template <typename T, bool strict>
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Floats() {
    return Fixed<T, strict>([this](size_t row, const Cell& cell, T* out) {
      double value = 0;
      if (!ParseDouble<strict>(text_ + cell.begin, cell.size(), &value)) {
        FailValue(row, cell, "no number");
      } else if (sizeof(T) == 4) {
        // Not through a double: two roundings can differ from one.
        float narrow = 0;
        const char* const text = text_ + cell.begin + (text_[cell.begin] == '+');
        std::from_chars(text, text_ + cell.begin + cell.size(), narrow);
        if (std::isinf(narrow) != std::isinf(value)) {
          FailValue(row, cell, "too large for float32");
        }
        *out = static_cast<T>(narrow);
        return;
      }
      *out = static_cast<T>(value);
    });
  }

  template <bool strict>
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Decimals() {
    const auto& type = static_cast<const arrow::DecimalType&>(*field().type());
    __int128 limit = 1;
    for (int i = 0; i < type.precision(); ++i) limit *= 10;
    const int scale = type.scale();
    return Fixed<__int128, strict>([&, limit, scale](size_t row, const Cell& cell, __int128* out) {
      switch (ParseDecimal(text_ + cell.begin, cell.size(), scale, limit, out)) {
        case DecimalError::kNone:
          break;
        case DecimalError::kNoNumber:
          FailValue(row, cell, "no decimal number");
          break;
        case DecimalError::kTooManyDigits:
          FailValue(row, cell,
                    fmt::format("too large for decimal({},{})", type.precision(), scale));
          break;
        case DecimalError::kTooManyDecimals:
          FailValue(row, cell, fmt::format("a number of more than {} decimals", scale));
      }
    });
  }

  template <bool strict>
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Bools() {
    ARROW_RETURN_NOT_OK(Begin(static_cast<int64_t>((rows_->rows + 7) / 8)));
    uint8_t* const out = values_->mutable_data();
    std::memset(out, 0, static_cast<size_t>(values_->size()));
    ForEach<strict>([&](size_t row) { SetNull(row); },
                    [&](size_t row, const Cell& cell) {
                      bool value = false;
                      const char* const text = text_ + cell.begin;
                      if (!ParseBool(text, cell.size(), &value)) {
                        // Databases' exports say 1, 0, t, f.
                        value = *text == '1' || *text == 't';
                        const bool known =
                            cell.size() == 1 && !strict && (value || *text == '0' || *text == 'f');
                        if (!known) FailValue(row, cell, "neither true nor false");
                      }
                      out[row >> 3] |= static_cast<uint8_t>(value << (row & 7));
                    });
    return Finish();
  }

  arrow::Result<std::shared_ptr<arrow::ArrayData>> Texts() {
    const size_t stride = rows_->columns, n = rows_->rows;
    const Cell* const first = cells();
    size_t bytes = 0;
    for (size_t row = 0; row < n; ++row) bytes += first[row * stride].size();
    if (bytes > std::numeric_limits<int32_t>::max()) {
      return arrow::Status::CapacityError("column '", field().name(), "': over 2 GB in one piece");
    }
    ARROW_RETURN_NOT_OK(Begin(static_cast<int64_t>((n + 1) * sizeof(int32_t))));
    ARROW_ASSIGN_OR_RAISE(std::unique_ptr<arrow::Buffer> data,
                          arrow::AllocateBuffer(static_cast<int64_t>(bytes + kBlock)));
    auto* const offsets = reinterpret_cast<int32_t*>(values_->mutable_data());
    auto* const begin = reinterpret_cast<char*>(data->mutable_data());
    char* out = begin;
    const bool must_be_empty =
        options_.inferred && options_.only_empty[static_cast<size_t>(column_)];
    for (size_t row = 0; row < n; ++row) {
      const Cell& cell = first[row * stride];
      offsets[row] = static_cast<int32_t>(out - begin);
      if (IsNull(cell)) {
        SetNull(row);
        continue;
      }
      if (must_be_empty && cell.size() > 0) {
        FailValue(row, cell, "the first value of its column");
        continue;
      }
      const char* const text = text_ + cell.begin;
      std::string_view value(text, cell.size());
      if (cell.escaped()) {
        unescaped_.clear();
        if (const char* why = splitter_->Unescape(value, &unescaped_)) {
          FailValue(row, cell, why);
          continue;
        }
        value = unescaped_;
        std::memcpy(out, value.data(), value.size());  // never longer than what it was made of
        out += value.size();
      } else {
        out = CopyBlocks(out, text, cell.size());
      }
      if (!valid_utf8_ && core::ValidUtf8Prefix(value) != value.size()) {
        FailValue(row, cell, "not UTF-8");
      }
    }
    offsets[n] = static_cast<int32_t>(out - begin);
    auto sized =
        arrow::SliceBuffer(std::shared_ptr<arrow::Buffer>(std::move(data)), 0, out - begin);
    return Finish(std::move(sized));
  }

  // Binary and nested values, as our writers write them: hexadecimal digits, JSON.
  arrow::Result<std::shared_ptr<arrow::ArrayData>> Made() {
    const std::shared_ptr<arrow::DataType>& type = field().type();
    const bool binary = type->id() == arrow::Type::BINARY;
    const auto n = static_cast<int64_t>(rows_->rows);
    std::unique_ptr<arrow::ArrayBuilder> builder;
    ARROW_RETURN_NOT_OK(arrow::MakeBuilder(arrow::default_memory_pool(), type, &builder));
    bool failed = false;
    const Cell* cell = cells();
    for (size_t row = 0; row < rows_->rows; ++row, cell += rows_->columns) {
      arrow::Status status;
      if (IsNull(*cell)) {
        if (!field().nullable()) {
          Fail(row, kNullInRequired);
          failed = true;
        }
        status = builder->AppendNull();
      } else {
        status = AppendMade(*cell, *type, builder.get());
      }
      if (status.ok()) continue;
      if (status.IsOutOfMemory() || status.IsCapacityError()) return status;
      FailValue(row, *cell,
                fmt::format("no {}: {}", binary ? "binary" : type->ToString(), status.message()));
      failed = true;
      builder->Reset();  // half of the value is in it
    }
    if (failed) {
      ARROW_ASSIGN_OR_RAISE(auto nulls, arrow::MakeArrayOfNull(type, n));
      return nulls->data();
    }
    ARROW_ASSIGN_OR_RAISE(auto array, builder->Finish());
    return array->data();
  }
  arrow::Status AppendMade(const Cell& cell, const arrow::DataType& type,
                           arrow::ArrayBuilder* builder) {
    std::string_view value(text_ + cell.begin, cell.size());
    if (cell.escaped() && !cell.nested()) {
      unescaped_.clear();
      if (const char* why = splitter_->Unescape(value, &unescaped_)) {
        return arrow::Status::Invalid(why);
      }
      value = unescaped_;
    }
    if (type.id() != arrow::Type::BINARY) {
      if (options_.json && cell.quoted()) return arrow::Status::Invalid("a string");
      return formats::ParseJson(value, type, builder);
    }
    if (options_.json && !cell.quoted()) return arrow::Status::Invalid("no string");
    ARROW_ASSIGN_OR_RAISE(const std::string bytes, formats::FromHex(value));
    return static_cast<arrow::BinaryBuilder*>(builder)->Append(bytes);
  }

  const std::shared_ptr<arrow::Schema> schema_;
  const std::vector<int> source_;
  ColumnOptions options_;

  // Of the batch being built.
  const char* text_ = nullptr;
  const RowTable* rows_ = nullptr;
  const RowSplitter* splitter_ = nullptr;
  std::vector<CellFailure>* failures_ = nullptr;
  bool valid_utf8_ = true;
  int column_ = 0;
  std::unique_ptr<arrow::Buffer> values_, validity_;
  int64_t nulls_ = 0;
  std::string unescaped_;
};

}  // namespace

bool CanParse(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
    case arrow::Type::DATE32:
    case arrow::Type::DECIMAL128:
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return true;
    case arrow::Type::TIME64:
      return static_cast<const arrow::Time64Type&>(type).unit() == arrow::TimeUnit::MICRO;
    case arrow::Type::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(type).unit() == arrow::TimeUnit::MICRO;
    case arrow::Type::LIST:
    case arrow::Type::MAP:
    case arrow::Type::STRUCT:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const auto& field) { return CanParse(*field->type()); });
    default:
      return false;
  }
}

arrow::Result<std::unique_ptr<ColumnBuilder>> ColumnBuilder::Make(
    std::shared_ptr<arrow::Schema> schema, std::vector<int> source, ColumnOptions options) {
  static std::once_flag once;
  std::call_once(once, [] { arrow::util::InitializeUTF8(); });
  for (const auto& field : schema->fields()) {
    if (!CanParse(*field->type())) {
      return arrow::Status::NotImplemented(
          "column '", field->name(), "': ", field->type()->ToString(), " can't be read from text");
    }
  }
  return std::make_unique<Builder>(std::move(schema), std::move(source), std::move(options));
}

}  // namespace synthmill::io::ingest
