// Tables that refer to each other: parents, references, rows per parent, row counts given.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

constexpr char kShop[] = R"(synthmill: 1
dataset: shop
tables:
  customers:
    rows: 700
    columns:
      id: {kind: unique_id, prefix: C, digits: 6, required: true}
      city: {kind: choice, values: [Rome, Oslo, Bonn], null: 0.2}
      boss: {kind: reference, table: customers, column: id}
      root: {kind: reference, table: customers, column: id, required: true, skew: high}
      last_order: {kind: reference, table: orders, column: number, null: 0.25}
  orders:
    rows: 3000
    columns:
      number: {kind: sequence, start: 1000, required: true}
      customer: {kind: parent, table: customers, skew: low, required: true}
      customer_id: {kind: reference, from: customer, column: id, required: true}
      city: {kind: reference, from: customer, column: city}
      boss: {kind: reference, from: customer, column: boss}
      label: {kind: template, template: "{customer_id}/{city}"}
  items:
    rows: {per: orders, min: 0, max: 5}
    columns:
      order: {kind: parent, table: orders}
      any_order: {kind: parent, table: orders, owner: false}
      number: {kind: reference, from: order, column: number, required: true}
      customer_id: {kind: reference, from: order, column: customer_id, required: true}
      line: {kind: position, required: true}
)";

TEST(Relations, AReferenceIsTheColumnOfTheRowItsParentColumnNames) {
  MadeAll made = Make(Compiled(kShop));
  Made &customers = made["customers"], &orders = made["orders"], &items = made["items"];
  for (size_t i = 0; i < orders.rows; ++i) {
    const size_t c = std::stoull(*orders["customer"][i]);
    ASSERT_LT(c, customers.rows);
    ASSERT_EQ(orders["customer_id"][i], customers["id"][c]);
    ASSERT_EQ(orders["city"][i], customers["city"][c]);
    ASSERT_EQ(orders["boss"][i], customers["boss"][c]);
    ASSERT_EQ(orders["label"][i].has_value(), customers["city"][c].has_value());
  }
  std::map<size_t, int> lines;
  size_t before = 0;
  for (size_t i = 0; i < items.rows; ++i) {
    const size_t o = std::stoull(*items["order"][i]);
    ASSERT_GE(o, before);
    before = o;
    ASSERT_EQ(items["number"][i], orders["number"][o]);
    ASSERT_EQ(items["customer_id"][i], orders["customer_id"][o]);
    ASSERT_EQ(*items["line"][i], std::to_string(++lines[o]));
    ASSERT_LE(lines[o], 5);
    ASSERT_LT(std::stoull(*items["any_order"][i]), orders.rows);
  }
  EXPECT_NEAR(static_cast<double>(items.rows), 7500, 5);
}

TEST(Relations, SelfReferencesPointAtEarlierRowsAndTheFirstRowAtNoneOrItself) {
  MadeAll made = Make(Compiled(kShop));
  Made& customers = made["customers"];
  std::map<std::string, size_t> row_of;
  for (size_t i = 0; i < customers.rows; ++i) {
    if (i == 0) {
      EXPECT_EQ(customers["boss"][0], std::nullopt);
      EXPECT_EQ(customers["root"][0], customers["id"][0]);
    } else {
      ASSERT_TRUE(row_of.contains(*customers["boss"][i])) << i;
      ASSERT_TRUE(row_of.contains(*customers["root"][i])) << i;
    }
    row_of[*customers["id"][i]] = i;
  }
}

TEST(Relations, TablesMayReferToEachOther) {
  MadeAll made = Make(Compiled(kShop));
  const std::vector<std::string> numbers = made["orders"].Texts("number");
  const std::set<std::string> known(numbers.begin(), numbers.end());
  for (const std::string& n : made["customers"].Texts("last_order")) ASSERT_TRUE(known.contains(n));
  EXPECT_NEAR(static_cast<double>(made["customers"].Nulls("last_order")), 175, 50);
}

