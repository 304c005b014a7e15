#include "schema/name_rules.h"

#include <algorithm>

#include "core/text.h"
#include "schema/words.h"

namespace synthmill::schema {

namespace {

constexpr char kPast[] = "as_of - 1d";

const NameRule kRules[] = {
#include "schema/name_rules.inc"
};

// A column that is only called `name` is named after its table: people, companies, places.
struct TableNames {
  const char* tables;  // last words of the table's name
  const char* meaning;
};
constexpr TableNames kNamesOfTables[] = {
    {"person|persons|people|customer|customers|user|users|employee|employees|contact|contacts|"
     "client|"
     "clients|patient|patients|student|students|teacher|teachers|author|authors|member|members|"
     "doctor|"
     "doctors|actor|actors|owner|owners|driver|drivers|passenger|passengers|staff|professor|"
     "professors|"
     "instructor|instructors|artist|artists|player|players|physician|physicians|agent|agents|guest|"
     "guests|director|directors|nurse|nurses|candidate|candidates",
     "full name"},
    {"company|companies|supplier|suppliers|vendor|vendors|organization|organizations|organisation|"
     "organisations|manufacturer|manufacturers|publisher|publishers|shipper|shippers|bank|banks|"
     "brand|"
     "brands|airline|airlines|merchant|merchants|employer|employers|tenant|tenants|business|"
     "businesses",
     "company"},
    {"city|cities|town|towns", "city"},
    {"product|products|item|items|part|parts|article|articles|service|services", "product name"},
};

bool Fits(const NameRule& rule, ValueClass c, int64_t limit) {
  if (!rule.Serves(c)) return false;
  if (c != ValueClass::kText || limit <= 0) return true;
  if (rule.kind) return limit >= rule.least;
  return limit >= rule.least && RuleValues(rule, limit).size() >= 2;
}

}  // namespace

bool NameRule::Serves(ValueClass c) const {
  switch (c) {
    case ValueClass::kText:
      return kind != nullptr || values != nullptr;
    case ValueClass::kNumber:
      return min != nullptr;
    case ValueClass::kDate:
      return from != nullptr;
    case ValueClass::kBool:
      return share != nullptr;
  }
  return false;
}

std::span<const NameRule> NameRules() { return kRules; }

std::vector<std::pair<std::string, int>> RuleValues(const NameRule& rule, int64_t limit) {
  std::vector<std::pair<std::string, int>> out;
  std::string_view rest = rule.values ? rule.values : "";
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('|'), rest.size());
    std::string_view value = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    int weight = 1;
    const size_t colon = value.rfind(':');
    if (colon != std::string_view::npos) {
      weight = std::stoi(std::string(value.substr(colon + 1)));
      value = value.substr(0, colon);
    }
    if (limit <= 0 || static_cast<int64_t>(value.size()) <= limit) out.emplace_back(value, weight);
  }
  return out;
}

const NameRule* FindNameRule(std::string_view table, std::string_view column, ValueClass c,
                             int64_t limit) {
  const std::vector<std::string> words = SplitWords(column);
  const std::vector<std::string> head = HeadWords(column);
  if (c == ValueClass::kText && head.size() == 1 && head[0] == "name") {
    const std::vector<std::string> of = HeadWords(table);
    for (const TableNames& names : kNamesOfTables) {
      if (MatchWords(of, names.tables) == 0) continue;
      for (const NameRule& rule : kRules) {
        if (std::string_view(rule.name) == names.meaning && Fits(rule, c, limit)) return &rule;
      }
    }
  }
  const NameRule* best = nullptr;
  size_t longest = 0;
  for (const NameRule& rule : kRules) {
    if (!Fits(rule, c, limit)) continue;
    const size_t length = std::max(MatchWords(words, rule.words), MatchWords(head, rule.words));
    if (length > longest) longest = length, best = &rule;
  }
  return best;
}

}  // namespace synthmill::schema
