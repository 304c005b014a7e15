// A table's fingerprint: free of row order, part layout and format.
//
//   cell  XXH3_64(canonical bytes, seed = column key); null: XXH3_64("", seed = ~column key)
//   row   128 bits mixed from the sum (mod 2^64) of its cells' hashes
//   table the 128-bit sum of its rows (mod 2^128), and the row count
//
// Column key: XXH3_64(column name). Canonical bytes: text as UTF-8; every integer, date (days),
// time and timestamp (µs), bool (0/1) and decimal (unscaled) as a little-endian int64; a decimal
// beyond int64 as 16 bytes; floats as the bits of a double with one NaN and +0; binary as it is.
// Nested values are made of the hashes of the cells in them, each as a little-endian uint64:
//   list    the hashes of its items in order; an item's key is XXH3_64("element", seed = column
//   key) struct  the hashes of its fields in order; a field's key is XXH3_64(field name, seed =
//   column
//           key)
//   map     the sum (mod 2^64) of its pairs' hashes, then the number of pairs: the order of pairs
//           does not count. A pair is XXH3_64(hash of the key, hash of the value; seed = column
//           key), with the keys XXH3_64("key", …) and XXH3_64("value", …) for the two
// and nulls in them are as above, with the key of their place.
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
