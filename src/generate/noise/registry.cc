// All noise kinds. A new one: its own file, and its name in the list here.
#include "generate/noise.h"

namespace synthmill::generate {

// clang-format moves such a list a little each time.
// clang-format off
#define SYNTHMILL_NOISE_KINDS(X) \
  X(kReplace) \
  X(kWords) \
  X(kPhoneFormat) \
  X(kEmailDomain) \
  X(kTypo) \
  X(kMissing) \
  X(kRedraw) \
  X(kDateSlip) \
  X(kDrift) \
  X(kSwap) \
  X(kCase)
// clang-format on

#define DECLARE(kind) extern const NoiseKind kind;
SYNTHMILL_NOISE_KINDS(DECLARE)
#undef DECLARE

std::span<const NoiseKind* const> NoiseKinds() {
#define ENTRY(kind) &kind,
  static const NoiseKind* const kAll[] = {SYNTHMILL_NOISE_KINDS(ENTRY)};
#undef ENTRY
  return kAll;
}

const NoiseKind* FindNoiseKind(std::string_view name) {
  for (const NoiseKind* k : NoiseKinds())
    if (name == k->name) return k;
  return nullptr;
}

}  // namespace synthmill::generate
