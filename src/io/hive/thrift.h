// As much of Thrift as a metastore's client needs: the binary protocol over a plain socket.
//
// Values are kept as they came, with all their fields, whatever version of the interface they are
// of: what is read, changed in one place and written back loses nothing. Apache's own library is
// not used: the Parquet library in this process exports another version of it under the same names.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synthmill::io::hive {

// Where bytes come from.
class ThriftInput {
 public:
  virtual ~ThriftInput() = default;
  // The next `n` bytes, good until the next call.
  virtual arrow::Result<std::string_view> Take(size_t n) = 0;
};

// A value of any Thrift type. Reading what is not there gives empty values.
class ThriftValue {
 public:
  enum Type : uint8_t {
    kNone = 0,
    kBool = 2,
    kByte = 3,
    kDouble = 4,
    kI16 = 6,
    kI32 = 8,
    kI64 = 10,
    kString = 11,
    kStruct = 12,
    kMap = 13,
    kSet = 14,
    kList = 15,
  };

  ThriftValue() = default;  // of no type: a field that is left out
  static ThriftValue Bool(bool v) { return Number(kBool, v); }
  static ThriftValue I16(int16_t v) { return Number(kI16, v); }
  static ThriftValue I32(int32_t v) { return Number(kI32, v); }
  static ThriftValue String(std::string v);
  static ThriftValue Struct(std::map<int16_t, ThriftValue> fields = {});
  static ThriftValue Strings(const std::vector<std::string>& v);
  static ThriftValue StringMap(const std::map<std::string, std::string>& v);
  static ThriftValue Structs(std::vector<ThriftValue> v);

  Type type() const { return type_; }
  int64_t number() const { return number_; }
  const std::string& text() const { return text_; }
  const std::vector<ThriftValue>& items() const { return items_; }
  std::vector<std::string> strings() const;
  std::map<std::string, std::string> string_map() const;

  // A struct's field; one of no type if it is not there.
  const ThriftValue& at(int16_t field) const;
  ThriftValue& operator[](int16_t field) { return fields_[field]; }

  void Encode(std::string* out) const;
  // Hostile bytes are an error.
  static arrow::Result<ThriftValue> Decode(Type type, ThriftInput* in, int depth = 0);

  bool operator==(const ThriftValue&) const = default;

 private:
  static ThriftValue Number(Type type, int64_t v);

  Type type_ = kNone;
  Type key_type_ = kNone, item_type_ = kNone;
  int64_t number_ = 0;  // doubles by their bits
  std::string text_;
  std::vector<ThriftValue> keys_, items_;  // maps: both; lists and sets: items
  std::map<int16_t, ThriftValue> fields_;
};

// What a call gave back: a result, or an exception that the interface declares.
struct ThriftReply {
  ThriftValue result;     // of no type for calls that return nothing
  int exception = 0;      // its field number; 0: none; -1: the server does not know the call
  std::string message{};  // of the exception
};

// One thread at a time. After an error (not: an exception) it is of no more use.
class ThriftConnection {
 public:
  virtual ~ThriftConnection() = default;
  static arrow::Result<std::unique_ptr<ThriftConnection>> Open(const std::string& host, int port,
                                                               int connect_millis);
  virtual arrow::Result<ThriftReply> Call(const std::string& method, const ThriftValue& arguments,
                                          int answer_millis) = 0;
};

}  // namespace synthmill::io::hive
