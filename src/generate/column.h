// What a column kind is: an entry in the registry that compiles a column of a spec into something
// that fills vectors. A new kind is one file in columns/ and one line in columns/registry.cc.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bits.h"
#include "core/popularity.h"
#include "generate/list.h"
#include "generate/row_deal.h"
#include "generate/table_facts.h"
#include "generate/vector.h"
#include "spec/args.h"

namespace synthmill::generate {

// The rows a batch asks for. `hash` is core::RowHash of the row (or of the first member of its
// group), what streams are asked with; `number` is the row number itself, for ids.
struct Rows {
  int64_t count = 0;
  const uint64_t* number = nullptr;
  const uint64_t* hash = nullptr;
};

using Inputs = std::span<const Vector* const>;

// The least and the greatest value a column of numbers, dates or times may take, in units of its
// type: 10^-scale, days, microseconds.
struct ValueRange {
  Int128 min = 0, max = 0;
};

// What a column has to do with another table.
struct Relation {
  std::string table;
  std::string column = {};  // of a reference: whose values it has; else row numbers of the table
  bool drawn = false;       // a reference that draws its row itself (`domain` then counts rows)
  bool owner = false;       // the row is the one that this row belongs to
  bool position = false;    // not that: the place of this row among its owner's
  // Of a `parent`: how the table's rows are dealt to the parents, where that goes both ways.
  std::shared_ptr<const RowDeal> deal = nullptr;
  // Of a `parent` among the rows that share another parent: in which column of this table that one
  // stands, in which of theirs, and how theirs are dealt to it (where each has one).
  std::string same = {}, theirs = {};
  std::shared_ptr<const RowDeal> same_deal = nullptr;
};

// A compiled column. Immutable; Fill may run on many threads at once.
class Column {
 public:
  virtual ~Column() = default;
  // Fills out[0..rows.count) from the rows and from the columns it was compiled with, in the order
  // in which it asked for them. Must Start() the vector. One virtual call per column and batch.
  virtual void Fill(const Rows& rows, Inputs inputs, Vector* out) const = 0;
  // Where the values come from if they are codes.
  virtual const Dictionary* dictionary() const { return nullptr; }
  const Type& type() const { return type_; }
  // Columns whose possible values can be counted off: how many there are, all different (0: they
  // cannot), and, by FillAt, those with the numbers index[0..n), each below that count. So a key
  // can be made from a bijection of row numbers. Kinds with inputs have none.
  virtual uint64_t domain() const { return 0; }
  virtual void FillAt(const uint64_t* index, int64_t n, Vector* out) const {
    (void)index, (void)n, (void)out;
  }
  // Nothing where it is not known.
  virtual std::optional<ValueRange> range() const { return std::nullopt; }
  // No text is longer, in bytes; 0: not known.
  virtual uint32_t longest() const { return dictionary() ? dictionary()->longest() : 0; }
  // Whether it makes nulls of its own.
  virtual bool may_be_null() const { return false; }
  // Whether a null among its inputs makes a null.
  virtual bool passes_nulls() const { return false; }
  // nullptr: none.
  virtual const Relation* relation() const { return nullptr; }
  // What draws rows of a parent, some more than others: which, for keys that keep it so. Each rank
  // counts for `parts`. Nothing where all are alike.
  virtual std::optional<core::Popularity> popularity(uint64_t parts) const {
    (void)parts;
    return std::nullopt;
  }
  // The first so many rows all have different values; 0: nothing is promised.
  virtual uint64_t distinct_rows() const { return 0; }
  // Where its text is cut to a length: the column before that, which it gives away; else nullptr.
  virtual std::unique_ptr<Column> ReleaseUncut() { return nullptr; }
  // Text that may be made unique by an end of its own: not where values are one of a closed set.
  virtual bool takes_ending() const { return type_.text() && domain() == 0; }
  // Text of which nearly every value differs: not worth a dictionary in a file.
  virtual bool mostly_distinct() const { return type_.text() && dictionary() == nullptr; }

 protected:
  Type type_;
};

// A column that is already compiled, as an input of another.
struct Input {
  std::string name;
  const Column* column = nullptr;
};

// A column inside another one's values, with its share of nulls.
struct NestedColumn {
  std::unique_ptr<Column> column;
  core::Stream null_stream;
  uint64_t null_threshold = 0;
  void Fill(const Rows& rows, Vector* out) const;
};

class ScopeView;  // generate/scope_view.h

// What a kind may ask for while it compiles a column.
class ColumnContext {
 public:
  virtual ~ColumnContext() = default;
  // The column's own arguments.
  virtual const spec::Args& args() const = 0;
  // The column's stream of bits.
  virtual core::Stream stream() const = 0;
  // A stream shared by all columns of this name in the dataset, for ids unique over tables.
  virtual core::Stream shared_stream() const = 0;
  // A hash of the table or entity the column belongs to.
  virtual uint64_t scope_hash() const = 0;
  // Compiles a column that is not one of the table's: the item of a list, a field of a struct.
  // `path` names its stream within this column's. Its inputs may not be other columns. Returns
  // nullptr after errors.
  virtual std::unique_ptr<NestedColumn> CompileNested(const spec::Node& node,
                                                      const std::string& path) = 0;
  // Compiles the column `name` of the same table or entity and makes it the next input. Reports an
  // unknown name (with a suggestion) or a cycle at `at` and returns nullptr.
  virtual const Input* Use(const std::string& name, spec::Location at) = 0;
  // The table the column belongs to; nullptr where its rows are not counted by themselves (entities
  // and what is drawn from them, and values inside other values).
  virtual const TableFacts* table() const { return nullptr; }
  // A table without an entity; nullptr after reporting that there is none.
  virtual const TableFacts* FindTable(const std::string& name, spec::Location at);
  // A column of a table that FindTable has found, compiled, to be made for any of its rows; nullptr
  // after errors.
  virtual const ScopeView* View(const std::string& table, const std::string& column,
                                spec::Location at);
  // A list by name, or nullptr after reporting that there is none.
  virtual std::shared_ptr<const List> FindList(const std::string& name, spec::Location at) = 0;
  // Keeps a dictionary as long as the program; equal contents are shared.
  virtual const Dictionary* Keep(const std::vector<std::string>& values) = 0;
};

struct ArgDoc {
  const char* name;
  const char* help;
};

struct ColumnKind {
  const char* name;
  const char* help;     // one line
  const char* example;  // a column of a spec: `{kind: int, min: 1, max: 6}`
  std::vector<ArgDoc> args;
  // Errors are reported through context.args(); returns nullptr then.
  std::unique_ptr<Column> (*compile)(ColumnContext& context);
};

// All kinds, in the order of the documentation.
std::span<const ColumnKind* const> ColumnKinds();
const ColumnKind* FindColumnKind(std::string_view name);

}  // namespace synthmill::generate
