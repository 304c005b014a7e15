// The noise kinds of the hard profile, and what all rules keep their hands off.
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

// A small dataset with nulls in every column a rule may change.
std::string Spec(const std::string& rules) {
  return R"(synthmill: 1
dataset: test
as_of: 2026-01-01
entities:
  person:
    count: 4000
    columns:
      id: {kind: sequence}
      account: {kind: unique_id, digits: 6}
      first: {kind: list, list: first_names, value: name, "null": SHARE}
      last: {kind: list, list: last_names, value: name, "null": SHARE}
      full: {kind: template, template: "{first} {last}", "null": SHARE}
      place: {kind: list_row, list: places, hidden: true}
      city: {kind: field, of: place, field: city, "null": SHARE}
      state: {kind: field, of: place, field: state, "null": SHARE}
      zip: {kind: field, of: place, field: zip, "null": SHARE}
      area: {kind: list, list: area_codes, value: area_code, given: {state: state}, hidden: true}
      phone: {kind: template, template: "{area}-{line}", "null": SHARE}
      line: {kind: pattern, pattern: "2##-####", hidden: true}
      address: {kind: template, template: "{line} North Street Road Apartment 5", "null": SHARE}
      email: {kind: template, template: "{first|mailbox}@gmail.com", "null": SHARE}
      born: {kind: date, from: 1946-01-01, to: 2007-12-31, "null": SHARE}
      income: {kind: int, type: int32, min: 30000, max: 200000, step: 100, "null": SHARE}
tables:
  t:
    from: person
    columns:
      id: {of: person}
      record: {kind: uuid, required: true}
      account: {of: person}
      first: {of: person}
      last: {of: person}
      full: {of: person, rederive: true}
      city: {of: person}
      state: {of: person}
      zip: {of: person}
      phone: {of: person}
      address: {of: person}
      email: {of: person}
      born: {of: person}
      income: {of: person}
noise:
  one:
)" + rules +
         R"(truth:
  entities: {person: people}
  changes: {name: changes, key: record}
)";
}

std::string WithShare(std::string spec, const std::string& share) {
  for (size_t at = 0; (at = spec.find("SHARE")) != std::string::npos;) spec.replace(at, 5, share);
  return spec;
}

struct Both {
  Made dirty, clean;  // rows of `dirty`, and of the person of each, in the same order
  std::vector<NoiseCount> noise;
};

Both Spoil(const std::string& rules, const std::string& nulls = "0") {
  MadeAll made = Make(Compiled(WithShare(Spec(rules), nulls), {.noise = "one", .truth = true}));
  Both out{made["t"], {}, made.noise};
  out.clean.rows = out.dirty.rows;
  for (size_t i = 0; i < out.dirty.rows; ++i)
    for (const auto& [name, cells] : made["truth.person"].columns)
      out.clean.columns[name].push_back(cells[std::stoul(*out.dirty["id"][i]) - 1]);
  return out;
}

TEST(Redraw, MovesToRealPlacesOfOtherPeople) {
  const auto places = Lists({}).Find("places").ValueOrDie();
  std::set<std::string> real;
  for (size_t r = 0; r < places->rows(); ++r)
    real.insert(places->values[0][r] + "|" + places->values[1][r] + "|" + places->values[2][r]);
  const Both b = Spoil("    - {rule: redraw, columns: [city, state, zip], rate: 1}\n");
  size_t moved = 0;
  for (size_t i = 0; i < b.dirty.rows; ++i) {
    ASSERT_TRUE(
        real.contains(*b.dirty["city"][i] + "|" + *b.dirty["state"][i] + "|" + *b.dirty["zip"][i]));
    moved += b.dirty["zip"][i] != b.clean["zip"][i];
    ASSERT_EQ(b.dirty["phone"][i], b.clean["phone"][i]);
  }
  EXPECT_GT(moved, b.dirty.rows * 99 / 100);
}

