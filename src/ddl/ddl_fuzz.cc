// Feeds arbitrary bytes to the DDL reader, guessing the dialect and with one named by the first
// byte; whatever it reads must hang together. Corpus: tests/fuzz/corpus/ddl.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ddl/reader.h"

namespace synthmill::ddl {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckKey(const Table& table, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) Require(table.Find(column) >= 0);
}

void MustHangTogether(const Catalog& catalog) {
  for (const Table& table : catalog.tables) {
    Require(!table.name.empty() && !table.columns.empty());
    CheckKey(table, table.primary_key.columns);
    CheckKey(table, table.partition_by);
    for (const Key& key : table.unique) CheckKey(table, key.columns);
    for (const Check& check : table.checks)
      for (const Rule& rule : check.rules)
        if (rule.kind != Rule::Kind::kOther) CheckKey(table, {rule.column});
    for (const ForeignKey& key : table.foreign_keys) {
      CheckKey(table, key.columns);
      if (key.parent < 0) continue;
      Require(static_cast<size_t>(key.parent) < catalog.tables.size());
      Require(key.columns.size() == key.parent_columns.size());
      CheckKey(catalog.tables[static_cast<size_t>(key.parent)], key.parent_columns);
    }
  }
  for (const Problem& problem : catalog.problems) Require(!RenderProblem(catalog, problem).empty());
}

}  // namespace
}  // namespace synthmill::ddl

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace synthmill::ddl;
  const std::string text(reinterpret_cast<const char*>(data), size);
  MustHangTogether(ReadDdl({{"fuzz.sql", text}}));
  if (size == 0) return 0;
  const std::vector<std::string> names = DialectNames();
  MustHangTogether(ReadDdl({{"fuzz.sql", text}}, {ParseDialect(names[data[0] % names.size()])}));
  return 0;
}
