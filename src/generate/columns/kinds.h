// What every column kind's file includes: the contract, and helpers for arguments and digits.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/bits.h"
#include "core/sampler.h"
#include "core/skew.h"
#include "generate/column.h"
#include "generate/columns/text_util.h"

namespace synthmill::generate {

// Reads `type:`; reports a name that is not in `allowed`.
bool ReadType(const spec::Args& args, std::vector<std::string> allowed, std::string fallback,
              Type* type);
// Reads `skew:`.
core::Skew ReadSkew(const spec::Args& args);
// Makes `name` an input that must be a column of few values (codes); reports anything else.
const Input* UseCodes(ColumnContext& context, const std::string& name, spec::Location at);
// Makes `name` an input that must hold numbers or dates (ints); reports anything else.
const Input* UseInts(ColumnContext& context, const std::string& name, spec::Location at);

// The place of `input` among a column's inputs; `seen` holds those used so far. A column used twice
// is one input.
inline size_t InputIndex(std::vector<const Input*>* seen, const Input* input) {
  const auto at = std::find(seen->begin(), seen->end(), input);
  if (at != seen->end()) return static_cast<size_t>(at - seen->begin());
  seen->push_back(input);
  return seen->size() - 1;
}

}  // namespace synthmill::generate
