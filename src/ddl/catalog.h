// What a DDL file says: tables, columns, types, constraints, in one form for all dialects.
//
// The reader (ddl/reader.h) makes a Catalog, schema/ turns it into a dataset. Names are kept as
// they are meant (quotes removed, escapes resolved) together with whether they were quoted; nothing
// here is safe to be pasted into SQL or a path without quoting. Plain data; no thread rules.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spec/diagnostics.h"

namespace synthmill::ddl {

enum class Dialect {
  kAnsi,
  kPostgres,
  kRedshift,
  kMySql,  // and MariaDB
  kSqlite,
  kSqlServer,
  kOracle,
  kDb2,
  kHive,  // and Spark SQL, Databricks
  kBigQuery,
  kSnowflake,
};

// Where something stands: an index into Catalog::files, and line and column there (from 1).
struct Place {
  int file = 0;
  spec::Location at;
};

struct Name {
  std::vector<std::string> qualifier;  // catalog, schema; outermost first
  std::string text;
  bool quoted = false;
  bool empty() const { return text.empty(); }
};

struct Type {
  enum class Kind {
    kUnknown,  // `text` says what stood there; it is reported
    kBool,
    kInt,      // `bits` 8, 16, 24, 32, 64; is_unsigned
    kDecimal,  // precision, scale (-1: not given; `bits` 0)
    kFloat,    // `bits` 32, 64
    kText,     // length in characters or bytes (length_in_bytes), -1: no limit; fixed: CHAR(n)
    kBinary,   // length in bytes, -1: no limit; fixed: BINARY(n)
    kBits,     // BIT(n), BIT VARYING(n): length
    kDate,
    kTime,       // precision: digits of the second; with_zone
    kTimestamp,  // precision: digits of the second; with_zone
    kInterval,
    kYear,
    kUuid,
    kJson,
    kXml,
    kEnum,      // labels; set: any subset of them (MySQL SET)
    kArray,     // children[0]
    kMap,       // children[0], children[1]
    kStruct,    // children, field_names
    kNetwork,   // INET, CIDR, MACADDR: `text` says which
    kGeometry,  // points, polygons: made as WKT
  };
  Kind kind = Kind::kUnknown;
  std::string text;  // as written, spaces folded: "varchar(20)"
  int bits = 0;
  bool is_unsigned = false;
  int64_t length = -1;
  bool length_in_bytes = false;
  bool fixed = false;
  int precision = -1, scale = -1;
  bool with_zone = false;
  bool set = false;
  std::vector<std::string> labels;
  std::vector<Type> children;
  std::vector<std::string> field_names;
  std::string domain;  // the name of the domain or enum type it came from; empty: none
};

// One conjunct of a CHECK, as far as it is understood; bounds and values are literal texts, without
// quotes, as they stood.
struct Rule {
  enum class Kind {
    kRange,  // column between min and max; either may be empty (open); *_open: the bound itself is
             // excluded
    kIn,     // column is one of values (op "changed": UPPER(column), TRIM(column) or so is)
    kNotIn,  // column is none of values
    kCompare,  // column `op` other; op one of < <= > >= = <>
    kLength,   // length of column between min and max, whole numbers (op: as of kIn)
    kPattern,  // column matches: LIKE (op "like") or a regular expression (op "regex"); values[0]
    kNotNull,
    kOther,  // not understood: kept as text and reported
  };
  Kind kind = Kind::kOther;
  std::string column, other, op;
  std::string min, max;
  bool min_open = false, max_open = false;
  bool quoted = false;  // the literals stood in quotes (text, dates)
  // A bound is the current date or a distance from it: "now", "now-18y", "now+3m", "now-90d".
  bool relative = false;
  // Of alternatives (a OR b) one, so that it says more than the check does.
  bool narrowed = false;
  std::vector<std::string> values;
};

struct Check {
  std::string name;
  std::string text;         // the whole condition, as written, spaces folded
  std::vector<Rule> rules;  // all of them must hold
  Place place;
};

struct Default {
  enum class Kind { kNone, kNull, kLiteral, kNow, kOther };  // kNow: current date or time
  Kind kind = Kind::kNone;
  std::string value;  // the literal without quotes; kOther: the expression as written
  bool quoted = false;
};

struct Column {
  Name name;
  Type type;
  bool not_null = false;
  bool identity = false;  // serial, identity, auto_increment: numbered by the database
  int64_t identity_start = 1, identity_step = 1;
  bool generated = false;  // GENERATED ALWAYS AS (expression): computed by the database
  std::string generated_as;
  bool partition = false;  // Hive and Spark: PARTITIONED BY
  Default default_value;
  std::string comment;
  Place place;
};

struct Key {
  std::string name;
  std::vector<std::string> columns;  // as spelt in the table's column list
  Place place;
};

struct ForeignKey {
  std::string name;
  std::vector<std::string> columns;
  Name table;                               // the parent
  int parent = -1;                          // index into Catalog::tables, -1: not there (reported)
  std::vector<std::string> parent_columns;  // resolved: the parent's primary key if none were given
  Place place;
};

struct Table {
  Name name;
  Dialect dialect = Dialect::kAnsi;  // of its statement
  std::vector<Column> columns;
  Key primary_key;  // empty columns: none
  std::vector<Key> unique;
  std::vector<ForeignKey> foreign_keys;
  std::vector<Check> checks;
  std::vector<std::string> partition_by;  // names; these columns are in `columns`, too
  std::string comment;
  Place place;

  int Find(const std::string& column) const {  // exact; -1: none
    for (size_t i = 0; i < columns.size(); ++i)
      if (columns[i].name.text == column) return static_cast<int>(i);
    return -1;
  }
};

// A statement, a table or a clause that was not read.
struct Problem {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  Place place;
  std::string message, hint;
};

struct SkippedStatements {
  std::string kind;  // "INSERT", "CREATE PROCEDURE", "GO", …
  uint64_t count = 0;
  Place first;
};

struct Catalog {
  std::vector<std::string> files;          // names as given
  std::vector<std::string> texts;          // the source of each, for carets
  std::vector<Table> tables;               // in the order of their statements
  std::vector<Problem> problems;           // errors: something was not imported
  std::vector<SkippedStatements> skipped;  // read around; counted
  uint64_t tables_there = 0;               // CREATE TABLE statements met, read or not

  bool ok() const {
    for (const Problem& p : problems)
      if (p.severity == Problem::Severity::kError) return false;
    return true;
  }
};

}  // namespace synthmill::ddl
