#include "io/ingest/limits.h"

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace synthmill::io::ingest {
namespace {

using core::ValueLimits;

class Checker {
 public:
  Checker(const arrow::RecordBatch& batch, std::vector<CellFailure>* failures)
      : batch_(batch), failures_(failures) {}

  void Column(int c, const ValueLimits& limits) {
    column_ = c;
    array_ = batch_.column(c).get();
    limits_ = &limits;
    switch (array_->type_id()) {
      case arrow::Type::INT8:
        return Numbers<int8_t>();
      case arrow::Type::INT16:
        return Numbers<int16_t>();
      case arrow::Type::INT32:
      case arrow::Type::DATE32:
        return Numbers<int32_t>();
      case arrow::Type::INT64:
      case arrow::Type::TIME64:
      case arrow::Type::TIMESTAMP:
        return Numbers<int64_t>();
      case arrow::Type::FLOAT:
        return Numbers<float>();
      case arrow::Type::DOUBLE:
        return Numbers<double>();
      case arrow::Type::DECIMAL128:
        return Numbers<__int128>();
      case arrow::Type::STRING:
        return Texts();
      default:
        return;
    }
  }

 private:
  void Fail(int64_t row, const std::string& why) {
    const std::string& name = batch_.schema()->field(column_)->name();
    failures_->push_back(
        {static_cast<uint32_t>(row), column_, fmt::format("column '{}': {}", name, why)});
  }
  void FailNumber(int64_t row, const std::string& must) {
    const auto value = array_->GetScalar(row);
    Fail(row, fmt::format("{} is not {}", value.ok() ? (*value)->ToString() : "it", must));
  }

  template <typename T>
  void Numbers() {
    if (!limits_->min && !limits_->max && limits_->numbers.empty()) return;
    const T* const values = array_->data()->GetValues<T>(1);
    const int64_t n = array_->length();
    // Decimals may lie at any address.
    const auto at = [&](int64_t row) {
      T value;
      std::memcpy(&value, values + row, sizeof(T));
      return value;
    };
    if (limits_->min) {
      for (int64_t row = 0; row < n; ++row) {
        if (Below(at(row), *limits_->min) && array_->IsValid(row)) {
          FailNumber(row, limits_->min->text);
        }
      }
    }
    if (limits_->max) {
      for (int64_t row = 0; row < n; ++row) {
        if (Above(at(row), *limits_->max) && array_->IsValid(row)) {
          FailNumber(row, limits_->max->text);
        }
      }
    }
    if constexpr (!std::is_floating_point_v<T>) {
      const auto& allowed = limits_->numbers;
      if (allowed.empty()) return;
      for (int64_t row = 0; row < n; ++row) {
        if (std::find(allowed.begin(), allowed.end(), __int128{at(row)}) == allowed.end() &&
            array_->IsValid(row)) {
          FailNumber(row, "one of the values allowed");
        }
      }
    }
  }
  // Floats are compared in their own width: 0.1 is within a bound of 0.1. NaN is beyond any bound.
  template <typename T>
  static bool Below(T value, const core::ValueBound& min) {
    if constexpr (std::is_floating_point_v<T>) {
      const T bound = static_cast<T>(min.real);
      return min.open ? !(value > bound) : !(value >= bound);
    } else {
      return value < min.value;
    }
  }
  template <typename T>
  static bool Above(T value, const core::ValueBound& max) {
    if constexpr (std::is_floating_point_v<T>) {
      const T bound = static_cast<T>(max.real);
      return max.open ? !(value < bound) : !(value <= bound);
    } else {
      return value > max.value;
    }
  }

  void Texts() {
    const auto& texts = static_cast<const arrow::StringArray&>(*array_);
    for (int64_t row = 0; row < texts.length(); ++row) {
      // Short texts, and that is nearly all, need no look at their characters.
      const auto bytes = static_cast<uint64_t>(texts.value_length(row));
      const bool fits = bytes <= limits_->most_chars && bytes <= limits_->most_bytes &&
                        limits_->least_chars == 0 && limits_->values.empty();
      if (!fits && texts.IsValid(row)) Text(row, texts.GetView(row));
    }
  }
  void Text(int64_t row, std::string_view text) {
    const auto chars = static_cast<uint64_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    if (text.size() > limits_->most_bytes) {
      return Fail(row, fmt::format("{} is too long: {} bytes, at most {}", Shown(text), text.size(),
                                   limits_->most_bytes));
    }
    if (chars > limits_->most_chars) {
      return Fail(row, fmt::format("{} is too long: {} characters, at most {}", Shown(text), chars,
                                   limits_->most_chars));
    }
    if (chars < limits_->least_chars) {
      return Fail(row, fmt::format("{} is too short: {} characters, at least {}", Shown(text),
                                   chars, limits_->least_chars));
    }
    const auto& values = limits_->values;
    if (!values.empty() && std::find(values.begin(), values.end(), text) == values.end()) {
      Fail(row, Shown(text) + " is not one of the values allowed");
    }
  }

  const arrow::RecordBatch& batch_;
  std::vector<CellFailure>* failures_;
  int column_ = 0;
  const arrow::Array* array_ = nullptr;
  const ValueLimits* limits_ = nullptr;
};

}  // namespace

void CheckLimits(const arrow::RecordBatch& batch, const std::vector<ValueLimits>& limits,
                 std::vector<CellFailure>* failures) {
  Checker checker(batch, failures);
  for (size_t c = 0; c < limits.size(); ++c) {
    if (!limits[c].none()) checker.Column(static_cast<int>(c), limits[c]);
  }
}

}  // namespace synthmill::io::ingest
