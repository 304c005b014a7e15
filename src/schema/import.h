// From a DDL's tables to a dataset file, in the language of docs/spec.md.
//
// One column a line, with the reason for its kind beside it; keys, references, rules and lengths of
// the schema are said by the language, so that what is generated keeps to them. Pure: no files are
// read or written here.
#pragma once

#include <string>
#include <vector>

#include "ddl/catalog.h"

namespace synthmill::schema {

struct ImportOptions {
  std::string dataset;  // the dataset's name; any text
  int64_t default_rows = 1000;
};

struct Imported {
  std::string text;                    // the dataset file
  std::vector<ddl::Problem> problems;  // beyond the catalog's own: what could not be kept
  uint64_t columns = 0;                // written
  uint64_t constraints = 0;            // said by the file
  bool ok() const;                     // no errors among the problems
};

Imported ImportCatalog(const ddl::Catalog& catalog, const ImportOptions& options);

// Keys (primary, unique, foreign) and checks of a table, and NOT NULLs.
uint64_t CountConstraints(const ddl::Table& table);

}  // namespace synthmill::schema
