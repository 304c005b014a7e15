// The kinds of columns of text.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/dates.h"
#include "core/regex_texts.h"
#include "ddl/check_patterns.h"
#include "schema/kind_chooser.h"
#include "schema/names.h"
#include "schema/patterns.h"
#include "schema/words.h"

namespace synthmill::schema {

using Kind = ddl::Type::Kind;
using ddl::Problem;

int64_t KindChooser::Limit() const {
  int64_t limit = type_.length >= 0 ? type_.length : 0;
  if (domain_.max_length >= 0) {
    limit = limit == 0 ? domain_.max_length : std::min(limit, domain_.max_length);
  }
  return limit;
}

bool KindChooser::Shaped() {
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
    // Repeats of any number and alternatives: the whole of what is allowed; for keys anyway.
    const std::string whole =
        regex ? domain_.pattern : ddl::RegexOfLike(domain_.pattern, brackets).value_or("");
    const bool varied = regex && whole.find_first_of("*+?{|") != whole.npos;
    if ((varied || plan_.unique || plan_.in_key) && Regex(whole, limit)) return true;
    if (pattern && (limit == 0 || PatternLength(*pattern) <= limit) &&
        PatternLength(*pattern) >= domain_.min_length) {
      Pattern(*pattern, "by a check");
      return true;
    }
    if (Regex(whole, limit)) return true;
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
    FreeText(domain_.min_length,
             std::max<int64_t>(limit > 0 ? std::min<int64_t>(limit, 200) : 60, domain_.min_length),
             "by the check's length");
    return true;
  }
  return false;
}

// Alternatives and repeats of any number are for the generator's own expressions.
bool KindChooser::Regex(const std::string& regex, int64_t limit) {
  std::vector<core::RegexNode> nodes;
  std::string error;
  if (regex.empty() || !core::ParseRegex(regex, &nodes, &error)) return false;
  const core::RegexLengths length = core::CharactersOf(nodes);
  if (limit > 0 && length.max > static_cast<uint64_t>(limit)) return false;
  if (length.min < static_cast<uint64_t>(domain_.min_length)) return false;
  Set("pattern", "by a check");
  plan_.args.Set("regex", YamlText(regex));
  const auto texts = core::RegexTexts::Count(nodes);
  if (texts) Cap(static_cast<Int128>(texts->size()));
  return true;
}

void KindChooser::Pattern(const std::string& pattern, std::string why) {
  Set("pattern", std::move(why));
  plan_.args.Set("pattern", YamlText(pattern));
  Cap(static_cast<Int128>(PatternTexts(pattern)));
}

void KindChooser::FreeText(int64_t min, int64_t max, std::string why) {
  Set("text", std::move(why));
  plan_.args.Set("min", std::to_string(std::min(min, max)));
  plan_.args.Set("max", std::to_string(max));
}

void KindChooser::Text(int64_t limit) {
  const NameRule* rule = Rule(ValueClass::kText, limit);
  const NameRule* flag = nullptr;
  if (!rule && limit > 0 && limit <= 5)
    flag = FindNameRule(table_.table->name.text, column_.name.text, ValueClass::kBool, 0);
  const bool key = plan_.unique;
  if (rule && rule->values && !key) return RuleChoice(*rule, limit);
  if (column_.partition && !key) return Folders(limit);
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

void KindChooser::Folders(int64_t limit) {
  const bool days = FindNameRule("", column_.name.text, ValueClass::kDate, 0) != nullptr ||
                    MatchWords(HeadWords(column_.name.text), "dt|ds|day|date") > 0;
  if (days && (limit == 0 || limit >= 10)) {
    Choice({core::FormatIsoDate(kAsOf - 2), core::FormatIsoDate(kAsOf - 1),
            core::FormatIsoDate(kAsOf)},
           "names a folder");
  } else {
    Choice({"a", "b", "c"}, "names a folder");
  }
}

void KindChooser::RuleChoice(const NameRule& rule, int64_t limit) {
  Set("choice", Because(&rule));
  std::string map = "{";
  const auto values = RuleValues(rule, limit);
  for (const auto& [value, weight] : values) {
    map += fmt::format("{}{}: {}", map.size() > 1 ? ", " : "", YamlText(value), weight);
  }
  plan_.args.Set("values", map + "}");
  Cap(static_cast<Int128>(values.size()));
}

void KindChooser::Special(const NameRule& rule, std::string_view kind, int64_t limit) {
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

void KindChooser::Lengths() {
  const int64_t limit = Limit();
  if (limit <= 0) return;
  plan_.args.Set(type_.length_in_bytes && domain_.max_length < 0 ? "max_bytes" : "max_length",
                 std::to_string(limit));
}

}  // namespace synthmill::schema
