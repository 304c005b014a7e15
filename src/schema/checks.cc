// Checks of a table: intersected column by column, contradictions found before any work.
#include <fmt/format.h>

#include <algorithm>

#include "core/dates.h"
#include "schema/kind_chooser.h"
#include "schema/table_plan.h"

namespace synthmill::schema {

namespace {

using ddl::Place;
using ddl::Problem;
using ddl::Rule;
using Kind = ddl::Type::Kind;

// "now-18y": today is the day the data are of, which later days lie behind.
std::optional<int64_t> DayFromNow(const std::string& text) {
  if (text == "now") return kAsOf;
  if (text.size() < 6) return std::nullopt;
  const int64_t n = std::atoll(text.c_str() + 3);  // with its sign
  if (n < -100'000 || n > 100'000) return std::nullopt;
  if (text.back() == 'd') return kAsOf + n;
  // A bound from above: months count as the days they have at most, or at least.
  if (text.back() == 'm') return kAsOf + n * (n < 0 ? 31 : 28);
  return n < -1000 || n > 1000 ? std::nullopt : std::optional(core::AddYears(kAsOf, n));
}

// A type that is not known is made as text.
bool IsText(const ddl::Type& type) {
  return type.kind == Kind::kText || type.kind == Kind::kUnknown;
}

class CheckReader {
 public:
  CheckReader(const ddl::Catalog& catalog, TablePlan* plan, std::vector<Problem>* problems)
      : catalog_(catalog), plan_(*plan), problems_(*problems) {}

  bool Run() {
    plan_.domains.resize(plan_.table->columns.size());
    std::vector<const ddl::Check*> later;
    for (const ddl::Check& check : plan_.table->checks) {
      // What says more than it must comes when all else is known: it may not contradict that.
      if (std::any_of(check.rules.begin(), check.rules.end(), SaysMore)) {
        later.push_back(&check);
      } else {
        Keep(check, ReadAll(check));
      }
    }
    for (size_t i = 0; i < plan_.domains.size(); ++i) Settle(i);
    for (const ddl::Check* check : later) {
      const std::vector<Domain> before = plan_.domains;
      trying_ = fits_ = true;
      bool kept = ReadAll(*check);
      for (size_t i = 0; i < plan_.domains.size(); ++i) Settle(i);
      trying_ = false;
      kept = kept && fits_;
      if (!kept) plan_.domains = before;
      Keep(*check, kept);
    }
    return fine_;
  }

 private:
  static bool SaysMore(const Rule& rule) {
    return rule.narrowed || rule.kind == Rule::Kind::kNotIn;
  }

  bool ReadAll(const ddl::Check& check) {
    bool kept = !check.rules.empty();
    for (const Rule& rule : check.rules) kept = Read(rule, check) && kept;
    return kept;
  }

  void Keep(const ddl::Check& check, bool kept) {
    if (kept) return;
    // The reader has told of those that it does not understand.
    const bool told = check.rules.empty() ||
                      std::any_of(check.rules.begin(), check.rules.end(),
                                  [](const Rule& rule) { return rule.kind == Rule::Kind::kOther; });
    if (told) {
      plan_.lost_checks.push_back(check.text);
    } else {
      LoseCheck(check, &plan_, &problems_);
    }
  }

  bool Read(const Rule& rule, const ddl::Check& check) {
    if (rule.kind == Rule::Kind::kOther) return false;
    const int at = plan_.table->Find(rule.column);
    if (at < 0) return false;
    const ddl::Column& column = plan_.table->columns[static_cast<size_t>(at)];
    Domain& d = plan_.domains[static_cast<size_t>(at)];
    switch (rule.kind) {
      case Rule::Kind::kNotNull:
        d.not_null = true;
        return true;
      case Rule::Kind::kRange:
        return Range(rule, check, column, &d);
      case Rule::Kind::kIn:
        return In(rule, check, column, &d);
      case Rule::Kind::kNotIn:
        return NotIn(rule, check, column, &d);
      case Rule::Kind::kLength:
        return Length(rule, check, column, &d);
      case Rule::Kind::kPattern:
        if (!IsText(column.type) || rule.values.empty() || !d.pattern.empty()) {
          return false;
        }
        d.pattern = rule.values[0];
        d.pattern_op = rule.op;
        d.pattern_at = check.place;
        return true;
      case Rule::Kind::kCompare:
        return Compare(rule, check, static_cast<size_t>(at));
      case Rule::Kind::kOther:
        return false;
    }
    return false;
  }

