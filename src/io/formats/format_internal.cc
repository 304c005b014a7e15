#include "io/formats/format_internal.h"

#include <arrow/builder.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>

#include <charconv>
#include <set>
#include <utility>

namespace synthmill::io::internal {
namespace {

arrow::Result<arrow::Compression::type> CodecOf(std::string_view name) {
  if (name == "none") return arrow::Compression::UNCOMPRESSED;
  if (name == "snappy") return arrow::Compression::SNAPPY;
  if (name == "zstd") return arrow::Compression::ZSTD;
  if (name == "gzip") return arrow::Compression::GZIP;
  if (name == "lz4") return arrow::Compression::LZ4;
  return arrow::Status::KeyError(name);
}

// The levels that the codecs take; the others have none.
std::pair<int, int> Levels(arrow::Compression::type type) {
  if (type == arrow::Compression::ZSTD) return {1, 22};
  if (type == arrow::Compression::GZIP) return {1, 9};
  return {0, -1};
}

}  // namespace

arrow::Result<CompressionChoice> ParseCompression(std::string_view text, std::string_view format,
                                                  std::string_view allowed) {
  const std::string_view whole = text.empty() ? allowed.substr(0, allowed.find(' ')) : text;
  std::string_view name = whole.substr(0, whole.find('('));
  CompressionChoice choice;
  bool known = false;
  for (std::string_view rest = allowed; !rest.empty() && !known;) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    known = word.substr(0, word.find('(')) == name;
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  if (!known || name.empty()) {
    return arrow::Status::KeyError("format ", format, " has no compression '", text,
                                   "'; one of: ", allowed);
  }
  ARROW_ASSIGN_OR_RAISE(choice.type, CodecOf(name));
  const auto [low, high] = Levels(choice.type);
  if (name.size() != whole.size()) {
    const char* const end = whole.data() + whole.size() - 1;
    int level = 0;
    const auto parsed = std::from_chars(name.data() + name.size() + 1, end, level);
    if (*end != ')' || parsed.ec != std::errc() || parsed.ptr != end || level < low ||
        level > high) {
      if (high < low) return arrow::Status::Invalid("compression ", name, " has no levels");
      return arrow::Status::Invalid("compression '", text, "': write ", name, "(", low, ") to ",
                                    name, "(", high, ")");
    }
    choice.level = level;
  } else if (choice.type == arrow::Compression::ZSTD) {
    choice.level = 1;  // the others' cost half as much time again for a hundredth of the bytes
  } else if (choice.type == arrow::Compression::GZIP) {
    choice.level = 6;  // as gzip itself; Arrow's default is 9, many times slower
  }
  return choice;
}

namespace {

bool IsSupported(const arrow::DataType& type, int depth) {
  switch (type.id()) {
    case arrow::Type::BOOL:
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE:
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
    case arrow::Type::DATE32:
      return true;
    case arrow::Type::TIME64:
      return static_cast<const arrow::Time64Type&>(type).unit() == arrow::TimeUnit::MICRO;
    case arrow::Type::DECIMAL128: {
      const auto& decimal = static_cast<const arrow::DecimalType&>(type);
      return decimal.scale() >= 0 && decimal.scale() <= decimal.precision();
    }
    case arrow::Type::TIMESTAMP: {
      const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
      return timestamp.unit() == arrow::TimeUnit::MICRO &&
             (timestamp.timezone().empty() || timestamp.timezone() == "UTC");
    }
    case arrow::Type::DICTIONARY: {
      const auto& dictionary = static_cast<const arrow::DictionaryType&>(type);
      return depth == 0 && dictionary.index_type()->id() == arrow::Type::INT32 &&
             dictionary.value_type()->id() == arrow::Type::STRING;
    }
    case arrow::Type::LIST:
    case arrow::Type::STRUCT:
      break;
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(type);
      return !arrow::is_nested(map.key_type()->id()) && IsSupported(*map.key_type(), depth + 1) &&
             IsSupported(*map.item_type(), depth + 1);
    }
    default:
      return false;
  }
  if (type.num_fields() == 0 || depth > 32) return false;
  for (const auto& field : type.fields())
    if (!IsSupported(*field->type(), depth + 1)) return false;
  return true;
}

}  // namespace

arrow::Status CheckSchema(const arrow::Schema& schema, std::string_view format) {
  std::set<std::string_view> names;
  for (const auto& field : schema.fields()) {
    if (!names.insert(field->name()).second) {
      return arrow::Status::Invalid("two columns are named '", field->name(), "'");
    }
    const arrow::DataType* type = field->type().get();
    const bool known = IsSupported(*type, 0);
    if (!known) {
      return arrow::Status::NotImplemented("format ", format, ": column '", field->name(),
                                           "' has type ", type->ToString(),
                                           ", which is not supported");
    }
  }
  if (schema.num_fields() == 0) return arrow::Status::Invalid("a table without columns");
  return arrow::Status::OK();
}

