// What a regular expression describes is counted exactly, each text once.
#include "core/regex_texts.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace synthmill::core {
namespace {

std::vector<RegexNode> Parsed(const std::string& text) {
  std::vector<RegexNode> nodes;
  std::string error;
  EXPECT_TRUE(ParseRegex(text, &nodes, &error)) << text << ": " << error;
  return nodes;
}

std::string At(const RegexTexts& texts, uint64_t i) {
  char buffer[4096];
  return std::string(buffer, texts.Write(i, buffer));
}

TEST(RegexTexts, AreCountedOnceHoweverManyWaysLeadToThem) {
  const std::vector<std::pair<std::string, uint64_t>> cases = {{"[ab]", 2},
                                                               {"[a-c]{2}", 9},
                                                               {"a|b|a", 2},
                                                               {"a?a?", 3},
                                                               {"(a|ab)(c|bc)", 3},
                                                               {"[ab]{0,3}", 15},
                                                               {"(x|y)?[0-9]", 30},
                                                               {"(foo|bar)-[[:digit:]]", 20},
                                                               {"(a|b){2}|ab", 4},
                                                               {"", 1},
                                                               {"(a?){3}", 4},
                                                               {"ä[öü]?", 3},
                                                               {"[A-Z]{2}[0-9]{1,2}", 676 * 110}};
  for (const auto& [text, n] : cases) {
    const auto texts = RegexTexts::Count(Parsed(text));
    ASSERT_TRUE(texts) << text;
    EXPECT_EQ(texts->size(), n) << text;
    std::set<std::string> seen;
    for (uint64_t i = 0; i < texts->size(); ++i) seen.insert(At(*texts, i));
    EXPECT_EQ(seen.size(), n) << text;
    if (text.find("[[") != text.npos || text.find('\xC3') != text.npos) continue;
    const std::regex regex(text);
    for (const std::string& s : seen) ASSERT_TRUE(std::regex_match(s, regex)) << s;
  }
}

TEST(RegexTexts, OfMoreThanCanBeCountedStayDifferent) {
  for (const std::string text : {"[a-z]{30}", "([A-Z]{3}-?){9}[0-9]*", "\\w{5,40}"}) {
    const auto texts = RegexTexts::Count(Parsed(text));
    ASSERT_TRUE(texts) << text;
    EXPECT_EQ(texts->size(), uint64_t{1} << 62);
    std::set<std::string> seen;
    std::set<char> last;
    const std::regex regex(text);
    for (uint64_t i = 0; i < 20'000; ++i) {
      const std::string s = At(*texts, i * 0x3333'3333'3333ull % texts->size());
      ASSERT_TRUE(std::regex_match(s, regex)) << s;
      seen.insert(s);
      last.insert(s.back());
    }
    EXPECT_EQ(seen.size(), 20'000u) << text;
    EXPECT_GE(last.size(), 10u) << text;
  }
}

TEST(RegexTexts, OfTooManyStatesAreNotCounted) {
  EXPECT_FALSE(RegexTexts::Count(Parsed("[a-z]{10000}")));
  EXPECT_FALSE(RegexTexts::Count(Parsed("(a|b|[c-z]{0,40}){60}(x|y){0,90}")));
}

TEST(RegexTexts, LengthsAreInCharacters) {
  const RegexLengths n = CharactersOf(Parsed("ä{2}(b|cde)?[0-9]{1,4}"));
  EXPECT_EQ(n.min, 3u);
  EXPECT_EQ(n.max, 9u);
  EXPECT_EQ(LongestOf(Parsed("ä{2}")), 4u);
}

}  // namespace
}  // namespace synthmill::core
