// Every noise kind on the columns of mdm: what it may do to a value, and how often.
#include "generate/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "core/text.h"
#include "generate/list.h"
#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

// mdm with one noise profile, `one`, of these rules.
std::string Spec(const std::string& rules) {
  static const std::string mdm = ReadSource("datasets/mdm.yaml");
  const size_t from = mdm.find("\nnoise:\n"), to = mdm.find("\ntruth:\n");
  return mdm.substr(0, from) + "\nnoise:\n  one:\n" + rules + mdm.substr(to);
}

std::string WithRate(std::string rule, const std::string& rate) {
  const size_t at = rule.find("rate: ");
  return rule.substr(0, at) + "rate: " + rate + "}";
}

// One rule's doings in the CRM: each changed record beside its clean customer.
struct Change {
  std::map<std::string, std::string> clean, dirty;  // the columns that differ; null: "NULL"
  std::map<std::string, std::string> record;        // all columns as written
};

struct Spoiled {
  std::vector<Change> changes;
  NoiseCount count;
  size_t records = 0;
};

Spoiled Spoil(const std::string& rule, uint64_t customers = 3000) {
  const MadeAll made =
      Make(Compiled(Spec("    - " + rule + "\n"),
                    {.parameters = {{"unique_customers", std::to_string(customers)},
                                    {"total_records", std::to_string(4 * customers)}},
                     .noise = "one",
                     .truth = true,
                     .tables = {"crm"}}));
  const Made &crm = made.tables.at("crm"), &people = made.tables.at("truth.customer");
  Spoiled out;
  out.records = crm.rows;
  out.count = made.noise.at(0);
  for (size_t i = 0; i < crm.rows; ++i) {
    const size_t p = std::stoul(crm["customer_id"][i]->substr(5)) - 1;
    Change change;
    for (const auto& [name, cells] : crm.columns) {
      change.record[name] = cells[i].value_or("NULL");
      if (!people.columns.contains(name) || cells[i] == people[name][p]) continue;
      change.clean[name] = people[name][p].value_or("NULL");
      change.dirty[name] = cells[i].value_or("NULL");
    }
    if (!change.dirty.empty()) out.changes.push_back(change);
  }
  return out;
}

const std::string kNickname =
    "{rule: replace, columns: [first_name], list: nicknames, from: name, to: nickname, rate: 1}";
const std::string kAbbreviation =
    "{rule: words, columns: [address], list: postal_abbreviations, from: word, to: abbreviation, "
    "rate: 1}";

std::set<std::string> Pairs(const std::string& list, const char* from, const char* to) {
  const auto l = Lists({}).Find(list).ValueOrDie();
  std::set<std::string> pairs;
  for (size_t r = 0; r < l->rows(); ++r)
    pairs.insert(l->values[static_cast<size_t>(l->Find(from))][r] + ">" +
                 l->values[static_cast<size_t>(l->Find(to))][r]);
  return pairs;
}

