// Keys: for many shapes, numbers of rows and parts, no two rows are alike in a key's columns, every
// reference has its parent, and what cannot be is refused with the figures.
#include <gtest/gtest.h>

#include <set>

#include "generate/test_fixture.h"

namespace synthmill::generate {
namespace {

struct Shape {
  const char* name;
  const char* tables;  // {N} stands for the number of rows
  std::vector<std::pair<std::string, std::vector<std::string>>> keys;
};

const Shape kShapes[] = {
    {"one number",
     "  t: {rows: {N}, unique: [[x]], columns: {x: {kind: int, min: 1, max: 10000}}}\n",
     {{"t", {"x"}}}},
    {"as many values as rows",
     "  t: {rows: {N}, primary_key: [x], columns: {x: {kind: int, min: 0, max: {N}, required: "
     "true}}}\n",
     {{"t", {"x"}}}},
    {"all of int64",
     "  t: {rows: {N}, unique: [[x], [x, y]], columns: {"
     "x: {kind: int, min: -9223372036854775808, max: 9223372036854775807}, y: {kind: bool}}}\n",
     {{"t", {"x"}}, {"t", {"x", "y"}}}},
    {"three small columns",
     "  t: {rows: {N}, primary_key: [a, b, c], columns: {a: {kind: int, min: 1, max: 29},"
     " b: {kind: choice, values: {x: 1, y: 5, never: 0, z: 2}}, c: {kind: date, from: as_of - 60d, "
     "to: as_of}}}\n",
     {{"t", {"a", "b", "c"}}}},
    {"wide columns together",
     "  t: {rows: {N}, primary_key: [a, b, c], columns: {a: {kind: int, min: 0, max: "
     "9000000000000000000},"
     " b: {kind: timestamp, from: as_of - 9y, to: as_of}, c: {kind: pattern, pattern: "
     "'[A-Z]###########[A-Z][A-Z][A-Z][A-Z]'}}}\n",
     {{"t", {"a", "b", "c"}}}},
    {"texts that grow",
     "  t: {rows: {N}, unique: [[mail], [first], [word], [code]], columns: {"
     "first: {kind: list, list: first_names, value: name, max_length: 12},"
     "mail: {kind: template, template: '{first|lower}@example.com', max_length: 24},"
     "word: {kind: text, min: 0, max: 40, max_length: 9},"
     "code: {kind: text, min: 0, max: 9, max_length: 3}}}\n",
     {{"t", {"mail"}}, {"t", {"first"}}, {"t", {"word"}}, {"t", {"code"}}}},
    {"keys that overlap",
     "  t: {rows: {N}, primary_key: [a, b], unique: [[b], [b, c]], columns: {a: {kind: bool},"
     " b: {kind: pattern, pattern: '[abca]####'}, c: {kind: int, min: 1, max: 2}}}\n",
     {{"t", {"a", "b"}}, {"t", {"b"}}, {"t", {"b", "c"}}}},
    {"a table between two others",
     "  p: {rows: 80, columns: {id: {kind: unique_id}}}\n"
     "  q: {rows: 90, primary_key: [id], columns: {id: {kind: int, min: 1, max: 90, required: "
     "true}}}\n"
     "  t: {rows: {N}, primary_key: [p, q], columns: {"
     "p: {kind: reference, table: p, column: id, required: true},"
     "q: {kind: reference, table: q, column: id, required: true}}}\n",
     {{"t", {"p", "q"}}, {"q", {"id"}}}},
    {"lines of a parent",
     "  p: {rows: {N}, primary_key: [a, b], columns: {a: {kind: int, min: 1, max: 100, required: "
     "true},"
     " b: {kind: int, min: 1, max: 100, required: true}}}\n"
     "  t: {rows: {per: p, min: 0, max: 4}, primary_key: [a, b, line], unique: [[a, b, word]], "
     "columns: {"
     "up: {kind: parent, table: p, hidden: true},"
     "a: {kind: reference, from: up, column: a, required: true},"
     "b: {kind: reference, from: up, column: b, required: true},"
     "line: {kind: position}, word: {kind: choice, values: [a, b, c, d, e]}}}\n",
     {{"p", {"a", "b"}}, {"t", {"a", "b", "line"}}, {"t", {"a", "b", "word"}}}},
    {"one to one",
     "  p: {rows: {N}, primary_key: [id], columns: {id: {kind: uuid, required: true}}}\n"
     "  t: {rows: {N}, primary_key: [id], unique: [[up]], columns: {"
     "id: {kind: reference, table: p, column: id, required: true},"
     "up: {kind: reference, table: t, column: id, null: 0.5}}}\n"
     "  u: {rows: {N}, primary_key: [id], columns: {id: {kind: reference, table: t, column: id, "
     "required: true}}}\n",
     {{"t", {"id"}}, {"t", {"up"}}, {"u", {"id"}}}},
    {"pairs within one table",
     "  p: {rows: 120, columns: {id: {kind: sequence}}}\n"
     "  t: {rows: {N}, primary_key: [a, b], columns: {a: {kind: reference, table: p, column: id},"
     " b: {kind: reference, table: p, column: id}}}\n",
     {{"t", {"a", "b"}}}},
    {"a table between popular ones",
     "  p: {rows: 80, columns: {id: {kind: unique_id}}}\n"
     "  q: {rows: 90, columns: {id: {kind: sequence, key: true}}}\n"
     "  t: {rows: {N}, primary_key: [p, q], columns: {"
     "p: {kind: reference, table: p, column: id, required: true, skew: zipf},"
     "q: {kind: reference, table: q, column: id, required: true, skew: low}}}\n",
     {{"t", {"p", "q"}}}},
    {"one popular, one not, a role and a day",
     "  p: {rows: 8, columns: {id: {kind: sequence}}}\n"
     "  q: {rows: 9, columns: {id: {kind: sequence}}}\n"
     "  t: {rows: {N}, primary_key: [p, q, role, day], columns: {"
     "p: {kind: reference, table: p, column: id},"
     "q: {kind: reference, table: q, column: id, skew: high},"
     "role: {kind: choice, values: [a, b, c]}, day: {kind: date, from: as_of - 29d, to: as_of}}}\n",
     {{"t", {"p", "q", "role", "day"}}}},
    {"three popular ones",
     "  p: {rows: 18, columns: {id: {kind: sequence}}}\n"
     "  t: {rows: {N}, primary_key: [a, b, c], columns: {"
     "a: {kind: reference, table: p, column: id, skew: zipf},"
     "b: {kind: reference, table: p, column: id, skew: zipf},"
     "c: {kind: reference, table: p, column: id, skew: normal}}}\n",
     {{"t", {"a", "b", "c"}}}},
    {"a popular one and a flag",
     "  p: {rows: 2600, columns: {id: {kind: sequence}}}\n"
     "  t: {rows: {N}, primary_key: [p, flag], columns: {"
     "p: {kind: reference, table: p, column: id, skew: zipf}, flag: {kind: bool}}}\n",
     {{"t", {"p", "flag"}}}},
    {"popular products of an order",
     "  p: {rows: 7, columns: {id: {kind: sequence}}}\n"
     "  o: {rows: {N}, columns: {id: {kind: sequence}}}\n"
     "  t: {rows: {per: o, min: 0, max: 6}, primary_key: [o, p], columns: {"
     "o: {kind: reference, table: o, column: id, required: true},"
     "p: {kind: reference, table: p, column: id, required: true, skew: zipf}}}\n",
     {{"t", {"o", "p"}}}},
    {"tables that share a tenant",
     "  tenants: {rows: 40, columns: {id: {kind: sequence}}}\n"
     "  users: {rows: {N}, primary_key: [tenant, id], unique: [[tenant, nick]], columns: {"
     "up: {kind: parent, table: tenants, counted: true, skew: low, shared_with: [t], hidden: true},"
     "tenant: {kind: reference, from: up, column: id}, id: {kind: sequence},"
     "nick: {kind: int, min: 1, max: 500}, boss_row: {kind: parent, table: users, same: {up: up}, "
     "hidden: true}, boss: {kind: reference, from: boss_row, column: id}}}\n"
     "  orders: {rows: {N}, primary_key: [tenant, id], columns: {"
     "up: {kind: parent, table: tenants, counted: true, skew: low, shared_with: [users, t], "
     "hidden: "
     "true},"
     "tenant: {kind: reference, from: up, column: id}, id: {kind: int, min: 1, max: 600},"
     "user_row: {kind: parent, table: users, same: {up: up}, required: true, hidden: true},"
     "user: {kind: reference, from: user_row, column: id}}}\n"
     "  t: {rows: {N}, primary_key: [tenant, order, user], columns: {"
     "up: {kind: parent, table: tenants, counted: true, skew: low, shared_with: [users, orders], "
     "hidden: true},"
     "tenant: {kind: reference, from: up, column: id},"
     "order_row: {kind: parent, table: orders, same: {up: up}, required: true, hidden: true},"
     "order: {kind: reference, from: order_row, column: id},"
     "user_row: {kind: parent, table: users, same: {up: up}, required: true, hidden: true},"
     "user: {kind: reference, from: user_row, column: id}}}\n",
     {{"users", {"tenant", "id"}},
      {"users", {"tenant", "nick"}},
      {"orders", {"tenant", "id"}},
      {"t", {"tenant", "order", "user"}}}},
    {"key: true",
     "  t: {rows: {N}, columns: {x: {kind: int, min: 0, max: 20000, key: true}, y: {kind: "
     "sequence, key: true}}}\n",
     {{"t", {"x"}}, {"t", {"y"}}}},
};

std::string Spec(const std::string& tables, uint64_t rows) {
  std::string out = "synthmill: 1\ndataset: d\nas_of: 2026-01-01\ntables:\n" + tables;
  for (size_t at = out.find("{N}"); at != std::string::npos; at = out.find("{N}"))
    out.replace(at, 3, std::to_string(rows));
  return out;
}

TEST(Keys, HoldForEveryShapeNumberOfRowsAndCut) {
  for (const Shape& shape : kShapes)
    for (uint64_t rows : {0ull, 1ull, 2ull, 100ull, 1024ull, 5000ull})
      for (uint64_t seed : {42ull, 7ull}) {
        const ProgramPtr program = Compiled(Spec(shape.tables, rows), {.seed = seed});
        MadeAll made = Make(program, 1);
        for (const auto& [table, columns] : shape.keys) {
          std::set<std::string> seen;
          size_t nulls = 0;
          for (size_t i = 0; i < made[table].rows; ++i) {
            std::string key;
            bool null = false;
            for (const std::string& c : columns) {
              const Cell& cell = made[table][c][i];
              null |= !cell.has_value();
              key += cell.value_or("") + "|";
            }
            nulls += null;
            if (!null) seen.insert(key);
          }
          EXPECT_EQ(seen.size() + nulls, made[table].rows)
              << shape.name << ", " << columns[0] << " of " << table << ", " << rows << " rows";
        }
        if (seed == 42) {
          EXPECT_EQ(Make(program)["t"].columns, made["t"].columns) << shape.name;
        }
      }
}

TEST(Keys, UseEveryValueOfTheirColumnsWithoutAnOrderToSee) {
  const Made made = MakeTable("x: {kind: int, min: 1, max: 4000, key: true}", 4000);
  const std::vector<int64_t> x = made.Ints("x");
  EXPECT_EQ(std::set<int64_t>(x.begin(), x.end()).size(), 4000u);
  int rising = 0;
  for (size_t i = 1; i < x.size(); ++i) rising += x[i] > x[i - 1];
  EXPECT_NEAR(rising, 2000, 150);
  // A domain too large to count reaches its ends.
  const std::vector<int64_t> wide =
      MakeTable("x: {kind: int, min: 0, max: 9223372036854775807, key: true}", 4000).Ints("x");
  EXPECT_GT(*std::max_element(wide.begin(), wide.end()), 9'000'000'000'000'000'000);
  EXPECT_LT(*std::min_element(wide.begin(), wide.end()), 100'000'000'000'000'000);
}

TEST(Keys, KeepWhichRowsOfTheirParentsArePopular) {
  const auto made = [](const std::string& skew) {
    return Make(
        Compiled(Spec("  p: {rows: 1000, columns: {id: {kind: sequence}}}\n"
                      "  q: {rows: 500, columns: {id: {kind: sequence}}}\n"
                      "  t: {rows: 20000, primary_key: [p, q], columns: {"
                      "p: {kind: reference, table: p, column: id, skew: " +
                          skew +
                          "},"
                          "q: {kind: reference, table: q, column: id, skew: " +
                          skew + "}}}\n",
                      0)));
  };
  const auto counts = [](const std::vector<int64_t>& ids, size_t n) {
    std::vector<int> out(n);
    for (int64_t id : ids) ++out[static_cast<size_t>(id) - 1];
    std::sort(out.rbegin(), out.rend());
    return out;
  };
  MadeAll zipf = made("zipf");
  const std::vector<int> p = counts(zipf["t"].Ints("p"), 1000);
  // The first would have 20,000 / 7.485 rows, but there are only 500 rows of q to meet.
  EXPECT_EQ(p[0], 500);
  EXPECT_EQ(p[4], 500);
  EXPECT_LT(p[20], 250);
  EXPECT_GT(p[9], 4 * p[99]);
  const std::vector<int> q = counts(zipf["t"].Ints("q"), 500);
  EXPECT_GT(q[0], 700);  // nearly every row of p that has several meets the first
  EXPECT_GT(q[9], 3 * q[99]);
  MadeAll low = made("low");
  const std::vector<int> l = counts(low["t"].Ints("p"), 1000);
  // Exponential, cut at four means: 4 / (1 - e^-4) times the mean at the top, e^-4 of that below.
  EXPECT_NEAR(l[0], 20 * 4.075, 2);
  EXPECT_NEAR(l[999], 20 * 4.075 * 0.0183, 1.1);
  EXPECT_NEAR(counts(low["t"].Ints("q"), 500)[0], 40 * 4.075, 30);
}

TEST(Keys, WhatSharesAParentAgrees) {
  for (const Shape& shape : kShapes) {
    if (std::string(shape.name) != "tables that share a tenant") continue;
    for (uint64_t rows : {1ull, 3ull, 37ull, 1000ull, 5000ull}) {
      MadeAll made = Make(Compiled(Spec(shape.tables, rows)));
      std::set<std::string> users, orders, tenants;
      for (size_t i = 0; i < rows; ++i) {
        users.insert(*made["users"]["tenant"][i] + "/" + *made["users"]["id"][i]);
        orders.insert(*made["orders"]["tenant"][i] + "/" + *made["orders"]["id"][i]);
        tenants.insert(*made["orders"]["tenant"][i]);
      }
      size_t without = 0;
      for (size_t i = 0; i < rows; ++i) {
        const Made &u = made["users"], &o = made["orders"], &t = made["t"];
        ASSERT_TRUE(users.contains(*o["tenant"][i] + "/" + *o["user"][i]));
        ASSERT_TRUE(users.contains(*t["tenant"][i] + "/" + *t["user"][i]));
        ASSERT_TRUE(orders.contains(*t["tenant"][i] + "/" + *t["order"][i]));
        without += !u["boss"][i];
        if (u["boss"][i]) {
          ASSERT_TRUE(users.contains(*u["tenant"][i] + "/" + *u["boss"][i]));
          ASSERT_NE(*u["boss"][i], *u["id"][i]);
        }
      }
      EXPECT_EQ(without, tenants.size()) << "the first of each tenant has nobody above";
      EXPECT_EQ(tenants.size(), std::min<size_t>(rows, 40));
    }
  }
}

TEST(Keys, WhatCannotAgreeIsRefused) {
  const auto error = [](const std::string& up, const std::string& same, int users = 100) {
    return CompileError(
        Spec("  tenants: {rows: 40, columns: {id: {kind: sequence}}}\n"
             "  users: {rows: " +
                 std::to_string(users) + ", columns: {up: " + up +
                 ", id: {kind: sequence}}}\n"
                 "  t: {rows: 50, columns: {up: {kind: parent, table: tenants},"
                 " user: {kind: parent, table: users, required: true, same: " +
                 same + "}}}\n",
             0));
  };
  const std::string counted = "{kind: parent, table: tenants, counted: true}";
  EXPECT_EQ(error(counted, "{up: up}"), "");
  const auto expect = [&](const std::string& got, const std::string& message) {
    EXPECT_NE(got.find(message), std::string::npos) << got;
  };
  expect(error("{kind: parent, table: tenants}", "{up: up}"), "cannot be told");
  expect(error(counted, "{up: up}", 30),
         "only 30 of 40 rows of 'tenants' are sure to have rows in 'users'");
  expect(error(counted, "{id: up}"), "is not a parent of 'tenants'");
  expect(error(counted, "up"), "one pair of columns");
  expect(error("{kind: parent, table: tenants, counted: true, null: 0.1}", "{up: up}"),
         "what is counted out has no 'null'");
  expect(CompileError(Spec(
             "  tenants: {rows: 3, columns: {id: {kind: sequence}}}\n"
             "  users: {rows: 30, columns: {up: {kind: parent, table: tenants, counted: true}}}\n"
             "  t: {rows: 500, primary_key: [user], columns: {up: {kind: parent, table: tenants,"
             " counted: true}, user: {kind: parent, table: users, same: {up: up}}}}\n",
             0)),
         "some rows of 'tenants' have 167 rows here and 10 combinations");
}

TEST(Keys, AnEndingKeepsTheLengthAndTheAddress) {
  const std::string yaml = Spec(
      "  t: {rows: 3000, unique: [[mail], [name]], columns: {"
      "name: {kind: text, min: 0, max: 60, max_length: 20},"
      "mail: {kind: template, template: 'somebody.long@example.com', max_length: 22}}}\n",
      0);
  MadeAll made = Make(Compiled(yaml));
  for (const std::string& m : made["t"].Texts("mail")) {
    ASSERT_LE(m.size(), 22u);
    ASSERT_EQ(m.substr(m.size() - 12), "@example.com");
    ASSERT_EQ(m.substr(0, 3), "som");
  }
  for (const std::string& n : made["t"].Texts("name")) ASSERT_LE(n.size(), 20u);
}

TEST(Keys, WhatIsMadeFromAKeyColumnSeesItAsItWas) {
  const std::string yaml = Spec(
      "  t: {rows: 500, unique: [[name]], columns: {"
      "first: {kind: list, list: first_names, value: name},"
      "name: {kind: template, template: '{first}'},"
      "hello: {kind: template, template: 'Hello {name}'}}}\n"
      "  c: {rows: 500, columns: {t: {kind: parent, table: t},"
      " name: {kind: reference, from: t, column: name}}}\n",
      0);
  MadeAll made = Make(Compiled(yaml));
  for (size_t i = 0; i < 500; ++i) {
    const std::string name = *made["t"]["name"][i];
    ASSERT_EQ(*made["t"]["hello"][i], "Hello " + name.substr(0, name.size() - 3));
    ASSERT_EQ(made["c"]["name"][i], made["t"]["name"][std::stoull(*made["c"]["t"][i])]);
  }
}

TEST(Keys, OfATableAreTheSameWhereOnlyItsChildrenAreMade) {
  const Shape& lines = kShapes[8];
  const std::string yaml = Spec(lines.tables, 3000);
  MadeAll all = Make(Compiled(yaml)), alone = Make(Compiled(yaml, {.tables = {"t"}}));
  EXPECT_EQ(all["t"].columns, alone["t"].columns);
}

TEST(Keys, ThatCannotBeAreRefusedWithTheFigures) {
  const auto expect = [](const std::string& table, const std::string& message) {
    const std::string error = CompileError(Spec(table, 1000));
    EXPECT_NE(error.find(message), std::string::npos) << error;
  };
  expect("  t: {rows: {N}, unique: [[a]], columns: {a: {kind: int, min: 1, max: 3}}}\n",
         "UNIQUE (a) of table 't' has 3 possible values, 1,000 rows wanted");
  expect(
      "  t: {rows: {N}, primary_key: [a, b], columns: {a: {kind: int, min: 1, max: 3}, b: {kind: "
      "bool}}}\n",
      "PRIMARY KEY (a, b) of table 't' has 6 possible values (a 3 × b 2), 1,000 rows wanted");
  expect("  t: {rows: {N}, unique: [[a]], columns: {a: {kind: choice, values: [x, y]}}}\n",
         "has 2 possible values, 1,000 rows wanted");
  expect("  t: {rows: {N}, unique: [[a]], columns: {a: {kind: constant, value: x}}}\n",
         "has 1 possible values, 1,000 rows wanted");
  expect(
      "  t: {rows: {N}, unique: [[a]], columns: {a: {kind: text, min: 1, max: 9, max_length: "
      "1}}}\n",
      "texts of 1 characters cannot be different in 1,000 rows");
  expect(
      "  t: {rows: {N}, unique: [[c]], columns: {a: {kind: int, min: 1, max: 3}, c: {kind: "
      "product, columns: [a, a], scale: 0}}}\n",
      "columns of kind product have no values to choose from");
  expect(
      "  t: {rows: {N}, primary_key: [a], columns: {a: {kind: int, min: 1, max: 9999, null: "
      "0.1}}}\n",
      "so it cannot be null");
  expect(
      "  p: {rows: 10, columns: {id: {kind: sequence}}}\n"
      "  t: {rows: {N}, primary_key: [p], columns: {p: {kind: reference, table: p, column: id}}}\n",
      "has 10 possible values, 1,000 rows wanted");
  expect(
      "  p: {rows: 5000, columns: {id: {kind: int, min: 1, max: 9}}}\n"
      "  t: {rows: {N}, unique: [[p]], columns: {p: {kind: reference, table: p, column: id}}}\n",
      "the columns it refers to are not unique themselves");
  expect(
      "  p: {rows: {N}, columns: {id: {kind: sequence}}}\n"
      "  t: {rows: {per: p, min: 1, max: 4}, unique: [[p, w]], columns: {"
      "p: {kind: reference, table: p, column: id}, w: {kind: choice, values: [a, b]}}}\n",
      "has 2 possible values for up to 4 rows per row of 'p'");
  expect(
      "  t: {rows: {N}, unique: [[a, b], [b, c]], columns: {a: {kind: int, min: 1, max: 50},"
      "b: {kind: int, min: 1, max: 50}, c: {kind: int, min: 1, max: 50}}}\n",
      "UNIQUE (b, c)");
  expect("  t: {rows: {N}, unique: [[x]], columns: {a: {kind: bool}}}\n", "there is no column 'x'");
  expect("  t: {rows: {N}, unique: [[a, a]], columns: {a: {kind: bool}}}\n", "names 'a' twice");
}

TEST(Keys, OfTablesDrawnFromAnEntityMustHoldByTheirKinds) {
  const auto error = [](const std::string& column) {
    return CompileError(
        "synthmill: 1\ndataset: d\nentities: {e: {count: 10, columns: {id: {kind: uuid}}}}\n"
        "tables: {t: {from: e, primary_key: [x], columns: {x: " +
        column + "}}}\n");
  };
  EXPECT_EQ(error("{kind: uuid}"), "");
  EXPECT_NE(error("{kind: int, min: 1, max: 5}").find("drawn from an entity"), std::string::npos);
}

}  // namespace
}  // namespace synthmill::generate
