// How the importer chooses the kind of one column: by its checks, then by its name, then by its
// type. Internal to schema/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/table_plan.h"

namespace synthmill::schema {

// The fixed day of imported datasets: spec::kDefaultAsOf.
inline constexpr int64_t kAsOf = 20454;  // 2026-01-01

class KindChooser {
 public:
  KindChooser(TablePlan* table, size_t i, std::vector<ddl::Problem>* problems)
      : table_(*table),
        plan_(table->columns[i]),
        column_(*plan_.column),
        type_(column_.type),
        domain_(table->domains[i]),
        problems_(*problems) {}
  void Run();

 private:
  void Set(const char* kind, std::string why);
  const NameRule* Rule(ValueClass c, int64_t limit);

  // --- numbers ---

  // Rows are counted: keys of whole numbers by themselves, and what the database would number.
  bool Sequence();
  int Scale() const { return ScaleOf(type_); }
  // Unsigned numbers take the next wider type; 64 bits stay: what is made is positive.
  int Bits() const;
  std::string IntType() const { return "int" + std::to_string(Bits()); }
  void TypeBounds(Int128* low, Int128* high) const;
  int Precision() const;
  void Number();
  // 0.50 is as good as 0.5 and longer.
  static std::string Trimmed(Int128 value, int scale);
  void Bool();

  // --- lists of values ---

  bool Values();
  void Choice(const std::vector<std::string>& values, std::string why);
  void Enum();

  // --- text ---

  int64_t Limit() const;
  // By a LIKE or a regular expression, or by a length that no name's kind keeps to.
  bool Shaped();
  void Pattern(const std::string& pattern, std::string why);
  bool Regex(const std::string& regex, int64_t limit);
  void FreeText(int64_t min, int64_t max, std::string why);
  void Text(int64_t limit);
  // Values that name folders are few: the last days where the name speaks of time.
  void Folders(int64_t limit);
  void RuleChoice(const NameRule& rule, int64_t limit);
  // @hex:40, @code:10, @text:120
  void Special(const NameRule& rule, std::string_view kind, int64_t limit);
  void Lengths();

  // --- days and moments ---

  void Day();

  // --- the rest ---

  void Other();
  bool OfKey();
  // Why a rule was taken: its name; by type where there was none.
  static std::string Because(const NameRule* rule);
  void Cap(Int128 values);

  TablePlan& table_;
  ColumnPlan& plan_;
  const ddl::Column& column_;
  const ddl::Type& type_;
  const Domain& domain_;
  std::vector<ddl::Problem>& problems_;
};

}  // namespace synthmill::schema
