#include "generate/vector.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace synthmill::generate {
namespace {

const Type kText{TypeId::kString};
const Type kInt{TypeId::kInt64};

// Texts of all lengths around the 16 bytes that are copied at a time.
std::vector<std::string> Lengths() {
  std::vector<std::string> out;
  for (size_t n : {0, 1, 15, 16, 17, 31, 32, 33, 48, 200})
    out.push_back(std::string(n, 'x') + std::to_string(n));
  return out;
}

std::string At(const std::shared_ptr<arrow::Array>& a, int64_t i) {
  return a->IsNull(i) ? "NULL" : static_cast<const arrow::StringArray&>(*a).GetString(i);
}

TEST(Arena, KeepsEveryTextUntilReset) {
  Arena arena;
  std::vector<Text> texts;
  for (int i = 0; i < 50'000; ++i) texts.push_back(arena.Copy("text number " + std::to_string(i)));
  const std::string large(300'000, 'L');  // larger than a chunk
  const Text big = arena.Copy(large);
  const Text after = arena.Copy("after");
  for (int i = 0; i < 50'000; ++i)
    ASSERT_EQ(texts[static_cast<size_t>(i)].view(), "text number " + std::to_string(i));
  EXPECT_EQ(big.view(), large);
  EXPECT_EQ(after.view(), "after");
}

TEST(Arena, UsesItsRoomAgainAfterReset) {
  Arena arena;
  const char* first = arena.Copy("a").data;
  for (int round = 0; round < 3; ++round) {
    arena.Reset();
    EXPECT_EQ(arena.Copy("b").data, first);
    arena.Copy(std::string(100'000, 'x'));
  }
}

TEST(Arena, GivesBackWhatWasReservedButNotUsed) {
  Arena arena;
  char* p = arena.Reserve(1000);
  std::memcpy(p, "abc", 3);
  arena.Commit(p + 3);
  EXPECT_EQ(arena.Copy("d").data, p + 3);
}

TEST(CopyText, CopiesAnyLengthExactly) {
  for (const std::string& text : Lengths()) {
    const std::string padded = text + std::string(kTextSlack, '\0');
    std::vector<char> out(text.size() + kTextSlack, '#');
    char* end = CopyText(out.data(), {padded.data(), static_cast<uint32_t>(text.size())});
    EXPECT_EQ(end, out.data() + text.size());
    EXPECT_EQ(std::string(out.data(), end), text);
  }
}

TEST(Dictionary, FindsItsValuesAndNoOthers) {
  const Dictionary d({"red", "", "green"});
  EXPECT_EQ(d.size(), 3);
  EXPECT_EQ(d.Find("green"), 2);
  EXPECT_EQ(d.Find(""), 1);
  EXPECT_EQ(d.Find("blue"), -1);
  EXPECT_EQ(d[0].view(), "red");
  EXPECT_EQ(d.longest(), 5u);
  ASSERT_TRUE(d.array()->ValidateFull().ok());
  EXPECT_EQ(At(d.array(), 2), "green");
}

TEST(Vector, OfCodesTakesTextsThatAreNotInItsDictionary) {
  const Dictionary d({"red", "green"});
  Vector v;
  v.Start(Vector::Form::kCodes, 3, &d);
  v.codes[0] = 1, v.codes[1] = 0, v.codes[2] = 0;
  v.SetText(1, "a text that is longer than sixteen bytes");
  v.SetText(2, "blue");
  EXPECT_EQ(v.GetText(0).view(), "green");
  EXPECT_EQ(v.GetText(1).view(), "a text that is longer than sixteen bytes");
  EXPECT_EQ(v.GetText(2).view(), "blue");
  const auto plain = ToArrow(v, kText, false).ValueOrDie();
  ASSERT_TRUE(plain->ValidateFull().ok());
  EXPECT_EQ(At(plain, 1), "a text that is longer than sixteen bytes");
  EXPECT_FALSE(ToArrow(v, kText, true).ok()) << "extras have no code in the file's dictionary";
}

TEST(Vector, BecomesADictionaryArrayWithUniqueValues) {
  const Dictionary d({"red", "green"});
  Vector v;
  v.Start(Vector::Form::kCodes, 4, &d);
  for (int i = 0; i < 4; ++i) v.codes[i] = i % 2;
  v.SetNull(3);
  const auto array = ToArrow(v, kText, true).ValueOrDie();
  ASSERT_TRUE(array->ValidateFull().ok());
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*array);
  EXPECT_EQ(dictionary.dictionary()->length(), 2);
  EXPECT_EQ(dictionary.GetValueIndex(1), 1);
  EXPECT_TRUE(array->IsNull(3));
  EXPECT_EQ(array->null_count(), 1);
}

TEST(Vector, WritesTextsOfAllLengthsWithNullsBetween) {
  const std::vector<std::string> texts = Lengths();
  Vector v;
  v.Start(Vector::Form::kTexts, static_cast<int64_t>(texts.size()));
  for (size_t i = 0; i < texts.size(); ++i) v.SetText(static_cast<int64_t>(i), texts[i]);
  auto array = ToArrow(v, kText, true).ValueOrDie();
  ASSERT_TRUE(array->ValidateFull().ok());
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(At(array, static_cast<int64_t>(i)), texts[i]);
  for (int64_t i = 0; i < v.length; i += 3) v.SetNull(i);
  array = ToArrow(v, kText, true).ValueOrDie();
  ASSERT_TRUE(array->ValidateFull().ok());
  EXPECT_EQ(array->null_count(), 4);
  for (size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(At(array, static_cast<int64_t>(i)), i % 3 == 0 ? "NULL" : texts[i]);
}

TEST(Vector, ForgetsItsNullsWhenItStartsAnew) {
  Vector v;
  v.Start(Vector::Form::kInts, 3);
  v.SetNull(0), v.SetNull(1), v.SetNull(2);
  v.Start(Vector::Form::kInts, 3);
  EXPECT_FALSE(v.IsNull(1));
  v.SetNull(2);
  EXPECT_FALSE(v.IsNull(1)) << "old flags must not come back with the first new null";
  EXPECT_TRUE(v.IsNull(2));
}

TEST(Vector, HasAValueAgainAfterSetText) {
  Vector v;
  v.Start(Vector::Form::kTexts, 2);
  v.SetNull(0), v.SetNull(1);
  v.SetText(0, "back");
  EXPECT_FALSE(v.IsNull(0));
  EXPECT_TRUE(v.IsNull(1));
}

TEST(Vector, GathersValuesNullsAndExtras) {
  const Dictionary d({"red", "green"});
  const int32_t index[] = {2, 0, 2, 1};
  Vector codes, texts, ints, out;
  codes.Start(Vector::Form::kCodes, 3, &d);
  codes.codes[0] = 0, codes.codes[1] = 1, codes.codes[2] = 1;
  codes.SetText(2, "blue"), codes.SetNull(1);
  out.Gather(codes, index, 4);
  EXPECT_EQ(CellText(out, 0, kText) + CellText(out, 1, kText) + CellText(out, 2, kText),
            "blueredblue");
  EXPECT_TRUE(out.IsNull(3));
  EXPECT_FALSE(out.IsNull(0));

  texts.Start(Vector::Form::kTexts, 3);
  for (int i = 0; i < 3; ++i) texts.SetText(i, std::string(20, static_cast<char>('a' + i)));
  out.Gather(texts, index, 4);
  EXPECT_FALSE(out.has_nulls);
  EXPECT_EQ(out.GetText(3).view(), std::string(20, 'b'));

  ints.Start(Vector::Form::kInts, 3);
  ints.ints[0] = 10, ints.ints[1] = 11, ints.ints[2] = 12;
  out.CopyFrom(ints);
  EXPECT_EQ(out.ints[2], 12);
  out.SetFrom(0, ints, 1);
  EXPECT_EQ(out.ints[0], 11);
}

TEST(Vector, TakesSingleValuesFromOthersOfAnyForm) {
  const Dictionary d({"red", "green"}), other({"green", "violet"});
  Vector to, from, texts;
  to.Start(Vector::Form::kCodes, 3, &d);
  for (int i = 0; i < 3; ++i) to.codes[i] = 0;
  from.Start(Vector::Form::kCodes, 2, &other);
  from.codes[0] = 0, from.codes[1] = 1;
  texts.Start(Vector::Form::kTexts, 1);
  texts.SetText(0, "white");
  to.SetFrom(0, from, 1);
  to.SetFrom(1, texts, 0);
  EXPECT_EQ(to.GetText(0).view(), "violet");
  EXPECT_EQ(to.GetText(1).view(), "white");
  from.SetNull(0);
  to.SetFrom(2, from, 0);
  EXPECT_TRUE(to.IsNull(2));
  to.SetFrom(2, from, 1);
  EXPECT_FALSE(to.IsNull(2));
}

TEST(SameCell, ComparesWhatACellSays) {
  const Dictionary d({"red"});
  Vector codes, texts;
  codes.Start(Vector::Form::kCodes, 2, &d);
  codes.codes[0] = codes.codes[1] = 0;
  codes.SetNull(1);
  texts.Start(Vector::Form::kTexts, 2);
  texts.SetText(0, "red"), texts.SetText(1, "red ");
  EXPECT_TRUE(SameCell(codes, 0, texts, 0, kText));
  EXPECT_FALSE(SameCell(codes, 0, texts, 1, kText));
  EXPECT_FALSE(SameCell(codes, 1, texts, 0, kText)) << "null and a value";
  EXPECT_TRUE(SameCell(codes, 1, codes, 1, kText)) << "two nulls";
}

TEST(CellText, WritesEveryTypeAsPeopleRead) {
  Vector v;
  v.Start(Vector::Form::kInts, 1);
  const auto text = [&](int64_t x, Type type) {
    v.ints[0] = x;
    return CellText(v, 0, type);
  };
  EXPECT_EQ(text(-5, kInt), "-5");
  EXPECT_EQ(text(INT64_MIN, kInt), "-9223372036854775808");
  EXPECT_EQ(text(1, {TypeId::kBool}), "true");
  EXPECT_EQ(text(0, {TypeId::kBool}), "false");
  EXPECT_EQ(text(-1, {TypeId::kDate}), "1969-12-31");
  EXPECT_EQ(text(0, {TypeId::kTimestamp}), "1970-01-01 00:00:00.000000");
  EXPECT_EQ(text(-1, {TypeId::kTimestamp}), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(text(86'400'000'000 + 3'661'000'042, {TypeId::kTimestamp}),
            "1970-01-02 01:01:01.000042");
  EXPECT_EQ(text(1234, {TypeId::kDecimal, 10, 2}), "12.34");
  EXPECT_EQ(text(-5, {TypeId::kDecimal, 10, 2}), "-0.05");
  EXPECT_EQ(text(7, {TypeId::kDecimal, 10, 0}), "7");
  EXPECT_EQ(text(500'000, {TypeId::kFloat64, 0, 6}), "0.500000");
}

TEST(ToArrow, KeepsNumbersOfEveryType) {
  Vector v;
  v.Start(Vector::Form::kInts, 3);
  v.ints[0] = -1234, v.ints[1] = 1, v.ints[2] = 0;
  v.SetNull(2);
  const auto text = [&](Type type) {
    const auto array = ToArrow(v, type, false).ValueOrDie();
    EXPECT_TRUE(array->ValidateFull().ok());
    EXPECT_EQ(array->null_count(), 1);
    return array->GetScalar(0).ValueOrDie()->ToString();
  };
  EXPECT_EQ(text({TypeId::kInt32}), "-1234");
  EXPECT_EQ(text(kInt), "-1234");
  EXPECT_EQ(text({TypeId::kDecimal, 10, 2}), "-12.34");
  EXPECT_EQ(text({TypeId::kFloat64, 0, 2}), "-12.34");
  EXPECT_EQ(text({TypeId::kDate}), "1966-08-16");
  EXPECT_EQ(text({TypeId::kBool}), "true");
}

}  // namespace
}  // namespace synthmill::generate
