#include <gtest/gtest.h>

#include <string>

#include "core/dates.h"
#include "spec/spec.h"

namespace synthmill::spec {
namespace {

constexpr std::string_view kSpec = R"yaml(synthmill: 1
dataset: shop
parameters:
  total_records: {type: int, default: 1000000, min: 1}
  unique_customers: {type: int, default: total_records / 4, min: 1}
  suffix: {type: string, default: _scale, pattern: "[a-z_]*"}
  level: {type: string, default: low, choices: [low, high]}
  rate: {type: share, default: 0.3}
  exact: {type: bool, default: false}
  day: {type: date, default: as_of - 1d, max: as_of}
checks:
  - if: unique_customers > total_records
    say: "unique customers ({unique_customers}) cannot exceed total records ({total_records})"
    fix:
      - "raise --total-records to at least {unique_customers}"
      - "or lower --unique-customers to at most {total_records}"
  - {if: unique_customers * 2 > total_records, severity: warning, say: "many: {unique_customers}"}
tables:
  t: {rows: total_records, columns: {id: {kind: sequence}}}
noise:
  classic: [{rule: missing, columns: [id], rate: rate}]
)yaml";

Spec Parse(std::string_view text) {
  Diagnostics diagnostics("shop.yaml", std::string(text));
  Spec spec = ParseSpec("shop.yaml", text, &diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.Render();
  return spec;
}

std::string ErrorOf(const GivenParameters& given, const std::string& noise = "classic") {
  const auto resolved = ResolveParameters(Parse(kSpec), given, {}, noise, 42);
  return resolved.ok() ? "" : resolved.status().message();
}

TEST(Parameters, TakeTheirDefaultsFromOneAnother) {
  const auto resolved = ResolveParameters(Parse(kSpec), {{"total-records", "4k"}}, {}, "", 7);
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  const Environment& env = resolved->env;
  EXPECT_EQ(env.at("total_records"), Value::Int(4000));
  EXPECT_EQ(env.at("unique_customers"), Value::Int(1000));
  EXPECT_EQ(env.at("suffix"), Value::String("_scale"));
  EXPECT_EQ(env.at("rate"), Value::Decimal(300'000'000));
  EXPECT_EQ(env.at("exact"), Value::Bool(false));
  EXPECT_EQ(env.at("noise"), Value::String("classic"));  // the first profile of the file
  EXPECT_EQ(env.at("seed"), Value::Int(7));
  EXPECT_EQ(env.at("day"), Value::Date(core::DaysFromCivil(2025, 12, 31)));
  EXPECT_TRUE(resolved->warnings.empty());
}

TEST(Parameters, FollowTheAsOfOfTheRun) {
  const auto resolved =
      ResolveParameters(Parse(kSpec), {}, core::DaysFromCivil(2030, 6, 1), "none", 42);
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_EQ(resolved->env.at("day"), Value::Date(core::DaysFromCivil(2030, 5, 31)));
}

TEST(Parameters, TakeWholeNumbersInEveryUsualForm) {
  for (const char* form : {"2000000", "2_000_000", "2M", "2000k", "0.002B", "2e6"}) {
    const auto resolved = ResolveParameters(Parse(kSpec), {{"total_records", form}}, {}, "", 42);
    ASSERT_TRUE(resolved.ok()) << form << resolved.status();
    EXPECT_EQ(resolved->env.at("total_records"), Value::Int(2'000'000)) << form;
  }
}

TEST(Parameters, SayWhatIsWrongWithANumber) {
  EXPECT_EQ(ErrorOf({{"total_records", "12x"}}), "--total-records: '12x' is not a whole number");
  EXPECT_EQ(ErrorOf({{"total_records", "1.0005k"}}),
            "--total-records: '1.0005k' is not a whole number");
  EXPECT_EQ(ErrorOf({{"total_records", ""}}), "--total-records: '' is not a whole number");
  EXPECT_EQ(ErrorOf({{"total_records", "99999999999999999999"}}),
            "--total-records: '99999999999999999999' does not fit: whole numbers reach "
            "9223372036854775807");
  EXPECT_EQ(ErrorOf({{"total_records", "1e19"}}),
            "--total-records: '1e19' does not fit: whole numbers reach 9223372036854775807");
  EXPECT_EQ(ErrorOf({{"total_records", "0"}, {"unique_customers", "1"}}),
            "--total-records must be at least 1 (got 0)");
  EXPECT_EQ(ErrorOf({{"total_records", "-5"}, {"unique_customers", "1"}}),
            "--total-records must be at least 1 (got -5)");
  EXPECT_EQ(ErrorOf({{"total_records", "3"}}),
            "--unique-customers must be at least 1 (got 0, the default total_records / 4)");
  EXPECT_EQ(ErrorOf({{"rate", "30%"}}),
            "--rate: '30%' is not a decimal such as 0.25 (0.3 for 30%)");
  EXPECT_EQ(ErrorOf({{"rate", "30"}}), "--rate must be within 0 and 1 (got 30)");
}

TEST(Parameters, SayWhatIsWrongWithOtherTypes) {
  EXPECT_EQ(ErrorOf({{"exact", "maybe"}}), "--exact: 'maybe' is not true or false");
  EXPECT_EQ(ErrorOf({{"day", "2026-02-30"}}),
            "--day: '2026-02-30' is not a date such as 2026-01-31");
  EXPECT_EQ(ErrorOf({{"day", "2027-01-01"}}), "--day must be at most 2026-01-01 (got 2027-01-01)");
  EXPECT_EQ(ErrorOf({{"suffix", "A-B"}}), "--suffix must match [a-z_]* (got 'A-B')");
  EXPECT_EQ(ErrorOf({{"level", "hihg"}}), "--level cannot be 'hihg'\n  did you mean 'high'?");
}

TEST(Parameters, ReportAllErrorsTogether) {
  EXPECT_EQ(ErrorOf({{"total_records", "x"}, {"rate", "2"}, {"totl_records", "1"}}, "clasic"),
            "--noise: there is no profile 'clasic'\n"
            "  did you mean 'classic'?\n"
            "--totl-records: dataset 'shop' has no such parameter\n"
            "  did you mean --total-records?\n"
            "--total-records: 'x' is not a whole number\n"
            "--rate must be within 0 and 1 (got 2)");
}

TEST(Parameters, FailAndWarnByTheChecksOfTheDataset) {
  EXPECT_EQ(ErrorOf({{"unique_customers", "25M"}}),
            "unique customers (25000000) cannot exceed total records (1000000)\n"
            "  raise --total-records to at least 25000000\n"
            "  or lower --unique-customers to at most 1000000");
  const auto resolved = ResolveParameters(Parse(kSpec), {{"unique_customers", "600k"}}, {}, "", 42);
  ASSERT_TRUE(resolved.ok());
  EXPECT_EQ(resolved->warnings, (std::vector<std::string>{"many: 600000"}));
}

TEST(Parameters, PlaceAnErrorWithinACheck) {
  const std::string error = ErrorOf(
      {{"unique_customers", "9223372036854775807"}, {"total_records", "9223372036854775807"}});
  EXPECT_EQ(error.rfind("shop.yaml:17:10: check: '*': 9223372036854775807 * 2 does not fit", 0), 0u)
      << error;
}

TEST(Parameters, WithoutADefaultMustBeGiven) {
  const Spec spec = Parse(
      "synthmill: 1\ndataset: d\nparameters: {load_date: {type: date, help: the day}}\n"
      "tables: {t: {rows: 1, columns: {id: {kind: sequence}}}}\n");
  const auto resolved = ResolveParameters(spec, {}, {}, "", 42);
  EXPECT_EQ(resolved.status().message(), "--load-date is needed\n  the day");
  EXPECT_TRUE(ResolveParameters(spec, {{"load_date", "2026-01-05"}}, {}, "none", 42).ok());
}

}  // namespace
}  // namespace synthmill::spec
