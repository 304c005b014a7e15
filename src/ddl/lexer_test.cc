#include "ddl/lexer.h"

#include <gtest/gtest.h>

#include <vector>

#include "ddl/cursor.h"

namespace synthmill::ddl {
namespace {

std::vector<std::string> Texts(std::string_view text, LexRules rules = {}) {
  Lexer lexer(text);
  lexer.rules() = rules;
  std::vector<std::string> texts;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next())
    texts.emplace_back(token.text);
  return texts;
}

Token First(std::string_view text, LexRules rules = {}) {
  Lexer lexer(text);
  lexer.rules() = rules;
  return lexer.Next();
}

using V = std::vector<std::string>;

TEST(DdlLexer, CutsWordsNumbersAndPunctuation) {
  EXPECT_EQ(Texts("a.b NUMBER(10,2)<=.5e3::text"),
            (V{"a", ".", "b", "NUMBER", "(", "10", ",", "2", ")", "<=", ".5e3", "::", "text"}));
}

TEST(DdlLexer, PassesOverCommentsOfEveryKind) {
  EXPECT_EQ(Texts("a -- x\n/* y */ b # z\nc"), (V{"a", "b", "c"}));
  EXPECT_EQ(Texts("a /* x /* y */ z */ b", {.nested_comments = true}), (V{"a", "b"}));
  EXPECT_EQ(Texts("a // x\nb", {.slash_comment = true}), (V{"a", "b"}));
}

TEST(DdlLexer, ReadsWhatMySqlHidesInConditionalComments) {
  EXPECT_EQ(Texts("/*!40101 SET x */; a /*M!100100 b */ c"), (V{"SET", "x", ";", "a", "b", "c"}));
}

TEST(DdlLexer, TellsBracketedNamesFromArrays) {
  EXPECT_EQ(First("[Order Details] x").text, "[Order Details]");
  EXPECT_EQ(Texts("int[3] ARRAY['a']"), (V{"int", "[", "3", "]", "ARRAY", "[", "'a'", "]"}));
  EXPECT_EQ(Texts("TABLE[dbo].[x]", {.bracket_names = true}), (V{"TABLE", "[dbo]", ".", "[x]"}));
}

TEST(DdlLexer, ResolvesEscapesByTheDialect) {
  EXPECT_EQ(Unquote(First("'it''s'")), "it's");
  EXPECT_EQ(Unquote(First("'it\\'s \\n'", {.backslash = true})), "it's \n");
  EXPECT_EQ(Unquote(First("'c:\\'")), "c:\\");
  EXPECT_EQ(Unquote(First("E'a\\'b'")), "a'b");
  EXPECT_EQ(Unquote(First("N'x'")), "x");
  EXPECT_EQ(Unquote(First("$tag$it's$tag$")), "it's");
  EXPECT_EQ(Unquote(First("`a``b`")), "a`b");
  EXPECT_EQ(Unquote(First("[a]]b]")), "a]b");
  EXPECT_EQ(Unquote(First("\"a\"\"b\"")), "a\"b");
}

TEST(DdlLexer, KeepsTemplatesAndVariablesInNames) {
  EXPECT_EQ(Texts("@schema.person ${db}.t {{ x }}.y"),
            (V{"@schema", ".", "person", "${db}", ".", "t", "{{ x }}", ".", "y"}));
}

TEST(DdlLexer, AQuoteWithoutAnEndIsOneByteAndRemembered) {
  Lexer lexer("a 'b c");
  lexer.Next();
  EXPECT_EQ(lexer.Next().text, "'");
  EXPECT_EQ(lexer.unterminated(), 2u);
  EXPECT_EQ(lexer.Next().text, "b");
}

}  // namespace
}  // namespace synthmill::ddl
