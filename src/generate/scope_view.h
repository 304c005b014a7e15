// A column of another table, made again for any of its rows: what references are.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "generate/scope.h"

namespace synthmill::generate {

// Made while columns are compiled, complete when all of them are (Close). Immutable from then on.
class ScopeView {
 public:
  // `texts`: the values come as texts of their own, never as codes.
  ScopeView(std::shared_ptr<const Scope> scope, int column, bool texts);
  // Finds out what has to be made.
  void Close();

  const Type& type() const { return type_; }
  const Dictionary* dictionary() const { return dictionary_; }
  bool mostly_distinct() const { return mostly_distinct_; }
  bool nullable() const { return nullable_; }
  // Of the column; nullptr: none.
  const Relation* relation() const;
  std::optional<ValueRange> range() const;

  // The values of the rows `number`. What else they are made from is kept in out's workspace, from
  // batch to batch.
  void Make(int64_t count, const uint64_t* number, Vector* out) const;
  // A vector that is kept there too, for the row numbers.
  static Vector* Scratch(Vector* out);
  static Buffer<uint64_t>* Numbers(Vector* out);

 private:
  const std::shared_ptr<const Scope> scope_;  // also of a table that is not made itself
  int column_;
  Type type_;
  const Dictionary* dictionary_;
  bool mostly_distinct_, nullable_;
  std::vector<int> order_;  // columns to make, the column itself last
};

}  // namespace synthmill::generate
