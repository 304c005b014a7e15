// The older form of a table in YAML: one key `data`, a list of columns with eight keys each
// (data_type, generator, length, name, not_null, precision, primary_key, unique). Read as a catalog
// of one table, so that all that is true of DDL is true of it; and written.
#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>

#include "ddl/catalog.h"
#include "spec/diagnostics.h"

namespace synthmill::schema {

// Whether a YAML text is meant in this form: its only key, or its first, is `data`.
bool IsColumnsOnly(std::string_view text);

// `table` is the table's name (the form has none: a file's name). Errors go to `diagnostics`.
ddl::Catalog ReadColumnsOnly(const std::string& file, std::string_view text,
                             const std::string& table, spec::Diagnostics* diagnostics);

std::string WriteColumnsOnly(const ddl::Table& table);

}  // namespace synthmill::schema
