#include "io/ingest/cast.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/compute/cast.h>
#include <arrow/scalar.h>
#include <fmt/format.h>

namespace synthmill::io::ingest {

std::shared_ptr<arrow::DataType> PlainType(const std::shared_ptr<arrow::DataType>& type) {
  switch (type->id()) {
    case arrow::Type::DICTIONARY:
      return PlainType(static_cast<const arrow::DictionaryType&>(*type).value_type());
    case arrow::Type::NA:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW:
      return arrow::utf8();
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
    case arrow::Type::FIXED_SIZE_BINARY:
      return arrow::binary();
    case arrow::Type::UINT8:
      return arrow::int16();
    case arrow::Type::UINT16:
      return arrow::int32();
    case arrow::Type::UINT32:
      return arrow::int64();
    case arrow::Type::UINT64:
      return arrow::decimal128(20, 0);
    case arrow::Type::HALF_FLOAT:
      return arrow::float32();
    case arrow::Type::DATE64:
      return arrow::date32();
    case arrow::Type::TIME32:
    case arrow::Type::TIME64:
      return arrow::time64(arrow::TimeUnit::MICRO);
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST:
    case arrow::Type::LIST:
      return arrow::list(type->field(0)->WithType(PlainType(type->field(0)->type())));
    case arrow::Type::DECIMAL32:
    case arrow::Type::DECIMAL64: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(*type);
      return arrow::decimal128(decimal.precision(), decimal.scale());
    }
    case arrow::Type::TIMESTAMP:
      return arrow::timestamp(arrow::TimeUnit::MICRO,
                              static_cast<const arrow::TimestampType&>(*type).timezone());
    default:
      return type;
  }
}

arrow::Result<std::shared_ptr<arrow::Array>> CastColumn(const std::shared_ptr<arrow::Array>& column,
                                                        const arrow::Field& field, int index,
                                                        std::vector<CellFailure>* failures) {
  const auto fail = [&](int64_t row, const std::string& reason) {
    failures->push_back(
        {static_cast<uint32_t>(row), index, fmt::format("column '{}': {}", field.name(), reason)});
  };
  if (!field.nullable() && column->null_count() > 0) {
    for (int64_t row = 0; row < column->length(); ++row) {
      if (column->IsNull(row)) fail(row, "null in a column that must not be null");
    }
  }
  if (column->type()->Equals(field.type())) return column;
  auto cast = arrow::compute::Cast(*column, field.type());
  if (cast.ok()) return *cast;
  if (cast.status().IsNotImplemented() || cast.status().IsTypeError()) {
    return cast.status().WithMessage("column '", field.name(), "' is ", column->type()->ToString(),
                                     " and can't become ", field.type()->ToString());
  }
  // Which values are it? Rare, so one by one.
  arrow::ArrayVector values;
  bool found = false;
  for (int64_t row = 0; row < column->length(); ++row) {
    auto one = arrow::compute::Cast(*column->Slice(row, 1), field.type());
    if (!one.ok()) {
      ARROW_ASSIGN_OR_RAISE(const auto value, column->GetScalar(row));
      fail(row, fmt::format("{} does not fit {}", value->ToString(), field.type()->ToString()));
      ARROW_ASSIGN_OR_RAISE(one, arrow::MakeArrayOfNull(field.type(), 1));
      found = true;
    }
    values.push_back(*std::move(one));
  }
  if (!found) return cast.status();
  return arrow::Concatenate(values);
}

}  // namespace synthmill::io::ingest
