// Reads DDL of many dialects into a Catalog: a tolerant lexer and recursive descent.
//
// Statement by statement: what is no CREATE TABLE, ALTER TABLE … ADD CONSTRAINT, COMMENT ON, CREATE
// TYPE … AS ENUM or CREATE DOMAIN is read around and counted. A table that cannot be read is a
// Problem with its place; the others are imported all the same. Never loses anything silently.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ddl/catalog.h"

namespace synthmill::ddl {

struct Source {
  std::string file;  // for messages
  std::string text;
};

struct ReadOptions {
  std::optional<Dialect> dialect;  // not given: decided statement by statement
};

Catalog ReadDdl(std::vector<Source> sources, const ReadOptions& options = {});

// "postgres", "redshift", "mysql", …; nullopt for an unknown name.
std::optional<Dialect> ParseDialect(std::string_view name);
const char* DialectName(Dialect dialect);
std::vector<std::string> DialectNames();

// file:line:column: error: message, the line and a caret, the hint.
std::string RenderProblem(const Catalog& catalog, const Problem& problem);

}  // namespace synthmill::ddl
