// What a program promises whatever the spec: exact counts, and values that depend on nothing but
// where they stand. Mostly with the mdm dataset, which uses all of the language.
#include "generate/program.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "generate/test_fixture.h"
#include "io/fingerprint.h"

namespace synthmill::generate {
namespace {

With Customers(uint64_t n, With with = {}) {
  with.parameters["unique_customers"] = std::to_string(n);
  with.parameters["total_records"] = std::to_string(4 * n);
  return with;
}

With Exactly(uint64_t rows, With with = {}) {
  with.parameters["exact_total"] = "true";
  with.parameters["total_records"] = std::to_string(rows);
  return with;
}

// Rows per table and table fingerprints, made in parts of `cut` blocks within [first, last).
struct Sums {
  std::map<std::string, uint64_t> rows;
  std::map<std::string, std::string> fingerprints;
};

Sums Sum(const ProgramPtr& program, uint64_t cut = 1000, uint64_t first = 0,
         uint64_t last = ~0ull) {
  std::vector<std::unique_ptr<io::Fingerprinter>> sums;
  for (const OutputTable& t : program->tables())
    sums.push_back(std::make_unique<io::Fingerprinter>(*t.schema));
  for (size_t r = 0; r < program->roots().size(); ++r) {
    const Root& root = program->roots()[r];
    const uint64_t end = std::min(last, root.last_block());
    for (uint64_t b = std::max(first, root.first_block()); b < end; b += cut) {
      auto part =
          program->Part(static_cast<int>(r), b * kBlockRows, std::min(b + cut, end) * kBlockRows)
              .ValueOrDie();
      std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
      while (part->Next(&batches).ValueOrDie())
        for (size_t t = 0; t < batches.size(); ++t)
          if (batches[t] && !sums[t]->Add(*batches[t]).ok()) ADD_FAILURE() << "fingerprint";
    }
  }
  Sums out;
  for (size_t t = 0; t < sums.size(); ++t) {
    out.rows[program->tables()[t].key] = sums[t]->value().rows;
    out.fingerprints[program->tables()[t].key] = sums[t]->value().Hex();
  }
  return out;
}

TEST(Program, RowsEqualTheRowsMadeForAnyRange) {
  for (const char* first : {"1", "1000", "5001"}) {
    const ProgramPtr program = Mdm(Customers(
        6000, {.parameters = {{"first_customer", first}}, .noise = "classic", .truth = true}));
    const Root& root = program->roots()[0];
    for (auto [a, b] : {std::pair<uint64_t, uint64_t>{0, 100}, {0, 1}, {1, 3}, {2, 2}, {5, 100}}) {
      const uint64_t from = root.first_block() + a,
                     to = std::min(root.first_block() + b, root.last_block());
      Sums made = Sum(program, 1000, from, to);
      for (size_t t = 0; t < program->tables().size(); ++t) {
        if (!program->tables()[t].rows_exact) continue;
        EXPECT_EQ(program->Rows(static_cast<int>(t), from * kBlockRows, to * kBlockRows),
                  made.rows[program->tables()[t].key])
            << program->tables()[t].key << " blocks " << from << ".." << to << ", first customer "
            << first;
      }
    }
  }
}

TEST(Program, EstimatesTheChangesNearly) {
  const ProgramPtr program = Mdm(Customers(40'000, {.noise = "hard", .truth = true}));
  const int changes = static_cast<int>(program->tables().size()) - 1;
  ASSERT_EQ(program->tables()[static_cast<size_t>(changes)].key, "truth.changes");
  EXPECT_FALSE(program->tables()[static_cast<size_t>(changes)].rows_exact);
  const double made = static_cast<double>(Sum(program).rows["truth.changes"]);
  EXPECT_NEAR(static_cast<double>(program->Rows(changes)) / made, 1, 0.03);
}

TEST(Program, CountsTenToTheFifteenthCustomersAndNotOneMore) {
  const ProgramPtr program = Mdm({.parameters = {{"unique_customers", "1000000000000000"},
                                                 {"total_records", "4000000000000000"}},
                                  .truth = true});
  EXPECT_EQ(program->Rows(1), 700'000'000'000'000u);
  EXPECT_NEAR(static_cast<double>(program->Rows(0)), 0.92e15, 2048.0);
  EXPECT_NEAR(static_cast<double>(program->Rows(2)), 0.78e15, 2048.0);
  EXPECT_EQ(program->Rows(3), program->Rows(0) + program->Rows(1) + program->Rows(2))
      << "truth_records";
  const std::string error = CompileError(ReadSource("datasets/mdm.yaml"),
                                         {.parameters = {{"unique_customers", "1000000000000000"},
                                                         {"total_records", "4000000000000000"},
                                                         {"first_customer", "2"}}});
  EXPECT_NE(error.find("the most is 10^15"), std::string::npos) << error;
}

TEST(Program, MakesTheRowsOfThePartFarthestOut) {
  const ProgramPtr program = Mdm(Customers(
      1000,
      {.parameters = {{"first_customer", "999999999999001"}}, .noise = "hard", .truth = true}));
  const MadeAll made = Make(program);
  EXPECT_EQ(made.tables.at("truth.customer").rows, 1000u);
  EXPECT_EQ(made.tables.at("truth.customer")["customer_id"][999], "CUST_1000000000000000");
  EXPECT_EQ(made.tables.at("erp").rows, program->Rows(1));
}

TEST(ExactTotal, MakesExactlyTheRowsAskedFor) {
  for (uint64_t rows : {1ull, 2ull, 3ull, 7ull, 100ull, 1000ull, 1024ull, 9999ull}) {
    const ProgramPtr program = Mdm(Exactly(rows));
    const Sums made = Sum(program, 1);
    EXPECT_EQ(made.rows.at("crm") + made.rows.at("erp") + made.rows.at("ecommerce"), rows);
    EXPECT_EQ(program->Rows(0) + program->Rows(1) + program->Rows(2), rows);
  }
  for (uint64_t rows : {99'999ull, 1'000'000ull, 123'456'789ull, 2'000'000'000'000'000ull}) {
    const ProgramPtr program = Mdm(Exactly(rows));
    EXPECT_EQ(program->Rows(0) + program->Rows(1) + program->Rows(2), rows);
  }
}

TEST(ExactTotal, TakesTheFewestCustomersAndTrimsHighestCopiesFirstFromTheShopThenErpThenCrm) {
  std::set<size_t> surpluses;
  for (uint64_t rows = 100; rows < 120; ++rows) {
    const MadeAll exact = Make(Mdm(Exactly(rows, {.truth = true})));
    const uint64_t customers = exact.tables.at("truth.customer").rows;
    const MadeAll whole = Make(Mdm(Customers(customers)));
    const MadeAll fewer = Make(Mdm(Customers(customers - 1)));
    size_t total = 0, less = 0;
    std::map<std::string, int> left;  // records of the last customer
    const std::string last = *exact.tables.at("truth.customer")["customer_id"].back();
    std::set<std::string> kept, all;
    for (const char* key : {"crm", "erp", "ecommerce"}) {
      total += whole.tables.at(key).rows, less += fewer.tables.at(key).rows;
      const std::vector<std::string> owners = whole.tables.at(key).Texts("customer_id");
      left[key] = static_cast<int>(std::count(owners.begin(), owners.end(), last));
      for (const std::string& id : exact.tables.at(key).Texts("record_id")) kept.insert(id);
      for (const std::string& id : whole.tables.at(key).Texts("record_id")) all.insert(id);
    }
    EXPECT_LT(less, rows) << "one customer fewer would do";
    ASSERT_GE(total, rows);
    surpluses.insert(total - rows);
    EXPECT_TRUE(std::includes(all.begin(), all.end(), kept.begin(), kept.end()))
        << "ids stay the same";
    // By hand: the highest copy there is, the shop first.
    for (size_t n = total - rows; n > 0; --n) {
      const int most = std::max({left["ecommerce"], left["erp"], left["crm"]});
      for (const char* key : {"ecommerce", "erp", "crm"})
        if (left[key] == most) {
          --left[key];
          break;
        }
    }
    for (const char* key : {"crm", "erp", "ecommerce"}) {
      const std::vector<std::string> owners = exact.tables.at(key).Texts("customer_id");
      EXPECT_EQ(std::count(owners.begin(), owners.end(), last), left[key])
          << key << " of " << rows << " rows";
    }
  }
  EXPECT_GE(surpluses.size(), 4u) << "the sizes tried must leave different surpluses";
}

TEST(ExactTotal, OfOneTableIsThatTablesPartOfTheWhole) {
  const Sums all = Sum(Mdm(Exactly(5001))),
             alone = Sum(Mdm(Exactly(5001, {.tables = {"ecommerce"}})));
  EXPECT_EQ(alone.fingerprints.at("ecommerce"), all.fingerprints.at("ecommerce"));
}

TEST(Program, GivesTheSameValuesHoweverPartsAreCut) {
  const ProgramPtr program = Mdm(Customers(40'000, {.noise = "hard", .truth = true}));
  const Sums whole = Sum(program);
  for (uint64_t cut : {1ull, 7ull, 16ull, 17ull}) {
    const Sums cuts = Sum(program, cut);
    EXPECT_EQ(cuts.rows, whole.rows) << cut;
    EXPECT_EQ(cuts.fingerprints, whole.fingerprints) << cut;
  }
}

TEST(Program, GivesTheSameOrderHoweverPartsAreCut) {
  const ProgramPtr program = Mdm(Customers(6000));
  MadeAll whole = Make(program), cut = Make(program, 2);
  for (const char* key : {"crm", "erp", "ecommerce"})
    EXPECT_EQ(whole[key]["record_id"], cut[key]["record_id"]);
}

TEST(Program, MakesATableAloneAsWithTheOthers) {
  const Sums all = Sum(Mdm(Customers(5000, {.noise = "classic", .truth = true})));
  for (const char* key : {"crm", "erp", "ecommerce"})
    for (bool truth : {false, true}) {
      const Sums alone =
          Sum(Mdm(Customers(5000, {.noise = "classic", .truth = truth, .tables = {key}})));
      EXPECT_EQ(alone.fingerprints.at(key), all.fingerprints.at(key)) << key;
      EXPECT_EQ(alone.rows.size(), truth ? 4u : 1u);
    }
  // By its output name as well.
  EXPECT_EQ(Sum(Mdm(Customers(5000, {.noise = "classic", .tables = {"raw_erp_customers_scale"}})))
                .fingerprints.at("erp"),
            all.fingerprints.at("erp"));
}

TEST(Program, ChangesNoValueForAnotherTableSuffix) {
  const ProgramPtr renamed = Mdm(
      Customers(3000, {.parameters = {{"table_suffix", "_x"}}, .noise = "hard", .truth = true}));
  EXPECT_EQ(renamed->tables()[0].name, "raw_crm_customers_x");
  EXPECT_EQ(Sum(renamed).fingerprints,
            Sum(Mdm(Customers(3000, {.noise = "hard", .truth = true}))).fingerprints);
}

TEST(Program, LeavesOutTheAnswerKeyAndNothingElse) {
  MadeAll with = Make(Mdm(Customers(3000, {.noise = "classic", .truth = true})));
  MadeAll without = Make(Mdm(Customers(
      3000, {.parameters = {{"entity_id", "false"}}, .noise = "classic", .truth = true})));
  for (auto& [key, table] : with.tables) {
    if (key.starts_with("truth.")) {
      EXPECT_EQ(without[key].columns, table.columns) << key;
      continue;
    }
    EXPECT_EQ(without[key].columns.count("customer_id"), 0u);
    table.columns.erase("customer_id");
    EXPECT_EQ(without[key].columns, table.columns) << key;
  }
}

TEST(Program, MakesRangesThatAddUpToTheWhole) {
  for (const char* noise : {"classic", "hard"}) {
    const auto range = [&](uint64_t first, uint64_t n) {
      return Make(Mdm(Customers(n, {.parameters = {{"first_customer", std::to_string(first)}},
                                    .noise = noise,
                                    .truth = true})));
    };
    MadeAll a = range(1, 1500), b = range(1501, 2700), whole = range(1, 4200);
    for (const auto& [key, table] : whole.tables) {
      const std::string order = key == "truth.customer" ? "customer_id" : "record_id";
      std::vector<std::string> both = SortedRows(a[key], order), rest = SortedRows(b[key], order);
      both.insert(both.end(), rest.begin(), rest.end());
      std::sort(both.begin(), both.end());
      EXPECT_TRUE(both == SortedRows(table, order)) << key << " with noise " << noise;
    }
  }
}

TEST(Program, NeverRepeatsAnId) {
  // Over all tables, and over runs that add to each other.
  std::set<std::string> records, sources, accounts;
  size_t rows = 0, account_rows = 0;
  for (const char* first : {"1", "20001", "1000000001"}) {
    MadeAll made = Make(Mdm(Customers(20'000, {.parameters = {{"first_customer", first}}})));
    for (const char* key : {"crm", "erp", "ecommerce"}) {
      for (const std::string& id : made[key].Texts("record_id")) records.insert(id);
      for (const std::string& id : made[key].Texts("source_id")) sources.insert(id);
      rows += made[key].rows;
    }
    for (const std::string& id : made["erp"].Texts("account_number")) accounts.insert(id);
    account_rows += made["erp"].rows;
  }
  EXPECT_EQ(records.size(), rows);
  EXPECT_EQ(sources.size(), rows);
  EXPECT_EQ(accounts.size(), account_rows);
}

TEST(Program, ChangesEveryRandomColumnWithTheSeed) {
  MadeAll a = Make(Mdm(Customers(1000))), b = Make(Mdm(Customers(1000, {.seed = 43})));
  for (const char* key : {"crm", "erp", "ecommerce"})
    for (const auto& [name, cells] : a[key].columns) {
      if (name == "source_system") continue;
      EXPECT_NE(cells, b[key][name]) << key << "." << name;
    }
  EXPECT_EQ(Sum(Mdm(Customers(1000))).fingerprints, Sum(Mdm(Customers(1000))).fingerprints);
}

}  // namespace
}  // namespace synthmill::generate