TEST(Relations, AreTheSameHoweverTheRowsAreCutAndWithoutTheOtherTables) {
  const ProgramPtr program = Compiled(kShop);
  MadeAll whole = Make(program), cut = Make(program, 1);
  for (const char* table : {"customers", "orders", "items"})
    EXPECT_EQ(whole[table].columns, cut[table].columns) << table;
  MadeAll alone = Make(Compiled(kShop, {.tables = {"items"}}));
  EXPECT_EQ(alone["items"].columns, whole["items"].columns);
}

std::map<std::string, int> PerParent(const std::string& arguments) {
  const std::string yaml =
      "synthmill: 1\ndataset: d\ntables:\n"
      "  p: {rows: 1000, columns: {id: {kind: sequence}}}\n"
      "  c: {rows: 100000, columns: {p: {kind: parent, table: p" +
      arguments + "}}}\n";
  std::map<std::string, int> counts;
  for (const std::string& p : Make(Compiled(yaml))["c"].Texts("p")) ++counts[p];
  return counts;
}

std::vector<int> Largest(const std::map<std::string, int>& counts) {
  std::vector<int> sizes;
  for (const auto& [parent, n] : counts) sizes.push_back(n);
  std::sort(sizes.rbegin(), sizes.rend());
  return sizes;
}