TEST(Redraw, KeepsWhatItIsToldToKeep) {
  const Both b = Spoil("    - {rule: redraw, columns: [phone], keep: [area], rate: 1}\n");
  for (size_t i = 0; i < b.dirty.rows; ++i) {
    ASSERT_EQ(b.dirty["phone"][i]->substr(0, 4), b.clean["phone"][i]->substr(0, 4));
    ASSERT_NE(b.dirty["phone"][i], b.clean["phone"][i]);
  }
  const Both free = Spoil("    - {rule: redraw, columns: [phone], rate: 1}\n");
  size_t same = 0;
  for (size_t i = 0; i < free.dirty.rows; ++i)
    same += free.dirty["phone"][i]->substr(0, 3) == free.clean["phone"][i]->substr(0, 3);
  EXPECT_LT(same, free.dirty.rows / 20);
}

TEST(Redraw, DrawsFromTheSameDistribution) {
  const Both b = Spoil("    - {rule: redraw, columns: [last], rate: 1}\n");
  double smith = 0, clean = 0;
  for (size_t i = 0; i < b.dirty.rows; ++i)
    smith += *b.dirty["last"][i] == "Smith", clean += *b.clean["last"][i] == "Smith";
  EXPECT_GT(clean, 10);
  EXPECT_NEAR(smith, clean, 4.75 * std::sqrt(2 * clean));
  for (size_t i = 0; i < b.dirty.rows; ++i)
    ASSERT_EQ(*b.dirty["full"][i], *b.dirty["first"][i] + " " + *b.dirty["last"][i]);
}

TEST(Redraw, OfAUniqueIdGivesOneThatNobodyHas) {
  const Both b = Spoil("    - {rule: redraw, columns: [account], rate: 1}\n");
  std::set<std::string> real;
  for (const Cell& c : b.clean["account"]) real.insert(*c);
  for (const Cell& c : b.dirty["account"]) ASSERT_FALSE(real.contains(*c));
}

TEST(Swap, ExchangesTheTwo) {
  const Both b = Spoil("    - {rule: swap, columns: [first, last], rate: 1}\n");
  for (size_t i = 0; i < b.dirty.rows; ++i) {
    ASSERT_EQ(b.dirty["first"][i], b.clean["last"][i]);
    ASSERT_EQ(b.dirty["last"][i], b.clean["first"][i]);
    ASSERT_EQ(*b.dirty["full"][i], *b.clean["last"][i] + " " + *b.clean["first"][i]);
  }
}

TEST(DateSlip, IsASwapOrOneDigitOrTheFirstOfJanuary) {
  const Both b = Spoil("    - {rule: date_slip, columns: [born], rate: 1}\n");
  std::map<std::string, int> seen;
  for (size_t i = 0; i < b.dirty.rows; ++i) {
    const std::string x = *b.clean["born"][i], y = *b.dirty["born"][i];
    ASSERT_TRUE(core::ParseIsoDate(y)) << y;
    int off = 0;
    for (size_t k = 0; k < 10; ++k) off += x[k] != y[k];
    const bool swapped = x.substr(0, 5) + x.substr(8) + "-" + x.substr(5, 2) == y;
    const bool january = x.substr(0, 4) + "-01-01" == y;
    ASSERT_TRUE(off <= 1 || swapped || january) << x << " became " << y;
    ++seen[off == 0 ? "same" : off == 1 ? "digit" : january ? "january" : "swapped"];
  }
  for (const char* kind : {"digit", "january", "swapped"}) EXPECT_GT(seen[kind], 200) << kind;
  EXPECT_LT(seen["same"], 100);
}

TEST(Drift, StaysWithinItsShareItsStepsAndItsBounds) {
  const Both b = Spoil(
      "    - {rule: drift, columns: [income], by: 0.12, step: 100, min: 31000, max: 190000, rate: "
      "1}\n");
  double up = 0, down = 0;
  for (size_t i = 0; i < b.dirty.rows; ++i) {
    const int64_t x = std::stoll(*b.clean["income"][i]), y = std::stoll(*b.dirty["income"][i]);
    ASSERT_TRUE(y % 100 == 0 && y >= 31'000 && y <= 190'000) << y;
    if (x < 35'000 || x > 170'000) continue;
    ASSERT_LE(std::abs(y - x), x * 12 / 100 + 100) << x << " became " << y;
    ++(y > x ? up : down);
  }
  EXPECT_NEAR(up / (up + down), 0.5, 0.06);
}

