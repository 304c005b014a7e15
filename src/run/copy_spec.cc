// Types and limits of a copy's columns from a dataset file or DDL.
//
// A table that came from DDL has the limits of its types and checks: the ranges of its kinds are
// only what generation chose. Any other has those of its columns' arguments. What noise may do to a
// column breaks its limits, so a column that noise is for has none and may be null.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/dates.h"
#include "io/formats/format.h"
#include "run/copy_impl.h"
#include "run/dataset.h"
#include "schema/exact.h"
#include "schema/stored_checks.h"
#include "spec/args.h"
#include "spec/diagnostics.h"

namespace synthmill::run {

namespace {

using core::ValueLimits;

std::set<std::string> Noised(const spec::Spec& spec, const spec::Table& table) {
  std::set<std::string> names;
  if (!table.noisy) return names;
  const auto add = [&](const std::vector<spec::NoiseRule>& rules) {
    for (const spec::NoiseRule& rule : rules)
      names.insert(rule.columns.begin(), rule.columns.end());
  };
  for (const auto& [profile, rules] : spec.noise_profiles) add(rules);
  add(table.noise);
  return names;
}

// As the user would write the value.
std::string BoundText(__int128 value, int scale, const arrow::DataType& type) {
  const auto number = static_cast<int64_t>(value);
  switch (type.id()) {
    case arrow::Type::DATE32:
      return core::FormatIsoDate(number);
    case arrow::Type::TIMESTAMP:
    case arrow::Type::TIME64: {
      const int64_t second = 1'000'000, day = core::kMicrosPerDay;
      const int64_t days = number / day - (number % day < 0);
      const int64_t seconds = (number - days * day) / second;
      const std::string clock =
          fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
      return type.id() == arrow::Type::TIME64 ? clock : core::FormatIsoDate(days) + " " + clock;
    }
    default:
      return schema::ScaledText(value, scale);
  }
}

core::ValueBound BoundOf(__int128 value, int scale, const arrow::DataType& type, bool lower) {
  core::ValueBound bound;
  bound.value = value;
  bound.real = static_cast<double>(value) / static_cast<double>(schema::Power10(scale));
  bound.text = std::string(lower ? "at least " : "at most ") + BoundText(value, scale, type);
  return bound;
}

// By output name.
std::map<std::string, ValueLimits> LimitsOfArguments(const spec::Spec& spec,
                                                     const spec::Table& table,
                                                     const generate::OutputTable& compiled,
                                                     const spec::Resolved& resolved,
                                                     spec::Diagnostics* diagnostics) {
  std::map<std::string, ValueLimits> limits;
  for (size_t c = 0; c < compiled.bounds.size(); ++c) {
    const auto& bounds = compiled.bounds[c];
    if (!bounds) continue;
    const arrow::Field& field = *compiled.schema->field(static_cast<int>(c));
    ValueLimits& own = limits[field.name()];
    own.min = BoundOf(bounds->min, bounds->scale, *field.type(), true);
    own.max = BoundOf(bounds->max, bounds->scale, *field.type(), false);
  }
  for (const spec::Column& column : table.columns) {
    const spec::Column* from = &column;
    if (const spec::Entity* entity = spec.FindEntity(column.of)) {
      const auto it = std::find_if(entity->columns.begin(), entity->columns.end(),
                                   [&](const spec::Column& c) { return c.name == column.name; });
      if (it != entity->columns.end()) from = &*it;
    }
    const spec::Args args(from->args, "column '" + column.name + "'", resolved.env, diagnostics);
    ValueLimits& own = limits[column.output];
    const auto length = [&](const char* key, uint64_t* most) {
      if (args.Has(key)) *most = static_cast<uint64_t>(std::max<int64_t>(args.Int(key, 0), 0));
    };
    length("max_length", &own.most_chars);
    length("max_bytes", &own.most_bytes);
  }
  return limits;
}

}  // namespace

arrow::Result<SpecTable> TableOfSpec(const std::string& file, const std::string& name, bool only) {
  ARROW_ASSIGN_OR_RAISE(const LoadedDataset loaded, LoadDataset(file));
  ARROW_ASSIGN_OR_RAISE(const spec::Resolved resolved,
                        spec::ResolveParameters(loaded.spec, {}, std::nullopt, "none", 42));
  generate::CompileOptions compile;
  compile.noise = "none";
  ARROW_ASSIGN_OR_RAISE(
      const auto program,
      generate::Program::Compile(loaded.spec, resolved, compile, loaded.diagnostics.get()));
  std::vector<std::string> names;
  for (const generate::OutputTable& compiled : program->tables()) {
    if (compiled.name != name && compiled.key != name && !(only && program->tables().size() == 1)) {
      names.push_back(compiled.name);
      continue;
    }
    SpecTable out;
    out.schema = io::LogicalSchema(*compiled.schema);
    out.hash = Hash(loaded.spec.text);
    const spec::Table* const table = loaded.spec.FindTable(compiled.key);
    auto limits = table->sql.dialect.empty() ? LimitsOfArguments(loaded.spec, *table, compiled,
                                                                 resolved, loaded.diagnostics.get())
                                             : schema::StoredLimits(*table, *out.schema);
    ARROW_RETURN_NOT_OK(loaded.diagnostics->ToStatus());
    const std::set<std::string> noised = Noised(loaded.spec, *table);
    for (const spec::Column& column : table->columns) {
      const int at = out.schema->GetFieldIndex(column.output);
      if (at < 0 || !(noised.contains(column.name) || column.rederive)) continue;
      limits.erase(column.output);
      ARROW_ASSIGN_OR_RAISE(out.schema,
                            out.schema->SetField(at, out.schema->field(at)->WithNullable(true)));
    }
    for (const auto& field : out.schema->fields()) {
      out.limits.push_back(std::move(limits[field->name()]));
    }
    return out;
  }
  return arrow::Status::Invalid(file, " has no table '", name, "'; ", spec::Suggest(name, names),
                                "; --table names the table that is read");
}

}  // namespace synthmill::run
