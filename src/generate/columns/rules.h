// Rules between columns: at_least, at_most, more_than and less_than another column, kept by drawing
// from what they leave of the column's range.
#pragma once

#include <string>
#include <vector>

#include "generate/columns/kinds.h"

namespace synthmill::generate {

inline constexpr ArgDoc kRuleDocs[] = {
    {"at_least", "a column, or a list of columns, that this one is never below"},
    {"at_most", "columns that it is never above"},
    {"more_than", "columns that it is always above"},
    {"less_than", "columns that it is always below"}};

class Rules {
 public:
  bool empty() const { return bounds_.empty(); }
  // Reads the rules of a column of this type whose values lie on range.min + n * step; the columns
  // named become inputs, from place `inputs->size()` on. A rule that the two ranges do not always
  // allow is an error. False after errors.
  bool Read(ColumnContext& context, const Type& type, ValueRange range, Int128 step,
            std::vector<const Input*>* inputs);
  // Narrows low..high to what the rules leave in row i. A null rules nothing out.
  void Narrow(Inputs inputs, int64_t i, Int128* low, Int128* high) const;
  // Whether a value keeps them.
  bool Allow(Inputs inputs, int64_t i, Int128 value) const;
  // Whether the column is kept at or above (`lower`) or at or below the named one.
  bool Binds(const std::string& name, bool lower) const;

 private:
  struct Bound {
    size_t input;
    bool lower, strict, wide;
    Int128 multiply, divide;  // from the input's unit to the column's
    std::string name;

    Int128 At(Inputs inputs, int64_t i) const;
    Int128 Convert(Int128 value) const;  // the least or the greatest value allowed
  };
  std::vector<Bound> bounds_;
};

// A column that keeps to rules.
class RuledColumn : public Column {
 public:
  const Rules& rules() const { return rules_; }

 protected:
  Rules rules_;
};

// `docs` and those of the rules.
std::vector<ArgDoc> WithRules(std::vector<ArgDoc> docs);

}  // namespace synthmill::generate