TEST(Case, ChangesCaseAndBlanksOnly) {
  const auto plain = [](const std::string& t) {
    std::string out;
    for (char c : t)
      if (c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
  };
  const Both b = Spoil("    - {rule: case, columns: [first, address], rate: 1}\n");
  size_t changed = 0;
  for (size_t i = 0; i < b.dirty.rows; ++i) {
    int n = 0;
    for (const char* column : {"first", "address"}) {
      ASSERT_EQ(plain(*b.dirty[column][i]), plain(*b.clean[column][i]));
      n += b.dirty[column][i] != b.clean[column][i];
    }
    ASSERT_LE(n, 1);
    changed += static_cast<size_t>(n);
  }
  EXPECT_GT(changed, b.dirty.rows * 9 / 10);
}

TEST(Noise, LeavesNullsAlone) {
  const char* const rules[] = {
      "{rule: replace, columns: [first], list: nicknames, from: name, to: nickname, rate: 1}",
      ("{rule: words, columns: [address], list: postal_abbreviations, from: word, to: "
       "abbreviation, "
       "rate: 1}"),
      "{rule: phone_format, columns: [phone], rate: 1}",
      "{rule: email_domain, columns: [email], domains: [aol.com], rate: 1}",
      "{rule: typo, columns: [first, last, address], rate: 1}",
      "{rule: missing, columns: [phone, city], rate: 1}",
      "{rule: redraw, columns: [city, state, zip], rate: 1}",
      "{rule: date_slip, columns: [born], rate: 1}",
      "{rule: drift, columns: [income], rate: 1}",
      "{rule: swap, columns: [first, last], rate: 1}",
      "{rule: case, columns: [first, last, email], rate: 1}"};
  for (const char* rule : rules) {
    const Both b = Spoil("    - " + std::string(rule) + "\n", "0.3");
    for (const auto& [name, cells] : b.dirty.columns) {
      if (!b.clean.columns.contains(name)) continue;
      for (size_t i = 0; i < b.dirty.rows; ++i)
        if (!b.clean[name][i]) {
          ASSERT_FALSE(cells[i]) << name << " is '" << *cells[i] << "' after " << rule;
        }
    }
    EXPECT_LT(b.noise[0].applicable, b.noise[0].records) << rule;
  }
}

TEST(Noise, RefusesColumnsOfTheWrongType) {
  for (const char* rule :
       {"{rule: typo, columns: [income], rate: 1}", "{rule: date_slip, columns: [first], rate: 1}",
        "{rule: drift, columns: [first], rate: 1}", "{rule: drift, columns: [born], rate: 1}",
        "{rule: swap, columns: [first], rate: 1}", "{rule: phone_format, columns: [born], rate: 1}",
        "{rule: redraw, columns: [phone], keep: [aera], rate: 1}",
        "{rule: redraw, columns: [record], rate: 1}",
        "{rule: replace, columns: [first], list: nickname, from: name, to: nickname, rate: 1}",
        "{rule: words, columns: [first], list: nicknames, from: nmae, to: nickname, rate: 1}",
        "{rule: email_domain, columns: [email], domains: [], rate: 1}"})
    EXPECT_NE(
        CompileError(WithShare(Spec("    - " + std::string(rule) + "\n"), "0"), {.noise = "one"}),
        "")
        << rule;
}

TEST(Noise, MakesADerivedColumnAgainBeforeItIsSpoiltItself) {
  const std::string good =
      "    - {rule: typo, columns: [first], rate: 1}\n    - {rule: case, columns: [full], rate: "
      "1}\n";
  const std::string bad =
      "    - {rule: case, columns: [full], rate: 1}\n    - {rule: typo, columns: [first], rate: "
      "1}\n";
  EXPECT_NE(CompileError(WithShare(Spec(bad), "0"), {.noise = "one"}).find("put it before"),
            std::string::npos);
  const Both b = Spoil(good);
  for (size_t i = 0; i < 100; ++i)
    EXPECT_TRUE(core::EqualsIgnoringCase(
        b.dirty["full"][i]->substr(b.dirty["full"][i]->find_first_not_of(' '), 2),
        b.dirty["first"][i]->substr(0, 2)));
}

}  // namespace
}  // namespace synthmill::generate
