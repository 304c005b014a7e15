// From vectors to Arrow arrays. Buffers are fresh, so a batch may outlive the generator's next
// step.
#include <arrow/buffer.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

#include "generate/vector.h"

namespace synthmill::generate {
namespace {

using BufferPtr = std::shared_ptr<arrow::Buffer>;

arrow::Result<BufferPtr> Allocate(int64_t bytes) {
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateBuffer(bytes));
  return BufferPtr(std::move(buffer));
}

arrow::Result<BufferPtr> Validity(const Vector& v, int64_t* null_count) {
  *null_count = 0;
  if (!v.has_nulls) return BufferPtr();
  ARROW_ASSIGN_OR_RAISE(BufferPtr bits, Allocate(arrow::bit_util::BytesForBits(v.length)));
  uint8_t* out = bits->mutable_data();
  std::memset(out, 0, static_cast<size_t>(bits->size()));
  int64_t nulls = 0;
  for (int64_t i = 0; i < v.length; ++i) {
    nulls += v.nulls[i];
    out[i >> 3] |= static_cast<uint8_t>((v.nulls[i] ^ 1) << (i & 7));
  }
  *null_count = nulls;
  return nulls ? bits : BufferPtr();
}

template <typename T>
arrow::Result<BufferPtr> Narrow(const Vector& v) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(v.length * static_cast<int64_t>(sizeof(T))));
  T* out = reinterpret_cast<T*>(data->mutable_data());
  const int64_t* in = v.ints.data();
  for (int64_t i = 0; i < v.length; ++i) out[i] = static_cast<T>(in[i]);
  return data;
}

arrow::Result<BufferPtr> Decimals(const Vector& v) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(v.length * 16));
  int64_t* out = reinterpret_cast<int64_t*>(data->mutable_data());
  for (int64_t i = 0; i < v.length; ++i) {
    out[2 * i] = v.ints[i];
    out[2 * i + 1] = v.ints[i] >> 63;
  }
  return data;
}

arrow::Result<BufferPtr> Doubles(const Vector& v, int scale) {
  // One correctly rounded IEEE division: the same on every CPU.
  double divisor = 1;
  for (int i = 0; i < scale; ++i) divisor *= 10;
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(v.length * 8));
  double* out = reinterpret_cast<double*>(data->mutable_data());
  for (int64_t i = 0; i < v.length; ++i) out[i] = static_cast<double>(v.ints[i]) / divisor;
  return data;
}

arrow::Result<BufferPtr> Bits(const Vector& v) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(arrow::bit_util::BytesForBits(v.length)));
  uint8_t* out = data->mutable_data();
  std::memset(out, 0, static_cast<size_t>(data->size()));
  for (int64_t i = 0; i < v.length; ++i)
    out[i >> 3] |= static_cast<uint8_t>((v.ints[i] != 0) << (i & 7));
  return data;
}

arrow::Result<std::shared_ptr<arrow::Array>> Strings(const Vector& v) {
  const int64_t n = v.length;
  ARROW_ASSIGN_OR_RAISE(BufferPtr offsets, Allocate((n + 1) * 4));
  int32_t* ends = reinterpret_cast<int32_t*>(offsets->mutable_data());
  // Resolved once, so that the copy loop below has no branch on the form.
  int64_t total = 0;
  ends[0] = 0;
  for (int64_t i = 0; i < n; ++i) {
    total += v.IsNull(i) ? 0 : v.GetText(i).size;
    ends[i + 1] = static_cast<int32_t>(total);
  }
  if (total > INT32_MAX) return arrow::Status::CapacityError("more than 2 GiB of text in a batch");
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(total + static_cast<int64_t>(kTextSlack)));
  char* out = reinterpret_cast<char*>(data->mutable_data());
  if (v.has_nulls) {
    for (int64_t i = 0; i < n; ++i)
      if (!v.nulls[i]) CopyText(out + ends[i], v.GetText(i));
  } else if (v.form == Vector::Form::kTexts) {
    for (int64_t i = 0; i < n; ++i) CopyText(out + ends[i], v.texts[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) CopyText(out + ends[i], v.GetText(i));
  }
  int64_t null_count;
  ARROW_ASSIGN_OR_RAISE(BufferPtr validity, Validity(v, &null_count));
  return std::make_shared<arrow::StringArray>(n, offsets, arrow::SliceBuffer(data, 0, total),
                                              validity, null_count);
}

}  // namespace

std::shared_ptr<arrow::DataType> ToArrow(const Type& type) {
  switch (type.id) {
    case TypeId::kBool:
      return arrow::boolean();
    case TypeId::kInt32:
      return arrow::int32();
    case TypeId::kInt64:
      return arrow::int64();
    case TypeId::kFloat64:
      return arrow::float64();
    case TypeId::kDecimal:
      return arrow::decimal128(type.precision, type.scale);
    case TypeId::kString:
      return arrow::utf8();
    case TypeId::kDate:
      return arrow::date32();
    case TypeId::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO);
  }
  return arrow::null();
}

arrow::Result<std::shared_ptr<arrow::Array>> ToArrow(const Vector& v, const Type& type,
                                                     bool as_dictionary) {
  if (type.text() && !(as_dictionary && v.form == Vector::Form::kCodes)) return Strings(v);
  int64_t null_count;
  ARROW_ASSIGN_OR_RAISE(BufferPtr validity, Validity(v, &null_count));
  BufferPtr data;
  if (type.text()) {
    if (!v.extras.empty())
      return arrow::Status::UnknownError("a dictionary column has values outside its dictionary");
    ARROW_ASSIGN_OR_RAISE(data, Allocate(v.length * 4));
    std::memcpy(data->mutable_data(), v.codes.data(), static_cast<size_t>(v.length) * 4);
    auto codes = std::make_shared<arrow::Int32Array>(v.length, data, validity, null_count);
    return std::make_shared<arrow::DictionaryArray>(
        arrow::dictionary(arrow::int32(), arrow::utf8()), codes, v.dictionary->array());
  }
  switch (type.id) {
    case TypeId::kBool: {
      ARROW_ASSIGN_OR_RAISE(data, Bits(v));
      break;
    }
    case TypeId::kInt32:
    case TypeId::kDate: {
      ARROW_ASSIGN_OR_RAISE(data, Narrow<int32_t>(v));
      break;
    }
    case TypeId::kFloat64: {
      ARROW_ASSIGN_OR_RAISE(data, Doubles(v, type.scale));
      break;
    }
    case TypeId::kDecimal: {
      ARROW_ASSIGN_OR_RAISE(data, Decimals(v));
      break;
    }
    default: {
      ARROW_ASSIGN_OR_RAISE(data, Narrow<int64_t>(v));
      break;
    }
  }
  return arrow::MakeArray(
      arrow::ArrayData::Make(ToArrow(type), v.length, {validity, data}, null_count));
}

}  // namespace synthmill::generate
