#include "io/hive/thrift.h"

namespace synthmill::io::hive {

namespace {

constexpr int kDeepest = 64;
constexpr int64_t kLargest = 1 << 28;  // bytes of a text, items of a list

void PutNumber(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

// A signed number of `bytes` bytes, big end first.
arrow::Result<int64_t> TakeNumber(int bytes, ThriftInput* in) {
  ARROW_ASSIGN_OR_RAISE(const std::string_view taken, in->Take(static_cast<size_t>(bytes)));
  uint64_t value = static_cast<unsigned char>(taken[0]) & 0x80 ? ~uint64_t{0} : 0;
  for (const char c : taken) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<int64_t>(value);
}

arrow::Result<ThriftValue::Type> TakeType(ThriftInput* in) {
  ARROW_ASSIGN_OR_RAISE(const int64_t type, TakeNumber(1, in));
  return static_cast<ThriftValue::Type>(type);
}

arrow::Result<size_t> TakeSize(ThriftInput* in) {
  ARROW_ASSIGN_OR_RAISE(const int64_t size, TakeNumber(4, in));
  if (size < 0 || size > kLargest) {
    return arrow::Status::IOError("the answer has a value of ", size, " bytes or items");
  }
  return static_cast<size_t>(size);
}

int Width(ThriftValue::Type type) {
  switch (type) {
    case ThriftValue::kBool:
    case ThriftValue::kByte:
      return 1;
    case ThriftValue::kI16:
      return 2;
    case ThriftValue::kI32:
      return 4;
    case ThriftValue::kDouble:
    case ThriftValue::kI64:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

ThriftValue ThriftValue::Number(Type type, int64_t v) {
  ThriftValue out;
  out.type_ = type;
  out.number_ = v;
  return out;
}

ThriftValue ThriftValue::String(std::string v) {
  ThriftValue out;
  out.type_ = kString;
  out.text_ = std::move(v);
  return out;
}

ThriftValue ThriftValue::Struct(std::map<int16_t, ThriftValue> fields) {
  ThriftValue out;
  out.type_ = kStruct;
  out.fields_ = std::move(fields);
  return out;
}

ThriftValue ThriftValue::Strings(const std::vector<std::string>& v) {
  ThriftValue out;
  out.type_ = kList;
  out.item_type_ = kString;
  for (const std::string& s : v) out.items_.push_back(String(s));
  return out;
}

ThriftValue ThriftValue::StringMap(const std::map<std::string, std::string>& v) {
  ThriftValue out;
  out.type_ = kMap;
  out.key_type_ = out.item_type_ = kString;
  for (const auto& [key, value] : v) {
    out.keys_.push_back(String(key));
    out.items_.push_back(String(value));
  }
  return out;
}

ThriftValue ThriftValue::Structs(std::vector<ThriftValue> v) {
  ThriftValue out;
  out.type_ = kList;
  out.item_type_ = kStruct;
  out.items_ = std::move(v);
  return out;
}

std::vector<std::string> ThriftValue::strings() const {
  std::vector<std::string> out;
  for (const ThriftValue& item : items_) out.push_back(item.text_);
  return out;
}

std::map<std::string, std::string> ThriftValue::string_map() const {
  std::map<std::string, std::string> out;
  for (size_t i = 0; i < keys_.size(); ++i) out[keys_[i].text_] = items_[i].text_;
  return out;
}

const ThriftValue& ThriftValue::at(int16_t field) const {
  static const ThriftValue kNothing;
  const auto it = fields_.find(field);
  return it == fields_.end() ? kNothing : it->second;
}

void ThriftValue::Encode(std::string* out) const {
  switch (type_) {
    case kString:
      PutNumber(text_.size(), 4, out);
      out->append(text_);
      return;
    case kStruct:
      for (const auto& [id, field] : fields_) {
        if (field.type_ == kNone) continue;
        PutNumber(field.type_, 1, out);
        PutNumber(static_cast<uint16_t>(id), 2, out);
        field.Encode(out);
      }
      PutNumber(0, 1, out);
      return;
    case kMap:
      PutNumber(key_type_, 1, out);
      PutNumber(item_type_, 1, out);
      PutNumber(items_.size(), 4, out);
      for (size_t i = 0; i < items_.size(); ++i) {
        keys_[i].Encode(out);
        items_[i].Encode(out);
      }
      return;
    case kSet:
    case kList:
      PutNumber(item_type_, 1, out);
      PutNumber(items_.size(), 4, out);
      for (const ThriftValue& item : items_) item.Encode(out);
      return;
    default:
      PutNumber(static_cast<uint64_t>(number_), Width(type_), out);
  }
}

arrow::Result<ThriftValue> ThriftValue::Decode(Type type, ThriftInput* in, int depth) {
  if (depth > kDeepest) return arrow::Status::IOError("the answer is nested too deeply");
  ThriftValue out;
  out.type_ = type;
  switch (type) {
    case kString: {
      ARROW_ASSIGN_OR_RAISE(const size_t size, TakeSize(in));
      ARROW_ASSIGN_OR_RAISE(out.text_, in->Take(size));
      return out;
    }
    case kStruct:
      while (true) {
        ARROW_ASSIGN_OR_RAISE(const Type field, TakeType(in));
        if (field == kNone) return out;
        ARROW_ASSIGN_OR_RAISE(const int64_t id, TakeNumber(2, in));
        ARROW_ASSIGN_OR_RAISE(out.fields_[static_cast<int16_t>(id)], Decode(field, in, depth + 1));
      }
    case kMap:
    case kSet:
    case kList: {
      if (type == kMap) {
        ARROW_ASSIGN_OR_RAISE(out.key_type_, TakeType(in));
      }
      ARROW_ASSIGN_OR_RAISE(out.item_type_, TakeType(in));
      ARROW_ASSIGN_OR_RAISE(const size_t size, TakeSize(in));
      for (size_t i = 0; i < size; ++i) {  // grows with what comes, not with what is announced
        if (type == kMap) {
          ARROW_ASSIGN_OR_RAISE(ThriftValue key, Decode(out.key_type_, in, depth + 1));
          out.keys_.push_back(std::move(key));
        }
        ARROW_ASSIGN_OR_RAISE(ThriftValue item, Decode(out.item_type_, in, depth + 1));
        out.items_.push_back(std::move(item));
      }
      return out;
    }
    default: {
      const int width = Width(type);
      if (width == 0) {
        return arrow::Status::IOError("the answer has a value of the unknown type ",
                                      static_cast<int>(type));
      }
      ARROW_ASSIGN_OR_RAISE(out.number_, TakeNumber(width, in));
      return out;
    }
  }
}

}  // namespace synthmill::io::hive
