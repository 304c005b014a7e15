#include "schema/name_rules.h"

#include <gtest/gtest.h>

#include "schema/words.h"

namespace synthmill::schema {
namespace {

std::string RuleOf(const char* column, ValueClass c = ValueClass::kText, int64_t limit = 0,
                   const char* table = "t") {
  const NameRule* rule = FindNameRule(table, column, c, limit);
  return rule ? rule->name : "";
}

TEST(Words, AreFoundInEveryStyleOfNames) {
  const auto words = [](const char* name) {
    std::string out;
    for (const std::string& word : SplitWords(name)) out += word + " ";
    return out;
  };
  EXPECT_EQ(words("customer_email"), "customer email ");
  EXPECT_EQ(words("customerEmail"), "customer email ");
  EXPECT_EQ(words("CUSTOMER_EMAIL"), "customer email ");
  EXPECT_EQ(words("Customer E-mail 2"), "customer e mail 2 ");
  EXPECT_EQ(words("IPAddress"), "ip address ");
  EXPECT_EQ(words("orderIDs"), "order ids ");
  EXPECT_EQ(words("line2"), "line 2 ");
  EXPECT_EQ(words("IBAN"), "iban ");
  EXPECT_EQ(words("größe"), "größe ");
}

TEST(NameRules, EachServeTheirExample) {
  for (const NameRule& rule : NameRules()) {
    bool served = false;
    for (ValueClass c :
         {ValueClass::kText, ValueClass::kNumber, ValueClass::kDate, ValueClass::kBool}) {
      if (!rule.Serves(c)) continue;
      // A short type where a longer one has a rule of its own.
      for (const int64_t limit : {int64_t{0}, int64_t{rule.least}, int64_t{rule.least + 2}}) {
        const NameRule* found = FindNameRule("t", rule.example, c, limit);
        served |= found == &rule;
      }
    }
    EXPECT_TRUE(served) << rule.name << ": " << rule.example;
  }
}

TEST(NameRules, AreNotTakenInByPiecesOfWords) {
  EXPECT_EQ(RuleOf("holiday", ValueClass::kText), "");
  EXPECT_EQ(RuleOf("paid", ValueClass::kText), "");
  EXPECT_EQ(RuleOf("statement"), "");
  EXPECT_EQ(RuleOf("valid"), "");
  EXPECT_EQ(RuleOf("landscape"), "");
  EXPECT_EQ(RuleOf("capacity_plan_name"), "name");
  EXPECT_EQ(RuleOf("manage"), "");
  EXPECT_EQ(RuleOf("storage", ValueClass::kNumber), "");
  EXPECT_EQ(RuleOf("message_count", ValueClass::kNumber), "quantity");
  EXPECT_EQ(RuleOf("email_count", ValueClass::kNumber), "quantity");
  EXPECT_EQ(RuleOf("relationship"), "");
  EXPECT_EQ(RuleOf("zipper"), "");
  EXPECT_EQ(RuleOf("codec"), "");
  EXPECT_EQ(RuleOf("telemetry"), "");
  EXPECT_EQ(RuleOf("nameless"), "");
  EXPECT_EQ(RuleOf("urlencoded"), "");
  EXPECT_EQ(RuleOf("island", ValueClass::kBool), "");
  EXPECT_EQ(RuleOf("hash_tag"), "");
  EXPECT_EQ(RuleOf("is", ValueClass::kBool), "");
  EXPECT_EQ(RuleOf("update_count", ValueClass::kDate), "");
}

TEST(NameRules, TakeTheLongestWords) {
  EXPECT_EQ(RuleOf("ip_address"), "IP address");
  EXPECT_EQ(RuleOf("email_address"), "email");
  EXPECT_EQ(RuleOf("mac_address"), "MAC address");
  EXPECT_EQ(RuleOf("billing_address"), "address");
  EXPECT_EQ(RuleOf("address_line_2"), "address line 2");
  EXPECT_EQ(RuleOf("user_name"), "username");
  EXPECT_EQ(RuleOf("file_name"), "file name");
  EXPECT_EQ(RuleOf("tax_rate", ValueClass::kNumber), "rate");
  EXPECT_EQ(RuleOf("country_code"), "country code");
  EXPECT_EQ(RuleOf("countryCode"), "country code");
  EXPECT_EQ(RuleOf("num_orders", ValueClass::kNumber), "quantity");
  EXPECT_EQ(RuleOf("is_active", ValueClass::kBool), "flag");
  EXPECT_EQ(RuleOf("created_at", ValueClass::kDate), "beginning");
  EXPECT_EQ(RuleOf("LastModifiedDate", ValueClass::kDate), "end");
  EXPECT_EQ(RuleOf("phone2", ValueClass::kText), "phone");
}

TEST(NameRules, KeepToWhatATypeCanHold) {
  EXPECT_EQ(RuleOf("email", ValueClass::kText, 80), "email");
  EXPECT_EQ(RuleOf("email", ValueClass::kText, 10), "");
  EXPECT_EQ(RuleOf("country", ValueClass::kText, 60), "country");
  EXPECT_EQ(RuleOf("country", ValueClass::kText, 2), "country code");
  EXPECT_EQ(RuleOf("gender", ValueClass::kText, 1), "gender");
  for (const auto& [value, weight] :
       RuleValues(*FindNameRule("t", "gender", ValueClass::kText, 1), 1))
    EXPECT_EQ(value.size(), 1u);
  EXPECT_EQ(RuleOf("status", ValueClass::kText, 9), "status");
}

TEST(NameRules, ReadABareNameByItsTable) {
  EXPECT_EQ(RuleOf("name", ValueClass::kText, 80, "customers"), "full name");
  EXPECT_EQ(RuleOf("name", ValueClass::kText, 80, "tbl_suppliers"), "company");
  EXPECT_EQ(RuleOf("name", ValueClass::kText, 80, "city"), "city");
  EXPECT_EQ(RuleOf("name", ValueClass::kText, 80, "projects"), "name");
}

}  // namespace
}  // namespace synthmill::schema
