// The kinds of columns: numbers, days and lists of values.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "core/dates.h"
#include "schema/kind_chooser.h"
#include "schema/names.h"
#include "schema/patterns.h"
#include "schema/words.h"

namespace synthmill::schema {

using Kind = ddl::Type::Kind;
using ddl::Problem;

void KindChooser::Run() {
  switch (type_.kind) {
    case Kind::kInt:
    case Kind::kYear:
    case Kind::kDecimal:
    case Kind::kFloat:
      if (!Sequence() && !Values()) Number();
      break;
    case Kind::kBool:
      Bool();
      break;
    case Kind::kText:
      if (!Values() && !Shaped()) Text(type_.length_in_bytes ? type_.length : Limit());
      Lengths();
      break;
    case Kind::kEnum:
      Enum();
      break;
    case Kind::kDate:
    case Kind::kTimestamp:
      Day();
      break;
    default:
      Other();
  }
}

void KindChooser::Set(const char* kind, std::string why) {
  plan_.args.Set("kind", kind);
  plan_.why = std::move(why);
}

const NameRule* KindChooser::Rule(ValueClass c, int64_t limit) {
  const NameRule* rule =
      FindNameRule(table_.table->name.text, column_.name.text, c, std::max<int64_t>(limit, 0));
  if (rule) plan_.role = rule->role;
  return rule;
}

bool KindChooser::Sequence() {
  const bool whole = type_.kind == Kind::kInt || (type_.kind == Kind::kDecimal && Scale() == 0) ||
                     (type_.kind == Kind::kDecimal && type_.precision < 0 && type_.scale < 0);
  if (!whole || domain_.values || !(column_.identity || plan_.unique)) return false;
  // Short numbers are not counted: the key chooses among all there are.
  if (type_.kind == Kind::kInt && Bits() < 32) return false;
  Int128 low, high;
  TypeBounds(&low, &high);
  if (domain_.min) low = std::max(low, *domain_.min);
  if (domain_.max) high = std::min(high, *domain_.max);
  const Int128 start = std::max<Int128>(low, column_.identity ? column_.identity_start
                                             : low > 1        ? low
                                                              : 1);
  const Int128 step = column_.identity && column_.identity_step > 0 ? column_.identity_step : 1;
  Set("sequence", column_.identity ? "numbered by the database" : "a key of whole numbers");
  Int128 biggest = std::numeric_limits<int64_t>::max();
  if (type_.kind == Kind::kInt) {
    plan_.args.Set("type", IntType());
    biggest = std::min(biggest, high);
  } else {
    biggest = std::min(biggest, high);
  }
  if (start != 1) plan_.args.Set("start", ScaledText(start, 0));
  if (step != 1) plan_.args.Set("step", ScaledText(step, 0));
  Cap((biggest - start) / step + 1);
  return true;
}

int KindChooser::Bits() const {
  if (type_.kind == Kind::kYear) return 16;
  const int bits = type_.bits == 24 ? 32 : type_.bits;
  if (!type_.is_unsigned || type_.bits == 24) return bits ? bits : 32;
  return std::min(bits * 2, 64);
}

void KindChooser::TypeBounds(Int128* low, Int128* high) const {
  if (type_.kind == Kind::kInt || type_.kind == Kind::kYear) {
    const int bits = type_.bits ? type_.bits : type_.kind == Kind::kYear ? 16 : 32;
    if (type_.is_unsigned) {
      *low = 0;
      *high = bits >= 64 ? Int128{std::numeric_limits<int64_t>::max()} : (Int128{1} << bits) - 1;
    } else {
      *low = -(Int128{1} << (bits - 1));
      *high = (Int128{1} << (bits - 1)) - 1;
    }
    if (type_.kind == Kind::kYear) *low = 1901, *high = 2155;
  } else if (type_.kind == Kind::kDecimal) {
    *high = Power10(Precision()) - 1;
    *low = type_.is_unsigned ? 0 : -*high;
  } else {
    *high = Power10(15) * Power10(Scale() > 3 ? 3 : 0);
    *low = type_.is_unsigned ? 0 : -*high;
  }
}

int KindChooser::Precision() const {
  if (type_.precision < 0) return 18;
  return std::min(type_.precision + std::max(-type_.scale, 0), 38);
}

void KindChooser::Number() {
  const NameRule* rule = Rule(ValueClass::kNumber, 0);
  const int scale = Scale();
  Int128 low, high;
  TypeBounds(&low, &high);
  // What is usual, then what the type and the checks allow of it.
  const bool whole = scale == 0;
  const char* usual_min = rule ? rule->min : whole ? "1" : "0";
  const char* usual_max = rule ? rule->max : whole ? "1000" : "1000";
  if (type_.kind == Kind::kYear && !rule) usual_min = "1990", usual_max = "2025";
  // A rate in whole numbers is a percentage.
  if (rule && whole && std::string_view(rule->name) == "rate") usual_max = "100";
  Int128 min = *ScaledUp(usual_min, scale), max = *ScaledDown(usual_max, scale);
  const Int128 span = max - min;
  Int128 most = high, least = low;
  if (domain_.min) least = std::max(least, *domain_.min);
  if (domain_.max) most = std::min(most, *domain_.max);
  if (plan_.unique) {  // as many as there can be, that the type tells apart
    const bool real = type_.kind == Kind::kFloat;
    const Int128 first = real ? Power10(scale) : 1;
    min = domain_.min ? least : std::max(least, std::min(first, most));
    max = std::min<Int128>(most, !real              ? std::numeric_limits<int64_t>::max() / 2
                                 : type_.bits == 32 ? Int128{16'000} * Power10(scale)
                                                    : Int128{9'000'000'000} * Power10(scale));
  }
  min = std::clamp(min, least, most);
  max = std::clamp(max, least, most);
  if (min == max && least < most && span > 0) {
    // The usual values are out of bounds: those next to them.
    if (domain_.min && !domain_.max) max = std::min(most, min + span);
    if (domain_.max && !domain_.min) min = std::max(least, max - span);
    if (domain_.min && domain_.max) min = least, max = most;
  }
  if (column_.partition && !domain_.min && !domain_.max) {  // each value is a folder
    min = std::max(min, max - 2 * Power10(scale));
  }
  if (type_.kind == Kind::kFloat) {
    Set("float", Because(rule));
    if (type_.bits == 32) plan_.args.Set("type", "float32");
  } else if (type_.kind == Kind::kDecimal) {
    Set("decimal", Because(rule));
    plan_.args.Set("precision", std::to_string(Precision()));
    plan_.args.Set("scale", std::to_string(scale));
  } else {
    Set("int", Because(rule));
    plan_.args.Set("type", IntType());
  }
  if (type_.kind == Kind::kDecimal && type_.scale < 0 && type_.precision >= 0) {
    const Int128 step = Power10(std::min(-type_.scale, 18));
    min = min / step * step;
    max = std::max(max / step * step, min + step);
    plan_.args.Set("step", ScaledText(step, 0));
  }
  plan_.args.Set("min", Trimmed(min, scale));
  plan_.args.Set("max", Trimmed(max, scale));
  if (rule && rule->skew && !plan_.unique && max - min > 4) plan_.args.Set("skew", rule->skew);
  Cap(max - min + 1);
}

std::string KindChooser::Trimmed(Int128 value, int scale) {
  std::string text = ScaledText(value, scale);
  if (scale > 0) {
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
  }
  return text;
}

void KindChooser::Bool() {
  const NameRule* rule = Rule(ValueClass::kBool, 0);
  Set("bool", Because(rule));
  plan_.args.Set("share", rule ? rule->share : "0.5");
  Cap(2);
}

bool KindChooser::Values() {
  if (!domain_.values) return false;
  const std::vector<std::string>& values = *domain_.values;
  if (IsNumber(type_)) {
    // Whole runs are a range; others are counted out.
    std::vector<Int128> numbers;
    for (const std::string& v : values) {
      const auto n = ScaledUp(v, Scale());
      if (n) numbers.push_back(*n);
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    if (numbers.empty()) return false;
    const Int128 step = numbers.size() > 1 ? numbers[1] - numbers[0] : 1;
    bool even = true;
    for (size_t i = 1; i < numbers.size(); ++i) even &= numbers[i] - numbers[i - 1] == step;
    if (!even) {
      // The longest even run from the first one: values of the list, not all of them.
      size_t n = 2;
      while (n < numbers.size() && numbers[n] - numbers[n - 1] == step) ++n;
      numbers.resize(n);
    }
    if (type_.kind == Kind::kDecimal) {
      Set("decimal", "one of a check's values");
      plan_.args.Set("precision", std::to_string(Precision()));
      plan_.args.Set("scale", std::to_string(Scale()));
    } else if (type_.kind == Kind::kFloat) {
      Set("float", "one of a check's values");
      if (type_.bits == 32) plan_.args.Set("type", "float32");
    } else {
      Set("int", "one of a check's values");
      plan_.args.Set("type", IntType());
    }
    plan_.args.Set("min", Trimmed(numbers.front(), Scale()));
    plan_.args.Set("max", Trimmed(numbers.back(), Scale()));
    if (step != 1 || Scale() > 0) plan_.args.Set("step", Trimmed(step, Scale()));
    Cap(static_cast<Int128>(numbers.size()));
    return true;
  }
  Choice(values, "one of a check's values");
  return true;
}

void KindChooser::Choice(const std::vector<std::string>& values, std::string why) {
  Set("choice", std::move(why));
  std::string list = "[";
  for (const std::string& v : values) list += (list.size() > 1 ? ", " : "") + YamlText(v);
  plan_.args.Set("values", list + "]");
  Cap(static_cast<Int128>(values.size()));
}

void KindChooser::Enum() {
  std::vector<std::string> values = domain_.values ? *domain_.values : type_.labels;
  if (type_.set) {  // any subset: each alone, and neighbours together
    const size_t n = values.size();
    for (size_t i = 0; i + 1 < n; ++i) values.push_back(values[i] + "," + values[i + 1]);
  }
  if (values.empty()) return Other();
  Choice(values, type_.set ? "a set" : "an enum");
  size_t longest = 1;
  for (const std::string& v : values) longest = std::max(longest, v.size());
  plan_.args.Set("max_length", std::to_string(longest));
}

void KindChooser::Day() {
  const NameRule* rule = Rule(ValueClass::kDate, 0);
  const bool date = type_.kind == Kind::kDate;
  Set(date ? "date" : "timestamp", Because(rule));
  std::string from = rule ? rule->from : "as_of - 5y", to = rule ? rule->to : "as_of - 1d";
  // Each value is a folder: the last week.
  if (column_.partition) from = "as_of - 6d", to = "as_of";
  if (domain_.min || domain_.max) {
    const int64_t usual_from = kAsOf - 5 * 365, usual_to = kAsOf - 1;
    int64_t low = domain_.min ? static_cast<int64_t>(*domain_.min) : usual_from;
    int64_t high = domain_.max ? static_cast<int64_t>(*domain_.max) : usual_to;
    if (!domain_.max && high < low) high = low + 5 * 365;
    if (!domain_.min && low > high) low = high - 5 * 365;
    if (domain_.min && !domain_.max && usual_from > low && usual_from <= high) low = usual_from;
    if (domain_.max && !domain_.min && usual_from <= high && usual_to > high)
      low = std::min(usual_from, high);
    // Bounded from above, a birth date still reaches back as far as the name says.
    long years = 0;
    char unit = 0;
    if (!domain_.min && std::sscanf(from.c_str(), "as_of - %4ld%c", &years, &unit) == 2 &&
        unit == 'y') {
      low = std::min(low, core::AddYears(kAsOf, -years));
    }
    from = core::FormatIsoDate(low);
    to = core::FormatIsoDate(high);
  }
  plan_.args.Set("from", from);
  plan_.args.Set("to", to);
  if (!date) {
    if (type_.precision >= 0 && type_.precision <= 6)
      plan_.args.Set("precision", type_.precision == 0   ? "second"
                                  : type_.precision <= 3 ? "millisecond"
                                                         : "microsecond");
    else
      plan_.args.Set("precision", "second");
    if (type_.with_zone) plan_.args.Set("zone", "UTC");
  }
  if (date) Cap(5 * 365);
}

void ChooseKinds(TablePlan* plan, std::vector<Problem>* problems) {
  for (size_t i = 0; i < plan->columns.size(); ++i) {
    if (plan->columns[i].reference || plan->columns[i].left_out) continue;
    KindChooser(plan, i, problems).Run();
  }
}

}  // namespace synthmill::schema
