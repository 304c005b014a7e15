// The tables that come out of a program: their columns as Arrow has them, and what is known of
// them.
#pragma once

#include "generate/program_internal.h"
#include "generate/relations.h"

namespace synthmill::generate {

// Fills program->outputs with the tables compiled, in the order of the spec.
void AddOutputs(const Relations& relations, ProgramImpl* program);
// And with the truth tables, of a spec that has them.
void AddTruth(ProgramImpl* program);

}  // namespace synthmill::generate
