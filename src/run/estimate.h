// How large the files will be, from a small sample made and encoded in memory.
#pragma once

#include <arrow/result.h>

#include "generate/program.h"
#include "io/formats/format.h"
#include "plan/plan.h"

namespace synthmill::run {

// Fills in the bytes of each table of `plan`. Takes some tens of milliseconds at any size.
arrow::Status EstimateBytes(const generate::Program& program, const io::Format& format,
                            const io::FormatOptions& options, plan::Plan* plan);

}  // namespace synthmill::run
