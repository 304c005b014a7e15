// Arrow schemas as Hive tables, and how a table that is there differs from the one wanted.
#pragma once

#include <arrow/result.h>
#include <arrow/type.h>

#include <memory>
#include <string>
#include <vector>

#include "io/hive/metastore.h"

namespace synthmill::io::hive {

// "array<struct<a:int,b:decimal(10,2)>>"; an error for a type that Hive has not.
arrow::Result<std::string> HiveType(const arrow::DataType& type);
// Its inverse, for reading tables; timestamps have no zone. varchar and char are strings.
arrow::Result<std::shared_ptr<arrow::DataType>> ArrowType(const std::string& hive_type);
arrow::Result<std::shared_ptr<arrow::Schema>> ArrowSchema(const std::vector<HiveColumn>& columns);

// Letters, digits and _ only, in lower case: what a metastore takes as a table's name.
arrow::Result<std::string> HiveTableName(const std::string& name);

// All columns of `schema` but those in `keys`. Errors name the column: a type Hive has not, or two
// names that differ only in case.
arrow::Result<std::vector<HiveColumn>> HiveColumns(const arrow::Schema& schema,
                                                   const std::vector<HiveColumn>& keys);

// One line for each difference that keeps `wanted`'s files from being read as `there`; empty: none.
std::vector<std::string> TableDifferences(const HiveTable& there, const HiveTable& wanted);

}  // namespace synthmill::io::hive
