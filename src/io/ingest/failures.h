// Why cells do not fit, and rows with them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::ingest {

struct CellFailure {
  uint32_t row = 0;
  int column = 0;
  std::string reason;
};

// Rows in order, each with the first of its failures.
void OnePerRow(std::vector<CellFailure>* failures);

// As much of a value as a message can hold, in quotes.
std::string Shown(std::string_view value);

}  // namespace synthmill::io::ingest
