// What a parameter takes for a value.
#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>

#include "spec/spec.h"

namespace synthmill::spec {

// The type of the parameter's values in expressions.
Value::Type ValueType(Parameter::Type type);

// The value as a person gives it. Invalid with what stands after the flag's name and a colon, such
// as "'12x' is not a whole number".
arrow::Result<Value> ParseGiven(const Parameter& parameter, std::string_view text);

// What is wrong with a value of the right type, leaving min and max aside: "must be within 0 and 1
// (got 30)". Empty if nothing is.
std::string WrongForParameter(const Parameter& parameter, const Value& value);

}  // namespace synthmill::spec