TEST(Relations, SkewDecidesHowUnevenlyParentsAreTaken) {
  const std::vector<int> even = Largest(PerParent(""));
  EXPECT_LT(even.front(), 160);  // 100 each, give or take
  EXPECT_EQ(even.size(), 1000u);
  // An exponential cut at four means: the densest thousandth has 4.07 thousandths of the rows.
  const std::vector<int> low = Largest(PerParent(", skew: low"));
  EXPECT_NEAR(low.front(), 407, 90);
  EXPECT_EQ(Largest(PerParent(", skew: high")).front() > 300, true);
  // Zipf over 1,000: 1 / 7.485 of the rows, half of that, a third …
  const std::vector<int> zipf = Largest(PerParent(", skew: zipf"));
  EXPECT_NEAR(zipf[0], 13360, 500);
  EXPECT_NEAR(zipf[1], 6680, 400);
  EXPECT_NEAR(zipf[9], 1336, 200);
  // The popular ones are scattered.
  const auto counts = PerParent(", skew: low");
  int among_first = 0;
  for (int i = 0; i < 100; ++i) {
    const auto found = counts.find(std::to_string(i));
    among_first += found == counts.end() ? 0 : found->second;
  }
  EXPECT_LT(among_first, 16'000);  // 33,600 if they lay at the beginning
}

TEST(Relations, DistinctTakesEachParentAtMostOnce) {
  const std::string yaml =
      "synthmill: 1\ndataset: d\ntables:\n"
      "  p: {rows: 1000, columns: {id: {kind: sequence}}}\n"
      "  c: {rows: 900, columns: {p: {kind: reference, table: p, column: id, distinct: true},\n"
      "      s: {kind: reference, table: c, column: p, distinct: true}}}\n";
  MadeAll made = Make(Compiled(yaml));
  const std::vector<std::string> p = made["c"].Texts("p"), s = made["c"].Texts("s");
  EXPECT_EQ(std::set<std::string>(p.begin(), p.end()).size(), 900u);
  EXPECT_EQ(std::set<std::string>(s.begin(), s.end()).size(), 899u);
  EXPECT_NE(CompileError(std::string(yaml).replace(yaml.find("900"), 3, "1001"))
                .find("1001 rows cannot refer to 1000 rows of 'p', each at most once"),
            std::string::npos);
}

TEST(Relations, AnEmptyParentTableLeavesNullsOrIsAnErrorWhereTheColumnIsRequired) {
  const std::string yaml =
      "synthmill: 1\ndataset: d\ntables:\n"
      "  p: {rows: 0, columns: {id: {kind: unique_id}, o: {kind: reference, table: c, column: "
      "id}}}\n"
      "  c: {rows: 10, columns: {id: {kind: sequence}, p: {kind: reference, table: p, column: "
      "id}}}\n"
      "  i: {rows: {per: p, max: 3}, columns: {p: {kind: parent, table: p}, n: {kind: position}}}\n"
      "  j: {rows: {per: c, max: 0}, columns: {p: {kind: parent, table: c}, n: {kind: "
      "position}}}\n";
  MadeAll made = Make(Compiled(yaml));
  EXPECT_EQ(made["c"].Nulls("p"), 10u);
  EXPECT_EQ(made["i"].rows + made["j"].rows, 0u);
  const std::string required = "column: id}}}\n  i:";
  EXPECT_NE(CompileError(std::string(yaml).replace(yaml.find(required), required.size(),
                                                   "column: id, required: true}}}\n  i:"))
                .find("table 'p', which it refers to, has no rows"),
            std::string::npos);
}

std::string ErrorOf(const std::string& tables) {
  return CompileError("synthmill: 1\ndataset: d\ntables:\n" + tables);
}

TEST(Relations, WhatHangsOnItselfCannotBeFilled) {
  EXPECT_NE(ErrorOf("  a: {rows: 5, columns: {id: {kind: reference, table: b, column: id}}}\n"
                    "  b: {rows: 5, columns: {id: {kind: reference, table: a, column: id}}}\n")
                .find("are made from each other: it cannot be filled"),
            std::string::npos);
  EXPECT_NE(ErrorOf("  a: {rows: 5, columns: {id: {kind: reference, table: a, column: id}}}\n")
                .find("are made from each other: it cannot be filled"),
            std::string::npos);
  EXPECT_NE(ErrorOf("  a: {rows: {per: b, max: 2}, columns: {id: {kind: sequence}}}\n"
                    "  b: {rows: {per: a, max: 2}, columns: {id: {kind: sequence}}}\n")
                .find("take their numbers of rows from each other"),
            std::string::npos);
}

TEST(Relations, MistakesAreToldWithASuggestion) {
  const auto one = [](const std::string& column) {
    return ErrorOf(
        "  parents: {rows: 5, columns: {id: {kind: sequence}}}\n"
        "  c: {rows: 5, columns: {n: {kind: int, min: 1, max: 2}, x: " +
        column + "}}\n");
  };
  EXPECT_NE(one("{kind: reference, table: parent, column: id}").find("did you mean 'parents'?"),
            std::string::npos);
  EXPECT_NE(one("{kind: reference, table: parents, column: di}").find("did you mean 'id'?"),
            std::string::npos);
  EXPECT_NE(one("{kind: reference, from: n, column: id}").find("not a column of kind parent"),
            std::string::npos);
  EXPECT_NE(one("{kind: reference, from: n, table: parents, column: id}").find("with 'from'"),
            std::string::npos);
  EXPECT_NE(one("{kind: position}").find("not counted by another table's"), std::string::npos);
  EXPECT_NE(ErrorOf("  a: {rows: {per: c, max: 2}, columns: {id: {kind: sequence}}}\n")
                .find("there is no table 'c'"),
            std::string::npos);
  EXPECT_NE(ErrorOf("  a: {rows: {per: a, max: 2}, columns: {id: {kind: sequence}}}\n")
                .find("cannot count its rows by its own"),
            std::string::npos);
}

TEST(Relations, AColumnOfADependentTableMayBeOfAnyKind) {
  // The template's inputs, the list row behind `city`, and nulls are made again as they were.
  const std::string yaml =
      "synthmill: 1\ndataset: d\ntables:\n"
      "  p:\n    rows: 2000\n    columns:\n"
      "      place: {kind: list_row, list: places, hidden: true}\n"
      "      city: {kind: field, of: place, field: city, null: 0.1}\n"
      "      first: {kind: list, list: first_names, value: name}\n"
      "      mail: {kind: template, template: '{first|lower}@{city|mailbox}.example'}\n"
      "      born: {kind: date, from: as_of - 80y, to: as_of - 18y}\n"
      "      paid: {kind: decimal, min: 1, max: 99}\n"
      "  c:\n    rows: 5000\n    columns:\n"
      "      p: {kind: parent, table: p}\n"
      "      mail: {kind: reference, from: p, column: mail}\n"
      "      city: {kind: reference, from: p, column: city}\n"
      "      born: {kind: reference, from: p, column: born}\n"
      "      paid: {kind: reference, from: p, column: paid}\n";
  MadeAll made = Make(Compiled(yaml));
  for (size_t i = 0; i < made["c"].rows; ++i) {
    const size_t p = std::stoull(*made["c"]["p"][i]);
    for (const char* column : {"mail", "city", "born", "paid"})
      ASSERT_EQ(made["c"][column][i], made["p"][column][p]) << column;
  }
}

arrow::Result<ProgramPtr> WithRows(const std::string& yaml, const std::vector<std::string>& rows) {
  spec::Diagnostics diagnostics("test.yaml", yaml);
  const spec::Spec spec = spec::ParseSpec("test.yaml", yaml, &diagnostics);
  ARROW_RETURN_NOT_OK(diagnostics.ToStatus());
  ARROW_ASSIGN_OR_RAISE(const auto resolved,
                        spec::ResolveParameters(spec, {}, std::nullopt, "none", 42));
  CompileOptions options;
  options.noise = "none";
  ARROW_ASSIGN_OR_RAISE(options.rows, spec::ParseRows(rows));
  return Program::Compile(spec, resolved, options, &diagnostics);
}

std::map<std::string, uint64_t> RowsOf(const ProgramPtr& program) {
  std::map<std::string, uint64_t> rows;
  for (size_t t = 0; t < program->tables().size(); ++t)
    rows[program->tables()[t].key] = program->Rows(static_cast<int>(t));
  return rows;
}

TEST(RowsGiven, ReplaceWhatTheFileSays) {
  const auto rows = [](const std::vector<std::string>& given) {
    return RowsOf(WithRows(kShop, given).ValueOrDie());
  };
  EXPECT_EQ(rows({"10"})["customers"], 10u);
  EXPECT_EQ(rows({"10"})["orders"], 10u);
  EXPECT_LE(rows({"10"})["items"], 50u);
  EXPECT_EQ(rows({"10", "orders=2k"})["orders"], 2000u);
  EXPECT_EQ(rows({"orders=1,orders=2k", "10"})["orders"], 2000u);
  EXPECT_EQ(rows({"items=7..7"})["items"], 21'000u);
  EXPECT_EQ(rows({"orders=12"})["orders"], 12u);
  EXPECT_EQ(rows({"orders=2..2"})["orders"], 1400u) << "of the only table it refers to";
  EXPECT_EQ(rows({"customers=4..4/orders"})["customers"], 12'000u);
}

TEST(RowsGiven, ThatCannotBeAreToldWithTheFlag) {
  const auto error = [](const std::string& given) {
    return WithRows(kShop, {given}).status().message();
  };
  EXPECT_NE(
      error("ordes=5").find("--rows ordes=5: there is no table 'ordes'; did you mean 'orders'?"),
      std::string::npos);
  for (const char* bad : {"x", "-5", "orders=", "=5", "3..9", "items=9..3", "items=a..b", "1.5"})
    EXPECT_NE(error(bad).find("--rows " + std::string(bad)), std::string::npos) << error(bad);
  EXPECT_NE(error("items=12").find("not counted by another table's"), std::string::npos)
      << "a position needs a parent";
  EXPECT_NE(error("items=1..2/item").find("to count by"), std::string::npos);
  EXPECT_NE(error("orders=3..9/orders").find("to count by"), std::string::npos);
}

constexpr char kTotals[] = R"(synthmill: 1
dataset: sales
parameters:
  n: {type: int, default: 5000, min: 0}
tables:
  customers:
    rows: 300
    columns:
      id: {kind: sequence, required: true, key: true}
      since: {kind: date, from: 2024-01-01, to: 2024-06-30}
      orders: {kind: total, of: orders, parent: customer, where: {status: [paid, sent]}}
      all_orders: {kind: total, of: orders, parent: customer, type: int32}
      spent: {kind: total, of: orders, parent: customer, sum: amount, where: {status: paid, real: true}}
      pieces: {kind: total, of: lines, parent: customer, sum: pieces}
  orders:
    rows: n
    columns:
      customer: {kind: parent, table: customers, skew: low, counted: true}
      since: {kind: reference, from: customer, column: since}
      day: {kind: date, from: 2024-01-01, to: 2024-12-31, at_least: since}
      status: {kind: choice, values: {paid: 6, sent: 2, void: 2}, null: 0.1}
      real: {kind: bool, share: 0.9}
      amount: {kind: decimal, precision: 9, scale: 2, min: 0.01, max: 99, null: 0.05}
  lines:
    rows: {per: customers, min: 0, max: 7}
    columns:
      customer: {kind: parent, table: customers}
      pieces: {kind: int, min: 1, max: 20}
)";

TEST(Relations, TotalsAreTheSumsOfTheRowsThatReferToARow) {
  MadeAll made = Make(Compiled(kTotals));
  Made &customers = made["customers"], &orders = made["orders"], &lines = made["lines"];
  struct Sums {
    int orders = 0, all = 0, pieces = 0;
    long cents = 0;
  };
  std::vector<Sums> sums(customers.rows);
  for (size_t i = 0; i < orders.rows; ++i) {
    Sums& s = sums[std::stoull(*orders["customer"][i])];
    const std::string status = orders["status"][i].value_or("");
    ++s.all;
    s.orders += status == "paid" || status == "sent";
    if (status == "paid" && orders["real"][i] == "true" && orders["amount"][i])
      s.cents += std::lround(std::stod(*orders["amount"][i]) * 100);
  }
  for (size_t i = 0; i < lines.rows; ++i)
    sums[std::stoull(*lines["customer"][i])].pieces += std::stoi(*lines["pieces"][i]);
  int most = 0;
  for (size_t c = 0; c < customers.rows; ++c) {
    ASSERT_EQ(std::stoi(*customers["orders"][c]), sums[c].orders) << c;
    ASSERT_EQ(std::stoi(*customers["all_orders"][c]), sums[c].all) << c;
    ASSERT_EQ(std::lround(std::stod(*customers["spent"][c]) * 100), sums[c].cents) << c;
    ASSERT_EQ(std::stoi(*customers["pieces"][c]), sums[c].pieces) << c;
    most = std::max(most, sums[c].all);
  }
  EXPECT_GT(most, 50) << "the skew is there";
}

TEST(Relations, TotalsOverNoRowsAreZero) {
  MadeAll made = Make(Compiled(kTotals, {.parameters = {{"n", "0"}}}));
  for (const auto& value : made["customers"]["all_orders"]) EXPECT_EQ(value, "0");
  for (const auto& value : made["customers"]["spent"]) EXPECT_EQ(value, "0.00");
}

TEST(Relations, TotalsThatCannotBeFoundAreRefused) {
  auto with = [](std::string from, std::string to) {
    std::string yaml = kTotals;
    yaml.replace(yaml.find(from), from.size(), to);
    return CompileError(yaml);
  };
  EXPECT_NE(with(", counted: true", "").find("give 'orders.customer' counted: true"),
            std::string::npos);
  EXPECT_NE(with("counted: true", "counted: true, null: 0.1").find("'null'"), std::string::npos);
  EXPECT_NE(with("parent: customer, where: {status: [", "parent: status, where: {status: [")
                .find("not a column of kind parent"),
            std::string::npos);
  EXPECT_NE(with("status: paid, real", "status: payed, real").find("paid"), std::string::npos);
  EXPECT_NE(with("sum: amount", "sum: day").find("'sum' adds"), std::string::npos);
  EXPECT_NE(with("{kind: date, from: 2024-01-01, to: 2024-06-30}",
                 "{kind: total, of: orders, parent: customer, sum: amount}")
                .find("since"),
            std::string::npos);
}

}  // namespace
}  // namespace synthmill::generate
