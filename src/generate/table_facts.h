// What the columns of a table may know of it, and of tables they refer to: how many rows there are,
// and whose they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bits.h"
#include "core/fanout.h"

namespace synthmill::generate {

struct TableFacts {
  std::string key;
  uint64_t rows = 0;
  // `rows: {per: owner}`: parent p of that table has the rows [fanout->Begin(p), …).
  std::string owner = {};
  std::optional<core::Fanout> fanout = {};
  // Which of its rows are the popular ones, for tables that refer to it and have to agree on that.
  core::Stream popular = {};
};

}  // namespace synthmill::generate