  bool Range(const Rule& rule, const ddl::Check& check, const ddl::Column& column, Domain* d) {
    std::optional<Int128> min, max;
    if (IsNumber(column.type)) {
      const int scale = ScaleOf(column.type);
      if (!rule.min.empty()) {
        min = rule.min_open ? ScaledDown(rule.min, scale) : ScaledUp(rule.min, scale);
        if (!min) return false;
        *min += rule.min_open;
      }
      if (!rule.max.empty()) {
        max = rule.max_open ? ScaledUp(rule.max, scale) : ScaledDown(rule.max, scale);
        if (!max) return false;
        *max -= rule.max_open;
      }
    } else if (IsDay(column.type)) {
      std::string time;
      const bool whole = column.type.kind == Kind::kDate;
      if (!rule.min.empty()) {
        const auto day = LiteralDay(rule.min, &time);
        if (!day) return false;
        const bool later = time > "00:00:00" || (whole && rule.min_open);
        min = *day + later;
      }
      if (!rule.max.empty()) {
        const auto day = rule.relative ? DayFromNow(rule.max) : LiteralDay(rule.max, &time);
        if (!day) return false;
        // A moment's day ends after its midnight, so that whole day is out.
        max = *day - (whole ? rule.max_open && time <= "00:00:00" : 1);
      }
    } else {
      return false;
    }
    if (min && (!d->min || *min > *d->min)) d->min = min, d->min_at = check.place;
    if (max && (!d->max || *max < *d->max)) d->max = max, d->max_at = check.place;
    return true;
  }

  bool In(const Rule& rule, const ddl::Check& check, const ddl::Column& column, Domain* d) {
    if (rule.values.empty()) return false;
    if (!IsText(column.type) && column.type.kind != Kind::kEnum && !IsNumber(column.type)) {
      return column.type.kind == Kind::kBool;  // of two values, both are there as a rule
    }
    std::vector<std::string> values;
    for (const std::string& v : rule.values) {
      if (d->values && std::find(d->values->begin(), d->values->end(), v) == d->values->end())
        continue;
      values.push_back(v);
    }
    if (values.empty()) {
      Contradiction(column, check.place, "the two lists of values have none in common",
                    d->values_at);
      return true;
    }
    d->values = std::move(values);
    d->values_at = check.place;
    return true;
  }

  // Out of a list they are taken; else numbers lie above them, texts are longer.
  bool NotIn(const Rule& rule, const ddl::Check& check, const ddl::Column& column, Domain* d) {
    if (d->values) {
      std::erase_if(*d->values, [&](const std::string& v) {
        return std::find(rule.values.begin(), rule.values.end(), v) != rule.values.end();
      });
      fits_ = fits_ && !d->values->empty();
      return true;
    }
    if (column.type.kind == Kind::kEnum) {
      d->values = column.type.labels;
      d->values_at = check.place;
      return NotIn(rule, check, column, d);
    }
    for (const std::string& value : rule.values) {
      Rule above = rule;
      above.values.clear();
      if (column.type.kind == Kind::kText) {
        above.kind = Rule::Kind::kLength;
        above.min = std::to_string(value.size());
        above.min_open = true;
        if (!d->pattern.empty() || !Length(above, check, column, d)) return false;
      } else {
        above.kind = Rule::Kind::kRange;
        above.min = value;
        above.min_open = true;
        if (!Range(above, check, column, d)) return false;
      }
    }
    return true;
  }

