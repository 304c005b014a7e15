// The columns of one entity or table, compiled: in which order they are made, from what, for which
// rows.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "generate/column.h"
#include "spec/spec.h"

namespace synthmill::generate {

struct ScopeColumn {
  const spec::Column* spec = nullptr;
  std::unique_ptr<Column> column;  // nullptr: carried over from the entity
  int entity_column = -1;          // carried over: its index there
  std::vector<int> inputs;         // indices in the same scope
  int view = 0;                    // which hash of a row it asks for, see Groups
  core::Stream null_stream;
  uint64_t null_threshold = 0;
  Type type;
  const Dictionary* dictionary = nullptr;
  bool mostly_distinct = false;
  bool nullable = false;  // may be null, noise aside
  bool output = false;    // written, unless hidden or switched off by `when`
};

// Groups of rows that share values. A view is a list of groups applied one after the other; view 0
// is the row itself.
class Groups {
 public:
  struct Group {
    std::string name;
    core::Stream stream;
    uint64_t threshold = 0;
    uint64_t size = 1, stride = 1;
    uint64_t Head(uint64_t row) const;
  };
  std::vector<Group> groups;
  std::vector<std::vector<int>> views = {{}};

  int View(const std::vector<std::string>& names);  // -1 if a name is unknown
  // The row whose bits row `row` uses in a view.
  uint64_t Resolve(int view, uint64_t row) const {
    for (int g : views[static_cast<size_t>(view)]) row = groups[static_cast<size_t>(g)].Head(row);
    return row;
  }
};

struct Scope {
  std::vector<ScopeColumn> columns;  // as in the spec
  std::vector<int> order;            // indices, inputs before what uses them
  Groups groups;

  int Find(std::string_view name) const;
  // Adds to `needed` everything that the columns in it are made from.
  void Close(std::vector<bool>* needed) const;
  // Makes column c. `hashes[view]` are the rows' hashes; `vectors` holds the inputs, and the
  // result.
  void Make(int c, int64_t count, const uint64_t* number,
            const std::vector<const uint64_t*>& hashes, std::vector<Vector>* vectors) const;
};

class Relations;  // generate/relations.h

// What compiling needs to know of the whole program.
struct CompileState {
  uint64_t seed = 0;
  const spec::Environment* env = nullptr;
  spec::Diagnostics* diagnostics = nullptr;
  Lists* lists = nullptr;
  std::vector<std::unique_ptr<Dictionary>>* dictionaries = nullptr;
  Relations* relations = nullptr;
  std::map<std::vector<std::string>, const Dictionary*> kept;

  const Dictionary* Keep(const std::vector<std::string>& values);
  std::shared_ptr<const List> FindList(const std::string& name, spec::Location at);
  // Evaluates to a share in parts per 10^9, to a count, to a truth value; reports what is wrong.
  int64_t Share(const spec::LocatedExpr& e, int64_t fallback, const char* what);
  int64_t Count(const spec::LocatedExpr& e, int64_t fallback, int64_t min, const char* what);
  bool When(const spec::LocatedExpr& e);
};

// Keys of a column that are the language's, not the kind's.
std::span<const std::string> CommonKindKeys();

// Compiles the columns of an entity (`entity` null), of a table drawn from `entity`, or of a table
// without one (`table` says which), all at once or as they are asked for. What it was given must
// outlive it.
class ScopeBuilder {
 public:
  enum class Outcome { kDone, kRunning, kFailed };  // kRunning: the column is made from itself
  virtual ~ScopeBuilder() = default;
  virtual Outcome Compile(int column) = 0;
  virtual void CompileAll() = 0;
  // From the beginning on; its columns are filled in one by one.
  virtual const std::shared_ptr<Scope>& scope() const = 0;
};

// `key` is what streams are named after: "e/customer", "t/crm".
std::unique_ptr<ScopeBuilder> MakeScopeBuilder(CompileState* state, const std::string& key,
                                               const std::vector<spec::Column>& columns,
                                               const std::vector<spec::Group>& groups,
                                               const Scope* entity, const TableFacts* table);

}  // namespace synthmill::generate
