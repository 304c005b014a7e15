// What one dialect writes differently, and how it is recognised: an entry per dialect.
//
// An entry lives in a file of its own under dialects/ and is named once in dialects/registry.cc.
// The names, help and examples of the documentation and the conformance test come from here.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ddl/catalog.h"
#include "ddl/lexer.h"

namespace synthmill::ddl {

// What may stand in the parentheses behind a type's word.
enum class TypeArgs : uint8_t {
  kNone,       // a display width or nothing: passed over
  kLength,     // (20), (20 CHAR), (MAX)
  kPrecision,  // (10, 2)
  kSecond,     // (6): digits of the second
  kFloat,      // (24): more than `bits`' threshold of binary digits means 64 bits
  kLabels,     // ('a', 'b')
};

struct TypeWord {
  // Flags
  static constexpr unsigned kUnsigned = 1, kFixed = 2, kBytes = 4, kZone = 8, kSet = 16,
                            kIdentity = 32, kNotNull = 64;
  std::string_view word;  // in capitals
  Type::Kind kind;
  TypeArgs args = TypeArgs::kNone;
  int bits = 0;
  int64_t length = -1;  // where none is given
  int precision = -1, scale = -1;
  unsigned flags = 0;
};

// A word (and the token behind it) that speaks for a dialect.
struct Evidence {
  std::string_view word;  // in capitals
  std::string_view next;  // in capitals; empty: whatever follows
  int weight = 2;
};

struct DialectEntry {
  Dialect dialect;
  const char* name;
  std::vector<std::string_view> aliases;
  const char* help;     // one line
  const char* example;  // a statement that is recognised as this dialect
  std::vector<Evidence> evidence;
  int backquote_weight = 0;  // names in `…` and […] speak for it
  int bracket_weight = 0;
  LexRules rules;
  bool double_quote_is_string = false;
  std::vector<TypeWord> types;  // where they differ from the common ones
  // DECIMAL without parentheses, or with one number: its precision and scale; -1: no limit.
  int decimal_precision = -1, decimal_scale = -1;
  bool char_in_bytes = false;      // VARCHAR(n) counts bytes
  bool integers_are_wide = false;  // INT has 64 bits
};

const std::vector<const DialectEntry*>& Dialects();
const DialectEntry& EntryOf(Dialect dialect);
// The common word of a type, for all dialects; nullptr: unknown.
const TypeWord* FindTypeWord(const DialectEntry& entry, std::string_view word);

// The dialect a statement is written in, by its evidence; `prior` wins ties and where there is
// none. `certain` says whether there was any.
Dialect DetectDialect(std::span<const Token> tokens, Dialect prior, bool* certain);
// The dialect of a whole file: by samples of its CREATE TABLE statements, by what stands outside of
// them, and by a dialect's name in the file's name or its first lines.
Dialect DetectFileDialect(std::string_view text, std::string_view file);

}  // namespace synthmill::ddl
