// Checks a target against its manifest: every part is read back and its fingerprint made again.
#pragma once

#include <arrow/result.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "io/destinations/destination.h"
#include "synthmill/generate.h"

namespace synthmill::run {

struct VerifiedTable {
  std::string table;
  uint64_t rows = 0;  // found
  uint64_t bytes = 0;
  std::string fingerprint;  // of what was found
  bool ok = true;
};

struct BadPart {
  std::string table;
  int64_t part = -1;  // -1: a file that belongs to no part
  std::string file;
  std::string reason;
};

struct VerifyResult {
  std::vector<VerifiedTable> tables;
  std::vector<BadPart> bad_parts;
  std::string fingerprint;
  bool ok() const { return bad_parts.empty(); }
};

struct VerifyOptions {
  std::vector<std::string> tables;  // names; empty: all
  int threads = 1;
  io::DestinationOptions destination = {};
  RunCounters* counters = nullptr;         // needed
  const std::atomic<int>* stop = nullptr;  // may be nullptr
};

// An error if there is no manifest or a table asked for is not in it; what is wrong with the data
// is in the result.
arrow::Result<VerifyResult> Verify(const std::string& uri, const VerifyOptions& options);

}  // namespace synthmill::run
