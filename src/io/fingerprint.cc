#include "io/fingerprint.h"

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/util/bit_util.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace synthmill::io {
namespace {

static_assert(std::endian::native == std::endian::little, "canonical bytes are read in place");

uint64_t HashInt(int64_t value, uint64_t key) {
  return XXH3_64bits_withSeed(&value, sizeof(value), key);
}

uint64_t HashDouble(double value, uint64_t key) {
  if (value == 0) value = 0;  // -0
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return HashInt(std::bit_cast<int64_t>(value), key);
}

uint64_t HashDecimal(const uint8_t* bytes, uint64_t key) {
  int64_t words[2];
  std::memcpy(words, bytes, 16);
  if (words[1] == words[0] >> 63) return HashInt(words[0], key);
  return XXH3_64bits_withSeed(words, 16, key);
}

uint64_t HashNull(uint64_t key) { return XXH3_64bits_withSeed("", 0, ~key); }

void Sum(uint64_t high, uint64_t low, uint64_t* to_high, uint64_t* to_low) {
  const uint64_t before = *to_low;
  *to_low += low;
  *to_high += high + (*to_low < before);
}

// Adds hash(i) to rows[i], or the hash of null. The loop without nulls is kept free of branches.
template <typename Hash>
void AddCells(const arrow::ArrayData& data, uint64_t null_hash, uint64_t* rows, Hash&& hash) {
  const uint8_t* valid = data.GetNullCount() != 0 ? data.buffers[0]->data() : nullptr;
  if (valid == nullptr) {
    for (int64_t i = 0; i < data.length; ++i) rows[i] += hash(i);
    return;
  }
  for (int64_t i = 0; i < data.length; ++i) {
    rows[i] += arrow::bit_util::GetBit(valid, data.offset + i) ? hash(i) : null_hash;
  }
}

template <typename T>
void AddIntegers(const arrow::ArrayData& data, uint64_t key, uint64_t* rows) {
  const T* values = data.GetValues<T>(1);
  AddCells(data, HashNull(key), rows, [=](int64_t i) { return HashInt(values[i], key); });
}

void AddText(const arrow::ArrayData& data, uint64_t key, uint64_t* rows) {
  if (data.length == 0) return;  // such an array may have no offsets at all
  const int32_t* offsets = data.GetValues<int32_t>(1);
  const char* bytes = data.buffers[2] ? reinterpret_cast<const char*>(data.buffers[2]->data()) : "";
  AddCells(data, HashNull(key), rows, [=](int64_t i) {
    return XXH3_64bits_withSeed(bytes + offsets[i],
                                static_cast<size_t>(offsets[i + 1] - offsets[i]), key);
  });
}

}  // namespace

struct Fingerprinter::Impl {
  struct Column {
    std::string name;
    uint64_t key;
    // The dictionary last seen, held so that its address is not given to another one, and the hash
    // of each of its entries.
    std::shared_ptr<arrow::ArrayData> dictionary;
    std::vector<uint64_t> hashes;
    std::vector<Column> children;  // of nested columns
  };

  static Column MakeColumn(const std::string& name, const arrow::DataType& type, uint64_t seed);
  arrow::Status HashChild(Column* child, const std::shared_ptr<arrow::ArrayData>& data,
                          int64_t begin, int64_t n, std::vector<uint64_t>* hashes);
  arrow::Status AddList(Column* column, const arrow::ArrayData& data, uint64_t* rows);
  arrow::Status AddMap(Column* column, const arrow::ArrayData& data, uint64_t* rows);
  arrow::Status AddStruct(Column* column, const arrow::ArrayData& data, uint64_t* rows);
  arrow::Status AddColumn(Column* column, const arrow::ArrayData& data, uint64_t* rows);
  arrow::Status AddDictionary(Column* column, const arrow::ArrayData& data, uint64_t* rows);

  std::vector<Column> columns;
  std::vector<uint64_t> rows;
};

arrow::Status Fingerprinter::Impl::AddDictionary(Column* column, const arrow::ArrayData& data,
                                                 uint64_t* rows) {
  const auto& type = static_cast<const arrow::DictionaryType&>(*data.type);
  if (type.index_type()->id() != arrow::Type::INT32) {
    return arrow::Status::NotImplemented("fingerprint: dictionary indices of column '",
                                         column->name, "' must be int32");
  }
  if (column->dictionary != data.dictionary) {
    column->dictionary = nullptr;
    column->hashes.assign(static_cast<size_t>(data.dictionary->length), 0);
    ARROW_RETURN_NOT_OK(AddColumn(column, *data.dictionary, column->hashes.data()));
    column->dictionary = data.dictionary;
  }
  const int32_t* indices = data.GetValues<int32_t>(1);
  const uint64_t* hashes = column->hashes.data();
  AddCells(data, HashNull(column->key), rows, [=](int64_t i) { return hashes[indices[i]]; });
  return arrow::Status::OK();
}

Fingerprinter::Impl::Column Fingerprinter::Impl::MakeColumn(const std::string& name,
                                                            const arrow::DataType& type,
                                                            uint64_t seed) {
  Column column{name, XXH3_64bits_withSeed(name.data(), name.size(), seed), nullptr, {}, {}};
  const uint64_t key = column.key;
  if (type.id() == arrow::Type::LIST) {
    column.children.push_back(MakeColumn("element", *type.field(0)->type(), key));
  } else if (type.id() == arrow::Type::MAP) {
    const auto& map = static_cast<const arrow::MapType&>(type);
    column.children.push_back(MakeColumn("key", *map.key_type(), key));
    column.children.push_back(MakeColumn("value", *map.item_type(), key));
  } else if (type.id() == arrow::Type::STRUCT) {
    for (const auto& field : type.fields())
      column.children.push_back(MakeColumn(field->name(), *field->type(), key));
  }
  return column;
}

// Hashes of `n` cells of a child from `begin` on.
arrow::Status Fingerprinter::Impl::HashChild(Column* child,
                                             const std::shared_ptr<arrow::ArrayData>& data,
                                             int64_t begin, int64_t n,
                                             std::vector<uint64_t>* hashes) {
  hashes->assign(static_cast<size_t>(n), 0);
  return n == 0 ? arrow::Status::OK() : AddColumn(child, *data->Slice(begin, n), hashes->data());
}

arrow::Status Fingerprinter::Impl::AddList(Column* column, const arrow::ArrayData& data,
                                           uint64_t* rows) {
  if (data.length == 0) return arrow::Status::OK();
  const int32_t* offsets = data.GetValues<int32_t>(1);
  std::vector<uint64_t> items;
  ARROW_RETURN_NOT_OK(HashChild(&column->children[0], data.child_data[0], offsets[0],
                                offsets[data.length] - offsets[0], &items));
  AddCells(data, HashNull(column->key), rows, [&](int64_t i) {
    return XXH3_64bits_withSeed(items.data() + (offsets[i] - offsets[0]),
                                static_cast<size_t>(offsets[i + 1] - offsets[i]) * 8, column->key);
  });
  return arrow::Status::OK();
}

arrow::Status Fingerprinter::Impl::AddMap(Column* column, const arrow::ArrayData& data,
                                          uint64_t* rows) {
  if (data.length == 0) return arrow::Status::OK();
  const int32_t* offsets = data.GetValues<int32_t>(1);
  const arrow::ArrayData& pairs = *data.child_data[0];
  const int64_t begin = offsets[0] + pairs.offset, n = offsets[data.length] - offsets[0];
  std::vector<uint64_t> keys, values;
  ARROW_RETURN_NOT_OK(HashChild(&column->children[0], pairs.child_data[0], begin, n, &keys));
  ARROW_RETURN_NOT_OK(HashChild(&column->children[1], pairs.child_data[1], begin, n, &values));
  AddCells(data, HashNull(column->key), rows, [&](int64_t i) {
    uint64_t all[2] = {0, static_cast<uint64_t>(offsets[i + 1] - offsets[i])};
    for (int32_t k = offsets[i] - offsets[0]; k < offsets[i + 1] - offsets[0]; ++k) {
      const uint64_t pair[2] = {keys[static_cast<size_t>(k)], values[static_cast<size_t>(k)]};
      all[0] += XXH3_64bits_withSeed(pair, sizeof(pair), column->key);
    }
    return XXH3_64bits_withSeed(all, sizeof(all), column->key);
  });
  return arrow::Status::OK();
}

arrow::Status Fingerprinter::Impl::AddStruct(Column* column, const arrow::ArrayData& data,
                                             uint64_t* rows) {
  const size_t fields = column->children.size(), n = static_cast<size_t>(data.length);
  std::vector<uint64_t> all(fields * n), one;  // row by row
  for (size_t f = 0; f < fields; ++f) {
    ARROW_RETURN_NOT_OK(
        HashChild(&column->children[f], data.child_data[f], data.offset, data.length, &one));
    for (size_t i = 0; i < n; ++i) all[i * fields + f] = one[i];
  }
  AddCells(data, HashNull(column->key), rows, [&](int64_t i) {
    return XXH3_64bits_withSeed(all.data() + static_cast<size_t>(i) * fields, fields * 8,
                                column->key);
  });
  return arrow::Status::OK();
}

arrow::Status Fingerprinter::Impl::AddColumn(Column* column, const arrow::ArrayData& data,
                                             uint64_t* rows) {
  const uint64_t key = column->key;
  switch (data.type->id()) {
    case arrow::Type::BOOL: {
      const uint8_t* bits = data.buffers[1]->data();
      const uint64_t hashes[2] = {HashInt(0, key), HashInt(1, key)};
      AddCells(data, HashNull(key), rows,
               [&](int64_t i) { return hashes[arrow::bit_util::GetBit(bits, data.offset + i)]; });
      return arrow::Status::OK();
    }
    case arrow::Type::INT8:
      AddIntegers<int8_t>(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::INT16:
      AddIntegers<int16_t>(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::INT32:
    case arrow::Type::DATE32:
      AddIntegers<int32_t>(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::INT64:
      AddIntegers<int64_t>(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::TIME64:
      if (static_cast<const arrow::Time64Type&>(*data.type).unit() != arrow::TimeUnit::MICRO) {
        break;
      }
      AddIntegers<int64_t>(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::TIMESTAMP:
      if (static_cast<const arrow::TimestampType&>(*data.type).unit() != arrow::TimeUnit::MICRO) {
        break;
      }
      AddIntegers<int64_t>(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::FLOAT: {
      const float* values = data.GetValues<float>(1);
      AddCells(data, HashNull(key), rows, [=](int64_t i) { return HashDouble(values[i], key); });
      return arrow::Status::OK();
    }
    case arrow::Type::DOUBLE: {
      const double* values = data.GetValues<double>(1);
      AddCells(data, HashNull(key), rows, [=](int64_t i) { return HashDouble(values[i], key); });
      return arrow::Status::OK();
    }
    case arrow::Type::DECIMAL128: {
      const uint8_t* values = data.buffers[1]->data() + data.offset * 16;
      AddCells(data, HashNull(key), rows,
               [=](int64_t i) { return HashDecimal(values + i * 16, key); });
      return arrow::Status::OK();
    }
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      AddText(data, key, rows);
      return arrow::Status::OK();
    case arrow::Type::DICTIONARY:
      return AddDictionary(column, data, rows);
    case arrow::Type::LIST:
      return AddList(column, data, rows);
    case arrow::Type::MAP:
      return AddMap(column, data, rows);
    case arrow::Type::STRUCT:
      return AddStruct(column, data, rows);
    default:
      break;
  }
  return arrow::Status::NotImplemented("fingerprint: column '", column->name, "' has type ",
                                       data.type->ToString(), ", which is not supported");
}

Fingerprinter::Fingerprinter(const arrow::Schema& schema) : impl_(std::make_unique<Impl>()) {
  for (const auto& field : schema.fields()) {
    impl_->columns.push_back(Impl::MakeColumn(field->name(), *field->type(), 0));
  }
}

Fingerprinter::~Fingerprinter() = default;

arrow::Status Fingerprinter::Add(const arrow::RecordBatch& batch) {
  if (batch.num_columns() != static_cast<int>(impl_->columns.size())) {
    return arrow::Status::Invalid("fingerprint: a batch with ", batch.num_columns(),
                                  " columns, expected ", impl_->columns.size());
  }
  const int64_t n = batch.num_rows();
  impl_->rows.assign(static_cast<size_t>(n), 0);
  for (int c = 0; c < batch.num_columns(); ++c) {
    ARROW_RETURN_NOT_OK(
        impl_->AddColumn(&impl_->columns[c], *batch.column_data(c), impl_->rows.data()));
  }
  uint64_t high = value_.high, low = value_.low;
  for (const uint64_t row : impl_->rows) {
    const XXH128_hash_t mixed = XXH3_128bits(&row, sizeof(row));
    Sum(mixed.high64, mixed.low64, &high, &low);
  }
  value_.high = high;
  value_.low = low;
  value_.rows += static_cast<uint64_t>(n);
  return arrow::Status::OK();
}

void Fingerprint::Add(const Fingerprint& other) {
  Sum(other.high, other.low, &high, &low);
  rows += other.rows;
}

std::string Fingerprint::Hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(32, '0');
  for (int i = 0; i < 16; ++i) {
    hex[15 - i] = kDigits[high >> (4 * i) & 15];
    hex[31 - i] = kDigits[low >> (4 * i) & 15];
  }
  return hex;
}

arrow::Result<Fingerprint> Fingerprint::FromHex(std::string_view hex, uint64_t rows) {
  Fingerprint f;
  f.rows = rows;
  if (hex.size() != 32) {
    return arrow::Status::Invalid("a fingerprint has 32 hex digits, not ", hex.size(), ": '", hex,
                                  "'");
  }
  for (size_t i = 0; i < 32; ++i) {
    const char c = hex[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return arrow::Status::Invalid("not a fingerprint: '", hex, "'");
    uint64_t* half = i < 16 ? &f.high : &f.low;
    *half = *half << 4 | static_cast<uint64_t>(digit);
  }
  return f;
}

std::string CombineFingerprints(std::vector<std::pair<std::string, Fingerprint>> tables) {
  std::sort(tables.begin(), tables.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (const auto& [name, fingerprint] : tables) {
    text += name;
    text += '\0';
    text += fingerprint.Hex();
    text += '\0';
    text += std::to_string(fingerprint.rows);
    text += '\n';
  }
  const XXH128_hash_t all = XXH3_128bits(text.data(), text.size());
  return Fingerprint{all.high64, all.low64, 0}.Hex();
}

}  // namespace synthmill::io
