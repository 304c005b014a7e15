// Values as bytes and back, and bytes that no server should send.
#include "io/hive/thrift.h"

#include <gtest/gtest.h>

#include <string>

namespace synthmill::io::hive {
namespace {

class TextInput : public ThriftInput {
 public:
  explicit TextInput(std::string_view text) : text_(text) {}
  arrow::Result<std::string_view> Take(size_t n) override {
    if (n > text_.size()) return arrow::Status::IOError("the end");
    const std::string_view taken = text_.substr(0, n);
    text_.remove_prefix(n);
    return taken;
  }
  bool empty() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::string Bytes(const ThriftValue& value) {
  std::string out;
  value.Encode(&out);
  return out;
}

ThriftValue Sample() {
  return ThriftValue::Struct(
      {{1, ThriftValue::String("text")},
       {2, ThriftValue::I32(-5)},
       {3, ThriftValue::Bool(true)},
       {4, ThriftValue::I16(-1)},
       {7, ThriftValue::Strings({"a", "", "c"})},
       {9, ThriftValue::StringMap({{"k", "v"}, {"l", ""}})},
       {300, ThriftValue::Structs({ThriftValue::Struct({{1, ThriftValue::String("inner")}}),
                                   ThriftValue::Struct()})}});
}

TEST(Thrift, BytesAreThoseOfTheBinaryProtocol) {
  const ThriftValue value = ThriftValue::Struct(
      {{1, ThriftValue::String("ab")}, {2, ThriftValue::I32(-2)}, {3, ThriftValue()}});
  EXPECT_EQ(Bytes(value), std::string("\x0b\x00\x01\x00\x00\x00\x02"
                                      "ab"
                                      "\x08\x00\x02\xff\xff\xff\xfe\x00",
                                      17));
}

TEST(Thrift, ValuesComeBackWithFieldsNobodyAskedFor) {
  const std::string bytes = Bytes(Sample());
  TextInput in(bytes);
  const ThriftValue back = ThriftValue::Decode(ThriftValue::kStruct, &in).ValueOrDie();
  EXPECT_TRUE(in.empty());
  EXPECT_EQ(back, Sample());
  EXPECT_EQ(Bytes(back), bytes);
  EXPECT_EQ(back.at(2).number(), -5);
  EXPECT_EQ(back.at(7).strings(), (std::vector<std::string>{"a", "", "c"}));
  EXPECT_EQ(back.at(9).string_map().at("k"), "v");
  EXPECT_EQ(back.at(300).items()[0].at(1).text(), "inner");
  EXPECT_EQ(back.at(5).type(), ThriftValue::kNone);
}

TEST(Thrift, EveryAnswerCutShortIsAnError) {
  const std::string bytes = Bytes(Sample());
  for (size_t n = 0; n < bytes.size(); ++n) {
    TextInput in(std::string_view(bytes).substr(0, n));
    EXPECT_FALSE(ThriftValue::Decode(ThriftValue::kStruct, &in).ok()) << n;
  }
}

TEST(Thrift, AnySingleByteChangedIsReadOrRefusedButNeverMore) {
  const std::string bytes = Bytes(Sample());
  for (size_t n = 0; n < bytes.size(); ++n) {
    for (const char other : {'\x00', '\x01', '\x0c', '\x0f', '\x7f', '\xff'}) {
      std::string changed = bytes;
      changed[n] = other;
      TextInput in(changed);
      const auto value = ThriftValue::Decode(ThriftValue::kStruct, &in);
      if (value.ok()) {
        EXPECT_LE(Bytes(*value).size(), bytes.size());
      }
    }
  }
}

TEST(Thrift, EndlessNestingAndGiantSizesAreRefused) {
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += std::string("\x0c\x00\x01", 3);
  TextInput nested(deep);
  EXPECT_FALSE(ThriftValue::Decode(ThriftValue::kStruct, &nested).ok());
  TextInput giant(std::string_view("\x7f\xff\xff\xff", 4));
  EXPECT_FALSE(ThriftValue::Decode(ThriftValue::kString, &giant).ok());
  TextInput negative(std::string_view("\x0b\xff\xff\xff\xff", 5));
  EXPECT_FALSE(ThriftValue::Decode(ThriftValue::kList, &negative).ok());
}

}  // namespace
}  // namespace synthmill::io::hive
