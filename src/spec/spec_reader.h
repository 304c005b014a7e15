// The reader behind ParseSpec: one method a section of the file, all reporting to one Diagnostics.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/diagnostics.h"
#include "spec/spec.h"
#include "spec/yaml.h"

namespace synthmill::spec {

class SpecReader {
 public:
  SpecReader(Spec* spec, Diagnostics* diagnostics) : spec_(*spec), diagnostics_(*diagnostics) {}

  void Read(const Node& root);

 private:
  // spec_parse.cc
  void ReadHead(const Node& root);
  void ReadChecks(const Node& node);
  void ReadTruth(const Node& node);
  void ReadLists(const Node& node);
  // spec_parameters.cc
  void ReadParameters(const Node& node);
  void ReadParameter(const Node& node, Parameter* parameter);
  void ReadDefault(const Node& node, std::string_view what, Parameter* parameter);
  void CheckDefaultCycles();
  // spec_columns.cc
  void ReadColumnSets(const Node& node);
  // `sets` allows +set keys.
  std::vector<Column> ReadColumns(const Node& parent, const std::string& owner, bool sets);
  Column ReadColumn(const Node::Entry& entry, const std::string& owner);
  void SpliceSet(const Node::Entry& entry, const std::string& owner, std::vector<Column>* columns);
  // spec_tables.cc
  void ReadEntities(const Node& node);
  void ReadGroups(const Node& node, Entity* entity);
  void CheckEntityColumns(const Entity& entity);
  void ReadExactRows(const Node& entities);
  void ReadTables(const Node& node);
  void ReadTable(const Node& node, Table* table);
  void ReadPartitions(const Node& node, Table* table);
  void ReadTableSql(const Node& node, Table* table);
  void ReadCopies(const Node& node, Table* table);
  // spec_relations.cc
  void ReadRows(const Node& node, Table* table);
  void ReadKeys(const Node& node, Table* table);
  void CheckParents(const Node& tables);
  void CheckTableColumns(const Table& table);
  // spec_noise.cc
  void ReadNoise(const Node& node);
  void ReadTableNoise(const Node& tables);
  NoiseRule ReadRule(const Node& node, const std::string& where);
  enum class Splicing { kNew, kOpen, kDone };
  void SpliceProfile(const Node& profiles, const std::string& name,
                     std::map<std::string, Splicing>* state);
  // Each column must be one of at least one of the tables.
  void CheckRuleColumns(const std::vector<NoiseRule>& rules, std::span<const Table* const> tables);
  void CheckRuleNames(const std::vector<NoiseRule>& rules, std::vector<std::string> taken);

  // Helpers: all report and return something empty if the node is not as it must be.
  void Error(Location at, std::string message, std::string hint = "") {
    diagnostics_.Error(at, std::move(message), std::move(hint));
  }
  bool IsMap(const Node& node, const std::string& what, std::string_view example);
  bool IsList(const Node& node, const std::string& what, std::string_view example);
  void CheckKeys(const Node& map, const std::string& what,
                 std::initializer_list<std::string_view> known);
  void Missing(const Node& map, std::string_view key, const std::string& what,
               std::string_view example);
  std::string Text(const Node& map, std::string_view key, const std::string& what);
  // Text with {parameter} places.
  std::string Template(const Node& node, const std::string& what);
  bool Flag(const Node& map, std::string_view key, const std::string& what);
  LocatedExpr Expression(const Node& map, std::string_view key, const std::string& what);
  // Expressions that need no parameter are checked at once, the others when they are evaluated.
  LocatedExpr ShareExpression(const Node& map, std::string_view key, const std::string& what);
  LocatedExpr IntExpression(const Node& map, std::string_view key, const std::string& what,
                            int64_t min);
  // A scalar is a list of one. `at` takes the places of the items.
  std::vector<std::string> TextList(const Node& map, std::string_view key, const std::string& what,
                                    std::vector<Location>* at = nullptr);
  void CheckName(std::string_view name, Location at, std::string_view what, bool lower);
  // `word` is not among `candidates`: says so, with a suggestion.
  void Unknown(std::string_view kind, std::string_view word, Location at, std::string_view where,
               std::span<const std::string> candidates);
  // False, and an error once, when copies (sets, `use`) have grown past all reason.
  bool Afford(const Node& copied, Location at);

  Spec& spec_;
  Diagnostics& diagnostics_;
  std::vector<std::string> names_;  // what expressions may use
  std::map<std::string, std::vector<Column>> column_sets_;
  int64_t copied_ = 0;
};

// The names of a range of things with a member that names them.
template <typename Range, typename Member>
std::vector<std::string> NamesOf(const Range& range, Member member) {
  std::vector<std::string> names;
  for (const auto& item : range) names.push_back(item.*member);
  return names;
}

inline bool Contains(std::span<const std::string> names, std::string_view name) {
  for (const std::string& candidate : names) {
    if (candidate == name) return true;
  }
  return false;
}

// 'word', cut where it is too long to be shown.
std::string Quoted(std::string_view word);

}  // namespace synthmill::spec