arrow::Status CheckBatch(const arrow::RecordBatch& batch, const arrow::Schema& schema) {
  if (batch.num_columns() != schema.num_fields()) {
    return arrow::Status::Invalid("a batch with ", batch.num_columns(), " columns, expected ",
                                  schema.num_fields());
  }
  for (int c = 0; c < batch.num_columns(); ++c) {
    const auto& type = batch.column_data(c)->type;
    const auto& expected = schema.field(c)->type();
    if (type.get() != expected.get() && !type->Equals(*expected)) {
      return arrow::Status::TypeError("column '", schema.field(c)->name(), "' comes as ",
                                      type->ToString(), ", the file was opened for ",
                                      expected->ToString());
    }
  }
  return arrow::Status::OK();
}

bool SameDictionary(const arrow::ArrayData& a, const arrow::ArrayData& b) {
  return &a == &b || (a.length == b.length && a.offset == b.offset &&
                      a.buffers.size() == b.buffers.size() && a.buffers == b.buffers);
}

arrow::Result<std::shared_ptr<arrow::Array>> DecodeDictionary(std::shared_ptr<arrow::Array> array) {
  if (array->type_id() != arrow::Type::DICTIONARY) return array;
  const auto& data = static_cast<const arrow::DictionaryArray&>(*array);
  if (data.dictionary()->type_id() != arrow::Type::STRING ||
      data.indices()->type_id() != arrow::Type::INT32) {
    return arrow::Status::NotImplemented("dictionary of type ", array->type()->ToString());
  }
  const auto& values = static_cast<const arrow::StringArray&>(*data.dictionary());
  const auto& indices = static_cast<const arrow::Int32Array&>(*data.indices());
  const int64_t n = indices.length();
  int64_t bytes = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (indices.IsNull(i)) continue;
    const int32_t index = indices.Value(i);
    if (index < 0 || index >= values.length()) {
      return arrow::Status::Invalid("dictionary index ", index, " out of range");
    }
    bytes += values.value_length(index);
  }
  arrow::StringBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Reserve(n));
  ARROW_RETURN_NOT_OK(builder.ReserveData(bytes));
  for (int64_t i = 0; i < n; ++i) {
    if (indices.IsNull(i) || values.IsNull(indices.Value(i))) {
      builder.UnsafeAppendNull();
    } else {
      builder.UnsafeAppend(values.GetView(indices.Value(i)));
    }
  }
  return builder.Finish();
}

arrow::Status CheckSameColumns(const arrow::Schema& found, const arrow::Schema& expected) {
  if (found.num_fields() != expected.num_fields()) {
    return arrow::Status::Invalid(found.num_fields(), " columns, expected ", expected.num_fields());
  }
  for (int c = 0; c < found.num_fields(); ++c) {
    if (found.field(c)->name() != expected.field(c)->name()) {
      return arrow::Status::Invalid("column ", c + 1, " is '", found.field(c)->name(),
                                    "', expected '", expected.field(c)->name(), "'");
    }
    arrow::DataType* type = found.field(c)->type().get();
    if (type->id() == arrow::Type::DICTIONARY) {
      type = static_cast<arrow::DictionaryType*>(type)->value_type().get();
    }
    if (!type->Equals(*expected.field(c)->type())) {
      return arrow::Status::TypeError("column '", expected.field(c)->name(), "' is ",
                                      type->ToString(), ", expected ",
                                      expected.field(c)->type()->ToString());
    }
  }
  return arrow::Status::OK();
}

namespace {

class GuardedReader : public arrow::RecordBatchReader {
 public:
  using Next = std::function<arrow::Result<std::shared_ptr<arrow::RecordBatch>>()>;

  GuardedReader(std::shared_ptr<arrow::Schema> schema, std::string what, Next next)
      : schema_(std::move(schema)), what_(std::move(what)), next_(std::move(next)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    return Guard(what_, [&]() -> arrow::Status {
      auto next = next_();
      if (!next.ok()) {
        return next.status().WithMessage(what_, ": ", next.status().message());
      }
      *out = nullptr;
      if (*next == nullptr) return arrow::Status::OK();
      arrow::Status same = CheckSameColumns(*(*next)->schema(), *schema_);
      if (!same.ok()) return same.WithMessage(what_, ": ", same.message());
      arrow::ArrayVector columns;
      for (const auto& column : (*next)->columns()) {
        ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), DecodeDictionary(column));
      }
      *out = arrow::RecordBatch::Make(schema_, (*next)->num_rows(), std::move(columns));
      return arrow::Status::OK();
    });
  }

 private:
  std::shared_ptr<arrow::Schema> schema_;
  std::string what_;
  Next next_;
};

}  // namespace

std::shared_ptr<arrow::RecordBatchReader> MakeReader(
    std::shared_ptr<arrow::Schema> schema, std::string what,
    std::function<arrow::Result<std::shared_ptr<arrow::RecordBatch>>()> next) {
  return std::make_shared<GuardedReader>(std::move(schema), std::move(what), std::move(next));
}

}  // namespace synthmill::io::internal
