// What is left of DDL in a dataset file (`sql:` of its tables and columns), read again.
#pragma once

#include <arrow/type.h>

#include <map>
#include <string>
#include <vector>

#include "core/value_limits.h"
#include "ddl/catalog.h"
#include "spec/spec.h"

namespace synthmill::schema {

// The rules of a check as it stood in a dialect (ddl::DialectName), about these columns. Empty: it
// is not understood.
std::vector<ddl::Rule> StoredRules(const std::string& dialect,
                                   const std::vector<std::string>& columns,
                                   const std::string& check);

// What types and checks say of the columns of a table that came from DDL, by output name: lengths,
// ranges and lists of values. Patterns and comparisons of two columns are not among it.
std::map<std::string, core::ValueLimits> StoredLimits(const spec::Table& table,
                                                      const arrow::Schema& schema);

}  // namespace synthmill::schema
