#include "ddl/check_rules.h"

#include <gtest/gtest.h>

#include <vector>

#include "ddl/lexer.h"

namespace synthmill::ddl {
namespace {

std::string Quote(const std::vector<std::string>& values) {
  std::string all;
  for (const std::string& value : values) all += (all.empty() ? "" : "|") + value;
  return all;
}

// "a range 1..5", "a in x|y", "a < b", …: one line a rule.
std::string Rules(std::string_view condition, Dialect dialect = Dialect::kPostgres) {
  Lexer lexer(condition);
  lexer.rules() = EntryOf(dialect).rules;
  std::vector<Token> tokens;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next())
    tokens.push_back(token);
  std::string all;
  for (const Rule& rule : ParseCheck(tokens, EntryOf(dialect)).rules) {
    if (!all.empty()) all += "; ";
    if (rule.narrowed) all += "~";
    switch (rule.kind) {
      case Rule::Kind::kRange:
        all += rule.column + " range " + (rule.min_open ? "(" : "") + rule.min + ".." + rule.max +
               (rule.max_open ? ")" : "");
        break;
      case Rule::Kind::kIn:
        all += rule.column + " in " + Quote(rule.values);
        break;
      case Rule::Kind::kNotIn:
        all += rule.column + " not in " + Quote(rule.values);
        break;
      case Rule::Kind::kCompare:
        all += rule.column + " " + rule.op + " " + rule.other;
        break;
      case Rule::Kind::kLength:
        all += rule.column + " length " + rule.min + ".." + rule.max;
        break;
      case Rule::Kind::kPattern:
        all += rule.column + " " + rule.op + " " + rule.values[0];
        break;
      case Rule::Kind::kNotNull:
        all += rule.column + " not null";
        break;
      case Rule::Kind::kOther:
        all += "other";
        break;
    }
  }
  return all;
}

TEST(DdlCheckRules, RangesComeFromComparisonsAndBetween) {
  EXPECT_EQ(Rules("age >= 18 AND age < 65"), "age range 18..; age range ..65)");
  EXPECT_EQ(Rules("0 < price"), "price range (0..");
  EXPECT_EQ(Rules("rate BETWEEN -1.5 AND +2"), "rate range -1.5..2");
  EXPECT_EQ(Rules("(([x]>=(0) AND [x]<=(10)))", Dialect::kSqlServer), "x range 0..; x range ..10");
  EXPECT_EQ(Rules("born BETWEEN '1930-01-01' AND DATEADD(YEAR, -18, GETDATE())"),
            "born range 1930-01-01..; born range ..now-18y");
  EXPECT_EQ(Rules("born > DATE '1900-01-01'"), "born range (1900-01-01..");
}

TEST(DdlCheckRules, ListsComeFromInFromEqualsAndFromOr) {
  EXPECT_EQ(Rules("s IN ('a', 'b''c')"), "s in a|b'c");
  EXPECT_EQ(Rules("[c]='H' OR [c]='M' OR [c]='L'", Dialect::kSqlServer), "c in H|M|L");
  EXPECT_EQ(Rules("upper([c])='H' OR upper([c])='M'", Dialect::kSqlServer), "c in H|M");
  EXPECT_EQ(Rules("((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
                  "varying])::text[]))"),
            "status in a|b");
  EXPECT_EQ(Rules("(s = ANY (ARRAY['x'::text, 'y'::text]))"), "s in x|y");
  EXPECT_EQ(Rules("n IN (1, 2, 3)"), "n in 1|2|3");
}

TEST(DdlCheckRules, TwoColumnsAreCompared) {
  EXPECT_EQ(Rules("ends >= starts"), "ends >= starts");
  EXPECT_EQ(Rules("[EndDate]>=[StartDate] OR [EndDate] IS NULL", Dialect::kSqlServer),
            "EndDate >= StartDate");
  EXPECT_EQ(Rules("x BETWEEN lo AND hi"), "x >= lo; x <= hi");
}

TEST(DdlCheckRules, LengthsAndPatterns) {
  EXPECT_EQ(Rules("char_length(code) = 3"), "code length 3..3");
  EXPECT_EQ(Rules("length((name)::text) <= 20"), "name length ..20");
  EXPECT_EQ(Rules("name <> ''"), "name length 1..");
  EXPECT_EQ(Rules("email LIKE '%@%'"), "email like %@%");
  EXPECT_EQ(Rules("(email)::text ~ '^[a-z]+$'::text"), "email regex ^[a-z]+$");
  EXPECT_EQ(Rules("zip LIKE '[0-9][0-9]'", Dialect::kSqlServer), "zip regex ^[0-9][0-9]$");
  EXPECT_EQ(Rules("REGEXP_LIKE(code, '^A')", Dialect::kOracle), "code regex ^A");
}

TEST(DdlCheckRules, WhatIsNotUnderstoodIsOtherAndTheRestIsKept) {
  EXPECT_EQ(Rules("a > 0 AND f(a) > b AND c IS NOT NULL"), "a range (0..; other; c not null");
  EXPECT_EQ(Rules("NOT a LIKE 'x%'"), "other");
  EXPECT_EQ(Rules("a NOT LIKE 'x%'"), "other");
  EXPECT_EQ(Rules("f(a) OR g(b)"), "other");
  EXPECT_EQ(Rules("a IS NULL OR b IS NULL"), "other");
  EXPECT_EQ(Rules("a IS NULL AND b = 1"), "other; b in 1");
  EXPECT_EQ(Rules("CASE WHEN a THEN b > 1 AND c < 2 END"), "other");
}

TEST(DdlCheckRules, DaysMayHangOnToday) {
  EXPECT_EQ(Rules("born < getdate()", Dialect::kSqlServer), "born range ..now)");
  EXPECT_EQ(Rules("born <= CURRENT_DATE"), "born range ..now");
  EXPECT_EQ(Rules("born <= CURRENT_DATE - INTERVAL '18 years'"), "born range ..now-18y");
  EXPECT_EQ(Rules("(born <= (CURRENT_DATE - '18 years'::interval))"), "born range ..now-18y");
  EXPECT_EQ(Rules("born <= now() - INTERVAL '3' MONTH"), "born range ..now-3m");
  EXPECT_EQ(Rules("born <= CURRENT DATE", Dialect::kDb2), "born range ..now");
  EXPECT_EQ(Rules("hired < SYSDATE - 30", Dialect::kOracle), "hired range ..now-30d)");
  EXPECT_EQ(Rules("d <= dateadd(day, 1, getdate())", Dialect::kSqlServer), "d range ..now+1d");
  // What is after today now is not so tomorrow.
  EXPECT_EQ(Rules("due > CURRENT_DATE"), "other");
  EXPECT_EQ(Rules("EXTRACT(YEAR FROM d) >= 2000"), "d range 2000-01-01..");
  EXPECT_EQ(Rules("YEAR(d) > 1999 AND year(d) < 2030"),
            "d range 2000-01-01..; d range ..2030-01-01)");
}

TEST(DdlCheckRules, ListsOfWhatIsNotAllowed) {
  EXPECT_EQ(Rules("a NOT IN (1, 2)"), "a not in 1|2");
  EXPECT_EQ(Rules("a <> 'x'"), "a not in x");
  EXPECT_EQ(Rules("a != 0 AND a NOT BETWEEN 3 AND 9"), "a not in 0; ~a range (9..");
  EXPECT_EQ(Rules("s = ANY ('{a,b}'::text[])"), "s in a|b");
}

TEST(DdlCheckRules, OfAlternativesOneIsChosen) {
  EXPECT_EQ(Rules("a > 0 OR b > 0"), "~a range (0..");
  EXPECT_EQ(Rules("a IS NOT NULL OR b IS NOT NULL"), "~a not null");
  EXPECT_EQ(Rules("(a IS NULL AND n = 0) OR (a IS NOT NULL AND n >= 1)"),
            "~a not null; ~n range 1..");
  EXPECT_EQ(Rules("f(a) OR b = 1"), "~b in 1");
}

TEST(DdlCheckRules, AlternativesOfOneTextAreOnePattern) {
  EXPECT_EQ(Rules("s IS NULL OR s LIKE '%a.b%' OR s LIKE 'c_'"), "s regex ^((.*a\\.b.*)|(c.))$");
  EXPECT_EQ(Rules("[s] LIKE '[A-Z]' OR [s] = 'N/A'", Dialect::kSqlServer),
            "s regex ^(([A-Z])|N/A)$");
  EXPECT_EQ(Rules("s IN ('1', '2') OR s LIKE '99[0-9]'", Dialect::kSqlServer),
            "s regex ^(1|2|(99[0-9]))$");
  EXPECT_EQ(Rules("s ~ '^[a-z]+$' OR s ~ 'x'"), "s regex ^(([a-z]+)|(x))$");
  EXPECT_EQ(Rules("s GLOB '[0-9]*'", Dialect::kSqlite), "s regex ^[0-9].*$");
  EXPECT_EQ(Rules("s SIMILAR TO '(a|b)%.[_x]'"), "s regex ^(a|b).*\\.[_x]$");
  EXPECT_EQ(Rules("s = lower(s)"), "s regex ^[a-z][a-z0-9]{3,19}$");
}

TEST(DdlCheckRules, NestingIsBounded) {
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "(a > 0 AND ";
  EXPECT_NE(Rules(deep), "");
  std::string minus(50000, '-');
  std::string spaced = "a > ";
  for (const char c : minus) (spaced += c) += ' ';
  EXPECT_EQ(Rules(spaced + "1"), "other");
}

}  // namespace
}  // namespace synthmill::ddl
