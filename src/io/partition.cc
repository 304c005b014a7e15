#include "io/partition.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/buffer.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/cast.h>
#include <arrow/scalar.h>

#include <algorithm>
#include <unordered_map>

#include "io/formats/format.h"
#include "spec/diagnostics.h"

namespace synthmill::io {

namespace {

// What Hive escapes in the names of folders, beside control characters.
constexpr std::string_view kEscaped = "\"#%'*/:=?\\{[]^\x7f";
constexpr char kHex[] = "0123456789ABCDEF";
constexpr uint64_t kMostDenseGroups = 1 << 16;

const arrow::DataType& ValueType(const arrow::DataType& type) {
  return type.id() == arrow::Type::DICTIONARY
             ? *static_cast<const arrow::DictionaryType&>(type).value_type()
             : type;
}

bool MayBeName(const arrow::DataType& type) {
  switch (ValueType(type).id()) {
    case arrow::Type::BOOL:
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::DATE32:
    case arrow::Type::STRING:
    case arrow::Type::DECIMAL128:
      return true;
    default:
      return false;
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The codes of one column's values and the folder of each code; the last code is null's.
struct Coded {
  std::shared_ptr<arrow::DictionaryArray> values;
  uint64_t codes = 0;
  std::shared_ptr<arrow::StringArray> names;
};

arrow::Result<Coded> Encode(const std::shared_ptr<arrow::Array>& column) {
  Coded coded;
  std::shared_ptr<arrow::Array> array = column;
  if (array->type_id() != arrow::Type::DICTIONARY) {
    ARROW_ASSIGN_OR_RAISE(const arrow::Datum encoded, arrow::compute::DictionaryEncode(array));
    array = encoded.make_array();
  }
  coded.values = std::static_pointer_cast<arrow::DictionaryArray>(array);
  if (coded.values->dictionary()->null_count() != 0 ||
      coded.values->indices()->type_id() != arrow::Type::INT32) {
    return arrow::Status::NotImplemented(
        "folders by a dictionary that holds null, or without "
        "int32 indices");
  }
  coded.codes = static_cast<uint64_t>(coded.values->dictionary()->length()) + 1;
  ARROW_ASSIGN_OR_RAISE(auto names,
                        arrow::compute::Cast(*coded.values->dictionary(), arrow::utf8()));
  coded.names = std::static_pointer_cast<arrow::StringArray>(names);
  return coded;
}

arrow::Result<std::string> FolderPart(const std::string& column, const Coded& coded,
                                      uint64_t code) {
  std::string out = EscapePartitionValue(column) + "=";
  if (code + 1 == coded.codes) return out + std::string(kNullPartition);
  const std::string_view value = coded.names->GetView(static_cast<int64_t>(code));
  if (value.empty() || value == kNullPartition) {
    return arrow::Status::Invalid("column ", column, " holds ",
                                  value.empty() ? "an empty text" : std::string(value),
                                  ", which the name of a folder cannot tell from null; keep the "
                                  "table in folders by another column");
  }
  return out + EscapePartitionValue(value);
}

}  // namespace

arrow::Status CheckPartitionColumns(const arrow::Schema& schema,
                                    const std::vector<std::string>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto field = schema.GetFieldByName(columns[i]);
    if (!field) {
      return arrow::Status::Invalid("no column '", columns[i], "'; ",
                                    spec::Suggest(columns[i], schema.field_names()));
    }
    if (!MayBeName(*field->type())) {
      return arrow::Status::Invalid("the column ", columns[i], " is ",
                                    ValueType(*field->type()).ToString(),
                                    ": folders are named by text, whole numbers, decimals, dates "
                                    "or bools");
    }
    if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i), columns[i]) !=
        columns.begin() + static_cast<std::ptrdiff_t>(i)) {
      return arrow::Status::Invalid("the column ", columns[i], " is there twice");
    }
  }
  if (!columns.empty() && static_cast<int>(columns.size()) == schema.num_fields()) {
    return arrow::Status::Invalid(
        "all columns would be in the names of folders, none in the "
        "files");
  }
  return arrow::Status::OK();
}

std::shared_ptr<arrow::Schema> FileSchema(const std::shared_ptr<arrow::Schema>& schema,
                                          const std::vector<std::string>& columns) {
  if (columns.empty()) return schema;
  arrow::FieldVector fields;
  for (const auto& field : schema->fields()) {
    if (std::find(columns.begin(), columns.end(), field->name()) == columns.end())
      fields.push_back(field);
  }
  return arrow::schema(std::move(fields), schema->metadata());
}

