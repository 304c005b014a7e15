#include "core/text.h"

#include <gtest/gtest.h>

namespace synthmill::core {
namespace {

TEST(EditDistance, CountsAnExchangeOfNeighboursAsOne) {
  EXPECT_EQ(EditDistance("coverage", "covearge", 5), 1u);
  EXPECT_EQ(EditDistance("", "abc", 5), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting", 5), 3u);
  EXPECT_EQ(EditDistance("same", "same", 0), 0u);
}

TEST(EditDistance, StopsCountingAboveTheLimit) {
  EXPECT_EQ(EditDistance("abc", "xyz", 1), 2u);
  EXPECT_EQ(EditDistance("a", std::string(1'000'000, 'b'), 2), 3u);
}

TEST(ValidUtf8Prefix, EndsBeforeTheFirstMalformedByte) {
  EXPECT_EQ(ValidUtf8Prefix("Zürich €"), std::string_view("Zürich €").size());
  EXPECT_EQ(ValidUtf8Prefix("ab\xFFz"), 2u);
  EXPECT_EQ(ValidUtf8Prefix("a\xC0\xAF"), 1u);      // overlong
  EXPECT_EQ(ValidUtf8Prefix("a\xED\xA0\x80"), 1u);  // a surrogate
  EXPECT_EQ(ValidUtf8Prefix("a\xE2\x82"), 1u);      // cut off
}

TEST(NextCodePoint, DecodesEachLength) {
  const std::string_view text = "aé€😀";
  size_t at = 0;
  EXPECT_EQ(NextCodePoint(text, &at), U'a');
  EXPECT_EQ(NextCodePoint(text, &at), U'é');
  EXPECT_EQ(NextCodePoint(text, &at), U'€');
  EXPECT_EQ(NextCodePoint(text, &at), U'😀');
  EXPECT_EQ(NextCodePoint(text, &at), std::nullopt);
}

TEST(Names, AreWordsOfLettersDigitsAndUnderscores) {
  EXPECT_TRUE(IsName("_Order2"));
  EXPECT_FALSE(IsName("2nd"));
  EXPECT_FALSE(IsName(""));
  EXPECT_FALSE(IsName("a-b"));
  EXPECT_TRUE(IsLowerName("total_records"));
  EXPECT_FALSE(IsLowerName("Total"));
  EXPECT_FALSE(IsLowerName("_total"));
}

}  // namespace
}  // namespace synthmill::core