  bool Length(const Rule& rule, const ddl::Check& check, const ddl::Column& column, Domain* d) {
    if (column.type.kind != Kind::kText) return false;
    const auto min = rule.min.empty() ? std::optional<Int128>(0) : ScaledUp(rule.min, 0);
    const auto max = rule.max.empty() ? std::optional<Int128>(-1) : ScaledDown(rule.max, 0);
    if (!min || !max) return false;
    const int64_t least = static_cast<int64_t>(*min) + (rule.min.empty() ? 0 : rule.min_open);
    const int64_t most = static_cast<int64_t>(*max) - (rule.max.empty() ? 0 : rule.max_open);
    d->min_length = std::max(d->min_length, least);
    if (!rule.max.empty()) d->max_length = d->max_length < 0 ? most : std::min(d->max_length, most);
    d->length_at = check.place;
    return true;
  }

  // Said by the later column of the two, so that what it is measured by stands before it.
  bool Compare(const Rule& rule, const ddl::Check& check, size_t at) {
    const int other = plan_.table->Find(rule.other);
    if (other < 0 || static_cast<size_t>(other) == at) return false;
    const ddl::Type& a = plan_.table->columns[at].type;
    const ddl::Type& b = plan_.table->columns[static_cast<size_t>(other)].type;
    const bool comparable = (IsNumber(a) && IsNumber(b)) || (IsDay(a) && IsDay(b));
    if (!comparable) return false;
    std::string op = rule.op;
    size_t left = at, right = static_cast<size_t>(other);
    if (left < right) {
      std::swap(left, right);
      for (char& c : op) c = c == '<' ? '>' : c == '>' ? '<' : c;
    }
    const char* argument = op == "<"    ? "less_than"
                           : op == "<=" ? "at_most"
                           : op == ">"  ? "more_than"
                           : op == ">=" ? "at_least"
                                        : nullptr;
    if (!argument || rule.op == "<>") return false;
    plan_.domains[left].compares.push_back({argument, static_cast<int>(right), &check});
    return true;
  }

  // What the type holds, in units of the column's scale.
  static std::pair<std::optional<Int128>, std::optional<Int128>> Limits(const ddl::Type& type) {
    if (type.kind == Kind::kInt && type.bits > 0) {
      if (type.is_unsigned) return {0, (Int128{1} << type.bits) - 1};
      return {-(Int128{1} << (type.bits - 1)), (Int128{1} << (type.bits - 1)) - 1};
    }
    if (type.kind == Kind::kDecimal && type.precision >= 0) {
      const Int128 most = Power10(std::min(type.precision + std::max(-type.scale, 0), 38)) - 1;
      return {type.is_unsigned ? 0 : -most, most};
    }
    return {};
  }

  // The checks of one column against each other and against its type.
  void Settle(size_t i) {
    Domain& d = plan_.domains[i];
    const ddl::Column& column = plan_.table->columns[i];
    if (d.min && d.max && *d.min > *d.max) {
      Contradiction(column, Later(d.min_at, d.max_at), "no value is within both bounds",
                    Earlier(d.min_at, d.max_at));
      return;
    }
    const auto [low, high] = Limits(column.type);
    if ((d.min && high && *d.min > *high) || (d.max && low && *d.max < *low)) {
      Contradiction(column, d.min && high && *d.min > *high ? d.min_at : d.max_at,
                    fmt::format("the type {} holds no such number", column.type.text),
                    column.place);
      return;
    }
    if (column.type.kind == Kind::kText) {
      const int64_t limit = column.type.length;
      if (d.max_length >= 0 && d.min_length > d.max_length) {
        Contradiction(column, d.length_at, "no text has such a length", column.place);
      } else if (limit >= 0 && d.min_length > limit) {
        Contradiction(column, d.length_at,
                      fmt::format("the type {} holds no text so long", column.type.text),
                      column.place);
      }
    }
    if (d.values && column.type.kind == Kind::kText && column.type.length >= 0) {
      KeepValues(&d, column, d.values_at, "too long for the type " + column.type.text,
                 [&](const std::string& v) {
                   return static_cast<int64_t>(v.size()) <= 4 * column.type.length;
                 });
    }
    if (d.values && IsNumber(column.type) && (d.min || d.max)) {
      const int scale = ScaleOf(column.type);
      KeepValues(&d, column, d.min ? d.min_at : d.max_at, "out of the bounds",
                 [&](const std::string& v) {
                   const auto number = ScaledUp(v, scale);
                   return number && (!d.min || *number >= *d.min) && (!d.max || *number <= *d.max);
                 });
    }
  }

