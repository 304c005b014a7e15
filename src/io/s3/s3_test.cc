#include <gtest/gtest.h>

#include "io/http/http.h"
#include "io/s3/credentials.h"
#include "io/s3/xml.h"

namespace synthmill::io {
namespace {

TEST(Xml, FindsElementsByTheirWholeName) {
  const std::string xml =
      "<?xml version=\"1.0\"?><List xmlns=\"x\"><KeyCount>2</KeyCount><Key>a&amp;b</Key>"
      "<Empty/><Part><N>1</N></Part><Part><N>2</N></Part></List>";
  EXPECT_EQ(XmlText(xml, "Key"), "a&b");
  EXPECT_EQ(XmlText(xml, "KeyCount"), "2");
  EXPECT_EQ(XmlText(xml, "Empty"), "");
  EXPECT_EQ(XmlText(xml, "None"), "");
  ASSERT_EQ(XmlElements(xml, "Part").size(), 2u);
  EXPECT_EQ(XmlText(XmlElements(xml, "Part")[1], "N"), "2");
}

TEST(Xml, WhatBreaksOffHoldsNothing) {
  for (const char* xml : {"", "<", "<Key", "<Key>", "<Key>abc", "<Key>abc</Ke"}) {
    EXPECT_EQ(XmlText(xml, "Key"), "") << xml;
  }
}

TEST(Xml, EscapesComeBack) {
  const std::string text = "a<b>&\"c\"\n\xC3\xBC";
  EXPECT_EQ(XmlText("<K>" + XmlEscape(text) + "</K>", "K"), text);
  EXPECT_EQ(XmlText("<K>&#x41;&#252;&unknown;</K>", "K"), "A\xC3\xBC&unknown;");
}

TEST(AwsProfile, IsReadFromBothKindsOfFiles) {
  bool found = false;
  const std::string text =
      "# comment\n[default]\naws_access_key_id = one\n\n[profile work]\nregion=eu-west-1\n"
      "s3 =\n  endpoint_url = nested\nAWS_Access_Key_Id = two # not a comment\r\n[other]\nregion = "
      "x\n";
  const AwsProfile work = ParseAwsProfile(text, "work", &found);
  EXPECT_TRUE(found);
  EXPECT_EQ(work.at("region"), "eu-west-1");
  EXPECT_FALSE(work.contains("endpoint_url"));
  EXPECT_EQ(ParseAwsProfile(text, "default", &found).at("aws_access_key_id"), "one");
  found = false;
  EXPECT_TRUE(ParseAwsProfile(text, "nobody", &found).empty());
  EXPECT_FALSE(found);
}

TEST(Encode, NamesGoThereAndBack) {
  const std::string name = "a b/\xC3\xBC%+~=&?#'\"";
  EXPECT_EQ(UriDecode(UriEncode(name, false)), name);
  EXPECT_EQ(UriEncode("a/b c", true), "a/b%20c");
  EXPECT_EQ(UriEncode("a/b", false), "a%2Fb");
}

TEST(Encode, DigestsAndDates) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Md5Base64("abc"), "kAFQmDzST7DWlj99KOF/cg==");
  EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
  EXPECT_EQ(ParseHttpDate("Fri, 24 May 2013 00:00:00 GMT"), 1369353600);
  EXPECT_EQ(ParseUtc("2013-05-24T00:00:00.123Z"), 1369353600);
  EXPECT_EQ(ParseUtc("yesterday"), 0);
}

TEST(Encode, RetrySecondsAreANumber) {
  EXPECT_EQ(*RetrySeconds(""), 120);
  EXPECT_EQ(*RetrySeconds("1.5"), 1.5);
  EXPECT_FALSE(RetrySeconds("soon").ok());
  EXPECT_FALSE(RetrySeconds("-1").ok());
}

}  // namespace
}  // namespace synthmill::io
