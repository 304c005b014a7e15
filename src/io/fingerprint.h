// A table's fingerprint: free of row order, part layout and format.
//
//   cell  XXH3_64(canonical bytes, seed = column key); null: XXH3_64("", seed = ~column key)
//   row   128 bits mixed from the sum (mod 2^64) of its cells' hashes
//   table the 128-bit sum of its rows (mod 2^128), and the row count
//
// Column key: XXH3_64(column name). Canonical bytes: text as UTF-8; every integer, date (days),
// timestamp (µs), bool (0/1) and decimal (unscaled) as a little-endian int64; a decimal beyond
// int64 as 16 bytes; floats as the bits of a double with one NaN and +0.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io {

struct Fingerprint {
  uint64_t high = 0, low = 0;
  uint64_t rows = 0;

  void Add(const Fingerprint& other);  // sums; order does not matter
  std::string Hex() const;             // 32 hex digits of high:low
  static arrow::Result<Fingerprint> FromHex(std::string_view hex, uint64_t rows);
  bool operator==(const Fingerprint&) const = default;
};

// The fingerprint of several tables: XXH3_128 over "name\0hex\0rows\n" of each, sorted by name.
std::string CombineFingerprints(std::vector<std::pair<std::string, Fingerprint>> tables);

// Adds batches of one table. Dictionary values are hashed once per dictionary. Not thread-safe.
class Fingerprinter {
 public:
  explicit Fingerprinter(const arrow::Schema& schema);
  ~Fingerprinter();
  arrow::Status Add(const arrow::RecordBatch& batch);
  const Fingerprint& value() const { return value_; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  Fingerprint value_;
};

}  // namespace synthmill::io