  template <typename Good>
  void KeepValues(Domain* d, const ddl::Column& column, Place other, const std::string& why,
                  Good good) {
    std::vector<std::string> values;
    for (const std::string& v : *d->values)
      if (good(v)) values.push_back(v);
    if (values.empty()) {
      Contradiction(column, d->values_at, "every value of the list is " + why, other);
    } else {
      d->values = std::move(values);
    }
  }

  static bool Before(const Place& a, const Place& b) {
    return std::tie(a.file, a.at.line, a.at.column) < std::tie(b.file, b.at.line, b.at.column);
  }
  static Place Later(const Place& a, const Place& b) { return Before(a, b) ? b : a; }
  static Place Earlier(const Place& a, const Place& b) { return Before(a, b) ? a : b; }

  void Contradiction(const ddl::Column& column, Place at, const std::string& why, Place other) {
    fits_ = false;
    if (trying_) return;
    fine_ = false;
    const size_t file = static_cast<size_t>(other.file);
    const std::string name = file < catalog_.files.size() ? catalog_.files[file] : "";
    problems_.push_back(
        {Problem::Severity::kError, at,
         fmt::format("table '{}', column '{}': contradictory checks: {}", plan_.table->name.text,
                     column.name.text, why),
         fmt::format("the other one stands at {}:{}:{}", name, other.at.line, other.at.column)});
  }

  const ddl::Catalog& catalog_;
  TablePlan& plan_;
  std::vector<Problem>& problems_;
  bool fine_ = true;
  bool trying_ = false, fits_ = true;
};

}  // namespace

int ScaleOf(const ddl::Type& type) {
  switch (type.kind) {
    case Kind::kDecimal:
      // Without either, a number of any size: money-like is the best guess.
      if (type.precision < 0 && type.scale < 0) return 2;
      return std::clamp(type.scale, 0, 38);
    case Kind::kFloat:
      return 6;
    default:
      return 0;
  }
}

bool IsNumber(const ddl::Type& type) {
  return type.kind == Kind::kInt || type.kind == Kind::kDecimal || type.kind == Kind::kFloat ||
         type.kind == Kind::kYear;
}

bool IsDay(const ddl::Type& type) {
  return type.kind == Kind::kDate || type.kind == Kind::kTimestamp;
}

void LoseCheck(const ddl::Check& check, TablePlan* plan, std::vector<ddl::Problem>* problems) {
  std::vector<std::string>& lost = plan->lost_checks;
  if (std::find(lost.begin(), lost.end(), check.text) != lost.end()) return;
  lost.push_back(check.text);
  problems->push_back({Problem::Severity::kWarning, check.place,
                       fmt::format("table '{}': the check ({}) is kept as text only: rows may "
                                   "break it",
                                   plan->table->name.text, check.text),
                       ""});
}

bool ReadChecks(const ddl::Catalog& catalog, TablePlan* plan, std::vector<Problem>* problems) {
  return CheckReader(catalog, plan, problems).Run();
}

}  // namespace synthmill::schema
