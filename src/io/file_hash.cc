#include "io/file_hash.h"

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace synthmill::io {

struct FileHash::State {
  XXH3_state_t xxh;
};

FileHash::FileHash() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh); }
FileHash::~FileHash() = default;

void FileHash::Add(const void* data, int64_t size) {
  XXH3_128bits_update(&state_->xxh, data, static_cast<size_t>(size));
}

std::string FileHash::Hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace synthmill::io
