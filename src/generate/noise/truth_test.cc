// The truth: every difference between a record and its customer is in truth_changes, and nothing
// else.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

const With kHard = {.parameters = {{"unique_customers", "3000"}, {"total_records", "12000"}},
                    .noise = "hard",
                    .truth = true};
const With kClassic = {.parameters = kHard.parameters, .noise = "classic", .truth = true};

std::string Text(const Cell& c) { return c ? "'" + *c + "'" : "NULL"; }

class Truth : public testing::TestWithParam<const char*> {
 protected:
  MadeAll made_ = Make(Mdm(GetParam() == std::string("hard") ? kHard : kClassic), 1);
};
INSTANTIATE_TEST_SUITE_P(Profile, Truth, testing::Values("classic", "hard"),
                         [](const auto& i) { return i.param; });

TEST_P(Truth, ExplainsEveryDifferenceAndNothingElse) {
  const Made& people = made_["truth.customer"];
  std::set<std::string> found, told;
  for (const char* key : {"crm", "erp", "ecommerce"}) {
    const Made& t = made_[key];
    for (size_t i = 0; i < t.rows; ++i) {
      const size_t p = std::stoul(t["customer_id"][i]->substr(5)) - 1;
      ASSERT_EQ(people["customer_id"][p], t["customer_id"][i]);
      for (const auto& [name, cells] : t.columns)
        if (people.columns.contains(name) && cells[i] != people[name][p])
          found.insert(*t["record_id"][i] + " " + name + " " + Text(people[name][p]) + " " +
                       Text(cells[i]));
    }
  }
  const Made& changes = made_["truth.changes"];
  for (size_t i = 0; i < changes.rows; ++i)
    told.insert(*changes["record_id"][i] + " " + *changes["column_name"][i] + " " +
                Text(changes["clean_value"][i]) + " " + Text(changes["dirty_value"][i]));
  EXPECT_EQ(told.size(), changes.rows) << "a cell has one row";
  EXPECT_GT(found.size(), 5000u);
  EXPECT_TRUE(found == told) << found.size() << " differences, " << told.size() << " told";
}

TEST_P(Truth, NamesEachRecordsCustomer) {
  std::map<std::string, std::string> owner;
  const Made& records = made_["truth.records"];
  for (size_t i = 0; i < records.rows; ++i)
    owner[*records["record_id"][i]] = *records["customer_id"][i] + *records["source_system"][i];
  size_t rows = 0;
  for (const char* key : {"crm", "erp", "ecommerce"}) {
    const Made& t = made_[key];
    for (size_t i = 0; i < t.rows; ++i, ++rows)
      ASSERT_EQ(owner[*t["record_id"][i]], *t["customer_id"][i] + key);
  }
  EXPECT_EQ(rows, records.rows);
  EXPECT_EQ(made_["truth.customer"].rows, 3000u) << "also those without a record";
}

TEST_P(Truth, ListsRulesInTheirOrder) {
  std::map<std::string, size_t> order;
  for (const NoiseCount& n : made_.noise) order.emplace(n.rule, order.size());
  for (const std::string& noise : made_["truth.changes"].Texts("noise")) {
    size_t last = 0, from = 0;
    for (bool first = true; from <= noise.size(); first = false) {
      const size_t end = std::min(noise.find('+', from), noise.size());
      const std::string rule = noise.substr(from, end - from);
      ASSERT_TRUE(order.contains(rule)) << noise;
      ASSERT_TRUE(first || order[rule] > last) << noise;
      last = order[rule], from = end + 1;
    }
  }
}

TEST_P(Truth, CountsOfTheReportAgreeWithTheRatesAndTheChanges) {
  std::map<std::string, std::set<std::string>> changed;  // rule -> records
  const Made& changes = made_["truth.changes"];
  std::map<std::string, std::string> table;
  for (const char* key : {"crm", "erp", "ecommerce"})
    for (const std::string& id : made_[key].Texts("record_id")) table[id] = key;
  for (size_t i = 0; i < changes.rows; ++i) {
    const std::string id = *changes["record_id"][i], noise = "+" + *changes["noise"][i] + "+";
    for (const NoiseCount& n : made_.noise)
      if (n.table == table[id] && noise.find("+" + n.rule + "+") != std::string::npos &&
          *changes["column_name"][i] != "full_name")
        changed[n.table + n.rule].insert(id);
  }
  for (const NoiseCount& n : made_.noise) {
    EXPECT_EQ(n.records, made_[n.table].rows);
    EXPECT_LE(n.applicable, n.records);
    const double p = static_cast<double>(n.configured) / 1e9,
                 all = static_cast<double>(n.applicable);
    EXPECT_NEAR(static_cast<double>(n.touched), all * p, 4.75 * std::sqrt(all * p * (1 - p)))
        << n.table << " " << n.rule;
    EXPECT_EQ(n.changed, changed[n.table + n.rule].size()) << n.table << " " << n.rule;
    EXPECT_GT(n.changed, 0u) << n.rule;
  }
}

