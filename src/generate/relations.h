// The tables without an entity: how many rows each has, and their columns, which may be made from
// those of other tables and are therefore compiled one by one, as they are asked for.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "generate/scope.h"
#include "generate/scope_view.h"
#include "generate/table_facts.h"
#include "spec/row_counts.h"

namespace synthmill::generate {

class Relations {
 public:
  // Counts the rows of all tables; errors go to the state's diagnostics. `resolved` and `spec`
  // must outlive it.
  Relations(CompileState* state, const spec::Spec& spec);

  // Replaces what the file says of rows. The error names the flag.
  arrow::Status Override(const std::vector<spec::RowsOverride>& rows);
  void CountRows();

  // nullptr: no such table, or one drawn from an entity.
  const TableFacts* Find(std::string_view key) const;
  // The same, an unknown name reported at `at`.
  const TableFacts* Find(const std::string& key, spec::Location at) const;
  // Compiles all columns of a table.
  std::shared_ptr<const Scope> CompileAll(const std::string& key);
  // Compiles one column (and what it is made from) of a table that is known; nullptr after errors.
  // `what` is the column that asks, for messages.
  const ScopeView* View(const std::string& table, const std::string& column,
                        const std::string& what, spec::Location at);
  // Makes the keys of all tables hold; once all columns are compiled that anybody asks for.
  void MakeKeys();
  // Whether these columns of a table are different in each of its rows, by its keys or its kinds.
  bool Identifies(const std::string& table, const std::vector<std::string>& columns) const;
  // The compiled columns of a table that are `columns` of the row its column `parent` points to.
  std::vector<std::string> Through(const std::string& table, const std::string& parent,
                                   const std::vector<std::string>& columns) const;
  // After that.
  std::vector<std::unique_ptr<ScopeView>> CloseViews();

 private:
  enum class Progress : char { kNone, kRunning, kDone };
  struct Table {
    const spec::Table* spec = nullptr;
    TableFacts facts;
    Progress counted = Progress::kNone;
    spec::RowsOverride rows;  // `text` empty: none
    std::unique_ptr<ScopeBuilder> builder;
  };

  std::string OutputName(const spec::Table& table) const;
  arrow::Status FindParent(Table* table);
  bool Count(Table* table);
  void CountPerParent(Table* table);
  ScopeBuilder* Builder(Table* table);

  CompileState* state_;
  const spec::Spec& spec_;
  std::map<std::string, Table, std::less<>> tables_;  // by key
  std::vector<std::unique_ptr<ScopeView>> views_;
  int depth_ = 0;
};

}  // namespace synthmill::generate
