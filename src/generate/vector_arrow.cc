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

arrow::Result<BufferPtr> WideDecimals(const Vector& v) {
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(v.length * 16));
  // Low word first, as a little-endian __int128 lies in memory.
  std::memcpy(data->mutable_data(), v.wides.data(), static_cast<size_t>(v.length) * 16);
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

template <typename T>
arrow::Result<BufferPtr> Floats(const Vector& v, int scale) {
  // One correctly rounded IEEE division (and for float32 one rounding): the same on every CPU.
  double divisor = 1;
  for (int i = 0; i < scale; ++i) divisor *= 10;
  ARROW_ASSIGN_OR_RAISE(BufferPtr data, Allocate(v.length * static_cast<int64_t>(sizeof(T))));
  T* out = reinterpret_cast<T*>(data->mutable_data());
  for (int64_t i = 0; i < v.length; ++i)
    out[i] = static_cast<T>(static_cast<double>(v.ints[i]) / divisor);
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

template <typename Array>
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
  return std::make_shared<Array>(n, offsets, arrow::SliceBuffer(data, 0, total), validity,
                                 null_count);
}

arrow::Result<std::shared_ptr<arrow::Array>> Nested(const Vector& v, const Type& type) {
  int64_t null_count;
  ARROW_ASSIGN_OR_RAISE(BufferPtr validity, Validity(v, &null_count));
  std::vector<std::shared_ptr<arrow::Buffer>> buffers{validity};
  const std::vector<Vector>* children = &v.children;
  std::vector<Vector> kept;
  if (v.repeated()) {
    ARROW_ASSIGN_OR_RAISE(BufferPtr offsets, Allocate((v.length + 1) * 4));
    int32_t* out = reinterpret_cast<int32_t*>(offsets->mutable_data());
    std::memcpy(out, v.offsets.data(), static_cast<size_t>(v.length + 1) * 4);
    if (null_count > 0) {
      // Null rows own nothing: Parquet's writer refuses them else.
      std::vector<int32_t> index;
      for (int64_t i = 0; i < v.length; ++i) {
        out[i] = static_cast<int32_t>(index.size());
        if (v.nulls[i]) continue;
        for (int32_t k = v.offsets[i]; k < v.offsets[i + 1]; ++k) index.push_back(k);
      }
      out[v.length] = static_cast<int32_t>(index.size());
      kept.resize(v.children.size());
      for (size_t c = 0; c < kept.size(); ++c)
        kept[c].Gather(v.children[c], index.data(), static_cast<int64_t>(index.size()));
      children = &kept;
    }
    buffers.push_back(std::move(offsets));
  }
  arrow::ArrayDataVector data;
  for (size_t c = 0; c < children->size(); ++c) {
    ARROW_ASSIGN_OR_RAISE(auto child, ToArrow((*children)[c], type.children[c].type, false));
    data.push_back(child->data());
  }
  const auto arrow_type = ToArrow(type);
  if (type.id == TypeId::kMap) {
    // Arrow holds the pairs as one child of structs.
    const int64_t pairs = data[0]->length;
    data = {arrow::ArrayData::Make(static_cast<const arrow::MapType&>(*arrow_type).value_type(),
                                   pairs, {nullptr}, std::move(data), 0)};
  }
  return arrow::MakeArray(arrow::ArrayData::Make(arrow_type, v.length, std::move(buffers),
                                                 std::move(data), null_count));
}

}  // namespace

std::shared_ptr<arrow::DataType> ToArrow(const Type& type) {
  switch (type.id) {
    case TypeId::kBool:
      return arrow::boolean();
    case TypeId::kInt8:
      return arrow::int8();
    case TypeId::kInt16:
      return arrow::int16();
    case TypeId::kInt32:
      return arrow::int32();
    case TypeId::kInt64:
      return arrow::int64();
    case TypeId::kFloat32:
      return arrow::float32();
    case TypeId::kFloat64:
      return arrow::float64();
    case TypeId::kDecimal:
      return arrow::decimal128(type.precision, type.scale);
    case TypeId::kString:
      return arrow::utf8();
    case TypeId::kBinary:
      return arrow::binary();
    case TypeId::kDate:
      return arrow::date32();
    case TypeId::kTime:
      return arrow::time64(arrow::TimeUnit::MICRO);
    case TypeId::kTimestamp:
      return arrow::timestamp(arrow::TimeUnit::MICRO, type.utc ? "UTC" : "");
    case TypeId::kList:
      return arrow::list(arrow::field("element", ToArrow(type.children[0].type)));
    case TypeId::kMap:
      return std::make_shared<arrow::MapType>(
          arrow::field("key", ToArrow(type.children[0].type), false),
          arrow::field("value", ToArrow(type.children[1].type)));
    case TypeId::kStruct: {
      arrow::FieldVector fields;
      for (const TypeField& f : type.children)
        fields.push_back(arrow::field(f.name, ToArrow(f.type)));
      return arrow::struct_(std::move(fields));
    }
  }
  return arrow::null();
}

arrow::Result<std::shared_ptr<arrow::Array>> ToArrow(const Vector& v, const Type& type,
                                                     bool as_dictionary) {
  if (type.nested()) return Nested(v, type);
  if (type.id == TypeId::kBinary) return Strings<arrow::BinaryArray>(v);
  if (type.text() && !(as_dictionary && v.form == Vector::Form::kCodes))
    return Strings<arrow::StringArray>(v);
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
    case TypeId::kInt8: {
      ARROW_ASSIGN_OR_RAISE(data, Narrow<int8_t>(v));
      break;
    }
    case TypeId::kInt16: {
      ARROW_ASSIGN_OR_RAISE(data, Narrow<int16_t>(v));
      break;
    }
    case TypeId::kInt32:
    case TypeId::kDate: {
      ARROW_ASSIGN_OR_RAISE(data, Narrow<int32_t>(v));
      break;
    }
    case TypeId::kFloat32: {
      ARROW_ASSIGN_OR_RAISE(data, Floats<float>(v, type.scale));
      break;
    }
    case TypeId::kFloat64: {
      ARROW_ASSIGN_OR_RAISE(data, Floats<double>(v, type.scale));
      break;
    }
    case TypeId::kDecimal: {
      ARROW_ASSIGN_OR_RAISE(data, type.wide() ? WideDecimals(v) : Decimals(v));
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
