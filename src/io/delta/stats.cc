#include "io/delta/stats.h"

#include <arrow/array.h>
#include <arrow/util/decimal.h>
#include <arrow/util/utf8.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/dates.h"

namespace synthmill::io::delta {

namespace {

constexpr size_t kCharacters = 32;
constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr int64_t kFirstDay = -719'162;  // 0001-01-01
constexpr int64_t kLastDay = 2'932'896;  // 9999-12-31

std::string Quoted(const std::string& text) { return nlohmann::json(text).dump(); }

// Bytes of the first `count` characters.
size_t Prefix(std::string_view text, size_t count) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && count-- == 0) break;
  }
  return at;
}

void AppendCharacter(uint32_t c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else if (c < 0x800) {
    *out += static_cast<char>(0xC0 | c >> 6);
    *out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *out += static_cast<char>(0xE0 | c >> 12);
    *out += static_cast<char>(0x80 | (c >> 6 & 63));
    *out += static_cast<char>(0x80 | (c & 63));
  } else {
    *out += static_cast<char>(0xF0 | c >> 18);
    *out += static_cast<char>(0x80 | (c >> 12 & 63));
    *out += static_cast<char>(0x80 | (c >> 6 & 63));
    *out += static_cast<char>(0x80 | (c & 63));
  }
}

// The last character, taken off the text.
uint32_t TakeLastCharacter(std::string* text) {
  size_t at = text->size() - 1;
  while (at > 0 && (static_cast<unsigned char>((*text)[at]) & 0xC0) == 0x80) --at;
  const auto lead = static_cast<unsigned char>((*text)[at]);
  const size_t size = text->size() - at;
  uint32_t c = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (size_t i = at + 1; i < text->size(); ++i) {
    c = c << 6 | (static_cast<unsigned char>((*text)[i]) & 63);
  }
  text->resize(at);
  return c;
}

}  // namespace

std::string_view LowerBound(std::string_view text) {
  return text.substr(0, Prefix(text, kCharacters));
}

std::optional<std::string> UpperBound(std::string_view text) {
  std::string out(LowerBound(text));
  if (out.size() == text.size()) return out;
  // Greater than all texts that begin so: the last character that has a next one is replaced by it.
  while (!out.empty()) {
    const uint32_t c = TakeLastCharacter(&out);
    if (c == 0x10FFFF) continue;
    AppendCharacter(c == 0xD7FF ? 0xE000 : c + 1, &out);  // surrogates are no characters
    return out;
  }
  return std::nullopt;
}

// One column, or one field of a struct.
class FileStats::Leaf {
 public:
  virtual ~Leaf() = default;
  arrow::Status Add(const arrow::Array& array) {
    nulls_ += array.null_count();
    return array.null_count() == array.length() ? arrow::Status::OK() : Look(array);
  }
  int64_t nulls() const { return nulls_; }
  // JSON; empty: there is none.
  virtual std::string Min() { return {}; }
  virtual std::string Max() { return {}; }

 protected:
  // At least one value is no null.
  virtual arrow::Status Look(const arrow::Array&) { return arrow::Status::OK(); }

 private:
  int64_t nulls_ = 0;
};

namespace {

using Leaf = FileStats::Leaf;

enum class Shown { kNumber, kDate, kTimestamp, kTime };

template <typename ArrayType, Shown kShown>
class IntegerLeaf : public Leaf {
 public:
  std::string Min() override { return min_ > max_ ? std::string() : Text(min_, false); }
  std::string Max() override { return min_ > max_ ? std::string() : Text(max_, true); }

 protected:
  arrow::Status Look(const arrow::Array& array) override {
    const auto& typed = static_cast<const ArrayType&>(array);
    const auto* values = typed.raw_values();
    const int64_t n = typed.length();
    using T = std::decay_t<decltype(values[0])>;
    T low = std::numeric_limits<T>::max(), high = std::numeric_limits<T>::min();
    const bool nulls = typed.null_count() > 0;
    for (int64_t i = 0; i < n; ++i) {
      if (nulls && typed.IsNull(i)) continue;
      low = std::min(low, values[i]);
      high = std::max(high, values[i]);
    }
    min_ = std::min<int64_t>(min_, low);
    max_ = std::max<int64_t>(max_, high);
    return arrow::Status::OK();
  }

