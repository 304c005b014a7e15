// What the importer knows of a table while it turns it into a part of a dataset file. Internal to
// schema/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ddl/catalog.h"
#include "schema/exact.h"
#include "schema/name_rules.h"

namespace synthmill::schema {

// A rule between columns.
struct Comparison {
  std::string argument;  // of the language
  int other;             // column
  const ddl::Check* check;
};

// All that the checks of a table say of one column, intersected.
struct Domain {
  std::optional<Int128> min, max;  // in units of the column's scale; days for dates
  ddl::Place min_at, max_at;
  std::optional<std::vector<std::string>> values;  // IN lists
  ddl::Place values_at;
  int64_t min_length = 0, max_length = -1;
  ddl::Place length_at;
  std::string pattern, pattern_op;  // LIKE or regular expression
  ddl::Place pattern_at;
  bool not_null = false;
  std::vector<Comparison> compares;
};

// Arguments of a column in the order in which they are written; values are YAML.
class ColumnArgs {
 public:
  void Set(std::string key, std::string yaml);
  void SetText(std::string key, std::string_view text);
  const std::string* Find(std::string_view key) const;
  void Remove(std::string_view key);
  std::string kind() const;
  std::string Render() const;  // {kind: …, …}
  // "kind: list, list: jobs" as it stands in a rule.
  static ColumnArgs FromRule(std::string_view text);

 private:
  std::vector<std::pair<std::string, std::string>> args_;
};

// A hidden column that stands before the one that needs it.
struct HelperColumn {
  std::string key, why;
  ColumnArgs args;
};

struct ColumnPlan {
  std::string key;
  const ddl::Column* column = nullptr;
  std::vector<HelperColumn> helpers;
  ColumnArgs args;
  std::string why;  // the comment
  Role role = Role::kNone;
  bool left_out = false;  // computed by the database
  bool unique = false;    // a key by itself
  bool in_key = false;    // one of a key's columns
  bool reference = false;
  bool required = false;
  int64_t parent = -1;    // reference: the parent's table
  uint64_t capacity = 0;  // how many different values there are; 0: as many as any table has rows
};

struct TablePlan {
  const ddl::Table* table = nullptr;
  std::string key, folder;
  std::vector<ColumnPlan> columns;       // as in the table
  std::vector<Domain> domains;           // by column
  uint64_t most_rows = 0;                // keys allow no more; 0: any number
  std::vector<std::string> lost_checks;  // not said by the language
  uint64_t kept_keys = 0;                // foreign keys
};

// Digits after the point in which a column's bounds are kept; dates: whole days.
int ScaleOf(const ddl::Type& type);
// Whether values are numbers, days or moments with bounds.
bool IsNumber(const ddl::Type& type);
bool IsDay(const ddl::Type& type);

// checks.cc: what the checks say, into `domains`. Contradictions are errors and make it false.
bool ReadChecks(const ddl::Catalog& catalog, TablePlan* plan, std::vector<ddl::Problem>* problems);

// references.cc: the columns of foreign keys, for all tables. `plan_of` leads from the catalog's
// tables to plans, -1 where there is none.
void PlanReferences(const std::vector<int>& plan_of, std::vector<TablePlan>* plans,
                    std::vector<ddl::Problem>* problems);

// kinds.cc: the kind of every column that is no reference.
void ChooseKinds(TablePlan* plan, std::vector<ddl::Problem>* problems);

// checks.cc: a check that is understood, but cannot be kept.
void LoseCheck(const ddl::Check& check, TablePlan* plan, std::vector<ddl::Problem>* problems);

// agree.cc: columns of one row that speak of the same person, place or time.
void MakeAgree(TablePlan* plan, std::vector<ddl::Problem>* problems);

}  // namespace synthmill::schema
