// All column kinds. A new one: its own file, and its name in the list here.
#include "generate/column.h"

namespace synthmill::generate {

// clang-format moves such a list a little each time.
// clang-format off
#define SYNTHMILL_COLUMN_KINDS(X) \
  X(kConstant) \
  X(kSequence) \
  X(kPosition) \
  X(kUniqueId) \
  X(kUuid) \
  X(kChoice) \
  X(kList) \
  X(kListRow) \
  X(kField) \
  X(kTemplate) \
  X(kPattern) \
  X(kText) \
  X(kJson) \
  X(kBinary) \
  X(kInt) \
  X(kDecimal) \
  X(kFloat) \
  X(kSeries) \
  X(kProduct) \
  X(kCopy) \
  X(kBool) \
  X(kDate) \
  X(kTime) \
  X(kTimestamp) \
  X(kInterval) \
  X(kArray) \
  X(kMap) \
  X(kStruct) \
  X(kParent) \
  X(kReference) \
  X(kTotal)
// clang-format on

#define DECLARE(kind) extern const ColumnKind kind;
SYNTHMILL_COLUMN_KINDS(DECLARE)
#undef DECLARE

std::span<const ColumnKind* const> ColumnKinds() {
#define ENTRY(kind) &kind,
  static const ColumnKind* const kAll[] = {SYNTHMILL_COLUMN_KINDS(ENTRY)};
#undef ENTRY
  return kAll;
}

const ColumnKind* FindColumnKind(std::string_view name) {
  for (const ColumnKind* k : ColumnKinds())
    if (name == k->name) return k;
  return nullptr;
}

}  // namespace synthmill::generate
