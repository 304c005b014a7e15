// The type words all dialects share.
#pragma once

#include <vector>

#include "ddl/dialect.h"

namespace synthmill::ddl {

const std::vector<TypeWord>& CommonTypeWords();

}  // namespace synthmill::ddl
