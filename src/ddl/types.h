// Reads a column's type: words, lengths, arrays, maps, structs.
#pragma once

#include "ddl/catalog.h"
#include "ddl/cursor.h"
#include "ddl/dialect.h"

namespace synthmill::ddl {

struct ParsedType {
  Type type;
  bool identity = false;  // SERIAL and its like
  bool not_null = false;
  Name name;  // kUnknown: the name of a type of the user's own, perhaps
};

// At the first word of a type. False with the cursor's error set if none stands here.
bool ParseType(Cursor* cursor, const DialectEntry& dialect, ParsedType* out, int depth = 0);

// SQLite gives any words a meaning: INT anywhere is a whole number, CHAR is text, …
void ApplySqliteAffinity(Type* type);

}  // namespace synthmill::ddl
