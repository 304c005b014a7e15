#include "io/fingerprint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "io/formats/test_batches.h"

namespace synthmill::io {
namespace {

using testing::FingerprintOf;
using testing::Texts;
using testing::TrickyBatch;

std::shared_ptr<arrow::RecordBatch> OneColumn(const std::string& name,
                                              const std::shared_ptr<arrow::Array>& array) {
  const auto rows = array->length();
  return arrow::RecordBatch::Make(arrow::schema({arrow::field(name, array->type())}), rows,
                                  {array});
}

TEST(FingerprintTest, DoesNotDependOnTheOrderOfRows) {
  const auto batch = TrickyBatch();
  EXPECT_EQ(FingerprintOf({batch->Slice(4), batch->Slice(0, 3), batch->Slice(3, 1)}),
            FingerprintOf({batch}));
}

TEST(FingerprintTest, DoesNotDependOnTheOrderOfColumns) {
  const auto batch = TrickyBatch();
  std::vector<int> turned;
  for (int c = batch->num_columns() - 1; c >= 0; --c) turned.push_back(c);
  EXPECT_EQ(FingerprintOf({batch->SelectColumns(turned).ValueOrDie()}), FingerprintOf({batch}));
}

TEST(FingerprintTest, IsTheSameForDictionariesAndPlainText) {
  const auto values = Texts({"a", "", "b"});
  const auto dictionary = testing::Dictionary({2, 0, {}, 1, 2}, values);
  EXPECT_EQ(FingerprintOf({OneColumn("x", dictionary)}),
            FingerprintOf({OneColumn("x", Texts({"b", "a", {}, "", "b"}))}));
}

TEST(FingerprintTest, NoticesADictionaryThatChanges) {
  const auto a = OneColumn("x", testing::Dictionary({0, 1}, Texts({"a", "b"})));
  const auto b = OneColumn("x", testing::Dictionary({0, 1}, Texts({"b", "c"})));
  EXPECT_EQ(FingerprintOf({a, b, a}),
            FingerprintOf({OneColumn("x", Texts({"a", "b", "b", "c", "a", "b"}))}));
}

TEST(FingerprintTest, TellsNullFromEmptyAndOneColumnFromAnother) {
  const auto null = FingerprintOf({OneColumn("x", Texts({{}}))});
  const auto empty = FingerprintOf({OneColumn("x", Texts({""}))});
  const auto elsewhere = FingerprintOf({OneColumn("y", Texts({""}))});
  EXPECT_NE(null, empty);
  EXPECT_NE(empty, elsewhere);
  EXPECT_NE(FingerprintOf({OneColumn("x", Texts({"", ""}))}), empty);
}

TEST(FingerprintTest, NoticesValuesThatMoveBetweenRows) {
  auto two = [](const char* a, const char* b, const char* c, const char* d) {
    return arrow::RecordBatch::Make(
        arrow::schema({arrow::field("x", arrow::utf8()), arrow::field("y", arrow::utf8())}), 2,
        {Texts({a, b}), Texts({c, d})});
  };
  EXPECT_NE(FingerprintOf({two("a", "b", "c", "d")}), FingerprintOf({two("a", "b", "d", "c")}));
}

TEST(FingerprintTest, WidthsOfIntegersAndSignsOfZeroDoNotMatter) {
  arrow::Int8Builder narrow;
  arrow::Int64Builder wide;
  arrow::DoubleBuilder zero, minus;
  ASSERT_TRUE(narrow.Append(-3).ok() && wide.Append(-3).ok());
  EXPECT_EQ(FingerprintOf({OneColumn("x", *narrow.Finish())}),
            FingerprintOf({OneColumn("x", *wide.Finish())}));
  ASSERT_TRUE(zero.AppendValues({0.0, std::nan("1")}).ok());
  ASSERT_TRUE(minus.AppendValues({-0.0, -std::numeric_limits<double>::quiet_NaN()}).ok());
  EXPECT_EQ(FingerprintOf({OneColumn("x", *zero.Finish())}),
            FingerprintOf({OneColumn("x", *minus.Finish())}));
}

TEST(FingerprintTest, PartsAddUpInAnyOrder) {
  const auto batch = TrickyBatch();
  const Fingerprint a = FingerprintOf({batch->Slice(0, 2)}), b = FingerprintOf({batch->Slice(2)});
  Fingerprint ab = a, ba = b;
  ab.Add(b);
  ba.Add(a);
  EXPECT_EQ(ab, ba);
  EXPECT_EQ(ab, FingerprintOf({batch}));
}

TEST(FingerprintTest, SumsCarryIntoTheHighHalf) {
  Fingerprint sum{1, ~uint64_t{0}, 2};
  sum.Add({~uint64_t{0}, 1, 3});
  EXPECT_EQ(sum, (Fingerprint{1, 0, 5}));
}

TEST(FingerprintTest, HexIsReadBack) {
  const Fingerprint f{0x0123456789abcdef, 0xfedcba9876543210, 7};
  EXPECT_EQ(f.Hex(), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(*Fingerprint::FromHex(f.Hex(), 7), f);
  EXPECT_FALSE(Fingerprint::FromHex("0123", 7).ok());
  EXPECT_FALSE(Fingerprint::FromHex(std::string(32, 'g'), 7).ok());
}

// Also in tools/fingerprint.py: a change here breaks every manifest there is.
TEST(FingerprintTest, KeepsItsGoldenValue) {
  std::vector<int> plain(18);
  std::iota(plain.begin(), plain.end(), 0);
  const auto batch = TrickyBatch();
  EXPECT_EQ(FingerprintOf({batch->SelectColumns(plain).ValueOrDie()}).Hex(),
            "77c7ce0d103a184a4af66c1dca97aedf");
  EXPECT_EQ(FingerprintOf({batch}).Hex(),
            "4813aaec8c48159a5999a2a1d1291b88");  // times, binary and nested columns too
}

TEST(FingerprintTest, CombinesTablesByNameAndNotByOrder) {
  const Fingerprint a{1, 2, 3}, b{4, 5, 6};
  EXPECT_EQ(CombineFingerprints({{"a", a}, {"b", b}}), CombineFingerprints({{"b", b}, {"a", a}}));
  EXPECT_NE(CombineFingerprints({{"a", a}, {"b", b}}), CombineFingerprints({{"a", b}, {"b", a}}));
  EXPECT_NE(CombineFingerprints({{"a", a}}), CombineFingerprints({{"a", {1, 2, 4}}}));
}

TEST(FingerprintTest, RefusesTypesItDoesNotKnow) {
  const auto schema = arrow::schema({arrow::field("l", arrow::duration(arrow::TimeUnit::MICRO))});
  Fingerprinter fingerprinter(*schema);
  const auto batch = arrow::RecordBatch::MakeEmpty(schema).ValueOrDie();
  EXPECT_TRUE(fingerprinter.Add(*batch).IsNotImplemented());
}

}  // namespace
}  // namespace synthmill::io
