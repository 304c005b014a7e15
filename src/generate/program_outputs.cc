#include "generate/program_outputs.h"

#include <arrow/util/key_value_metadata.h>

#include <algorithm>

#include "core/field_comment.h"
#include "core/hints.h"

namespace synthmill::generate {

namespace {

std::shared_ptr<arrow::Field> OutputField(const ScopeColumn& c, const Type& type, bool dictionary,
                                          bool noised) {
  std::shared_ptr<arrow::DataType> arrow_type = ToArrow(type);
  if (dictionary) arrow_type = arrow::dictionary(arrow::int32(), arrow::utf8());
  std::vector<std::string> keys, values;
  if (type.text() && c.mostly_distinct) keys.push_back(core::kHintText), values.push_back("unique");
  if (c.spec->key) keys.push_back(core::kHintKey), values.push_back("true");
  if (!c.spec->help.empty()) {
    keys.push_back(core::kFieldComment), values.push_back(c.spec->help);
  }
  auto field = arrow::field(c.spec->output, arrow_type, noised || !c.spec->required);
  return keys.empty() ? field : field->WithMetadata(arrow::KeyValueMetadata::Make(keys, values));
}

std::optional<OutputTable::Bounds> BoundsOf(const ScopeColumn& c, const Scope& entity) {
  const Column* column = c.column.get();
  if (c.entity_column >= 0) {
    column = entity.columns[static_cast<size_t>(c.entity_column)].column.get();
  }
  const auto range = column ? column->range() : std::nullopt;
  if (!range) return std::nullopt;
  return OutputTable::Bounds{range->min, range->max, column->type().scale};
}

// "3..9 per orders" where rows are counted by those of another table.
std::string PerText(const spec::Table& table, const Relations& relations) {
  const TableFacts* facts = table.from.empty() ? relations.Find(table.key) : nullptr;
  if (!facts || !facts->fanout) return "";
  const std::string min = std::to_string(facts->fanout->min());
  const std::string max = std::to_string(facts->fanout->max());
  return (min == max ? min : min + ".." + max) + " per " + facts->owner;
}

int AddTruthOutput(ProgramImpl* program, std::string key, std::string name, std::string help,
                   std::shared_ptr<arrow::Schema> schema, size_t root, bool exact) {
  program->outputs.push_back({std::move(key), std::move(name), std::move(help), std::move(schema),
                              static_cast<int>(root), "", true, exact});
  return static_cast<int>(program->outputs.size()) - 1;
}

}  // namespace

void AddOutputs(const Relations& relations, ProgramImpl* program) {
  // In the order of the spec, whatever roots they belong to.
  for (const spec::Table& spec : program->spec.tables)
    for (size_t r = 0; r < program->compiled.size(); ++r)
      for (CompiledTable& t : program->compiled[r].tables) {
        if (t.spec != &spec) continue;
        t.output = static_cast<int>(program->outputs.size());
        arrow::FieldVector fields;
        std::vector<std::optional<OutputTable::Bounds>> bounds;
        for (int c : t.columns) {
          const ScopeColumn& column = t.scope->columns[static_cast<size_t>(c)];
          const bool noised =
              std::find(t.noise.noised.begin(), t.noise.noised.end(), c) != t.noise.noised.end();
          const bool dictionary = column.dictionary && (t.noise.new_text.empty() ||
                                                        !t.noise.new_text[static_cast<size_t>(c)]);
          fields.push_back(OutputField(column, column.type, dictionary, noised));
          bounds.push_back(BoundsOf(column, *program->compiled[r].scope));
        }
        program->outputs.push_back({spec.key, t.name, spec.help, arrow::schema(fields),
                                    static_cast<int>(r), PerText(spec, relations), false, true,
                                    std::move(bounds)});
      }
}

void AddTruth(ProgramImpl* program) {
  const spec::Truth& truth = *program->spec.truth;
  for (size_t r = 0; r < program->compiled.size(); ++r) {
    CompiledRoot& root = program->compiled[r];
    if (!root.entity) continue;
    bool keyed = !truth.changes_name.empty(), recorded = !truth.records_name.empty();
    for (CompiledTable& t : root.tables) {
      for (const std::string& name : truth.records_columns) {
        const int c = t.scope->Find(name);
        recorded &= c >= 0;
        t.truth_columns.push_back(c);
      }
      t.change_key = t.scope->Find(truth.changes_key);
      keyed &= t.change_key >= 0;
    }
    if (recorded) {
      arrow::FieldVector fields;
      const CompiledTable& t = root.tables[0];
      for (int c : t.truth_columns) {
        const ScopeColumn& column = t.scope->columns[static_cast<size_t>(c)];
        fields.push_back(OutputField(column, column.type, false, false));
      }
      root.truth_records = AddTruthOutput(program, "truth.records", truth.records_name,
                                          "who each record is", arrow::schema(fields), r, true);
    }
    if (auto name = truth.entities.find(root.entity->key); name != truth.entities.end()) {
      arrow::FieldVector fields;
      for (size_t c = 0; c < root.scope->columns.size(); ++c) {
        const ScopeColumn& column = root.scope->columns[c];
        if (!column.output) continue;
        root.truth_entity_columns.push_back(static_cast<int>(c));
        fields.push_back(OutputField(column, column.type, column.dictionary != nullptr, false));
      }
      root.truth_entity = AddTruthOutput(program, "truth." + root.entity->key, name->second,
                                         "the clean values", arrow::schema(fields), r, true);
    }
    if (keyed) {
      const auto unique = arrow::KeyValueMetadata::Make({core::kHintText}, {"unique"});
      root.truth_changes = AddTruthOutput(
          program, "truth.changes", truth.changes_name, "each cell that differs, and why",
          arrow::schema({arrow::field(truth.changes_key, arrow::utf8(), false, unique),
                         arrow::field("column_name", arrow::utf8(), false),
                         arrow::field("clean_value", arrow::utf8()),
                         arrow::field("dirty_value", arrow::utf8()),
                         arrow::field("noise", arrow::utf8(), false)}),
          r, false);
    }
  }
}

}  // namespace synthmill::generate