TEST_P(Truth, FullNameIsFirstAndLastNameInEveryRecord) {
  for (const char* key : {"crm", "erp", "ecommerce"}) {
    const Made& t = made_[key];
    for (size_t i = 0; i < t.rows; ++i)
      ASSERT_EQ(*t["full_name"][i], *t["first_name"][i] + " " + *t["last_name"][i]);
  }
}

TEST_P(Truth, TwoCopiesOfACustomerDifferInMostCases) {
  for (const char* key : {"crm", "ecommerce"}) {
    const Made& t = made_[key];
    std::map<std::string, size_t> first;
    double pairs = 0, differ = 0;
    for (size_t i = 0; i < t.rows; ++i) {
      const auto [it, fresh] = first.emplace(*t["customer_id"][i], i);
      if (fresh) continue;
      ++pairs;
      bool same = true;
      for (const auto& [name, cells] : made_["truth.customer"].columns)
        same &= t[name][i] == t[name][it->second];
      differ += !same;
    }
    ASSERT_GT(pairs, 200);
    EXPECT_GT(differ / pairs, 0.85) << key;
  }
}

TEST(TruthOfRules, NamesOnlyThoseThatChangedTheCell) {
  // A fifth of the phone formats is "as is", and no rule is to be blamed for what it left alone.
  std::string mdm = ReadSource("datasets/mdm.yaml");
  const size_t from = mdm.find("\nnoise:\n"), to = mdm.find("\ntruth:\n");
  mdm = mdm.substr(0, from) +
        "\nnoise:\n  one:\n    - {rule: phone_format, columns: [phone], rate: 1}\n" +
        "    - {rule: missing, columns: [phone], rate: 1}\n" + mdm.substr(to);
  With with = kClassic;
  with.noise = "one";
  MadeAll made = Make(Compiled(mdm, with));
  double alone = 0;
  for (const std::string& noise : made["truth.changes"].Texts("noise")) alone += noise == "missing";
  const double n = static_cast<double>(made["truth.changes"].rows);
  EXPECT_NEAR(alone / n, 0.2, 4.75 * std::sqrt(0.16 / n));
}

TEST(TruthOfRules, LeavesNoRowWhereTheyCancelOut) {
  std::string mdm = ReadSource("datasets/mdm.yaml");
  const size_t from = mdm.find("\nnoise:\n"), to = mdm.find("\ntruth:\n");
  mdm = mdm.substr(0, from) +
        "\nnoise:\n  one:\n    - {rule: swap, columns: [first_name, last_name], rate: 1}\n" +
        "    - {rule: swap, name: back, columns: [first_name, last_name], rate: 1}\n" +
        mdm.substr(to);
  With with = kClassic;
  with.noise = "one";
  EXPECT_EQ(Make(Compiled(mdm, with))["truth.changes"].rows, 0u);
}

TEST(CleanValues, DoNotDependOnTheNoise) {
  With none = kClassic;
  none.noise = "none";
  MadeAll clean = Make(Mdm(none)), classic = Make(Mdm(kClassic));
  EXPECT_EQ(clean["truth.customer"].columns, classic["truth.customer"].columns);
  EXPECT_EQ(clean["truth.records"].columns, classic["truth.records"].columns);
  EXPECT_EQ(clean["truth.changes"].rows, 0u);
  for (const char* column :
       {"record_id", "source_id", "lead_source", "city", "annual_income", "date_of_birth"})
    EXPECT_EQ(clean["crm"][column], classic["crm"][column]) << column;
}

}  // namespace
}  // namespace synthmill::generate