 private:
  static std::string Text(int64_t value, bool up) {
    if constexpr (kShown == Shown::kNumber) return fmt::format("{}", value);
    if constexpr (kShown == Shown::kTime) {
      return fmt::format("\"{:02}:{:02}:{:02}.{:06}\"", value / 3'600'000'000,
                         value / 60'000'000 % 60, value / 1'000'000 % 60, value % 1'000'000);
    }
    int64_t day = value, milliseconds = 0;
    if constexpr (kShown == Shown::kTimestamp) {
      // Down to milliseconds, as the protocol has it; the greatest up, so that it is a bound also
      // for readers that do not know.
      int64_t ms = value / 1000 - (value % 1000 < 0);
      if (up && value % 1000 != 0) ++ms;
      constexpr int64_t kMillisPerDay = kMicrosPerDay / 1000;
      day = ms / kMillisPerDay - (ms % kMillisPerDay < 0);
      milliseconds = ms - day * kMillisPerDay;
    }
    if (day < kFirstDay || day > kLastDay) return {};
    if constexpr (kShown == Shown::kDate) return "\"" + core::FormatIsoDate(day) + "\"";
    return fmt::format("\"{}T{:02}:{:02}:{:02}.{:03}Z\"", core::FormatIsoDate(day),
                       milliseconds / 3'600'000, milliseconds / 60'000 % 60,
                       milliseconds / 1000 % 60, milliseconds % 1000);
  }

  int64_t min_ = std::numeric_limits<int64_t>::max(), max_ = std::numeric_limits<int64_t>::min();
};

template <typename ArrayType>
class FloatLeaf : public Leaf {
 public:
  std::string Min() override { return Text(min_); }
  std::string Max() override { return Text(max_); }

 protected:
  arrow::Status Look(const arrow::Array& array) override {
    const auto& typed = static_cast<const ArrayType&>(array);
    for (int64_t i = 0; i < typed.length(); ++i) {
      if (typed.IsNull(i)) continue;
      const auto value = typed.Value(i);
      if (std::isnan(value)) {
        bounded_ = false;  // readers differ about where it stands
      } else {
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
      }
    }
    return arrow::Status::OK();
  }

 private:
  using T = decltype(std::declval<ArrayType>().Value(0));
  // JSON has no infinite numbers.
  std::string Text(T value) const {
    if (!bounded_ || min_ > max_ || !std::isfinite(value)) return {};
    return fmt::format("{}", value);
  }
  bool bounded_ = true;
  T min_ = std::numeric_limits<T>::infinity(), max_ = -std::numeric_limits<T>::infinity();
};

class DecimalLeaf : public Leaf {
 public:
  explicit DecimalLeaf(int scale) : scale_(scale) {}
  std::string Min() override { return any_ ? Text(min_) : std::string(); }
  std::string Max() override { return any_ ? Text(max_) : std::string(); }

 protected:
  arrow::Status Look(const arrow::Array& array) override {
    const auto& typed = static_cast<const arrow::Decimal128Array&>(array);
    for (int64_t i = 0; i < typed.length(); ++i) {
      if (typed.IsNull(i)) continue;
      const arrow::Decimal128 value(typed.GetValue(i));
      if (!any_ || value < min_) min_ = value;
      if (!any_ || value > max_) max_ = value;
      any_ = true;
    }
    return arrow::Status::OK();
  }

 private:
  // Never with an exponent.
  std::string Text(const arrow::Decimal128& value) const {
    std::string digits = value.ToIntegerString();
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    if (scale_ > 0) {
      const auto scale = static_cast<size_t>(scale_);
      if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
      digits.insert(digits.size() - scale, ".");
    } else {
      digits.append(static_cast<size_t>(-scale_), '0');
    }
    return negative ? "-" + digits : digits;
  }

