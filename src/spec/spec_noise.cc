// The section `noise:` and the rules of single tables.
#include <algorithm>
#include <utility>

#include "spec/evaluate.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

constexpr std::string_view kExample =
    "{rule: missing, columns: [phone], rate: 0.1}, or {use: OTHER_PROFILE}";

}  // namespace

std::span<const std::string> CommonNoiseKeys() {
  static const auto* const kKeys =
      new std::vector<std::string>{"rule", "name", "columns", "rate", "when"};
  return *kKeys;
}

void SpecReader::ReadNoise(const Node& node) {
  spec_.default_noise = "none";
  if (node.is_null() || !IsMap(node, "'noise'", "{classic: [" + std::string(kExample) + "]}")) {
    return;
  }
  constexpr size_t kMaxProfiles = 64;
  if (node.entries.size() > kMaxProfiles) {
    Error(node.at, "a dataset has at most " + std::to_string(kMaxProfiles) + " noise profiles");
    return;
  }
  std::map<std::string, Splicing> state;
  for (const Node::Entry& entry : node.entries) {
    CheckName(entry.key, entry.at, "a noise profile", true);
    if (entry.key == "none") {
      Error(entry.at, "the noise profile 'none' is always there, and empty");
      continue;
    }
    if (spec_.default_noise == "none") spec_.default_noise = entry.key;
    if (state[entry.key] == Splicing::kNew) SpliceProfile(node, entry.key, &state);
  }
  std::vector<const Table*> noisy;
  for (const Table& table : spec_.tables) {
    if (table.noisy) noisy.push_back(&table);
  }
  for (const auto& [name, rules] : spec_.noise_profiles) {
    CheckRuleColumns(rules, noisy);
    CheckRuleNames(rules, {});
  }
}

// Reads profile `name` of the section `profiles`, those it uses first. Its depth is bounded by
// their number.
void SpecReader::SpliceProfile(const Node& profiles, const std::string& name,
                               std::map<std::string, Splicing>* state) {
  const Node& node = *profiles.Find(name);
  const std::string what = "noise profile " + Quoted(name);
  (*state)[name] = Splicing::kOpen;
  std::vector<NoiseRule> rules;
  IsList(node, what, "[" + std::string(kExample) + "]");
  for (const Node& item : node.items) {
    const Node* use = item.Find("use");
    if (use == nullptr) {
      rules.push_back(ReadRule(item, what));
      continue;
    }
    CheckKeys(item, what + ": 'use'", {"use"});
    std::vector<std::string> known;
    for (const Node::Entry& entry : profiles.entries) known.push_back(entry.key);
    if (!use->is_scalar() || !Contains(known, use->text) || use->text == "none") {
      Unknown("noise profile", use->text, use->at, what, known);
    } else if ((*state)[use->text] == Splicing::kOpen) {
      Error(use->at,
            what + " uses itself" + (use->text == name ? "" : ", by way of " + Quoted(use->text)));
    } else {
      if ((*state)[use->text] == Splicing::kNew) SpliceProfile(profiles, use->text, state);
      for (const NoiseRule& rule : spec_.noise_profiles[use->text]) {
        if (!Afford(rule.args, use->at)) break;
        rules.push_back(rule);
      }
    }
  }
  (*state)[name] = Splicing::kDone;
  spec_.noise_profiles[name] = std::move(rules);
}

void SpecReader::ReadTableNoise(const Node& tables) {
  for (Table& table : spec_.tables) {
    const Node* entry = tables.Find(table.key);
    const Node* node = entry == nullptr ? nullptr : entry->Find("noise");
    if (node == nullptr || node->is_scalar()) continue;  // true or false: read with the table
    const std::string what = "noise of table " + Quoted(table.key);
    if (!IsList(*node, what, "false, or [" + std::string(kExample) + "]")) continue;
    for (const Node& item : node->items) {
      if (const Node* use = item.Find("use")) {
        Error(use->at, what + ": 'use' is for profiles, which the table takes part in anyway");
        continue;
      }
      table.noise.push_back(ReadRule(item, what));
    }
    const Table* const itself[] = {&table};
    CheckRuleColumns(table.noise, itself);
    std::vector<std::string> taken;
    for (const auto& [name, rules] : spec_.noise_profiles) {
      for (const NoiseRule& rule : rules) taken.push_back(rule.name);
    }
    CheckRuleNames(table.noise, std::move(taken));
  }
}

NoiseRule SpecReader::ReadRule(const Node& node, const std::string& where) {
  NoiseRule rule;
  rule.at = node.at;
  if (!IsMap(node, "a rule of " + where, kExample)) return rule;
  rule.args = node;
  rule.kind = Text(node, "rule", where);
  rule.name = rule.kind;
  if (const Node* kind = node.Find("rule")) {
    if (kind->is_scalar()) CheckName(kind->text, kind->at, "a noise kind", true);
  } else {
    Missing(node, "rule", "a rule of " + where, "missing");
  }
  if (const Node* name = node.Find("name")) {
    rule.name = Text(node, "name", where);
    if (name->is_scalar()) CheckName(name->text, name->at, "a noise rule", true);
  }
  const std::string what = where + ", rule " + Quoted(rule.name);
  if (const Node* columns = node.Find("columns"); columns == nullptr) {
    Missing(node, "columns", what, "[phone]");
  } else if (columns->is_map()) {  // column -> weight; the weights are the kind's
    for (const Node::Entry& entry : columns->entries) {
      rule.columns.push_back(entry.key);
      rule.columns_at.push_back(entry.at);
    }
  } else {
    rule.columns = TextList(node, "columns", what, &rule.columns_at);
  }
  if (const Node* columns = node.Find("columns"); columns != nullptr && columns->items.empty() &&
                                                  columns->entries.empty() &&
                                                  !columns->is_scalar()) {
    Error(columns->at, what + " has no columns");
  }
  rule.rate = ShareExpression(node, "rate", what);
  if (node.Find("rate") == nullptr) Missing(node, "rate", what, "0.1");
  rule.when = Expression(node, "when", what);
  return rule;
}

void SpecReader::CheckRuleColumns(const std::vector<NoiseRule>& rules,
                                  std::span<const Table* const> tables) {
  std::vector<std::string> known;
  for (const Table* table : tables) {
    // A table whose columns could not be read must not be blamed for what it lacks.
    if (table->columns.empty()) return;
    for (const Column& column : table->columns) known.push_back(column.name);
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  for (const NoiseRule& rule : rules) {
    for (size_t i = 0; i < rule.columns.size(); ++i) {
      if (std::binary_search(known.begin(), known.end(), rule.columns[i])) continue;
      // The message does not name the profile: a rule that came by `use` is reported once.
      Unknown("noisy column called", rule.columns[i], rule.columns_at[i],
              "noise rule " + Quoted(rule.name), known);
    }
  }
}

// The name of a rule draws its bits and stands in the truth, so two of one name would be one.
void SpecReader::CheckRuleNames(const std::vector<NoiseRule>& rules,
                                std::vector<std::string> taken) {
  std::map<std::string, int> seen;
  for (const std::string& name : taken) seen.emplace(name, 0);
  for (const NoiseRule& rule : rules) {
    if (rule.name.empty() || seen.emplace(rule.name, rule.at.line).second) continue;
    Error(rule.at, "a second noise rule called " + Quoted(rule.name),
          "give one of them another name: {rule: " + rule.kind + ", name: …}");
  }
}

}  // namespace synthmill::spec
