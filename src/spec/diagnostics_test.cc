#include "spec/diagnostics.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace synthmill::spec {
namespace {

TEST(Diagnostics, AreRenderedInTheOrderOfTheFileWithCaretAndHint) {
  Diagnostics diagnostics("shop.yaml", "one: 1\n\ttwo: 2\r\n");
  diagnostics.Error({2, 2}, "bad key", "did you mean 'too'?");
  diagnostics.Warning({1, 6}, "small");
  EXPECT_EQ(diagnostics.Render(),
            "shop.yaml:1:6: warning: small\n"
            "  one: 1\n"
            "       ^\n"
            "shop.yaml:2:2: error: bad key\n"
            "  \ttwo: 2\n"
            "  \t^\n"
            "  did you mean 'too'?\n");
  EXPECT_FALSE(diagnostics.ok());
  EXPECT_TRUE(diagnostics.ToStatus().IsInvalid());
}

TEST(Diagnostics, AreFineWithWarningsOnly) {
  Diagnostics diagnostics("f", "x");
  diagnostics.Warning({1, 1}, "hm");
  EXPECT_TRUE(diagnostics.ToStatus().ok());
}

TEST(Diagnostics, PutTheCaretUnderTheCharacterNotTheByte) {
  Diagnostics diagnostics("f", "é: x");
  diagnostics.Error({1, 5}, "m");  // the x, after two bytes of é, a colon and a space
  EXPECT_EQ(diagnostics.Render(), "f:1:5: error: m\n  é: x\n     ^\n");
}

TEST(Diagnostics, ShowAWindowOfALongLine) {
  Diagnostics diagnostics("f", std::string(100'000, 'a') + "b" + std::string(100'000, 'c'));
  diagnostics.Error({1, 100'001}, "m");
  const std::string out = diagnostics.Render();
  EXPECT_LT(out.size(), 600u);
  EXPECT_NE(out.find("aab"), std::string::npos);
}

TEST(Diagnostics, KeepTheSameErrorOnceAndNoMoreThanAHundred) {
  Diagnostics diagnostics("f", "x");
  for (int i = 0; i < 5; ++i) diagnostics.Error({1, 1}, "same");
  EXPECT_EQ(diagnostics.all().size(), 1u);
  for (int i = 0; i < 200; ++i) diagnostics.Error({1, 1}, std::to_string(i));
  EXPECT_EQ(diagnostics.all().size(), 100u);
  EXPECT_NE(diagnostics.Render().find("f: and 101 more errors\n"), std::string::npos);
}

TEST(NearMiss, FindsSlipsOfTheFingerOnly) {
  const std::vector<std::string> words = {"coverage", "copies", "columns", "of"};
  EXPECT_EQ(NearMiss("covrage", words), "coverage");
  EXPECT_EQ(NearMiss("coveraeg", words), "coverage");
  EXPECT_EQ(NearMiss("COLUMNS", words), "columns");
  EXPECT_EQ(NearMiss("fo", words), "of");
  EXPECT_EQ(NearMiss("colour", words), "");
  EXPECT_EQ(NearMiss("x", words), "");
  EXPECT_EQ(NearMiss("", words), "");
}

TEST(Suggest, ListsTheChoicesWhereNothingIsNear) {
  const std::vector<std::string> words = {"a1", "b2"};
  EXPECT_EQ(Suggest("a2", words), "did you mean 'a1'?");
  EXPECT_EQ(Suggest("zzzz", words), "one of: a1, b2");
  std::vector<std::string> many;
  for (int i = 10; i < 30; ++i) many.push_back("w" + std::to_string(i));
  EXPECT_TRUE(Suggest("zzzz", many).ends_with("w21, ..."));
  EXPECT_EQ(Suggest("zzzz", {}), "");
}

}  // namespace
}  // namespace synthmill::spec