  const int scale_;
  bool any_ = false;
  arrow::Decimal128 min_, max_;
};

class TextLeaf : public Leaf {
 public:
  std::string Min() override {
    CloseDictionary();
    return any_ && Valid(min_) ? Quoted(std::string(LowerBound(min_))) : std::string();
  }
  std::string Max() override {
    CloseDictionary();
    if (!any_ || !Valid(max_)) return {};
    const auto bound = UpperBound(max_);
    return bound ? Quoted(*bound) : std::string();
  }

 protected:
  arrow::Status Look(const arrow::Array& array) override {
    if (array.type_id() == arrow::Type::DICTIONARY) {
      return LookAtCodes(static_cast<const arrow::DictionaryArray&>(array));
    }
    const auto& texts = static_cast<const arrow::StringArray&>(array);
    // Least and greatest of the batch as views; copied once.
    std::string_view low, high;
    bool any = false;
    for (int64_t i = 0; i < texts.length(); ++i) {
      if (texts.IsNull(i)) continue;
      const std::string_view text = texts.GetView(i);
      if (!any) {
        low = high = text;
        any = true;
      } else if (text < low) {
        low = text;
      } else if (text > high) {
        high = text;
      }
    }
    if (any) {
      Take(low);
      Take(high);
    }
    return arrow::Status::OK();
  }

 private:
  static bool Valid(const std::string& text) {
    arrow::util::InitializeUTF8();
    return arrow::util::ValidateUTF8(text);
  }
  void Take(std::string_view text) {
    if (!any_ || text < min_) min_ = text;
    if (!any_ || text > max_) max_ = text;
    any_ = true;
  }
  // Which entries are used is gathered as long as the dictionary stays the same.
  arrow::Status LookAtCodes(const arrow::DictionaryArray& array) {
    if (array.dictionary()->type_id() != arrow::Type::STRING ||
        array.indices()->type_id() != arrow::Type::INT32) {
      return arrow::Status::NotImplemented("statistics of ", array.type()->ToString());
    }
    if (dictionary_ == nullptr || array.dictionary()->data() != dictionary_->data()) {
      CloseDictionary();
      dictionary_ = array.dictionary();
      used_.assign(static_cast<size_t>(dictionary_->length()), 0);
    }
    const auto& indices = static_cast<const arrow::Int32Array&>(*array.indices());
    const int32_t* codes = indices.raw_values();
    const bool nulls = indices.null_count() > 0;
    for (int64_t i = 0; i < indices.length(); ++i) {
      if (nulls && indices.IsNull(i)) continue;
      if (static_cast<size_t>(codes[i]) >= used_.size()) {
        return arrow::Status::Invalid("a dictionary's index is out of range");
      }
      used_[static_cast<size_t>(codes[i])] = 1;
    }
    return arrow::Status::OK();
  }
  void CloseDictionary() {
    if (dictionary_ == nullptr) return;
    const auto& texts = static_cast<const arrow::StringArray&>(*dictionary_);
    for (int64_t i = 0; i < texts.length(); ++i) {
      if (used_[static_cast<size_t>(i)] && !texts.IsNull(i)) Take(texts.GetView(i));
    }
    dictionary_ = nullptr;
  }

