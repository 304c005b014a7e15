// Every column kind through every file format, by the registries: what is read back has the
// fingerprint of what was made.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "generate/column.h"
#include "generate/program.h"
#include "io/formats/test_batches.h"
#include "run/schema_json.h"
#include "spec/spec.h"

namespace synthmill::run {
namespace {

using generate::ColumnKind;

// A table of the kind's example as it stands, and with nulls, beside the columns it speaks of.
std::string SpecOf(const ColumnKind& kind) {
  std::string example = kind.example;
  if (const size_t at = example.find(", hidden: true"); at != std::string::npos)
    example.erase(at, 14);
  std::string columns = "      x: " + example + "\n";
  columns += "      y: " + example.substr(0, example.size() - 1) + ", null: 0.3}\n";
  for (const char* neighbour :
       {"first_name: {kind: list, list: first_names, value: name, given: {gender: gender}}",
        "gender: {kind: choice, values: [F, M]}",
        "last_name: {kind: list, list: last_names, value: name}",
        "place: {kind: list_row, list: places}", "quantity: {kind: int, min: 1, max: 9}",
        "registration_date: {kind: date, from: as_of - 5y, to: as_of - 1d}",
        "price: {kind: decimal, min: 1, max: 9.99}"})
    columns += std::string("      ") + neighbour + "\n";
  return "synthmill: 1\ndataset: t\ntables:\n  t:\n    rows: 3000\n    columns:\n" + columns;
}

class EveryKindAndFormat
    : public testing::TestWithParam<std::tuple<const ColumnKind*, const io::Format*>> {};
INSTANTIATE_TEST_SUITE_P(Registries, EveryKindAndFormat,
                         testing::Combine(testing::ValuesIn(generate::ColumnKinds().begin(),
                                                            generate::ColumnKinds().end()),
                                          testing::ValuesIn(io::Formats().begin(),
                                                            io::Formats().end())),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param)->name) + "_" +
                                  std::get<1>(info.param)->name;
                         });

TEST_P(EveryKindAndFormat, ComesBackAsItWasMade) {
  const auto& [kind, format] = GetParam();
  const std::string name = kind->name;
  if (name == "parent" || name == "reference" || name == "position" || name == "total")
    GTEST_SKIP() << "speaks of other tables; its values are those of other kinds";
  const std::string text = SpecOf(*kind);
  spec::Diagnostics diagnostics("t.yaml", text);
  const spec::Spec spec = spec::ParseSpec("t.yaml", text, &diagnostics);
  const auto resolved = spec::ResolveParameters(spec, {}, std::nullopt, "none", 42).ValueOrDie();
  const auto program = generate::Program::Compile(spec, resolved, {}, &diagnostics);
  ASSERT_TRUE(program.ok()) << program.status().ToString();
  const auto part = (*program)->Part(0, 0, 3000).ValueOrDie();
  std::vector<std::shared_ptr<arrow::RecordBatch>> made;
  io::testing::Batches batches;
  while (part->Next(&made).ValueOrDie()) batches.push_back(made[0]);
  const auto schema = (*program)->tables()[0].schema;
  const auto file = io::testing::WriteFile(*format, schema, batches);
  ASSERT_TRUE(file.ok()) << file.status().ToString();
  // Read with the schema as the manifest keeps it.
  const auto kept = SchemaFromJson(SchemaToJson(*schema).ValueOrDie());
  ASSERT_TRUE(kept.ok()) << kept.status().ToString();
  const auto read = io::testing::ReadFile(*format, *kept, *file);
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(io::testing::FingerprintOf(batches).Hex(), io::testing::FingerprintOf(*read).Hex());
  EXPECT_EQ(io::testing::FingerprintOf(*read).rows, 3000u);
}

TEST(KindsAndFormats, Int96TimestampsAreReadBackWithTheirZone) {
  const std::string text =
      "synthmill: 1\ndataset: t\ntables:\n  t:\n    rows: 2000\n    columns:\n"
      "      a: {kind: timestamp, from: as_of - 90y, to: as_of, zone: UTC}\n"
      "      b: {kind: timestamp, from: as_of - 1y, to: as_of, null: 0.2}\n"
      "      c: {kind: array, of: {kind: timestamp, from: as_of - 1y, to: as_of, zone: UTC}}\n";
  spec::Diagnostics diagnostics("t.yaml", text);
  const spec::Spec spec = spec::ParseSpec("t.yaml", text, &diagnostics);
  const auto resolved = spec::ResolveParameters(spec, {}, std::nullopt, "none", 42).ValueOrDie();
  const auto program = generate::Program::Compile(spec, resolved, {}, &diagnostics).ValueOrDie();
  const auto part = program->Part(0, 0, 2048).ValueOrDie();
  std::vector<std::shared_ptr<arrow::RecordBatch>> made;
  ASSERT_TRUE(part->Next(&made).ValueOrDie());
  const io::Format& parquet = **io::FindFormat("parquet");
  const auto schema = program->tables()[0].schema;
  io::FormatOptions options;
  const auto plain = io::testing::WriteFile(parquet, schema, {made[0]}, options).ValueOrDie();
  options.hive_int96 = true;
  const auto old = io::testing::WriteFile(parquet, schema, {made[0]}, options).ValueOrDie();
  const auto read = io::testing::ReadFile(parquet, io::LogicalSchema(*schema), old);
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(io::testing::FingerprintOf({made[0]}).Hex(), io::testing::FingerprintOf(*read).Hex());
  EXPECT_TRUE((*read)[0]->schema()->Equals(*io::LogicalSchema(*schema)));
  EXPECT_FALSE(old->Equals(*plain)) << "written in the other way";
}

}  // namespace
}  // namespace synthmill::run
