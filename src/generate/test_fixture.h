// What the tests of generate/ share: a spec given as text becomes a program, a program's rows
// become texts. Included by them; compiled alone it is empty.
#ifndef SYNTHMILL_GENERATE_TEST_FIXTURE_H_
#define SYNTHMILL_GENERATE_TEST_FIXTURE_H_

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/dates.h"
#include "generate/program.h"
#include "spec/spec.h"

namespace synthmill::generate {

using ProgramPtr = std::shared_ptr<const Program>;

struct With {
  spec::GivenParameters parameters = {};
  std::string noise = "none";
  bool truth = false;
  std::vector<std::string> tables = {};
  uint64_t seed = 42;
};

inline arrow::Result<ProgramPtr> TryCompile(const std::string& yaml, const With& with = {},
                                            const std::string& file = "test.yaml") {
  spec::Diagnostics diagnostics(file, yaml);
  const spec::Spec spec = spec::ParseSpec(file, yaml, &diagnostics);
  ARROW_RETURN_NOT_OK(diagnostics.ToStatus());
  ARROW_ASSIGN_OR_RAISE(const spec::Resolved resolved,
                        spec::ResolveParameters(spec, with.parameters, std::nullopt, with.noise,
                                                static_cast<int64_t>(with.seed)));
  return Program::Compile(spec, resolved, {with.seed, with.noise, with.truth, with.tables},
                          &diagnostics);
}

// What a spec is refused with; empty if it is not.
inline std::string CompileError(const std::string& yaml, const With& with = {}) {
  return TryCompile(yaml, with).status().message();
}

inline ProgramPtr Compiled(const std::string& yaml, const With& with = {}) {
  auto program = TryCompile(yaml, with);
  if (!program.ok()) throw std::runtime_error(program.status().message());  // fails the test
  return *program;
}

// A dataset without entities: one table `t` with these columns.
inline std::string OneTable(const std::string& columns, uint64_t rows = 1000) {
  return "synthmill: 1\ndataset: test\nas_of: 2026-01-01\ntables:\n  t:\n    rows: " +
         std::to_string(rows) + "\n    columns: {" + columns + "}\n";
}

inline std::string ReadSource(const std::string& path) {
  std::ifstream in(std::string(SYNTHMILL_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

inline ProgramPtr Mdm(const With& with) { return Compiled(ReadSource("datasets/mdm.yaml"), with); }

// A cell as truth_changes writes it.
using Cell = std::optional<std::string>;

inline Cell CellOf(const arrow::Array& array, int64_t i) {
  if (array.IsNull(i)) return std::nullopt;
  char buffer[40];
  switch (array.type_id()) {
    case arrow::Type::DICTIONARY: {
      const auto& d = static_cast<const arrow::DictionaryArray&>(array);
      return CellOf(*d.dictionary(), d.GetValueIndex(i));
    }
    case arrow::Type::STRING:
      return static_cast<const arrow::StringArray&>(array).GetString(i);
    case arrow::Type::BOOL:
      return static_cast<const arrow::BooleanArray&>(array).Value(i) ? "true" : "false";
    case arrow::Type::INT8:
      return std::to_string(static_cast<const arrow::Int8Array&>(array).Value(i));
    case arrow::Type::INT16:
      return std::to_string(static_cast<const arrow::Int16Array&>(array).Value(i));
    case arrow::Type::INT32:
      return std::to_string(static_cast<const arrow::Int32Array&>(array).Value(i));
    case arrow::Type::INT64:
      return std::to_string(static_cast<const arrow::Int64Array&>(array).Value(i));
    case arrow::Type::DATE32:
      return core::FormatIsoDate(static_cast<const arrow::Date32Array&>(array).Value(i));
    case arrow::Type::TIMESTAMP:  // microseconds
      return std::to_string(static_cast<const arrow::TimestampArray&>(array).Value(i));
    case arrow::Type::DECIMAL128:
      return static_cast<const arrow::Decimal128Array&>(array).FormatValue(i);
    case arrow::Type::TIME64:  // microseconds
      return std::to_string(static_cast<const arrow::Time64Array&>(array).Value(i));
    case arrow::Type::BINARY:
      return static_cast<const arrow::BinaryArray&>(array).GetString(i);
    case arrow::Type::FLOAT:
      std::snprintf(buffer, sizeof buffer, "%.9g",
                    static_cast<const arrow::FloatArray&>(array).Value(i));
      return buffer;
    case arrow::Type::LIST:
    case arrow::Type::MAP:
    case arrow::Type::STRUCT:
      return array.GetScalar(i).ValueOrDie()->ToString();
    case arrow::Type::DOUBLE:
      std::snprintf(buffer, sizeof buffer, "%.17g",
                    static_cast<const arrow::DoubleArray&>(array).Value(i));
      return buffer;
    default:
      ADD_FAILURE() << "no cell of " << array.type()->ToString();
      return "";
  }
}

// A table's rows, column by column.
struct Made {
  std::map<std::string, std::vector<Cell>> columns;
  size_t rows = 0;

  const std::vector<Cell>& operator[](const std::string& name) const {
    static const std::vector<Cell> kNone;
    auto it = columns.find(name);
    if (it == columns.end() && rows) ADD_FAILURE() << "no column " << name;
    return it == columns.end() ? kNone : it->second;
  }
  // Without nulls.
  std::vector<std::string> Texts(const std::string& name) const {
    std::vector<std::string> out;
    for (const Cell& c : (*this)[name])
      if (c) out.push_back(*c);
    return out;
  }
  std::vector<int64_t> Ints(const std::string& name) const {
    std::vector<int64_t> out;
    for (const std::string& t : Texts(name)) out.push_back(std::stoll(t));
    return out;
  }
  size_t Nulls(const std::string& name) const { return rows - Texts(name).size(); }
};

struct MadeAll {
  std::map<std::string, Made> tables;  // by key
  std::vector<NoiseCount> noise;       // summed over parts
  Made& operator[](const std::string& key) { return tables[key]; }
};

// Makes everything, in parts of `cut` blocks. Every batch is checked as Arrow checks it.
inline MadeAll Make(const ProgramPtr& program, uint64_t cut = 1'000'000) {
  MadeAll made;
  for (const OutputTable& t : program->tables()) made.tables[t.key];
  for (size_t r = 0; r < program->roots().size(); ++r) {
    const Root& root = program->roots()[r];
    for (uint64_t b = root.begin / kBlockRows; b * kBlockRows < root.end; b += cut) {
      auto part = program
                      ->Part(static_cast<int>(r), std::max(root.begin, b * kBlockRows),
                             std::min(root.end, (b + cut) * kBlockRows))
                      .ValueOrDie();
      std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
      while (part->Next(&batches).ValueOrDie())
        for (size_t t = 0; t < batches.size(); ++t) {
          if (!batches[t]) continue;
          const OutputTable& output = program->tables()[t];
          EXPECT_EQ(batches[t]->ValidateFull().ToString(), "OK") << output.key;
          EXPECT_TRUE(batches[t]->schema()->Equals(*output.schema, true)) << output.key;
          Made& table = made.tables[output.key];
          for (int c = 0; c < batches[t]->num_columns(); ++c) {
            const arrow::Field& field = *output.schema->field(c);
            EXPECT_TRUE(field.nullable() || batches[t]->column(c)->null_count() == 0)
                << output.key << "." << field.name() << " has nulls where none may be";
            std::vector<Cell>& cells = table.columns[field.name()];
            for (int64_t i = 0; i < batches[t]->num_rows(); ++i)
              cells.push_back(CellOf(*batches[t]->column(c), i));
          }
          table.rows += static_cast<size_t>(batches[t]->num_rows());
        }
      const std::vector<NoiseCount> counts = part->noise();
      if (made.noise.empty()) {
        made.noise = counts;
        continue;
      }
      for (size_t i = 0; i < counts.size(); ++i) {
        made.noise[i].records += counts[i].records;
        made.noise[i].applicable += counts[i].applicable;
        made.noise[i].touched += counts[i].touched;
        made.noise[i].changed += counts[i].changed;
      }
    }
  }
  return made;
}

// One table `t` without an entity.
inline Made MakeTable(const std::string& columns, uint64_t rows = 1000, uint64_t seed = 42) {
  return Make(Compiled(OneTable(columns, rows), {.seed = seed}))["t"];
}

// Rows in the order of a key column, each as one text, so that tables can be compared.
inline std::vector<std::string> SortedRows(const Made& made, const std::string& key) {
  std::vector<std::string> out;
  for (size_t i = 0; i < made.rows; ++i) {
    std::string row = made[key][i].value_or("");
    for (const auto& [name, cells] : made.columns)
      row += "|" + name + "=" + (cells[i] ? *cells[i] : "NULL");
    out.push_back(std::move(row));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace synthmill::generate

#endif  // SYNTHMILL_GENERATE_TEST_FIXTURE_H_
