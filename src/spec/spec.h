// A dataset file, read and checked: parameters, entities, tables, noise, truth.
//
// The structure is checked here; what a column kind or a noise kind makes of its own arguments is
// checked when the spec is compiled (generate/), which reports to the same Diagnostics.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/diagnostics.h"
#include "spec/expr.h"
#include "spec/yaml.h"

namespace synthmill::spec {

// An expression and where it stands. `text` empty: not given.
struct LocatedExpr {
  Location at;
  std::string text;
  std::optional<Expr> expr;
  bool given() const { return expr.has_value(); }
};

struct Parameter {
  enum class Type { kInt, kDecimal, kShare, kBool, kString, kDate };  // share: a decimal in 0..1
  std::string name;
  Location at;
  Type type = Type::kInt;
  LocatedExpr default_value;
  LocatedExpr min, max;              // int, decimal, share, date
  std::vector<std::string> choices;  // string; empty: any
  std::string pattern;               // string: a regular expression it must match whole; may be ""
  std::string help;
  // total_records -> total-records; a bool that is true by default is switched off by --no-NAME.
  std::string FlagName() const;
};

struct Check {
  Location at;
  LocatedExpr condition;
  bool error = true;  // else a warning
  std::string say;    // with {parameter} places
  std::vector<std::string> fixes;
};

// One column of an entity or a table. Either `of` names an entity whose column of the same name is
// carried over, or `kind` names a column kind and `args` holds its arguments.
struct Column {
  std::string name;
  Location at;
  std::string kind;
  std::string of;
  std::string output;     // its name in what is written; default: its key, `name` here
  std::string sql_type;   // as the DDL it came from says it; empty: none
  Node args;              // the whole map of the column, common keys included
  bool hidden = false;    // made for others, not written
  bool required = false;  // NOT NULL
  bool key = false;       // unique, statistics on
  bool rederive = false;  // with `of`: made again from this table's columns after noise
  LocatedExpr when;       // left out of the output unless true
  LocatedExpr null_share;
  std::vector<std::string> per;  // groups whose members share the value, applied in this order
  std::string help;
};

// A group of entity rows that share values: blocks of `size` rows, of which `share` are groups.
struct Group {
  std::string name;
  Location at;
  LocatedExpr share;
  LocatedExpr size;
  LocatedExpr stride;  // distance between the members; default 1
  LocatedExpr when;
};

struct ExactRows {
  LocatedExpr when;
  LocatedExpr rows;
  std::vector<std::string> trim;  // table keys, first to lose a row first
};

struct Entity {
  std::string key;
  Location at;
  LocatedExpr count;
  LocatedExpr first;  // number of the first row, 1-based; default 1
  std::vector<Group> groups;
  std::vector<Column> columns;
  std::optional<ExactRows> exact;
};

struct NoiseRule {
  std::string kind;  // in the noise registry
  std::string name;  // how truth and report call it; default: the kind
  Location at;
  std::vector<std::string> columns;
  std::vector<Location> columns_at;
  LocatedExpr rate;
  LocatedExpr when;  // not given: always
  Node args;         // the whole map
};

// `rows: {per: customers, min: 3, max: 9}`: so many rows for each row of another table.
struct RowsPer {
  Location at;
  std::string table;
  LocatedExpr min, max;
};

// Columns whose values together are different in every row.
struct Key {
  Location at;
  std::vector<std::string> columns;
  bool primary = false;  // its columns are never null
};

// What the DDL a table came from says of it beyond its data, for load scripts.
struct TableSql {
  std::string dialect;              // ddl::DialectName; empty: it came from none
  std::vector<std::string> name;    // schemas and its name, as they are meant, without quotes
  std::vector<std::string> checks;  // conditions as they stood
};

struct Table {
  std::string key;
  Location at;
  std::string name;  // with {parameter} places
  std::string from;  // an entity, or empty
  LocatedExpr rows;  // for a table without an entity; or:
  std::optional<RowsPer> per;
  std::vector<Key> keys;                  // of primary_key and unique
  std::vector<std::string> partition_by;  // keys of columns whose values name folders
  LocatedExpr coverage;
  struct Copies {
    int copies;
    LocatedExpr share;
  };
  std::vector<Copies> copies;   // empty: always one
  std::vector<Column> columns;  // column sets spliced in
  TableSql sql;
  bool noisy = true;             // takes part in the noise profiles
  std::vector<NoiseRule> noise;  // rules of its own, after those of the profile (unless none)
  std::string help;
};

struct Truth {
  Location at;
  std::string records_name;  // "truth_records"; empty: none
  std::vector<std::string> records_columns;
  std::map<std::string, std::string> entities;  // entity key -> table name
  std::string changes_name;                     // "truth_changes"
  std::string changes_key;                      // the column that identifies a record
};

struct Spec {
  std::string file;  // as given, for messages
  std::string text;  // the source, byte for byte
  std::string dataset;
  std::string title;
  std::string help;
  int64_t as_of = 0;  // days since 1970-01-01
  std::vector<Parameter> parameters;
  std::vector<Check> checks;
  std::vector<Entity> entities;
  std::vector<Table> tables;
  std::map<std::string, std::vector<NoiseRule>> noise_profiles;  // `use:` already spliced in
  std::string default_noise;  // the first profile of the file; "none" always exists
  std::optional<Truth> truth;
  std::vector<std::string> examples;  // command lines shown by --help
  // The dataset's own lists: name -> path of a CSV file relative to the spec file, and its place.
  std::map<std::string, std::pair<std::string, Location>> lists;

  const Entity* FindEntity(std::string_view key) const;
  const Table* FindTable(std::string_view key) const;
  const Parameter* FindParameter(std::string_view name) const;
};

// Keys that every column and every noise rule may have; all others are its kind's (for
// Args::RejectUnknown).
std::span<const std::string> CommonColumnKeys();
std::span<const std::string> CommonNoiseKeys();

// Where a file does not say: a fixed day, so that a run does not depend on the day it is made.
inline constexpr std::string_view kDefaultAsOf = "2026-01-01";

// Reads and checks. All errors of the file are in `diagnostics`; the spec is usable only if it is
// ok.
// `file` is used in messages only.
Spec ParseSpec(std::string_view file, std::string_view text, Diagnostics* diagnostics);

// Parameters as given on the command line or by the caller, unparsed.
using GivenParameters = std::map<std::string, std::string, std::less<>>;

struct Resolved {
  Environment env;                    // every parameter, and as_of (a date), noise, seed
  std::vector<std::string> warnings;  // of `checks:` with severity warning, interpolated
};

// How whole numbers may be given, for help texts. Dates are given as 2026-01-01, bools as true or
// false (yes, no, on, off, 1, 0), shares and decimals as 0.25.
inline constexpr std::string_view kWholeNumberForms = "1000000, 1_000_000, 10k, 1.5M, 2B or 1e6";

// Evaluates defaults in order of dependency, checks types, limits, choices and `checks:`.
// Errors name the parameter's flag, the value, the limit, and the fixes of a check.
arrow::Result<Resolved> ResolveParameters(const Spec& spec, const GivenParameters& given,
                                          std::optional<int64_t> as_of, std::string noise,
                                          int64_t seed);

}  // namespace synthmill::spec
