// A table's columns as Delta has them, and what they are in its files.
//
//   Delta has no        in its files
//   time                string, 23:59:59.123456
//   decimals above 38   string
//   timestamp without   timestamp (adjusted to UTC): the type without a zone would need reader 3
//     a zone            and writer 7
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::delta {

// The type a column has in the files of a Delta table; dictionaries stay.
std::shared_ptr<arrow::DataType> StoredType(const std::shared_ptr<arrow::DataType>& type);
std::shared_ptr<arrow::Schema> StoredSchema(const arrow::Schema& schema);

// Errors for names that tables without column mapping cannot have: names with one of ' ,;{}()=',
// tab or line end, and names that differ in case only.
arrow::Status CheckNames(const arrow::Schema& schema);

// {"type":"struct","fields":[…]}; the columns as stored.
arrow::Result<std::string> SchemaToDelta(const arrow::Schema& schema);
// Types that are not known are errors that name the column.
arrow::Result<std::shared_ptr<arrow::Schema>> SchemaFromDelta(std::string_view json);

// How the rows of `mine` do not fit a table of `theirs` (both in Delta's JSON), a line for each
// column; none: they fit. The order of columns is of no matter.
arrow::Result<std::vector<std::string>> SchemaDifferences(std::string_view theirs,
                                                          std::string_view mine);

// Names of features of columns that writers must keep to: "generated columns", …; by column.
arrow::Result<std::vector<std::string>> ColumnFeatures(std::string_view json);

// The names are passed over: equal types, nullability and order.
arrow::Result<bool> SameSchema(std::string_view a, std::string_view b);

}  // namespace synthmill::io::delta
