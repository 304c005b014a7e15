#include "spec/yaml.h"

#include <gtest/gtest.h>

#include <string>

namespace synthmill::spec {
namespace {

std::string ErrorsOf(const std::string& text) {
  Diagnostics diagnostics("t.yaml", text);
  ParseYaml(text, &diagnostics);
  return diagnostics.Render();
}

TEST(Yaml, RemembersWhereEveryKeyAndValueStands) {
  const std::string text = "a: 1\nb:\n  - x\n  - {c: \"d\"}\n";
  Diagnostics diagnostics("t.yaml", text);
  bool complete = false;
  const Node root = ParseYaml(text, &diagnostics, &complete);
  EXPECT_TRUE(complete);
  ASSERT_TRUE(root.is_map());
  EXPECT_EQ(root.entries[1].at.line, 2);
  EXPECT_EQ(root.entries[1].at.column, 1);
  const Node& list = root.entries[1].value;
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[0].at.line, 3);
  EXPECT_EQ(list.items[0].at.column, 5);
  const Node* d = list.items[1].Find("c");
  ASSERT_NE(d, nullptr);
  EXPECT_TRUE(d->quoted);
  EXPECT_EQ(d->at.column, 9);
  EXPECT_FALSE(root.Find("a")->quoted);
  EXPECT_EQ(root.Find("nothing"), nullptr);
}

TEST(Yaml, CountsColumnsInBytes) {
  const std::string text = "\"é\": {k: v}\n";
  Diagnostics diagnostics("t.yaml", text);
  const Node root = ParseYaml(text, &diagnostics);
  ASSERT_EQ(root.entries.size(), 1u);
  EXPECT_EQ(root.entries[0].value.entries[0].at.column, 8);
}

TEST(Yaml, TellsNullFromTheWordInQuotes) {
  const std::string text = "a:\nb: ~\nc: null\nd: 'null'\ne: ''\n";
  Diagnostics diagnostics("t.yaml", text);
  const Node root = ParseYaml(text, &diagnostics);
  EXPECT_TRUE(root.Find("a")->is_null());
  EXPECT_TRUE(root.Find("b")->is_null());
  EXPECT_TRUE(root.Find("c")->is_null());
  EXPECT_EQ(root.Find("d")->text, "null");
  EXPECT_TRUE(root.Find("e")->is_scalar());
}

TEST(Yaml, RefusesTheSameKeyTwice) {
  EXPECT_EQ(ErrorsOf("a: 1\nb: 2\na: 3\n"),
            "t.yaml:3:1: error: 'a' is here twice\n"
            "  a: 3\n"
            "  ^\n"
            "  it first stands in line 1\n");
}

TEST(Yaml, CopiesWhatAnAliasNames) {
  const std::string text = "a: &x {k: [1, 2]}\nb: *x\n";
  Diagnostics diagnostics("t.yaml", text);
  const Node root = ParseYaml(text, &diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.Render();
  EXPECT_EQ(root.Find("b")->Find("k")->items.size(), 2u);
}

TEST(Yaml, RefusesAnAliasWithinItsOwnValue) {
  EXPECT_NE(ErrorsOf("a: &x [*x]\n").find("inside the value it repeats"), std::string::npos);
}

TEST(Yaml, StopsAliasesThatMultiply) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += (j > 0 ? ", " : "") + before;
    text += "]\n";
  }
  EXPECT_NE(ErrorsOf(text).find("more than 1000000 values"), std::string::npos);
}

TEST(Yaml, StopsAliasesThatMultiplyText) {
  std::string text = "a: &a " + std::string(1'000'000, 'x') + "\nb: [";
  for (int i = 0; i < 100; ++i) text += "*a, ";
  EXPECT_NE(ErrorsOf(text + "]\n").find("16 MiB"), std::string::npos);
}

TEST(Yaml, StopsDepthWrittenOutOrMadeOfAliases) {
  EXPECT_NE(ErrorsOf(std::string(100'000, '[')).find("deeper than 64"), std::string::npos);
  EXPECT_NE(ErrorsOf(std::string(100'000, '{')).find("deeper than 64"), std::string::npos);
  std::string dashes;
  for (int i = 0; i < 10'000; ++i) dashes += "- ";
  EXPECT_NE(ErrorsOf(dashes).find("deeper than 64"), std::string::npos);
  std::string questions;
  for (int i = 0; i < 10'000; ++i) questions += "? ";
  EXPECT_FALSE(ErrorsOf(questions).empty());
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 100; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
             "]\n";
  }
  EXPECT_NE(ErrorsOf(chain).find("deeper than 64"), std::string::npos);
}

TEST(Yaml, PointsAtSyntaxErrors) {
  const std::string errors = ErrorsOf("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_EQ(errors.rfind("t.yaml:3:", 0), 0u) << errors;
  EXPECT_NE(errors.find("error: YAML: "), std::string::npos);
}

TEST(Yaml, RefusesBytesThatAreNotText) {
  EXPECT_EQ(ErrorsOf("a: \xFF\n").rfind("t.yaml:1:4: error: this byte is not UTF-8", 0), 0u);
  EXPECT_EQ(ErrorsOf("a: 1\nb: \x04\n").rfind("t.yaml:2:4: error: a control character", 0), 0u);
  EXPECT_NE(ErrorsOf(std::string(17 << 20, ' ')).find("larger than 16 MiB"), std::string::npos);
}

TEST(Yaml, RefusesASecondDocumentTagsAndKeysThatAreNoWords) {
  EXPECT_NE(ErrorsOf("a: 1\n---\nb: 2\n").find("a second YAML document"), std::string::npos);
  EXPECT_NE(ErrorsOf("a: !!int 1\n").find("have no meaning here"), std::string::npos);
  EXPECT_NE(ErrorsOf("? [a]\n: 1\n").find("a key must be a word"), std::string::npos);
  EXPECT_EQ(ErrorsOf("a: !!str 1\n"), "");
}

TEST(Yaml, ReadsAnEmptyFileAsNull) {
  Diagnostics diagnostics("t.yaml", "# nothing\n");
  EXPECT_TRUE(ParseYaml("# nothing\n", &diagnostics).is_null());
  EXPECT_TRUE(diagnostics.ok());
}

}  // namespace
}  // namespace synthmill::spec
