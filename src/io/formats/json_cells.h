// Values of any type as JSON text, and back: nested cells of CSV, and whole rows of JSON Lines.
//
// Numbers and decimals are JSON numbers with all their digits; texts, dates, times and timestamps
// are strings, binary a string of hexadecimal digits; lists are arrays, structs and maps objects (a
// map's keys as the text of their type).
#pragma once

#include <arrow/array.h>
#include <arrow/array/builder_base.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::internal {

// Errors for what has no text: infinity, NaN, years of five digits.
arrow::Status AppendJson(const arrow::Array& array, int64_t i, std::string* out);

// Two lower-case digits a byte.
void AppendHex(std::string_view bytes, std::string* out);
arrow::Result<std::string> FromHex(std::string_view digits);

// Appends the JSON value that `text` is, white space aside, to a builder of this type (as
// arrow::MakeBuilder makes it). The fields of a struct may come in any order; missing ones are
// null, unknown ones errors.
arrow::Status ParseJson(std::string_view text, const arrow::DataType& type,
                        arrow::ArrayBuilder* builder);

}  // namespace synthmill::io::internal
