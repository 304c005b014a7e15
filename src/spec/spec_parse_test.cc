#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "core/dates.h"
#include "spec/spec.h"

namespace synthmill::spec {
namespace {

// Everything that is well in one file; tests replace a piece of it.
constexpr std::string_view kGood = R"yaml(synthmill: 1
dataset: shop
as_of: 2026-01-01
parameters:
  customers: {type: int, default: 100, min: 1}
  suffix: {type: string, default: ""}
  rate: {type: share, default: 0.3}
entities:
  customer:
    count: customers
    exact_rows: {when: customers > 5, rows: customers, trim: [web, crm]}
    groups:
      household: {share: 0.25, size: 2}
    columns:
      id: {kind: sequence, key: true}
      name: {kind: list, list: names, per: [household]}
column_sets:
  person:
    id: {of: customer}
    name: {of: customer, rederive: true}
tables:
  crm:
    name: "crm{suffix}"
    from: customer
    coverage: 0.8
    copies: {1: 0.85, 2: 0.15}
    columns:
      record_id: {kind: uuid, key: true}
      +person:
  web:
    from: customer
    noise: false
    columns:
      +person:
      city: {kind: field, of: place, field: city, "null": 0.1}
  log:
    rows: customers * 3
    columns: {line: {kind: sequence}}
noise:
  classic:
    - {rule: typo, columns: {name: 0.5, record_id: 0.5}, rate: rate}
  hard:
    - {rule: missing, columns: [name], rate: 0.1}
    - {use: classic}
truth:
  records: {name: truth_records, columns: [record_id, id]}
  entities: {customer: truth_customers}
  changes: {name: truth_changes, key: record_id}
lists: {names: lists/names.csv}
examples: [synthmill generate shop]
)yaml";

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string ErrorsOf(const std::string& text) {
  Diagnostics diagnostics("shop.yaml", text);
  ParseSpec("shop.yaml", text, &diagnostics);
  return diagnostics.Render();
}

void ExpectError(const std::string& text, const std::string& part) {
  const std::string errors = ErrorsOf(text);
  EXPECT_NE(errors.find(part), std::string::npos) << "no '" << part << "' in\n" << errors;
}

void ExpectSwapError(std::string_view from, std::string_view to, const std::string& part) {
  ExpectError(Replaced(from, to), part);
}

TEST(SpecParse, ReadsEveryPartOfTheLanguage) {
  Diagnostics diagnostics("shop.yaml", std::string(kGood));
  const Spec spec = ParseSpec("shop.yaml", kGood, &diagnostics);
  ASSERT_TRUE(diagnostics.all().empty()) << diagnostics.Render();
  EXPECT_EQ(spec.as_of, core::DaysFromCivil(2026, 1, 1));
  EXPECT_EQ(spec.FindParameter("customers")->FlagName(), "customers");
  const Entity* customer = spec.FindEntity("customer");
  ASSERT_NE(customer, nullptr);
  EXPECT_EQ(customer->exact->trim, (std::vector<std::string>{"web", "crm"}));
  EXPECT_EQ(customer->columns[1].per, (std::vector<std::string>{"household"}));
  const Table* crm = spec.FindTable("crm");
  ASSERT_NE(crm, nullptr);
  EXPECT_EQ(crm->name, "crm{suffix}");
  ASSERT_EQ(crm->copies.size(), 2u);
  EXPECT_EQ(crm->copies[1].copies, 2);
  ASSERT_EQ(crm->columns.size(), 3u);
  EXPECT_EQ(crm->columns[2].of, "customer");
  EXPECT_TRUE(crm->columns[2].rederive);
  const Table* web = spec.FindTable("web");
  EXPECT_FALSE(web->noisy);
  EXPECT_EQ(web->name, "web");
  // With a kind, `of` is the kind's own.
  EXPECT_EQ(web->columns[2].of, "");
  EXPECT_EQ(web->columns[2].args.Find("of")->text, "place");
  EXPECT_TRUE(web->columns[2].null_share.given());
  EXPECT_EQ(spec.default_noise, "classic");
  ASSERT_EQ(spec.noise_profiles.at("hard").size(), 2u);
  EXPECT_EQ(spec.noise_profiles.at("hard")[1].kind, "typo");
  EXPECT_EQ(spec.truth->changes_key, "record_id");
  EXPECT_EQ(spec.lists.at("names").first, "lists/names.csv");
  EXPECT_EQ(spec.examples.size(), 1u);
}

TEST(SpecParse, ReadsTheMdmDatasetWithoutADiagnostic) {
  std::ifstream file(std::string(SYNTHMILL_SOURCE_DIR) + "/datasets/mdm.yaml");
  ASSERT_TRUE(file.is_open());
  std::stringstream text;
  text << file.rdbuf();
  Diagnostics diagnostics("mdm.yaml", text.str());
  const Spec spec = ParseSpec("mdm.yaml", text.str(), &diagnostics);
  EXPECT_TRUE(diagnostics.all().empty()) << diagnostics.Render();
  const auto resolved = ResolveParameters(spec, {}, {}, "", 42);
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_EQ(resolved->env.at("unique_customers"), Value::Int(250'000));
  EXPECT_EQ(resolved->env.at("noise"), Value::String("classic"));
  EXPECT_EQ(spec.noise_profiles.at("hard").size(), 15u);
}

TEST(SpecParse, ReportsAllErrorsOfAFileAtOnce) {
  EXPECT_EQ(ErrorsOf("synthmill: 1\n"
                     "dataset: shop\n"
                     "parameters:\n"
                     "  size: {type: int, defualt: 10}\n"
                     "tables:\n"
                     "  orders:\n"
                     "    rows: sze * 2\n"
                     "    colums: {}\n"),
            "shop.yaml:4:21: error: parameter 'size' has no 'defualt'\n"
            "    size: {type: int, defualt: 10}\n"
            "                      ^\n"
            "  did you mean 'default'?\n"
            "shop.yaml:7:5: error: table 'orders' needs 'columns'\n"
            "      rows: sze * 2\n"
            "      ^\n"
            "  such as: columns: {id: {kind: sequence}}\n"
            "shop.yaml:7:11: error: table 'orders': 'rows': unknown name 'sze'\n"
            "      rows: sze * 2\n"
            "            ^\n"
            "  did you mean 'size'?\n"
            "shop.yaml:8:5: error: table 'orders' has no 'colums'\n"
            "      colums: {}\n"
            "      ^\n"
            "  did you mean 'columns'?\n");
}

TEST(SpecParse, ShowsAMinimalFileWhereThereIsNone) {
  for (const char* text : {"", "# nothing yet\n"}) {
    ExpectError(text, "shop.yaml:1:1: error: this file is empty, not a dataset");
    ExpectError(text, "a small one reads:\n    synthmill: 1\n");
  }
  ExpectError("just words", "a dataset file must be a map");
  ExpectError("[1, 2]", "a dataset file must be a map");
  // The example is a dataset that works.
  EXPECT_EQ(ErrorsOf("synthmill: 1\ndataset: shop\ntables:\n  orders:\n    rows: 1000\n"
                     "    columns:\n      order_id: {kind: sequence, key: true}\n"
                     "      paid: {kind: bool, share: 0.9}\n"),
            "");
}

TEST(SpecParse, StopsAtASyntaxErrorRatherThanGuessTheRest) {
  const std::string errors = ErrorsOf("synthmill: 1\ntables: [\n");
  EXPECT_NE(errors.find("YAML: "), std::string::npos);
  EXPECT_EQ(errors.find("needs 'dataset'"), std::string::npos) << errors;
}

TEST(SpecParse, PointsIntoExpressions) {
  ExpectSwapError("count: customers", "count: 2 * custmers",
                  "shop.yaml:10:16: error: entity 'customer': 'count': unknown name 'custmers'");
  ExpectSwapError("count: customers", "count: \"2 * custmers\"", "shop.yaml:10:17: error:");
  ExpectSwapError("count: customers", "count: customers * 5m", "shop.yaml:10:24: error:");
  ExpectSwapError("crm{suffix}", "crm{sufix}", "shop.yaml:23:16: error: table 'crm': 'name'");
  // A folded text does not stand in the file as it reads.
  ExpectSwapError("count: customers", "count: >\n      2 *\n      custmers", "shop.yaml:10:12:");
}

TEST(SpecParse, ChecksTheHead) {
  ExpectSwapError("synthmill: 1", "synthmill: 2", "reads version 1 of the spec language, not '2'");
  ExpectSwapError("synthmill: 1\n", "", "needs 'synthmill'");
  ExpectSwapError("dataset: shop", "dataset: My Shop", "'My Shop' cannot be the name of a dataset");
  ExpectSwapError("as_of: 2026-01-01", "as_of: customers", "unknown name 'customers'");
  ExpectSwapError("as_of: 2026-01-01", "as_of: 2026-13-01", "is not a date of the calendar");
  ExpectSwapError("as_of: 2026-01-01", "as_of: 3", "'as_of': 3 is not a date");
  ExpectSwapError("examples:", "exmaples:", "did you mean 'examples'?");
}

TEST(SpecParse, ChecksParameters) {
  const std::string line = "customers: {type: int, default: 100, min: 1}";
  const auto flow = [&](const std::string& entry, const std::string& part) {
    ExpectSwapError(line, line + "\n  " + entry, part);
  };
  flow("seed: {type: int}", "it is a flag of every dataset");
  flow("dry_run: {type: bool}", "it is a flag of every dataset");
  flow("min: {type: int}", "it is a word of the expression language");
  flow("no_names: {type: bool}", "name what is, not what is not: names");
  flow("Big: {type: int}", "'Big' cannot be the name of a parameter");
  flow("a: {type: itn}", "did you mean 'int'?");
  flow("a: {default: 3}", "needs 'type'");
  flow("a: {type: int, default: 0.5}", "'default': 0.5 is not a whole number");
  flow("a: {type: share, default: 30}", "'default' must be within 0 and 1 (got 30)");
  flow("a: {type: bool, default: 1}", "1 is not true or false");
  flow("a: {type: string, default: x, choices: [y, z]}", "'default' cannot be 'x'");
  flow("a: {type: string, default: x, pattern: '[0-9]'}", "must match [0-9] (got 'x')");
  flow("a: {type: string, pattern: '['}", "'pattern': a '[' without its ']'");
  flow("a: {type: string, min: 3}", "'min' is for numbers and dates");
  flow("a: {type: int, choices: [a]}", "'choices' is for strings");
  flow("a: {type: int, default: b + 1}\n  b: {type: int, default: a}",
       "defaults go in a circle: a -> b -> a");
  flow("a: {type: int, default: a}", "defaults go in a circle: a -> a");
  EXPECT_EQ(ErrorsOf(Replaced(line, line + "\n  a: {type: date, default: 2024-03-01}")), "");
}

TEST(SpecParse, ChecksColumns) {
  const std::string line = "record_id: {kind: uuid, key: true}";
  const auto flow = [&](const std::string& entry, const std::string& part) {
    ExpectSwapError(line, line + "\n      " + entry, part);
  };
  flow("x: crm", "column 'x' of table 'crm' must be a map");
  flow("x: crm", "such as: source_system: {kind: constant, value: crm}");
  flow("x: {knid: uuid}", "instead of 'knid', did you mean 'kind'?");
  flow("x: {hidden: true}", "needs 'kind' or 'of'");
  flow("x: {kind: uuid, hidden: yes}", "'hidden' must be true or false");
  flow("x: {kind: uuid, rederive: true}", "'rederive' is for a column carried over");
  flow("x: {kind: uuid, required: true, \"null\": 0.1}", "so it has no share of nulls");
  flow("x: {kind: uuid, \"null\": 1.5}", "'null' must be within 0 and 1 (got 1.5)");
  flow("x: {kind: uuid, per: [household]}", "'per' is for columns of an entity");
  flow("x: {kind: uuid, when: nobody}", "unknown name 'nobody'");
  flow("\"a b\": {kind: uuid}", "'a b' cannot be the name of a column");
  flow("x: {of: customr}", "there is no entity 'customr'");
  flow("nme: {of: customer}", "there is no column of entity customer called 'nme'");
  flow("nme: {of: customer}", "did you mean 'name'?");
  flow("city: {of: customer, requird: true}", "did you mean 'required'?");
  flow("name: {kind: uuid}", "table 'crm' has two columns 'name'");
  flow("+persn:", "did you mean 'person'?");
  ExpectSwapError("per: [household]", "per: [houshold]", "did you mean 'household'?");
  ExpectSwapError("rows: customers * 3\n    columns: {",
                  "rows: 3\n    columns: {id: {of: customer}, ",
                  "the table is not drawn from an entity");
  ExpectSwapError("id: {kind: sequence, key: true}", "id: {of: customer}", "'of' is for tables");
  ExpectSwapError("id: {of: customer}\n", "id: {of: customer}\n    +other:\n",
                  "a column set does not hold another");
}

TEST(SpecParse, ReportsAMistakeOfAColumnSetOnce) {
  const std::string errors =
      ErrorsOf(Replaced("    id: {of: customer}", "    idd: {of: customer}"));
  const size_t first = errors.find("there is no column of entity customer called 'idd'");
  ASSERT_NE(first, errors.npos) << errors;
  EXPECT_EQ(errors.find("called 'idd'", first + 50), errors.npos) << errors;
}

TEST(SpecParse, ChecksTables) {
  const std::string coverage = "coverage: 0.8";
  ExpectSwapError(coverage, "covrage: 0.8", "did you mean 'coverage'?");
  ExpectSwapError(coverage, "coverage: 1.2", "'coverage' must be within 0 and 1 (got 1.2)");
  ExpectSwapError(coverage, "rows: 10", "table 'crm' has both 'from' and 'rows'");
  ExpectSwapError("from: customer", "from: custmer", "did you mean 'customer'?");
  ExpectSwapError("    rows: customers * 3\n", "",
                  "table 'log' needs 'from' (an entity) or 'rows'");
  ExpectSwapError("rows: customers * 3", "rows: -1", "'rows' must be at least 0 (got -1)");
  ExpectSwapError("rows: customers * 3", "rows: 3\n    copies: {1: 1}",
                  "'copies' is for a table drawn from an entity");
  const std::string copies = "copies: {1: 0.85, 2: 0.15}";
  ExpectSwapError(copies, "copies: {1: 0.85, 2: 0.14}", "the shares add up to 0.99, not 1");
  ExpectSwapError(copies, "copies: {0: 1}", "'0' is not a number of copies from 1 to 64");
  ExpectSwapError(copies, "copies: {65: 1}", "'65' is not a number of copies from 1 to 64");
  ExpectSwapError(copies, "copies: {1: 0.5, 01: 0.5}", "1 is here twice");
  ExpectSwapError(copies, "copies: [1, 2]", "must be a map, not a list");
  EXPECT_EQ(ErrorsOf(Replaced(copies, "copies: {1: 1 - rate, 2: rate}")), "");
  ExpectSwapError("  web:\n", "  web:\n    name: \"crm{suffix}\"\n", "like table 'crm'");
  ExpectSwapError("trim: [web, crm]", "trim: [wbe]", "did you mean 'web'?");
  ExpectSwapError("trim: [web, crm]", "trim: [log]",
                  "there is no table drawn from customer called");
}

TEST(SpecParse, ChecksNoise) {
  const std::string rule = "{rule: missing, columns: [name], rate: 0.1}";
  ExpectSwapError(rule, "{rule: missing, columns: [nam], rate: 0.1}", "did you mean 'name'?");
  // web has a city, but takes no part in noise.
  ExpectSwapError(rule, "{rule: missing, columns: [city], rate: 0.1}",
                  "there is no noisy column called 'city'");
  ExpectSwapError(rule, "{rule: missing, columns: [name]}", "needs 'rate'");
  ExpectSwapError(rule, "{rule: missing, columns: [name], rate: 2}", "within 0 and 1 (got 2)");
  ExpectSwapError(rule, "{rule: missing, columns: [], rate: 0.1}", "has no columns");
  ExpectSwapError(rule, "{columns: [name], rate: 0.1}", "needs 'rule'");
  ExpectSwapError(rule, "{use: clasic}", "did you mean 'classic'?");
  ExpectSwapError(rule, "{use: hard}", "uses itself");
  ExpectSwapError("- {rule: typo,", "- {use: hard}\n    - {rule: typo,", "uses itself, by way of");
  ExpectSwapError(rule, "{rule: typo, columns: [name], rate: 0.1}",
                  "a second noise rule called 'typo'");
  ExpectSwapError("  hard:", "  none:", "is always there");
  ExpectSwapError("noise: false", "noise: [{rule: typo2, columns: [record_id], rate: 0.1}]",
                  "there is no noisy column called 'record_id'");
  EXPECT_EQ(ErrorsOf(Replaced("noise: false", "noise: [{rule: case, columns: [city], rate: 0.1}]")),
            "");
}

TEST(SpecParse, ChecksTruthChecksAndLists) {
  ExpectSwapError("columns: [record_id, id]", "columns: [recordid]", "did you mean 'record_id'?");
  ExpectSwapError("key: record_id}", "key: recrd_id}", "did you mean 'record_id'?");
  ExpectSwapError("{customer: truth_customers}", "{custmer: x}", "did you mean 'customer'?");
  ExpectSwapError("lists/names.csv", "[a]", "a list is the path of a CSV file");
  const std::string lists = "lists: {";
  ExpectSwapError(lists, "checks: [{if: customers > 3}]\nlists: {", "a check needs 'say'");
  ExpectSwapError(lists, "checks: [{if: customers >, say: x}]\nlists: {", "ends too early");
  ExpectSwapError(lists, "checks: [{if: rate > 0.5, say: \"{rat}\"}]\nlists: {",
                  "did you mean 'rate'?");
  ExpectSwapError(lists, "checks: [{if: rate > 0.5, say: x, severity: warnin}]\nlists: {",
                  "did you mean 'warning'?");
}

TEST(SpecParse, BoundsWhatSplicingMultiplies) {
  std::string text =
      "synthmill: 1\ndataset: d\ncolumn_sets:\n  s:\n    a: {kind: constant, value: " +
      std::string(1'000'000, 'x') + "}\ntables:\n";
  for (int i = 0; i < 200; ++i) {
    text += "  t" + std::to_string(i) + ": {rows: 1, columns: {+s: }}\n";
  }
  ExpectError(text, "larger than 64 MiB");
}

}  // namespace
}  // namespace synthmill::spec
