#include "schema/names.h"

#include <gtest/gtest.h>

#include "spec/yaml.h"

namespace synthmill::schema {
namespace {

const char* const kHard[] = {"../../x",
                             "a/b",
                             "quoted \"name\"",
                             "no",
                             "null",
                             "1e3",
                             "a: b",
                             "# x",
                             "- x",
                             "é",
                             "emoji 😀",
                             "{x}",
                             "%",
                             "'",
                             "~",
                             "",
                             " ",
                             "tab\there",
                             "line\nbreak",
                             "\\",
                             "select",
                             "[a]",
                             "!tag",
                             "*a",
                             "&a",
                             "?",
                             "0x1F",
                             "1_000",
                             ".5",
                             "true",
                             "|",
                             ">",
                             "@x",
                             "`x`"};

TEST(Names, BecomeKeysOfADatasetFileAndStayApart) {
  std::set<std::string> taken;
  for (const char* name : kHard) {
    const std::string key = Unique(Slug(name, "table_1"), &taken);
    EXPECT_FALSE(key.empty());
    EXPECT_LE(key.size(), 70u);
    for (const char c : key) EXPECT_TRUE(isalnum(c) || c == '_') << name << " -> " << key;
    EXPECT_FALSE(isdigit(key[0])) << key;
  }
  EXPECT_EQ(taken.size(), std::size(kHard));
  EXPECT_EQ(Slug("order_items", "t"), "order_items");
  EXPECT_EQ(Slug("Order Items", "t"), "Order_Items");
  EXPECT_EQ(Slug("2fa", "t"), "_2fa");
  EXPECT_EQ(Slug(std::string(300, 'a'), "t").size(), 60u);
}

TEST(Names, OfFoldersLeadNowhereElseAndNeverMeet) {
  std::set<std::string> folders;
  for (const char* name : kHard) {
    const std::string folder = FolderName(name);
    EXPECT_EQ(folder.find('/'), std::string::npos);
    EXPECT_EQ(folder.find('\\'), std::string::npos);
    EXPECT_NE(folder[0], '.') << name;
    EXPECT_NE(folder[0], '_') << name;
    EXPECT_TRUE(folders.insert(folder).second) << name;
    for (const char c : folder) EXPECT_TRUE((c & 0x80) || (c > 32 && c != 127)) << name;
  }
  EXPECT_EQ(FolderName("../../x"), "%2E.%2F..%2Fx");
  EXPECT_EQ(FolderName("orders"), "orders");
  EXPECT_EQ(FolderName("_tmp"), "%5Ftmp");
  EXPECT_NE(FolderName("a/b"), FolderName("a%2Fb"));
  // Cut names keep apart by their hash.
  const std::string a(300, 'x'), b = a + "y";
  EXPECT_LE(FolderName(a).size(), 120u);
  EXPECT_NE(FolderName(a), FolderName(b));
}

TEST(Names, ComeBackFromYamlAsTheyWere) {
  for (const char* name : kHard) {
    const std::string yaml = "{" + YamlText(name) + ": [" + YamlText(name) + "]}";
    spec::Diagnostics diagnostics("t.yaml", yaml);
    const spec::Node node = spec::ParseYaml(yaml, &diagnostics);
    ASSERT_TRUE(diagnostics.ok()) << diagnostics.Render();
    ASSERT_EQ(node.entries.size(), 1u) << yaml;
    EXPECT_EQ(node.entries[0].key, name);
    ASSERT_EQ(node.entries[0].value.items.size(), 1u);
    EXPECT_EQ(node.entries[0].value.items[0].text, name);
    EXPECT_TRUE(node.entries[0].value.items[0].is_scalar());
  }
}

TEST(Names, OfOldEncodingsBecomeUtf8) {
  EXPECT_EQ(ToUtf8("caf\xE9"), "café");
  EXPECT_EQ(ToUtf8("café"), "café");
  EXPECT_EQ(YamlText("caf\xE9"), "\"café\"");
}

TEST(Names, InCommentsStayOnTheirLine) {
  EXPECT_EQ(CommentText("a\nb"), "a b");
  EXPECT_LE(CommentText(std::string(500, 'x')).size(), 110u);
}

}  // namespace
}  // namespace synthmill::schema
