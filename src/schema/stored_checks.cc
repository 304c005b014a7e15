#include "schema/stored_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/dates.h"
#include "ddl/reader.h"
#include "schema/exact.h"
#include "schema/load_script.h"

namespace synthmill::schema {

namespace {

using core::ValueBound;
using core::ValueLimits;
using ddl::Rule;

// The one table of a statement; nullptr: it is not understood.
const ddl::Table* OneTable(const ddl::Catalog& catalog) {
  return catalog.ok() && catalog.tables.size() == 1 ? &catalog.tables[0] : nullptr;
}

ddl::Catalog ReadStatement(const std::string& dialect, std::string text) {
  ddl::ReadOptions options;
  options.dialect = ddl::ParseDialect(dialect);
  std::vector<ddl::Source> sources(1);
  sources[0].text = std::move(text);
  return ddl::ReadDdl(std::move(sources), options);
}

std::string QuotedIn(const std::string& dialect, const std::string& name) {
  const auto known = FindLoadDialect(dialect);
  return known.ok() ? Quoted(**known, name) : '"' + name + '"';
}

// The bound that a literal is for a type; nothing where it is none.
std::optional<ValueBound> BoundOf(const std::string& literal, bool open, bool lower,
                                  const arrow::DataType& type) {
  ValueBound bound;
  bound.open = open;
  bound.text = fmt::format(
      "{} {}", lower ? (open ? "more than" : "at least") : (open ? "less than" : "at most"),
      literal);
  const int inwards = lower ? 1 : -1;
  const auto scaled = [&](int scale) -> std::optional<ValueBound> {
    // An open bound: the first number beyond it.
    const auto number = lower != open ? ScaledUp(literal, scale) : ScaledDown(literal, scale);
    if (!number) return std::nullopt;
    bound.value = *number + (open ? inwards : 0);
    return bound;
  };
  switch (type.id()) {
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::INT64:
      return scaled(0);
    case arrow::Type::DECIMAL128:
      return scaled(static_cast<const arrow::DecimalType&>(type).scale());
    case arrow::Type::FLOAT:
    case arrow::Type::DOUBLE: {
      const char* const begin = literal.data() + literal.starts_with('+');
      const char* const end = literal.data() + literal.size();
      const auto [last, error] = std::from_chars(begin, end, bound.real);
      if (error != std::errc() || last != end) return std::nullopt;
      return bound;
    }
    case arrow::Type::DATE32: {
      std::string time;
      const auto day = LiteralDay(literal, &time);
      if (!day) return std::nullopt;
      // A day is its midnight.
      const bool midnight = time <= "00:00:00";
      bound.value = *day;
      if (midnight ? open : lower) bound.value += inwards;
      return bound;
    }
    case arrow::Type::TIMESTAMP: {
      const auto moment = core::ParseMoment(literal);
      if (!moment) return std::nullopt;
      bound.value = *moment + (open ? inwards : 0);
      return bound;
    }
    case arrow::Type::TIME64: {
      const auto clock = core::ParseClock(literal);
      if (!clock) return std::nullopt;
      bound.value = *clock + (open ? inwards : 0);
      return bound;
    }
    default:
      return std::nullopt;
  }
}

// The narrower one stays.
void Narrow(std::optional<ValueBound>* bound, const std::optional<ValueBound>& other, bool lower) {
  if (!other) return;
  const auto beyond = [&](const ValueBound& a, const ValueBound& b) {
    const bool value = lower ? a.value > b.value : a.value < b.value;
    const bool real = lower ? a.real > b.real : a.real < b.real;
    return value || real || (a.real == b.real && a.value == b.value && a.open && !b.open);
  };
  if (!*bound || beyond(*other, **bound)) *bound = other;
}

void AddRule(const Rule& rule, const arrow::DataType& type, ValueLimits* limits) {
  // UPPER(c), LENGTH(TRIM(c)): says nothing of the text as it is. One of several alternatives, and
  // what hangs on today's date, are nothing that stored rows must keep to.
  if (rule.op == "changed" || rule.narrowed || rule.relative) return;
  const auto number = [](const std::string& text) { return ScaledDown(text, 0); };
  switch (rule.kind) {
    case Rule::Kind::kRange:
      if (!rule.min.empty()) {
        Narrow(&limits->min, BoundOf(rule.min, rule.min_open, true, type), true);
      }
      if (!rule.max.empty()) {
        Narrow(&limits->max, BoundOf(rule.max, rule.max_open, false, type), false);
      }
      return;
    case Rule::Kind::kLength:
      if (const auto n = number(rule.min); n && !rule.min.empty()) {
        const Int128 least = std::max<Int128>(*n + rule.min_open, 0);
        limits->least_chars = std::max(limits->least_chars, static_cast<uint64_t>(least));
      }
      if (const auto n = number(rule.max); n && !rule.max.empty()) {
        const Int128 most = std::max<Int128>(*n - rule.max_open, 0);
        limits->most_chars = std::min(limits->most_chars, static_cast<uint64_t>(most));
      }
      return;
    case Rule::Kind::kIn:
      if (type.id() == arrow::Type::STRING) {
        if (limits->values.empty()) {
          limits->values = rule.values;
        } else {
          std::erase_if(limits->values, [&](const std::string& v) {
            return std::find(rule.values.begin(), rule.values.end(), v) == rule.values.end();
          });
        }
        return;
      }
      if (limits->numbers.empty()) {
        for (const std::string& v : rule.values) {
          const auto low = BoundOf(v, false, true, type), high = BoundOf(v, false, false, type);
          const bool exact = low && high && low->value == high->value && low->real == 0;
          if (exact) limits->numbers.push_back(low->value);
        }
        if (limits->numbers.size() != rule.values.size()) limits->numbers.clear();
      }
      return;
    default:
      return;
  }
}

void AddType(const ddl::Type& type, const arrow::DataType& arrow_type, ValueLimits* limits) {
  using Kind = ddl::Type::Kind;
  if (type.kind == Kind::kText && type.length > 0 && arrow_type.id() == arrow::Type::STRING) {
    (type.length_in_bytes ? limits->most_bytes : limits->most_chars) =
        static_cast<uint64_t>(type.length);
  }
  if (type.kind == Kind::kEnum && !type.set) limits->values = type.labels;
  if (type.kind == Kind::kInt && type.bits > 0 && type.bits <= 64) {
    const int bits = type.bits;
    const Int128 all = Int128{1} << bits;
    const Int128 least = type.is_unsigned ? 0 : -all / 2;
    const Int128 most = type.is_unsigned ? all - 1 : all / 2 - 1;
    const auto text = [](const char* words, Int128 v) {
      return fmt::format("{} {}", words, ScaledText(v, 0));
    };
    Narrow(&limits->min, ValueBound{least, 0, false, text("at least", least)}, true);
    Narrow(&limits->max, ValueBound{most, 0, false, text("at most", most)}, false);
  }
}

// Of an enum, which has no `sql`. The import gives it its longest label as max_length, which tells
// it from values that were chosen by a column's name; of a SET any labels may stand together.
std::vector<std::string> LabelsOf(const spec::Column& column) {
  const spec::Node* const values = column.args.Find("values");
  const spec::Node* const length = column.args.Find("max_length");
  if (column.kind != "choice" || !values || !values->is_sequence() || !length) return {};
  std::vector<std::string> labels;
  size_t longest = 0;
  for (const spec::Node& v : values->items) {
    if (v.text.find(',') != std::string::npos) return {};
    longest = std::max(longest, v.text.size());
    labels.push_back(v.text);
  }
  return length->text == std::to_string(longest) ? labels : std::vector<std::string>();
}

}  // namespace

std::vector<Rule> StoredRules(const std::string& dialect, const std::vector<std::string>& columns,
                              const std::string& check) {
  std::string names;
  for (const std::string& name : columns) names += QuotedIn(dialect, name) + " varchar(1000), ";
  const ddl::Catalog catalog =
      ReadStatement(dialect, "CREATE TABLE t (" + names + "CHECK (" + check + "))");
  const ddl::Table* table = OneTable(catalog);
  return table && table->checks.size() == 1 ? table->checks[0].rules : std::vector<Rule>();
}

std::map<std::string, ValueLimits> StoredLimits(const spec::Table& table,
                                                const arrow::Schema& schema) {
  std::map<std::string, ValueLimits> limits;
  const std::string& dialect = table.sql.dialect;
  const auto type_of = [&](const std::string& name) -> const arrow::DataType* {
    const int i = schema.GetFieldIndex(name);
    return i < 0 ? nullptr : schema.field(i)->type().get();
  };
  for (const spec::Column& column : table.columns) {
    const arrow::DataType* type = column.hidden ? nullptr : type_of(column.output);
    if (!type) continue;
    ValueLimits& own = limits[column.output];
    if (column.sql_type.empty()) {
      own.values = LabelsOf(column);
      continue;
    }
    const ddl::Catalog catalog =
        ReadStatement(dialect, "CREATE TABLE t (c " + column.sql_type + ")");
    const ddl::Table* one = OneTable(catalog);
    if (one && one->columns.size() == 1) AddType(one->columns[0].type, *type, &own);
  }
  for (const std::string& check : table.sql.checks) {
    for (const Rule& rule : StoredRules(dialect, schema.field_names(), check)) {
      if (const arrow::DataType* type = type_of(rule.column)) {
        AddRule(rule, *type, &limits[rule.column]);
      }
    }
  }
  return limits;
}

}  // namespace synthmill::schema
