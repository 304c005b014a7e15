// The kind of a column: by its checks, then by its name, then by its type.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/dates.h"
#include "schema/names.h"
#include "schema/patterns.h"
#include "schema/table_plan.h"

namespace synthmill::schema {

namespace {

using Kind = ddl::Type::Kind;
using ddl::Problem;

// The fixed day of imported datasets: spec::kDefaultAsOf.
constexpr int64_t kAsOf = 20454;  // 2026-01-01

class KindChooser {
 public:
  KindChooser(TablePlan* table, size_t i, std::vector<Problem>* problems)
      : table_(*table),
        plan_(table->columns[i]),
        column_(*plan_.column),
        type_(column_.type),
        domain_(table->domains[i]),
        problems_(*problems) {}

  void Run() {
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

 private:
  void Set(const char* kind, std::string why) {
    plan_.args.Set("kind", kind);
    plan_.why = std::move(why);
  }

  const NameRule* Rule(ValueClass c, int64_t limit) {
    const NameRule* rule =
        FindNameRule(table_.table->name.text, column_.name.text, c, std::max<int64_t>(limit, 0));
    if (rule) plan_.role = rule->role;
    return rule;
  }

  // --- numbers ---

  // Rows are counted: keys of whole numbers by themselves, and what the database would number.
  bool Sequence() {
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

  int Scale() const { return ScaleOf(type_); }

  // Unsigned numbers take the next wider type; 64 bits stay: what is made is positive.
  int Bits() const {
    if (type_.kind == Kind::kYear) return 16;
    const int bits = type_.bits == 24 ? 32 : type_.bits;
    if (!type_.is_unsigned || type_.bits == 24) return bits ? bits : 32;
    return std::min(bits * 2, 64);
  }
  std::string IntType() const { return fmt::format("int{}", Bits()); }

  void TypeBounds(Int128* low, Int128* high) const {
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

  int Precision() const {
    if (type_.precision < 0) return 18;
    return std::min(type_.precision + std::max(-type_.scale, 0), 38);
  }

  void Number() {
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
    if (plan_.unique) {  // as many as there can be
      min = std::max<Int128>(least, least > 0 ? least : std::min<Int128>(1, most));
      max = std::min<Int128>(most, std::numeric_limits<int64_t>::max() / 2);
    }
    min = std::clamp(min, least, most);
    max = std::clamp(max, least, most);
    if (min == max && least < most && span > 0) {
      // The usual values are out of bounds: those next to them.
      if (domain_.min && !domain_.max) max = std::min(most, min + span);
      if (domain_.max && !domain_.min) min = std::max(least, max - span);
      if (domain_.min && domain_.max) min = least, max = most;
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

  // 0.50 is as good as 0.5 and longer.
  static std::string Trimmed(Int128 value, int scale) {
    std::string text = ScaledText(value, scale);
    if (scale > 0) {
      while (text.ends_with('0')) text.pop_back();
      if (text.ends_with('.')) text.pop_back();
    }
    return text;
  }

  void Bool() {
    const NameRule* rule = Rule(ValueClass::kBool, 0);
    Set("bool", Because(rule));
    plan_.args.Set("share", rule ? rule->share : "0.5");
    Cap(2);
  }

  // --- lists of values ---

  bool Values() {
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

  void Choice(const std::vector<std::string>& values, std::string why) {
    Set("choice", std::move(why));
    std::string list = "[";
    for (const std::string& v : values) list += (list.size() > 1 ? ", " : "") + YamlText(v);
    plan_.args.Set("values", list + "]");
    Cap(static_cast<Int128>(values.size()));
  }

  void Enum() {
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

  // --- text ---

  int64_t Limit() const {
    int64_t limit = type_.length >= 0 ? type_.length : 0;
    if (domain_.max_length >= 0) {
      limit = limit == 0 ? domain_.max_length : std::min(limit, domain_.max_length);
    }
    return limit;
  }

  // By a LIKE or a regular expression, or by a length that no name's kind keeps to.
  bool Shaped() {
    const int64_t limit = Limit();
    if (!domain_.pattern.empty()) {
      const bool regex = domain_.pattern_op == "regex";
      const bool brackets = table_.table->dialect == ddl::Dialect::kSqlServer;
      std::optional<std::string> pattern =
          regex ? PatternOfRegex(domain_.pattern) : PatternOfLike(domain_.pattern, brackets);
      if (!regex && domain_.pattern.find('@') != std::string::npos) {
        const NameRule* rule = FindNameRule("", "email", ValueClass::kText, limit);
        if (rule && domain_.pattern.starts_with('%')) {
          Text(limit);
          if (plan_.role == Role::kEmail) return true;  // e-mails have their @ anyway
        }
      }
      if (pattern && (limit == 0 || PatternLength(*pattern) <= limit) &&
          PatternLength(*pattern) >= domain_.min_length) {
        Pattern(*pattern, "by a check");
        return true;
      }
      for (const ddl::Check& check : table_.table->checks) {
        if (check.place.at.line == domain_.pattern_at.at.line &&
            check.place.at.column == domain_.pattern_at.at.column)
          table_.lost_checks.push_back(check.text);
      }
      problems_.push_back({Problem::Severity::kWarning, domain_.pattern_at,
                           fmt::format("table '{}', column '{}': texts like '{}' cannot be made: "
                                       "rows may break the check",
                                       table_.table->name.text, column_.name.text, domain_.pattern),
                           "give the column a kind of its own in the dataset file"});
    }
    if (domain_.min_length > 1 && domain_.min_length <= 200) {
      const int64_t length = std::max(domain_.min_length, std::min<int64_t>(limit, 10));
      if (limit > 0 && limit <= 30) {
        Pattern(CodePattern(limit == domain_.min_length ? limit : length), "by the check's length");
        return true;
      }
      FreeText(
          domain_.min_length,
          std::max<int64_t>(limit > 0 ? std::min<int64_t>(limit, 200) : 60, domain_.min_length),
          "by the check's length");
      return true;
    }
    return false;
  }

  void Pattern(const std::string& pattern, std::string why) {
    Set("pattern", std::move(why));
    plan_.args.Set("pattern", YamlText(pattern));
    Cap(static_cast<Int128>(PatternTexts(pattern)));
  }

  void FreeText(int64_t min, int64_t max, std::string why) {
    Set("text", std::move(why));
    plan_.args.Set("min", std::to_string(std::min(min, max)));
    plan_.args.Set("max", std::to_string(max));
  }

  void Text(int64_t limit) {
    const NameRule* rule = Rule(ValueClass::kText, limit);
    const NameRule* flag = nullptr;
    if (!rule && limit > 0 && limit <= 5)
      flag = FindNameRule(table_.table->name.text, column_.name.text, ValueClass::kBool, 0);
    const bool key = plan_.unique;
    if (rule && rule->values && !key) return RuleChoice(*rule, limit);
    if (flag && flag->values && !key) return RuleChoice(*flag, limit);
    if (rule && rule->kind) {
      const std::string_view kind = rule->kind;
      if (kind.starts_with('@')) return Special(*rule, kind, limit);
      ColumnArgs args = ColumnArgs::FromRule(kind);
      const bool distinct = args.kind() == "uuid" || args.kind() == "pattern" ||
                            (args.kind() == "template" && (limit == 0 || limit >= 60));
      if (!key || distinct) {
        plan_.args = args;
        plan_.why = Because(rule);
        if (args.kind() == "pattern") {
          std::string pattern = *args.Find("pattern");
          Cap(static_cast<Int128>(PatternTexts(pattern.substr(1, pattern.size() - 2))));
        }
        return;
      }
      if (rule->role == Role::kEmail && limit >= 23) {
        Set("template", "an e-mail, unique");
        plan_.args.SetText("template", "u{1..999999999:9}@mail.example");
        plan_.role = Role::kNone;
        return;
      }
    }
    plan_.role = Role::kNone;
    if (key) {
      if (limit >= 36 && (rule == nullptr || rule->least == 36)) {
        Set("uuid", "a key of text");
        return;
      }
      return Pattern(CodePattern(limit > 0 ? std::min<int64_t>(limit, 12) : 12), "a key of text");
    }
    if (limit > 0 && limit < 8) {
      return Pattern(CodePattern(limit), "by type");
    }
    FreeText(std::min<int64_t>(limit > 0 ? limit : 10, 8),
             limit > 0 ? std::min<int64_t>(limit, 43) : 43, "by type");
  }

  void RuleChoice(const NameRule& rule, int64_t limit) {
    Set("choice", Because(&rule));
    std::string map = "{";
    const auto values = RuleValues(rule, limit);
    for (const auto& [value, weight] : values) {
      map += fmt::format("{}{}: {}", map.size() > 1 ? ", " : "", YamlText(value), weight);
    }
    plan_.args.Set("values", map + "}");
    Cap(static_cast<Int128>(values.size()));
  }

  // @hex:40, @code:10, @text:120
  void Special(const NameRule& rule, std::string_view kind, int64_t limit) {
    const size_t colon = kind.find(':');
    int64_t most = std::stoll(std::string(kind.substr(colon + 1)));
    if (limit > 0) most = std::min(most, limit);
    const std::string_view what = kind.substr(1, colon - 1);
    if (what == "hex") {
      if (plan_.unique) most = limit > 0 ? std::min<int64_t>(limit, 40) : 40;
      Pattern(Repeated("[0-9a-f]", most), Because(&rule));
    } else if (what == "code") {
      if (plan_.unique) most = limit > 0 ? std::min<int64_t>(limit, 12) : 12;
      Pattern(CodePattern(most), Because(&rule));
    } else if (plan_.unique) {
      Pattern(CodePattern(limit > 0 ? std::min<int64_t>(limit, 12) : 12), "a key of text");
    } else if (most < 8) {
      Pattern(CodePattern(most), Because(&rule));
    } else {
      FreeText(std::min<int64_t>(8, most), most, Because(&rule));
    }
  }

  void Lengths() {
    const int64_t limit = Limit();
    if (limit <= 0) return;
    plan_.args.Set(type_.length_in_bytes && domain_.max_length < 0 ? "max_bytes" : "max_length",
                   std::to_string(limit));
  }

  // --- days and moments ---

  void Day() {
    const NameRule* rule = Rule(ValueClass::kDate, 0);
    const bool date = type_.kind == Kind::kDate;
    Set(date ? "date" : "timestamp", Because(rule));
    std::string from = rule ? rule->from : "as_of - 5y", to = rule ? rule->to : "as_of - 1d";
    if (domain_.min || domain_.max) {
      const int64_t usual_from = kAsOf - 5 * 365, usual_to = kAsOf - 1;
      int64_t low = domain_.min ? static_cast<int64_t>(*domain_.min) : usual_from;
      int64_t high = domain_.max ? static_cast<int64_t>(*domain_.max) : usual_to;
      if (!domain_.max && high < low) high = low + 5 * 365;
      if (!domain_.min && low > high) low = high - 5 * 365;
      if (domain_.min && !domain_.max && usual_from > low && usual_from <= high) low = usual_from;
      if (domain_.max && !domain_.min && usual_from <= high && usual_to > high)
        low = std::min(usual_from, high);
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

  // --- the rest ---

  void Other();

  // Why a rule was taken: its name; by type where there was none.
  static std::string Because(const NameRule* rule) {
    return rule ? std::string(rule->name) + ", by name and type" : "by type";
  }

  void Cap(Int128 values) {
    constexpr Int128 kMany = 1'000'000'000'000'000;
    plan_.capacity = values >= kMany ? 0 : static_cast<uint64_t>(std::max<Int128>(values, 1));
  }

  TablePlan& table_;
  ColumnPlan& plan_;
  const ddl::Column& column_;
  const ddl::Type& type_;
  const Domain& domain_;
  std::vector<Problem>& problems_;
};

// Columns of types that names say nothing of, as the inside of an array or a map, too.
std::string InsideKind(const ddl::Type& type) {
  ddl::Table table;
  ddl::Column column;
  column.type = type;
  table.columns.push_back(column);
  TablePlan plan;
  plan.table = &table;
  plan.domains.resize(1);
  plan.columns.resize(1);
  plan.columns[0].column = &table.columns[0];
  std::vector<Problem> problems;
  ChooseKinds(&plan, &problems);
  return plan.columns[0].args.Render();
}

void KindChooser::Other() {
  switch (type_.kind) {
    case Kind::kUuid:
      Set("uuid", "by type");
      break;
    case Kind::kTime:
      Set("time", "by type");
      plan_.args.Set("precision", type_.precision > 3   ? "microsecond"
                                  : type_.precision > 0 ? "millisecond"
                                                        : "second");
      Cap(86'400);
      break;
    case Kind::kBinary: {
      Set("binary", "by type");
      const int64_t most = type_.length > 0 ? std::min<int64_t>(type_.length, 64) : 32;
      plan_.args.Set("min", std::to_string(type_.fixed ? most : std::min<int64_t>(most, 16)));
      plan_.args.Set("max", std::to_string(most));
      break;
    }
    case Kind::kBits:
      if (type_.length <= 1) {
        Set("bool", "by type");
        plan_.args.Set("share", "0.5");
        Cap(2);
      } else {
        Pattern(Repeated("[01]", std::min<int64_t>(type_.length, 64)), "by type");
      }
      break;
    case Kind::kJson:
      Set("template", "by type");
      plan_.args.SetText("template",
                         "{{\"id\": {1..99999}, \"name\": \"{text_words.word}\", \"tags\": "
                         "[\"{text_words.word}\"]}}");
      break;
    case Kind::kXml:
      Set("template", "by type");
      plan_.args.SetText("template", "<item id=\"{1..99999}\">{text_words.word}</item>");
      break;
    case Kind::kInterval:
      Set("template", "by type");
      plan_.args.SetText("template", "{1..30} days");
      break;
    case Kind::kNetwork:
      Set("template", "by type");
      plan_.args.SetText(
          "template",
          type_.text.find("mac") != std::string::npos || type_.text.find("MAC") != std::string::npos
              ? "02:00:00:{10..99}:{10..99}:{10..99}"
          : type_.text.starts_with("cidr") || type_.text.starts_with("CIDR")
              ? "10.{0..255}.{0..255}.0/24"
              : "10.{0..255}.{0..255}.{1..254}");
      break;
    case Kind::kGeometry:
      Set("template", "by type");
      plan_.args.SetText("template", "POINT({0..89}.{0..999999:6} {0..69}.{0..999999:6})");
      break;
    case Kind::kArray:
      Set("array", "by type");
      plan_.args.Set("of", type_.children.empty() ? "{kind: text}" : InsideKind(type_.children[0]));
      plan_.args.Set("min", "0");
      plan_.args.Set("max", "4");
      break;
    case Kind::kMap:
      Set("map", "by type");
      plan_.args.Set("key",
                     type_.children.empty() ? "{kind: text}" : InsideKind(type_.children[0]));
      plan_.args.Set("value",
                     type_.children.size() < 2 ? "{kind: text}" : InsideKind(type_.children[1]));
      plan_.args.Set("min", "0");
      plan_.args.Set("max", "4");
      break;
    case Kind::kStruct: {
      Set("struct", "by type");
      std::string fields = "{";
      for (size_t i = 0; i < type_.children.size(); ++i) {
        const std::string name =
            i < type_.field_names.size() ? type_.field_names[i] : fmt::format("f{}", i + 1);
        fields += fmt::format("{}{}: {}", fields.size() > 1 ? ", " : "", YamlText(name),
                              InsideKind(type_.children[i]));
      }
      plan_.args.Set("fields", fields + "}");
      break;
    }
    default:
      // The reader has told of it.
      Text(0);
      plan_.why += ", of an unknown type";
  }
}

}  // namespace

void ChooseKinds(TablePlan* plan, std::vector<Problem>* problems) {
  for (size_t i = 0; i < plan->columns.size(); ++i) {
    if (plan->columns[i].reference || plan->columns[i].left_out) continue;
    KindChooser(plan, i, problems).Run();
  }
}

}  // namespace synthmill::schema
