#include <array>
#include <unordered_map>

#include "ddl/dialect.h"
#include "ddl/dialects/common_types.h"
#include "ddl/reader.h"

namespace synthmill::ddl {

extern const DialectEntry kAnsi, kPostgres, kRedshift, kMySql, kSqlite, kSqlServer, kOracle, kDb2,
    kHive, kBigQuery, kSnowflake;

const std::vector<const DialectEntry*>& Dialects() {
  static const std::vector<const DialectEntry*> entries = {
      &kAnsi,   &kPostgres, &kRedshift, &kMySql,    &kSqlite,    &kSqlServer,
      &kOracle, &kDb2,      &kHive,     &kBigQuery, &kSnowflake,
  };
  return entries;
}

const DialectEntry& EntryOf(Dialect dialect) {
  for (const DialectEntry* entry : Dialects())
    if (entry->dialect == dialect) return *entry;
  return kAnsi;
}

const TypeWord* FindTypeWord(const DialectEntry& entry, std::string_view word) {
  using Index = std::unordered_map<std::string_view, const TypeWord*>;
  static const auto* const indexes = [] {
    auto* all = new std::array<Index, 16>;
    for (const DialectEntry* dialect : Dialects()) {
      Index& index = (*all)[static_cast<size_t>(dialect->dialect)];
      for (const TypeWord& type : dialect->types) index.emplace(type.word, &type);
      for (const TypeWord& type : CommonTypeWords()) index.emplace(type.word, &type);
    }
    // A word of one dialect is understood in all others, too: people mix them up.
    for (const DialectEntry* dialect : Dialects())
      for (const DialectEntry* other : Dialects())
        for (const TypeWord& type : other->types)
          (*all)[static_cast<size_t>(dialect->dialect)].emplace(type.word, &type);
    return all;
  }();
  std::array<char, 32> upper;
  if (word.size() > upper.size()) return nullptr;
  for (size_t i = 0; i < word.size(); ++i) upper[i] = UpperAscii(word[i]);
  const Index& index = (*indexes)[static_cast<size_t>(entry.dialect)];
  const auto found = index.find(std::string_view(upper.data(), word.size()));
  return found == index.end() ? nullptr : found->second;
}

std::optional<Dialect> ParseDialect(std::string_view name) {
  for (const DialectEntry* entry : Dialects()) {
    if (EqualsIgnoreCase(name, entry->name)) return entry->dialect;
    for (const std::string_view alias : entry->aliases)
      if (EqualsIgnoreCase(name, alias)) return entry->dialect;
  }
  return std::nullopt;
}

const char* DialectName(Dialect dialect) { return EntryOf(dialect).name; }

std::vector<std::string> DialectNames() {
  std::vector<std::string> names;
  for (const DialectEntry* entry : Dialects()) names.emplace_back(entry->name);
  return names;
}

}  // namespace synthmill::ddl