  bool any_ = false;
  std::string min_, max_;
  std::shared_ptr<arrow::Array> dictionary_;
  std::vector<uint8_t> used_;
};

std::unique_ptr<Leaf> MakeLeaf(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::INT8:
      return std::make_unique<IntegerLeaf<arrow::Int8Array, Shown::kNumber>>();
    case arrow::Type::INT16:
      return std::make_unique<IntegerLeaf<arrow::Int16Array, Shown::kNumber>>();
    case arrow::Type::INT32:
      return std::make_unique<IntegerLeaf<arrow::Int32Array, Shown::kNumber>>();
    case arrow::Type::INT64:
      return std::make_unique<IntegerLeaf<arrow::Int64Array, Shown::kNumber>>();
    case arrow::Type::DATE32:
      return std::make_unique<IntegerLeaf<arrow::Date32Array, Shown::kDate>>();
    case arrow::Type::TIMESTAMP:
      if (static_cast<const arrow::TimestampType&>(type).unit() != arrow::TimeUnit::MICRO) break;
      return std::make_unique<IntegerLeaf<arrow::TimestampArray, Shown::kTimestamp>>();
    case arrow::Type::TIME64:
      if (static_cast<const arrow::Time64Type&>(type).unit() != arrow::TimeUnit::MICRO) break;
      return std::make_unique<IntegerLeaf<arrow::Time64Array, Shown::kTime>>();
    case arrow::Type::FLOAT:
      return std::make_unique<FloatLeaf<arrow::FloatArray>>();
    case arrow::Type::DOUBLE:
      return std::make_unique<FloatLeaf<arrow::DoubleArray>>();
    case arrow::Type::DECIMAL128:
      return std::make_unique<DecimalLeaf>(static_cast<const arrow::DecimalType&>(type).scale());
    case arrow::Type::STRING:
    case arrow::Type::DICTIONARY:
      return std::make_unique<TextLeaf>();
    default:
      break;
  }
  return std::make_unique<Leaf>();
}

}  // namespace

struct FileStats::Node {
  std::string name;
  std::unique_ptr<Leaf> leaf;                   // nullptr: a struct
  std::vector<std::unique_ptr<Node>> children;  // nullptr: a field without statistics
};

std::unique_ptr<FileStats::Node> FileStats::MakeNode(const arrow::Field& field, int64_t* left) {
  if (*left == 0) return nullptr;
  auto node = std::make_unique<Node>();
  node->name = field.name();
  if (field.type()->id() == arrow::Type::STRUCT) {
    for (const auto& child : field.type()->fields()) {
      node->children.push_back(MakeNode(*child, left));
    }
    return node;
  }
  if (*left > 0) --*left;
  node->leaf = MakeLeaf(*field.type());
  return node;
}

FileStats::FileStats(const arrow::Schema& schema, int64_t columns) {
  int64_t left = columns < 0 ? -1 : columns;
  for (const auto& field : schema.fields()) nodes_.push_back(MakeNode(*field, &left));
}

FileStats::~FileStats() = default;

arrow::Status FileStats::AddTo(Node* node, const std::shared_ptr<arrow::Array>& array) {
  if (node == nullptr) return arrow::Status::OK();
  if (node->leaf) return node->leaf->Add(*array);
  // Fields of a struct that is null are null.
  ARROW_ASSIGN_OR_RAISE(const auto fields,
                        static_cast<const arrow::StructArray&>(*array).Flatten());
  for (size_t f = 0; f < fields.size(); ++f) {
    ARROW_RETURN_NOT_OK(AddTo(node->children[f].get(), fields[f]));
  }
  return arrow::Status::OK();
}

arrow::Status FileStats::Add(const arrow::RecordBatch& batch) {
  rows_ += batch.num_rows();
  if (batch.num_rows() == 0) return arrow::Status::OK();
  for (size_t c = 0; c < nodes_.size(); ++c) {
    ARROW_RETURN_NOT_OK(AddTo(nodes_[c].get(), batch.column(static_cast<int>(c))));
  }
  return arrow::Status::OK();
}

std::string FileStats::Render(const std::vector<std::unique_ptr<Node>>& nodes, What what) {
  std::string out;
  for (const auto& node : nodes) {
    if (!node) continue;
    std::string value;
    if (!node->leaf) {
      value = Render(node->children, what);
      if (value == "{}") continue;
    } else if (what == What::kNulls) {
      value = fmt::format("{}", node->leaf->nulls());
    } else {
      value = what == What::kMin ? node->leaf->Min() : node->leaf->Max();
    }
    if (value.empty()) continue;
    out += (out.empty() ? "" : ",") + Quoted(node->name) + ":" + value;
  }
  return "{" + out + "}";
}

std::string FileStats::Json() const {
  return fmt::format(R"({{"numRecords":{},"minValues":{},"maxValues":{},"nullCount":{}}})", rows_,
                     Render(nodes_, What::kMin), Render(nodes_, What::kMax),
                     Render(nodes_, What::kNulls));
}

}  // namespace synthmill::io::delta
