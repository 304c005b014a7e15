// What the language, not the kind, says of a column's values: `default` with its share, and the
// lengths of text.
#pragma once

#include <memory>

#include "generate/column.h"

namespace synthmill::generate {

// The column itself, or one around it that keeps to `default`, `default_share`, `max_length` and
// `max_bytes` of the context's arguments. nullptr after errors.
std::unique_ptr<Column> Finish(std::unique_ptr<Column> column, ColumnContext& context);

}  // namespace synthmill::generate
