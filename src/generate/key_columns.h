// The columns that keys are made of: values by number, and texts with an end of their own.
#pragma once

#include <cstdint>
#include <memory>

#include "generate/column.h"
#include "generate/key_codes.h"

namespace synthmill::generate {

// Which of its values a column takes in a row: digit (x / divisor) mod radix of the row's code x.
struct KeyDigits {
  KeyCodePtr code;
  uint64_t divisor = 1, radix = 1;
  uint64_t stride = 1;  // values of the column per digit, of which `rest` picks one
  core::Stream rest;
  bool whole = false;  // the code is the digit
  uint64_t alone = 0;  // the column is unique by itself in so many rows
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
