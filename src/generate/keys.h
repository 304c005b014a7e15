// Keys that hold by construction: the columns of a primary key or a unique constraint get values
// that differ in every row of the table, whatever parts it is made in.
//
// A row number goes through a keyed bijection into the product of the columns' domains; its digits
// in mixed radix say which value each column takes. References of which some rows are taken more
// often than others keep that: their rows are dealt out, and what each meets differs. Where nothing
// can be counted off but text may grow, one column gets an end that differs in every row.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "generate/key_codes.h"
#include "generate/relations.h"

namespace synthmill::generate {

class KeyMaker {
 public:
  // All columns of the table's keys are compiled.
  KeyMaker(CompileState* state, const Relations* relations, const spec::Table* table,
           const TableFacts* facts, Scope* scope)
      : state_(state), relations_(relations), table_(table), facts_(facts), scope_(scope) {}

  // Wraps the columns that have to change; reports the keys that cannot be made, with figures.
  void Run();

 private:
  using Columns = std::vector<int>;  // sorted

  ScopeColumn& column(int c) { return scope_->columns[static_cast<size_t>(c)]; }
  const std::string& NameOf(int c) { return column(c).spec->name; }
  // The columns a key's values hang on: a reference's parent column in place of the reference.
  Columns Deciding(const spec::Key& key);
  bool Holds(const Columns& columns);
  void Make(const spec::Key& key);
  // Three ways to make the columns differ, in all rows or among those of one parent (`group`).
  void Count(const Columns& free, std::shared_ptr<const RowDeal> group);
  void Pick(const Columns& free, std::shared_ptr<const RowDeal> group);
  bool Combine(const Columns& deciding, const Columns& own);
  void Digits(const Columns& order, const KeyCodePtr& code, const std::vector<uint64_t>& radix,
              uint64_t divisor, uint64_t alone);
  std::vector<uint64_t> Radices(const Columns& order, uint64_t most);
  void Whole(int c, const KeyCodePtr& code);
  Columns BySize(Columns columns);
  core::Stream StreamOf(const Columns& columns, const std::string& what);
  bool AddEnd(int c, const std::string& what, spec::Location at);
  void Refuse(const spec::Key& key, const Columns& deciding, const Columns& free, uint64_t wanted);

  CompileState* state_;
  const Relations* relations_;
  const spec::Table* table_;
  const TableFacts* facts_;
  Scope* scope_;
  std::set<int> taken_;        // columns whose values a key decides already
  std::vector<Columns> made_;  // keys that hold
  std::string lacking_;        // why Combine had to refuse
};

}  // namespace synthmill::generate
