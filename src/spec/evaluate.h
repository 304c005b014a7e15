// Expressions of a file: read from a node, evaluated to a number, date or bool, with errors that
// point into the text of the expression.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "spec/diagnostics.h"
#include "spec/expr.h"
#include "spec/spec.h"
#include "spec/yaml.h"

namespace synthmill::spec {

// The place of byte `offset` (0-based) of a scalar's text, if the scalar stands on one line as it
// is; else the place of the scalar.
Location Inside(const Node& scalar, size_t offset, const Diagnostics& diagnostics);

// Parses `node` as an expression over `names`. `what` is how messages call it ("coverage of table
// 'crm'"). Not given() if it is in error, which is reported.
LocatedExpr ReadExpr(const Node& node, std::string_view what, std::span<const std::string> names,
                     Diagnostics* diagnostics);

// The value of the expression; `fallback` if it is not given, or in error (reported).
int64_t EvaluateInt(const LocatedExpr& expr, std::string_view what, const Environment& env,
                    Diagnostics* diagnostics, int64_t fallback);
int64_t EvaluateDecimal(const LocatedExpr& expr, std::string_view what, const Environment& env,
                        Diagnostics* diagnostics, int64_t fallback);  // times 10^9
int64_t EvaluateShare(const LocatedExpr& expr, std::string_view what, const Environment& env,
                      Diagnostics* diagnostics, int64_t fallback);  // times 10^9, within 0..1
int64_t EvaluateDate(const LocatedExpr& expr, std::string_view what, const Environment& env,
                     Diagnostics* diagnostics, int64_t fallback);  // days since 1970-01-01
bool EvaluateBool(const LocatedExpr& expr, std::string_view what, const Environment& env,
                  Diagnostics* diagnostics, bool fallback);

// Turns a value into `type` where nothing is lost: whole numbers widen to decimals, and decimals
// without a fraction are whole numbers. Invalid otherwise, such as "0.5 is not a whole number".
arrow::Result<Value> Convert(const Value& value, Value::Type type);

}  // namespace synthmill::spec
