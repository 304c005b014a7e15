// What the parser of expressions hands to their evaluator.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spec/expr.h"

namespace synthmill::spec {

// A node of the syntax tree. Trees are small (Expr::kMaxLength) and so may be walked recursively.
struct Expr::Term {
  enum class Op {
    kLiteral,
    kName,
    kNot,
    kNegate,
    kOr,
    kAnd,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kMoveDays,   // left + count days
    kMoveYears,  // left + count years
    kMin,
    kMax,
  };
  Op op = Op::kLiteral;
  Value value;        // kLiteral
  std::string name;   // kName
  int64_t count = 0;  // kMoveDays, kMoveYears
  std::unique_ptr<const Term> left, right;
};

// The result of parsing: a tree and its names, or an error and where it is.
struct ParsedExpr {
  std::unique_ptr<const Expr::Term> root;
  std::vector<std::string> names;
  std::vector<int> name_columns;
  std::string error;
  int error_column = 0;
};

ParsedExpr ParseExprText(std::string_view text);

}  // namespace synthmill::spec