class EveryNoiseKind : public testing::TestWithParam<const NoiseKind*> {};
INSTANTIATE_TEST_SUITE_P(Registry, EveryNoiseKind,
                         testing::ValuesIn(NoiseKinds().begin(), NoiseKinds().end()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(EveryNoiseKind, IsDocumentedWithAnExampleOfItself) {
  EXPECT_EQ(FindNoiseKind(GetParam()->name), GetParam());
  EXPECT_GT(std::string(GetParam()->help).size(), 5u);
  EXPECT_EQ(std::string(GetParam()->example).rfind("{rule: " + std::string(GetParam()->name), 0),
            0u);
}

TEST_P(EveryNoiseKind, ChangesItsColumnsAndNoOthers) {
  const Spoiled s = Spoil(WithRate(GetParam()->example, "1"));
  EXPECT_GT(s.changes.size(), s.records / 4) << "a rule at rate 1 that hardly does anything";
  const std::string example = GetParam()->example;
  for (const Change& c : s.changes)
    for (const auto& [column, value] : c.dirty) {
      if (column == "full_name") continue;  // made again
      ASSERT_NE(example.find(column), std::string::npos) << column;
    }
}

TEST_P(EveryNoiseKind, TouchesItsShareOfTheRecordsItCouldApplyTo) {
  for (const char* rate : {"0.05", "0.3"}) {
    const NoiseCount n = Spoil(WithRate(GetParam()->example, rate), 6000).count;
    const double p = std::stod(rate), applicable = static_cast<double>(n.applicable);
    EXPECT_EQ(n.configured, std::llround(p * 1e9));
    ASSERT_GT(n.applicable, 0u);
    EXPECT_NEAR(static_cast<double>(n.touched), applicable * p,
                4.75 * std::sqrt(applicable * p * (1 - p)));
    EXPECT_LE(n.changed, n.touched);
  }
}

TEST_P(EveryNoiseKind, ChangesAllAtRateOneAndNoneAtRateZero) {
  const NoiseCount all = Spoil(WithRate(GetParam()->example, "1")).count;
  EXPECT_EQ(all.touched, all.applicable);
  // Four draws leave few as they were; a fifth of the phone formats is "as is".
  const double least = std::string(GetParam()->name) == "phone_format" ? 0.77 : 0.93;
  EXPECT_GT(static_cast<double>(all.changed), least * static_cast<double>(all.applicable));
  const Spoiled none = Spoil(WithRate(GetParam()->example, "0"));
  EXPECT_EQ(none.count.touched, 0u);
  EXPECT_TRUE(none.changes.empty());
}

TEST_P(EveryNoiseKind, RefusesAnUnknownArgument) {
  std::string rule = GetParam()->example;
  rule.insert(rule.size() - 1, ", no_such_thing: 1");
  EXPECT_NE(
      CompileError(Spec("    - " + rule + "\n"), {.noise = "one"}).find("has no 'no_such_thing'"),
      std::string::npos);
}

TEST_P(EveryNoiseKind, RefusesARequiredColumn) {
  std::string rule =
      "{rule: " + std::string(GetParam()->name) + ", columns: [record_id], rate: 0.5}";
  EXPECT_NE(CompileError(Spec("    - " + rule + "\n"), {.noise = "one"}).find("is required"),
            std::string::npos);
}

TEST(Nicknames, AreThoseOfTheListAndFullNameFollows) {
  const auto pairs = Pairs("nicknames", "name", "nickname");
  const Spoiled s = Spoil(kNickname);
  for (const Change& c : s.changes) {
    ASSERT_TRUE(pairs.contains(c.clean.at("first_name") + ">" + c.dirty.at("first_name")))
        << c.dirty.at("first_name");
    ASSERT_EQ(c.record.at("full_name"), c.record.at("first_name") + " " + c.record.at("last_name"));
    ASSERT_FALSE(c.dirty.contains("last_name")) << "John in Johnson stays";
  }
  for (const char* p :
       {"John>Jon", "Michael>Mike", "William>Bill", "Robert>Bob", "James>Jim", "Christopher>Chris",
        "Matthew>Matt", "Anthony>Tony", "Elizabeth>Liz", "Jennifer>Jen"})
    EXPECT_TRUE(pairs.contains(p)) << p;
}

TEST(Abbreviations, ReplaceWholeWordsOnly) {
  const auto pairs = Pairs("postal_abbreviations", "word", "abbreviation");
  const auto words = [](const std::string& text) {
    std::vector<std::string> out(1);
    for (char c : text) {
      if (c == ' ')
        out.emplace_back();
      else
        out.back() += c;
    }
    return out;
  };
  std::map<size_t, int> replaced;
  for (const Change& c : Spoil(kAbbreviation).changes) {
    const auto before = words(c.clean.at("address")), after = words(c.dirty.at("address"));
    ASSERT_EQ(before.size(), after.size()) << c.dirty.at("address");
    size_t n = 0;
    for (size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      ++n;
      ASSERT_TRUE(pairs.contains(before[i] + ">" + after[i]))
          << before[i] << " became " << after[i];
    }
    ++replaced[n];
  }
  EXPECT_GT(replaced[1], 1000);
  EXPECT_GT(replaced[2], 0) << "Street and Apartment may both be short";
  for (const char* p : {"Street>St", "Avenue>Ave", "Boulevard>Blvd", "Road>Rd", "Drive>Dr",
                        "Apartment>Apt", "Suite>Ste"})
    EXPECT_TRUE(pairs.contains(p)) << p;
}

TEST(PhoneFormats, AreTheFiveAndKeepTheDigits) {
  const Spoiled s = Spoil("{rule: phone_format, columns: [phone], rate: 1}", 6000);
  std::map<std::string, double> forms;
  forms["###-###-####"] = static_cast<double>(s.records - s.changes.size());
  for (const Change& c : s.changes) {
    std::string form, digits, clean;
    for (char ch : c.dirty.at("phone")) {
      const bool digit = ch >= '0' && ch <= '9';
      form += digit ? '#' : ch;
      if (digit) digits += ch;
    }
    for (char ch : c.clean.at("phone"))
      if (ch != '-') clean += ch;
    ASSERT_EQ(digits, clean);
    ++forms[form];
  }
  EXPECT_EQ(forms.size(), 5u);
  for (const char* form :
       {"###-###-####", "###.###.####", "### ### ####", "##########", "(###) ###-####"})
    EXPECT_NEAR(forms[form], static_cast<double>(s.records) / 5,
                4.75 * std::sqrt(static_cast<double>(s.records) * 0.16))
        << form;
}

TEST(EmailDomains, ChangeAndTheMailboxStays) {
  std::map<std::string, int> domains;
  for (const Change& c :
       Spoil("{rule: email_domain, columns: [email], domains: [gmail.com, yahoo.com], rate: 1}")
           .changes) {
    const std::string clean = c.clean.at("email"), dirty = c.dirty.at("email");
    ASSERT_EQ(clean.substr(0, clean.find('@')), dirty.substr(0, dirty.find('@')));
    ++domains[dirty.substr(dirty.find('@') + 1)];
  }
  EXPECT_EQ(domains.size(), 2u);
}

TEST(Typos, AreOneEditInOneOfTheColumnsByWeight) {
  std::map<std::string, double> columns;
  std::map<int, int> lengths;
  const Spoiled s = Spoil(
      "{rule: typo, columns: {first_name: 0.25, last_name: 0.25, address: 0.5}, rate: 1}", 6000);
  const auto lower = [](std::string t) {
    for (char& c : t)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return t;
  };
  for (const Change& c : s.changes) {
    int n = 0;
    for (const auto& [column, dirty] : c.dirty) {
      // Case aside: "Amry" for "Mary" is one exchange, with the capital left where it was.
      ASSERT_EQ(core::EditDistance(lower(c.clean.at(column)), lower(dirty), 3), 1u)
          << c.clean.at(column) << " " << dirty;
      if (column == "full_name") continue;
      ++n, ++columns[column];
      ++lengths[static_cast<int>(dirty.size()) - static_cast<int>(c.clean.at(column).size())];
    }
    ASSERT_EQ(n, 1);
    ASSERT_EQ(c.record.at("full_name"), c.record.at("first_name") + " " + c.record.at("last_name"));
  }
  const double all = static_cast<double>(s.changes.size());
  EXPECT_NEAR(columns["address"] / all, 0.5, 0.03);
  EXPECT_NEAR(columns["first_name"] / all, 0.25, 0.03);
  EXPECT_NEAR(lengths[1] / all, 0.25, 0.05) << "insertions";
  EXPECT_NEAR(lengths[-1] / all, 0.25, 0.05) << "deletions";
}

TEST(Missing, MakesExactlyOneOfTheColumnsNull) {
  const Spoiled s = Spoil("{rule: missing, columns: [phone, company, job_title], rate: 1}", 6000);
  EXPECT_EQ(s.changes.size(), s.records);
  std::map<std::string, double> columns;
  for (const Change& c : s.changes) {
    ASSERT_EQ(c.dirty.size(), 1u);
    ASSERT_EQ(c.dirty.begin()->second, "NULL");
    ++columns[c.dirty.begin()->first];
  }
  for (const char* column : {"phone", "company", "job_title"})
    EXPECT_NEAR(columns[column] / static_cast<double>(s.records), 1.0 / 3, 0.03) << column;
}

}  // namespace
}  // namespace synthmill::generate
