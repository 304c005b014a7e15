#include "spec/regex.h"

#include <gtest/gtest.h>

#include <string>

namespace synthmill::spec {
namespace {

bool Match(std::string_view pattern, std::string_view text) {
  const auto regex = Regex::Parse(pattern);
  EXPECT_TRUE(regex.ok()) << regex.status();
  return regex.ok() && regex->Matches(text);
}

TEST(Regex, MatchesTheWholeText) {
  EXPECT_TRUE(Match("[A-Za-z0-9_]*", "_scale2"));
  EXPECT_TRUE(Match("[A-Za-z0-9_]*", ""));
  EXPECT_FALSE(Match("[A-Za-z0-9_]*", "a-b"));
  EXPECT_TRUE(Match("^ab$", "ab"));
  EXPECT_FALSE(Match("ab", "abc"));
  EXPECT_TRUE(Match("a\\$", "a$"));
}

TEST(Regex, KnowsTheCommonOperators) {
  EXPECT_TRUE(Match("(ab|c)+d?", "abcab"));
  EXPECT_FALSE(Match("(ab|c)+d?", "d"));
  EXPECT_TRUE(Match("x{2,3}", "xxx"));
  EXPECT_FALSE(Match("x{2,3}", "xxxx"));
  EXPECT_TRUE(Match("x{2,}", "xxxxx"));
  EXPECT_TRUE(Match("(?:\\d{4})-\\w\\.", "2026-a."));
  EXPECT_TRUE(Match("[^,]*", "no comma"));
  EXPECT_TRUE(Match("[]a-]*", "]-a"));
  EXPECT_TRUE(Match(".ü", "éü"));
}

TEST(Regex, IsLinearWherePatternsAreHostile) {
  EXPECT_FALSE(Match("(a*)*b", std::string(5000, 'a')));
  EXPECT_FALSE(Match("(a|a)*b", std::string(5000, 'a')));
  EXPECT_FALSE(Regex::Parse("((a{1000}){1000}){1000}").ok());
  EXPECT_FALSE(Regex::Parse(std::string(100'000, '(')).ok());
}

TEST(Regex, RefusesWhatItDoesNotKnow) {
  for (const char* bad :
       {"(", ")", "[a", "*", "a**b\\", "a{", "a{2,1}", "(?=x)", "\\b", "[z-a]", "\\1", "a{1001}"}) {
    EXPECT_FALSE(Regex::Parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace synthmill::spec
