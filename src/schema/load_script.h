// SQL that puts generated data into a database: CREATE TABLE with the keys, references and checks
// of the schema, the loading of the files, parents before children, and what must wait until then.
//
// A dialect is one file in load_dialects/ and one name in its registry.
#pragma once

#include <arrow/result.h>
#include <arrow/type.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/spec.h"

namespace synthmill::schema {

struct ScriptColumn {
  std::string name;
  std::shared_ptr<arrow::DataType> type;  // dictionaries already taken off
  bool not_null = false;
  int64_t max_length = 0;           // of text, in characters; 0: not known
  std::string sql_type;             // in the dialect of its table
  std::vector<std::string> values;  // an enum's; empty: none
};

struct ScriptReference {
  std::vector<std::string> columns, parent_columns;
  size_t parent = 0;
  bool to_key = false;  // the parent's columns are a key there
};

struct ScriptTable {
  std::string name;    // as it is meant, without quotes
  std::string folder;  // of its files
  std::string dialect;
  std::vector<ScriptColumn> columns;
  std::vector<std::string> primary_key;
  std::vector<std::vector<std::string>> unique;
  std::vector<ScriptReference> references;
  std::vector<std::string> checks;        // as they stood, in its dialect
  std::vector<std::string> partition_by;  // columns whose values are in the folders' names
  std::vector<std::string> files;         // below the folder
};

struct ScriptInput {
  std::vector<ScriptTable> tables;  // in the order of loading
  std::string dataset;
  std::string uri;     // the target
  std::string format;  // io::Format::name
  std::string extension;
  char delimiter = ',';
  bool header = true;
  std::string csv_null;
};

// The tables of a spec as its compiled schemas say them (by key; a table without one is left out).
ScriptInput MakeScriptInput(
    const spec::Spec& spec,
    const std::vector<std::pair<std::string, std::shared_ptr<arrow::Schema>>>& schemas,
    const std::vector<std::string>& folders);

struct TypeNames {
  const char *boolean, *int8, *int16, *int32, *int64, *float32, *float64;
  const char* decimal;   // with two {}; or one name for all
  const char* text;      // without a limit
  const char* varchar;   // with one {}
  int64_t most_varchar;  // longer: `text`
  const char* key_text;  // text that is a key where it has no limit
  const char *binary, *date, *time, *timestamp, *timestamp_zone, *json;
};

struct LoadDialect {
  const char* name;     // ddl::DialectName
  const char* help;     // one line
  const char* formats;  // that it loads: "csv parquet"
  const char* run;      // how it is run, for the script's head
  TypeNames types;
  char open_quote = '"', close_quote = '"';
  size_t most_name = 1000;  // bytes of an identifier
  bool bmp_names = false;   // of the basic multilingual plane only: no emoji
  enum class Keys { kEnforced, kInformational, kNone } keys = Keys::kEnforced;
  bool alter_later = true;  // ALTER TABLE … ADD FOREIGN KEY after loading; else checked by query
  bool checks = true;
  bool named = false;          // constraints get names: the database's own could be too long
  bool folders_loaded = true;  // files in folders by values, whose columns are not in the files
  bool folders_apart = false;  // PARTITIONED BY (…) beside the other columns
  const char* length;          // of text: "length({})"
  const char* head = "";       // before the tables
  std::string (*load)(const LoadDialect& dialect, const ScriptInput& input, const ScriptTable& t);
  const char* tail = "";  // after all
};

std::span<const LoadDialect* const> LoadDialects();
arrow::Result<const LoadDialect*> FindLoadDialect(std::string_view name);

std::string LoadScript(const LoadDialect& dialect, const ScriptInput& input);
bool Loads(const LoadDialect& dialect, std::string_view format);

// For the dialects' files.
std::string Quoted(const LoadDialect& dialect, std::string_view name);
std::string Literal(std::string_view text);  // '…', quotes doubled
std::string NameList(const LoadDialect& dialect, const std::vector<std::string>& names);
// What the folders of a file say of the table's partition columns, as literals: "'2026-01-01'" or
// "NULL".
std::vector<std::pair<std::string, std::string>> FolderValues(const ScriptTable& table,
                                                              const std::string& file);
std::vector<std::string> ColumnNames(const ScriptTable& table, bool with_partitions);
std::string SqlType(const LoadDialect& dialect, const ScriptTable& table,
                    const ScriptColumn& column);

}  // namespace synthmill::schema
