// `exact:` of an entity: a number of records, and not of entity rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generate/program_internal.h"

namespace synthmill::generate {

// The smallest number of rows of a root, from row `begin` on, of which the tables together have
// `wanted` records. Marks the surplus of the last row in the tables, those named in `trim` first.
uint64_t RootRowsFor(uint64_t wanted, const std::vector<std::string>& trim, uint64_t begin,
                     std::vector<CompiledTable>* tables);

}  // namespace synthmill::generate
