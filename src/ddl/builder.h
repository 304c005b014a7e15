// The catalog while it grows: where tables, types and sequences are found by name, and problems
// get their place. Not thread safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ddl/catalog.h"
#include "ddl/check_rules.h"
#include "ddl/lexer.h"
#include "ddl/reader.h"

namespace synthmill::ddl {

// CREATE TYPE, CREATE DOMAIN: what a column of it gets.
struct UserType {
  Type type;
  bool not_null = false;
  Default default_value;
  std::vector<Check> checks;  // on the column VALUE
};

struct Sequence {
  int64_t start = 1, step = 1;
};

class Builder {
 public:
  // Column numbers whose types are still to be found among the user's own.
  using PendingTypes = std::vector<std::pair<size_t, Name>>;

  // A hostile or wholly foreign file must not bury the terminal, nor the memory.
  static constexpr size_t kMaxProblems = 1000;

  explicit Builder(std::vector<Source> sources);

  Catalog& catalog() { return catalog_; }
  std::string_view text(int file) const { return catalog_.texts[static_cast<size_t>(file)]; }

  void StartFile(int file);
  int file() const { return file_; }
  // Of a byte of the current file's text.
  Place PlaceOf(const char* at);
  void Error(const Token& at, std::string message, std::string hint = "");
  void Warn(const Token& at, std::string message, std::string hint = "");
  void Report(Problem::Severity severity, Place place, std::string message, std::string hint = "");
  void CountSkipped(std::string_view kind, const char* at);

  // By name as databases do: letters' case does not count; a qualifier only where both have one.
  // -1: none. Among several, the one with the same qualifier, then the one of the same spelling.
  int FindTable(const Name& name) const;
  // False (with an error) if a table of that name is there.
  void AddTable(Table table, const Token& at);
  // Forgets a table; the others keep their numbers until Finish().
  void RemoveTable(int index);

  // The table is found under its new name from now on.
  void Rename(const Name& from, const Name& to);

  void AddType(const Name& name, UserType type);
  void AddLabel(const Name& type, std::string label);
  const UserType* FindType(const Name& name) const;
  void AddSequence(const Name& name, Sequence sequence);
  const Sequence* FindSequence(std::string_view name) const;

  // The name of `column` as the table spells it; empty: it has none such.
  static std::string Spelling(const Table& table, std::string_view column);

  PendingTypes& pending_types(size_t table) { return pending_[table]; }
  // Columns that LIKE, INHERITS and PARTITION OF may still copy, so that a small file cannot ask
  // for all memory. False: too many.
  bool TakeCopies(size_t columns);

  // All statements are read: resolves types, keys and references, reports what hangs in the air.
  void Finish();
  Catalog Take() { return std::move(catalog_); }

 private:
  void Compact();
  void ResolveTypes();
  void ResolveChecks();
  void ResolveForeignKeys();

  Catalog catalog_;
  int file_ = 0;
  std::vector<std::vector<size_t>> line_starts_;  // by file, made when first needed
  size_t dropped_errors_ = 0, dropped_warnings_ = 0;
  std::unordered_map<std::string, std::vector<int>> tables_by_name_;  // lower case
  std::unordered_map<std::string, int> tables_by_full_name_;          // with the qualifier
  std::unordered_map<std::string, UserType> types_;
  std::unordered_map<std::string, Sequence> sequences_;
  std::unordered_map<std::string, size_t> skipped_;
  std::unordered_map<size_t, PendingTypes> pending_;
  std::vector<int> removed_;
  size_t copies_left_ = 1000000;
};

}  // namespace synthmill::ddl