std::string EscapePartitionValue(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || kEscaped.find(c) != std::string_view::npos) {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

arrow::Result<std::string> UnescapePartitionValue(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return arrow::Status::Invalid("the folder '", std::string(text),
                                    "' has a '%' without two "
                                    "hex digits");
    }
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

PartitionSplitter::PartitionSplitter(const arrow::Schema& schema,
                                     const std::vector<std::string>& columns)
    : names_(columns) {
  for (const std::string& name : columns) columns_.push_back(schema.GetFieldIndex(name));
  arrow::FieldVector fields;
  for (int c = 0; c < schema.num_fields(); ++c) {
    if (std::find(columns_.begin(), columns_.end(), c) != columns_.end()) continue;
    kept_.push_back(c);
    fields.push_back(schema.field(c));
  }
  file_schema_ = arrow::schema(std::move(fields), schema.metadata());
}

std::shared_ptr<arrow::RecordBatch> PartitionSplitter::WithoutColumns(
    const arrow::RecordBatch& batch) const {
  arrow::ArrayVector columns;
  for (const int c : kept_) columns.push_back(batch.column(c));
  return arrow::RecordBatch::Make(file_schema_, batch.num_rows(), std::move(columns));
}

arrow::Result<std::vector<PartitionSlice>> PartitionSplitter::Split(
    const std::shared_ptr<arrow::RecordBatch>& batch) const {
  const auto rows = static_cast<size_t>(batch->num_rows());
  std::vector<PartitionSlice> slices;
  if (rows == 0) return slices;
  std::vector<Coded> coded;
  std::vector<uint64_t> codes(rows, 0);
  uint64_t combinations = 1;
  for (const int c : columns_) {
    ARROW_ASSIGN_OR_RAISE(Coded column, Encode(batch->column(c)));
    if (combinations > UINT64_MAX / column.codes) {
      return arrow::Status::Invalid("too many values for folders: ", batch->schema()->ToString());
    }
    combinations *= column.codes;
    const auto& indices = static_cast<const arrow::Int32Array&>(*column.values->indices());
    const int32_t* raw = indices.raw_values();
    const uint64_t null = column.codes - 1;
    const bool nulls = indices.null_count() != 0;
    for (size_t i = 0; i < rows; ++i) {
      const bool valid = !nulls || indices.IsValid(static_cast<int64_t>(i));
      codes[i] = codes[i] * column.codes + (valid ? static_cast<uint64_t>(raw[i]) : null);
    }
    coded.push_back(std::move(column));
  }
  // Codes to groups, numbered by first appearance.
  std::vector<int32_t> group_of(rows);
  std::vector<uint64_t> groups;
  std::vector<int64_t> sizes;
  const auto add = [&](int32_t* group, size_t i) {
    if (*group < 0) {
      *group = static_cast<int32_t>(groups.size());
      groups.push_back(codes[i]);
      sizes.push_back(0);
    }
    group_of[i] = *group;
    ++sizes[static_cast<size_t>(*group)];
  };
  if (combinations <= kMostDenseGroups) {
    std::vector<int32_t> dense(combinations, -1);
    for (size_t i = 0; i < rows; ++i) add(&dense[codes[i]], i);
  } else {
    std::unordered_map<uint64_t, int32_t> sparse;
    for (size_t i = 0; i < rows; ++i) add(&sparse.emplace(codes[i], -1).first->second, i);
  }
  std::shared_ptr<arrow::RecordBatch> sorted = batch;
  std::vector<int64_t> begins(groups.size() + 1, 0);
  for (size_t g = 0; g < groups.size(); ++g) begins[g + 1] = begins[g] + sizes[g];
  if (groups.size() > 1) {
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> order,
                          arrow::AllocateBuffer(static_cast<int64_t>(rows * sizeof(int32_t))));
    auto* to = reinterpret_cast<int32_t*>(order->mutable_data());
    std::vector<int64_t> next(begins.begin(), begins.end() - 1);
    for (size_t i = 0; i < rows; ++i) {
      to[next[static_cast<size_t>(group_of[i])]++] = static_cast<int32_t>(i);
    }
    const auto selection =
        std::make_shared<arrow::Int32Array>(static_cast<int64_t>(rows), std::move(order));
    arrow::ArrayVector columns;
    for (const auto& column : batch->columns()) {
      ARROW_ASSIGN_OR_RAISE(
          auto taken,
          arrow::compute::Take(*column, *selection, arrow::compute::TakeOptions::NoBoundsCheck()));
      columns.push_back(std::move(taken));
    }
    sorted = arrow::RecordBatch::Make(batch->schema(), batch->num_rows(), std::move(columns));
  }
  for (size_t g = 0; g < groups.size(); ++g) {
    std::string folder;
    uint64_t code = groups[g];
    for (size_t c = coded.size(); c-- > 0;) {
      ARROW_ASSIGN_OR_RAISE(const std::string part,
                            FolderPart(names_[c], coded[c], code % coded[c].codes));
      folder = folder.empty() ? part : part + "/" + folder;
      code /= coded[c].codes;
    }
    slices.push_back({std::move(folder), sorted->Slice(begins[g], sizes[g])});
  }
  return slices;
}

