#include "io/formats/json_cells.h"

#include <arrow/type.h>
#include <arrow/util/decimal.h>

#include <cmath>

#include "io/formats/text_escape.h"
#include "io/formats/text_numbers.h"

namespace synthmill::io::internal {
namespace {

void AppendQuoted(std::string_view text, std::string* out) {
  const size_t at = out->size();
  out->resize(at + 2 + JsonEscape::kGrowth * text.size());
  char* const begin = out->data() + at;
  *begin = '"';
  char* end = JsonEscape().Write(text, begin + 1);
  *end++ = '"';
  out->resize(static_cast<size_t>(end - out->data()));
}

// What `write` puts into a buffer with room for any number or date.
template <typename Write>
void AppendWritten(std::string* out, Write&& write) {
  char buffer[128];
  out->append(buffer, static_cast<size_t>(write(buffer) - buffer));
}

arrow::Status NoText(std::string_view what) {
  return arrow::Status::Invalid("JSON has no text for ", what);
}

template <typename Array>
int64_t ValueOf(const arrow::Array& array, int64_t i) {
  return static_cast<const Array&>(array).Value(i);
}

template <typename T>
arrow::Status AppendFloat(T value, std::string* out) {
  if (!std::isfinite(value)) return NoText("infinity and NaN");
  AppendWritten(out, [&](char* p) { return WriteFloat(value, p); });
  return arrow::Status::OK();
}

// The text of a value that is not nested; `quoted` tells whether JSON puts it between quotes.
arrow::Status AppendScalar(const arrow::Array& array, int64_t i, std::string* out, bool* quoted) {
  auto integer = [&](int64_t v) {
    AppendWritten(out, [&](char* p) { return WriteInteger(v, p); });
    return arrow::Status::OK();
  };
  *quoted = false;
  switch (array.type_id()) {
    case arrow::Type::BOOL:
      *out += static_cast<const arrow::BooleanArray&>(array).Value(i) ? "true" : "false";
      return arrow::Status::OK();
    case arrow::Type::INT8:
      return integer(ValueOf<arrow::Int8Array>(array, i));
    case arrow::Type::INT16:
      return integer(ValueOf<arrow::Int16Array>(array, i));
    case arrow::Type::INT32:
      return integer(ValueOf<arrow::Int32Array>(array, i));
    case arrow::Type::INT64:
      return integer(ValueOf<arrow::Int64Array>(array, i));
    case arrow::Type::FLOAT:
      return AppendFloat(static_cast<const arrow::FloatArray&>(array).Value(i), out);
    case arrow::Type::DOUBLE:
      return AppendFloat(static_cast<const arrow::DoubleArray&>(array).Value(i), out);
    case arrow::Type::DECIMAL128: {
      const int scale = static_cast<const arrow::DecimalType&>(*array.type()).scale();
      const uint8_t* value = static_cast<const arrow::Decimal128Array&>(array).GetValue(i);
      AppendWritten(out, [&](char* p) { return WriteDecimal128(value, scale, p); });
      return arrow::Status::OK();
    }
    case arrow::Type::DATE32: {
      const int64_t day = ValueOf<arrow::Date32Array>(array, i);
      if (day < kFirstDate || day > kLastDate) return NoText("years outside 0001..9999");
      AppendWritten(out, [&](char* p) { return WriteDate(static_cast<int32_t>(day), p); });
      break;
    }
    case arrow::Type::TIME64: {
      const int64_t us = ValueOf<arrow::Time64Array>(array, i);
      if (us < 0 || us >= kMicrosPerDay) return NoText("times outside a day");
      AppendWritten(out, [&](char* p) { return WriteClock(us, p); });
      break;
    }
    case arrow::Type::TIMESTAMP: {
      const int64_t us = ValueOf<arrow::TimestampArray>(array, i);
      if (us < kFirstDate * kMicrosPerDay || us >= (kLastDate + 1) * kMicrosPerDay)
        return NoText("years outside 0001..9999");
      AppendWritten(out, [&](char* p) { return WriteTimestamp(us, p); });
      if (!static_cast<const arrow::TimestampType&>(*array.type()).timezone().empty()) *out += 'Z';
      break;
    }
    case arrow::Type::BINARY:
      AppendHex(static_cast<const arrow::BinaryArray&>(array).GetView(i), out);
      break;
    default:
      return arrow::Status::NotImplemented("no JSON for the type ", array.type()->ToString());
  }
  *quoted = true;
  return arrow::Status::OK();
}

std::string_view TextOf(const arrow::Array& array, int64_t i) {
  return static_cast<const arrow::StringArray&>(array).GetView(i);
}

arrow::Status AppendMap(const arrow::MapArray& map, int64_t i, std::string* out) {
  *out += '{';
  for (int64_t k = map.value_offset(i); k < map.value_offset(i + 1); ++k) {
    if (k > map.value_offset(i)) *out += ',';
    const arrow::Array& keys = *map.keys();
    if (keys.type_id() == arrow::Type::STRING) {
      AppendQuoted(TextOf(keys, k), out);
    } else {
      bool quoted;
      *out += '"';
      ARROW_RETURN_NOT_OK(AppendScalar(keys, k, out, &quoted));
      *out += '"';
    }
    *out += ':';
    ARROW_RETURN_NOT_OK(AppendJson(*map.items(), k, out));
  }
  *out += '}';
  return arrow::Status::OK();
}

}  // namespace

arrow::Status AppendJson(const arrow::Array& array, int64_t i, std::string* out) {
  if (array.IsNull(i)) {
    *out += "null";
    return arrow::Status::OK();
  }
  switch (array.type_id()) {
    case arrow::Type::STRING:
      AppendQuoted(TextOf(array, i), out);
      return arrow::Status::OK();
    case arrow::Type::LIST: {
      const auto& list = static_cast<const arrow::ListArray&>(array);
      *out += '[';
      for (int64_t k = list.value_offset(i); k < list.value_offset(i + 1); ++k) {
        if (k > list.value_offset(i)) *out += ',';
        ARROW_RETURN_NOT_OK(AppendJson(*list.values(), k, out));
      }
      *out += ']';
      return arrow::Status::OK();
    }
    case arrow::Type::MAP:
      return AppendMap(static_cast<const arrow::MapArray&>(array), i, out);
    case arrow::Type::STRUCT: {
      const auto& fields = static_cast<const arrow::StructArray&>(array);
      *out += '{';
      for (int f = 0; f < fields.num_fields(); ++f) {
        if (f > 0) *out += ',';
        AppendQuoted(fields.type()->field(f)->name(), out);
        *out += ':';
        ARROW_RETURN_NOT_OK(AppendJson(*fields.field(f), i, out));
      }
      *out += '}';
      return arrow::Status::OK();
    }
    default:
      break;
  }
  bool quoted;
  const size_t at = out->size();
  ARROW_RETURN_NOT_OK(AppendScalar(array, i, out, &quoted));
  if (quoted) {
    out->insert(at, 1, '"');
    *out += '"';
  }
  return arrow::Status::OK();
}

void AppendHex(std::string_view bytes, std::string* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    *out += kDigits[static_cast<unsigned char>(c) >> 4];
    *out += kDigits[c & 15];
  }
}

}  // namespace synthmill::io::internal
