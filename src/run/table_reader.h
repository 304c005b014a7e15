// One table as a stream of record batches, made while it is read.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>

#include "generate/program.h"
#include "plan/plan.h"

namespace synthmill::run {

// Rows of table `table` in their order; `threads` beside the caller's make them ahead. With
// `dictionaries`, columns of few values are dictionary<int32, utf8>, whose dictionary may change
// from batch to batch; without, every column has its logical type. Reading ends early by dropping
// the reader.
std::shared_ptr<arrow::RecordBatchReader> MakeTableReader(
    std::shared_ptr<const generate::Program> program, const plan::Plan& plan, size_t table,
    int threads, bool dictionaries);

}  // namespace synthmill::run