namespace {

class PartitionReader : public arrow::RecordBatchReader {
 public:
  PartitionReader(std::shared_ptr<arrow::RecordBatchReader> rows,
                  std::shared_ptr<arrow::Schema> schema,
                  std::vector<std::shared_ptr<arrow::Scalar>> constants)
      : rows_(std::move(rows)), schema_(std::move(schema)), constants_(std::move(constants)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    std::shared_ptr<arrow::RecordBatch> inner;
    ARROW_RETURN_NOT_OK(rows_->ReadNext(&inner));
    if (!inner) {
      batch->reset();
      return arrow::Status::OK();
    }
    arrow::ArrayVector columns;
    int next = 0;
    for (const auto& constant : constants_) {
      if (!constant) {
        columns.push_back(inner->column(next++));
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(auto column, arrow::MakeArrayFromScalar(*constant, inner->num_rows()));
      columns.push_back(std::move(column));
    }
    *batch = arrow::RecordBatch::Make(schema_, inner->num_rows(), std::move(columns));
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<arrow::RecordBatchReader> rows_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::shared_ptr<arrow::Scalar>> constants_;  // nullptr: a column of the file
};

}  // namespace

arrow::Result<std::map<std::string, std::shared_ptr<arrow::Scalar>>> ValuesOfFolder(
    const arrow::Schema& schema, const std::vector<std::string>& columns, std::string_view folder) {
  std::map<std::string, std::shared_ptr<arrow::Scalar>> values;
  std::string_view rest = folder;
  for (const std::string& name : columns) {
    const std::string prefix = EscapePartitionValue(name) + "=";
    const auto field = schema.GetFieldByName(name);
    if (!field || !rest.starts_with(prefix)) {
      return arrow::Status::Invalid("the path ", std::string(folder), " has no folder ", prefix,
                                    "… at its place");
    }
    const std::string_view level = rest.substr(0, rest.find('/'));
    const std::string_view text = level.substr(prefix.size());
    rest.remove_prefix(std::min(level.size() + 1, rest.size()));
    if (text == kNullPartition) {
      values[name] = arrow::MakeNullScalar(field->type());
      continue;
    }
    ARROW_ASSIGN_OR_RAISE(std::string value, UnescapePartitionValue(text));
    ARROW_ASSIGN_OR_RAISE(const auto one,
                          arrow::MakeArrayFromScalar(arrow::StringScalar(std::move(value)), 1));
    ARROW_ASSIGN_OR_RAISE(const auto typed, arrow::compute::Cast(*one, field->type()));
    ARROW_ASSIGN_OR_RAISE(values[name], typed->GetScalar(0));
  }
  return values;
}

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadWithPartitions(
    std::shared_ptr<arrow::RecordBatchReader> rows, std::shared_ptr<arrow::Schema> schema,
    const std::vector<std::string>& columns, std::string_view file) {
  if (columns.empty()) return rows;
  ARROW_ASSIGN_OR_RAISE(const auto values, ValuesOfFolder(*schema, columns, file));
  std::vector<std::shared_ptr<arrow::Scalar>> constants(static_cast<size_t>(schema->num_fields()));
  for (const auto& [name, value] : values) {
    constants[static_cast<size_t>(schema->GetFieldIndex(name))] = value;
  }
  return std::make_shared<PartitionReader>(std::move(rows), std::move(schema),
                                           std::move(constants));
}

}  // namespace synthmill::io
