#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "io/ingest/cells.h"
#include "io/ingest/csv_header.h"

namespace synthmill::io::ingest {
namespace {

std::string Padded(const std::string& text) { return text + std::string(kPadding, '\0'); }

// "a|b" for each row, refused rows as "!reason".
std::vector<std::string> Rows(RowSplitter* splitter, const std::string& text) {
  const std::string padded = Padded(text);
  RowTable rows;
  splitter->Split({padded.data(), text.size()}, &rows);
  std::vector<std::pair<uint32_t, std::string>> found;
  for (size_t r = 0; r < rows.rows; ++r) {
    std::string line;
    for (size_t c = 0; c < rows.columns; ++c) {
      const Cell& cell = rows.cells[r * rows.columns + c];
      std::string value;
      if (cell.null()) {
        value = "NULL";
      } else if (cell.escaped()) {
        const char* why = splitter->Unescape({padded.data() + cell.begin, cell.size()}, &value);
        if (why != nullptr) value = why;
      } else {
        value.assign(padded, cell.begin, cell.size());
      }
      line += (c > 0 ? "|" : "") + value + (cell.quoted() ? "q" : "");
    }
    found.emplace_back(rows.begins[r], line);
  }
  for (const BadRow& bad : rows.bad) found.emplace_back(bad.begin, "!" + bad.reason);
  std::sort(found.begin(), found.end());
  std::vector<std::string> out;
  for (auto& [at, line] : found) out.push_back(std::move(line));
  return out;
}

std::vector<std::string> Csv(const std::string& text, size_t columns = 2) {
  return Rows(MakeCsvSplitter(',', columns).get(), text);
}

using Lines = std::vector<std::string>;

TEST(CsvSplitTest, QuotesHoldDelimitersLineEndsAndPairsOfQuotes) {
  EXPECT_EQ(Csv("a,\"b,\nc\"\n\"\"\"x\"\"\",\"\"\n"), (Lines{"a|b,\ncq", "\"x\"q|q"}));
}

TEST(CsvSplitTest, LineEndsAreOneOrTwoCharactersAndTheLastMayBeMissing) {
  EXPECT_EQ(Csv("a,b\r\nc,\"d\"\r\ne,f"), (Lines{"a|b", "c|dq", "e|f"}));
  EXPECT_EQ(Csv("a,b\r\nc,\r\n"), (Lines{"a|b", "c|"}));
}

TEST(CsvSplitTest, AQuoteInsideAFieldStandsForItself) {
  EXPECT_EQ(Csv("5\" pipe,b\nx,y\"\n"), (Lines{"5\" pipe|b", "x|y\""}));
}

TEST(CsvSplitTest, RowsOfAnotherWidthAreRefusedWithBothNumbers) {
  EXPECT_EQ(Csv("a\nb,c\nd,e,f\n"),
            (Lines{"!1 field, expected 2", "b|c", "!3 fields, expected 2"}));
}

TEST(CsvSplitTest, BlankLinesAreNoRowsUnlessTheTableHasOneColumn) {
  EXPECT_EQ(Csv("a,b\n\n\r\nc,d\n"), (Lines{"a|b", "c|d"}));
  EXPECT_EQ(Csv("a\n\nb\n", 1), (Lines{"a", "", "b"}));
}

TEST(CsvSplitTest, AQuoteThatIsNeverClosedCostsItsLineAlone) {
  EXPECT_EQ(Csv("a,\"b\nc,d\ne,f\n"), (Lines{"!a quote is opened and never closed", "c|d", "e|f"}));
}

TEST(CsvSplitTest, TextAfterAClosingQuoteIsRefused) {
  EXPECT_EQ(Csv("\"a\"b,c\nd,e\n"), (Lines{"!text after a closing quote", "d|e"}));
}

TEST(CsvSplitTest, WholeRowsEndWhereNoQuoteIsOpen) {
  const auto splitter = MakeCsvSplitter(',', 2);
  EXPECT_EQ(splitter->WholeRows("a,b\nc,\"d\ne", false), 4u);
  EXPECT_EQ(splitter->WholeRows("a,b\nc,\"d\ne\"\nf", false), 12u);
  EXPECT_EQ(splitter->WholeRows("a,\"b\n", false), 0u);
  EXPECT_EQ(splitter->WholeRows("a,5\"\nc", false), 5u);
  // The quote at the end may be the first of a pair.
  EXPECT_EQ(splitter->WholeRows("a,b\n\"c\nd\"", false), 4u);
  EXPECT_EQ(splitter->WholeRows("a,\"b\n", true), 5u);
}

// However a text is cut at the ends that WholeRows gives, the rows stay the same.
TEST(CsvSplitTest, CuttingATextAnywhereChangesNoRow) {
  std::mt19937 random(7);
  const std::string alphabet = "ab,,\"\"\n\r";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const size_t size = random() % 200;
    for (size_t i = 0; i < size; ++i) text += alphabet[random() % alphabet.size()];
    const Lines whole = Csv(text);
    Lines pieces;
    const auto splitter = MakeCsvSplitter(',', 2);
    size_t begin = 0, end = 0;
    while (begin < text.size()) {
      end = std::min(text.size(), std::max(end, begin) + 1 + random() % 40);
      const bool last = end == text.size();
      const size_t cut =
          splitter->WholeRows(std::string_view(text).substr(begin, end - begin), last);
      if (cut == 0) continue;
      for (auto& row : Rows(splitter.get(), text.substr(begin, cut))) {
        pieces.push_back(std::move(row));
      }
      begin += cut;
    }
    ASSERT_EQ(pieces, whole) << testing::PrintToString(text);
  }
}

TEST(CsvHeaderTest, NamesAreMadeUnlikeAndToldWhereTheyWereNot) {
  const auto header = ReadCsvHeader("id,\"a \"\"b\"\"\",id,,id_2\nrest", ',', false).ValueOrDie();
  EXPECT_EQ(header.names, (Lines{"id", "a \"b\"", "id_3", "column_4", "id_2"}));
  EXPECT_EQ(header.notes.size(), 2u);
  EXPECT_EQ(header.end, 22u);
  EXPECT_TRUE(header.whole);
}

TEST(CsvHeaderTest, AHeaderThatIsCutIsNotWhole) {
  EXPECT_FALSE(ReadCsvHeader("id,\"a\nb", ',', true).ValueOrDie().whole);
  EXPECT_FALSE(ReadCsvHeader("id,a", ',', false).ValueOrDie().whole);
  EXPECT_TRUE(ReadCsvHeader("id,a", ',', true).ValueOrDie().whole);
}

Lines Json(const std::string& text, OtherKeys other = OtherKeys::kRefuse) {
  return Rows(MakeJsonSplitter({"a", "b"}, other).get(), text);
}

TEST(JsonSplitTest, KeysComeInAnyOrderAndMayBeMissing) {
  EXPECT_EQ(Json("{\"a\":1,\"b\":\"x\"}\n{\"b\": null , \"a\":true}\r\n{}\n"),
            (Lines{"1|xq", "true|NULL", "NULL|NULL"}));
}

TEST(JsonSplitTest, EscapesAreResolved) {
  EXPECT_EQ(Json(R"({"a":"\u00e9\ud83d\ude42\n\"","\u0062":"x"})"), (Lines{"é🙂\n\"q|xq"}));
  EXPECT_EQ(Json(R"({"a":"\ud83d"})"), (Lines{"half of a surrogate pairq|NULL"}));
}

