// The columns that keys are made of: values by number, and texts with an end of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/bijection.h"
#include "core/fanout.h"
#include "generate/column.h"

namespace synthmill::generate {

// Which of its values a column takes in a row: digit (x / divisor) mod radix of x = order(row).
struct KeyDigits {
  std::optional<core::Bijection> order;
  uint64_t divisor = 1, radix = 1;
  uint64_t stride = 1;  // values of the column per digit, of which `rest` picks one
  core::Stream rest;
  bool alone = false;  // the column is unique by itself
  // Where rows belong to parents: x = order(place among the parent's rows, turned by the parent).
  std::optional<core::Fanout> fanout;
  core::Stream turn;
};

// `column` has a domain.
std::unique_ptr<Column> MakeKeyed(std::unique_ptr<Column> column, const KeyDigits& digits);

struct EndingOptions {
  uint64_t rows = 0;
  uint64_t max_chars = 0, max_bytes = 0;  // 0: any
  core::Stream stream;
};

// A column with one input, texts: each gets an end that is different in every row, in front of the
// '@' of an e-mail address. nullptr if `rows` different ones do not fit.
std::unique_ptr<Column> MakeEnding(const EndingOptions& options);

}  // namespace synthmill::generate
