// The hash of a file's bytes as they are stored: XXH3-128. It finds damage where no value lies
// (unused dictionary entries, page headers, statistics), which a fingerprint cannot see.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace synthmill::io {

// Not thread-safe.
class FileHash {
 public:
  FileHash();
  ~FileHash();
  void Add(const void* data, int64_t size);
  std::string Hex() const;  // of all added so far: 32 digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace synthmill::io