TEST(JsonSplitTest, ObjectsInsideAreKeptAsText) {
  EXPECT_EQ(Json(R"({"a":{"x":[1,{"y":"}"}]},"b":[]})"), (Lines{R"({"x":[1,{"y":"}"}]}|[])"}));
}

TEST(JsonSplitTest, WhatIsNoObjectOnOneLineIsRefusedWithTheReason) {
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{
           {"[1]", "it does not begin with {"},
           {"{\"a\":1", "a comma or a closing bracket is missing"},
           {"{\"a\":01}", "a number with a leading zero"},
           {"{\"a\":1.}", "a number that ends in its point"},
           {"{\"a\" 1}", "a colon is missing after a key"},
           {"{\"a\":\"x}", "a string without its closing quote"},
           {"{\"a\":nul}", "a word that is none of true, false, null"},
           {"{\"a\":1} x", "text after the object"},
           {"{\"a\":[1,}", "a value that is no JSON"}}) {
    EXPECT_EQ(Json(text), (Lines{"!no JSON object: " + reason})) << text;
  }
  EXPECT_EQ(Json("{\"a\":1,\"a\":2}"), (Lines{"!the key 'a' stands there twice"}));
}

TEST(JsonSplitTest, OtherKeysAreRefusedIgnoredOrNoted) {
  const std::string text = "{\"a\":1,\"c\":[2]}";
  EXPECT_EQ(Json(text), (Lines{"!the key 'c' is no column"}));
  EXPECT_EQ(Json(text, OtherKeys::kIgnore), (Lines{"1|NULL"}));
  RowTable rows;
  MakeJsonSplitter({"a"}, OtherKeys::kNote)->Split({Padded(text).data(), text.size()}, &rows);
  EXPECT_EQ(rows.new_keys, (Lines{"c"}));
}

TEST(CountLinesTest, CountsAcrossAllBlocks) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += i % 3 == 0 ? "\n" : "x";
  EXPECT_EQ(CountLines(text), 33'334u);
  EXPECT_EQ(CountLines("\n"), 1u);
  EXPECT_EQ(CountLines(""), 0u);
}

}  // namespace
}  // namespace synthmill::io::ingest
