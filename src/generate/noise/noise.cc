#include "generate/noise.h"

namespace synthmill::generate {

int64_t NoiseRule::Applicable(const NoiseBatch& batch, uint8_t* flags) const {
  bool all = false;
  for (const Vector* v : batch.columns) all |= !v->has_nulls;
  if (all) {
    std::memset(flags, 1, static_cast<size_t>(batch.count));
    return batch.count;
  }
  std::memset(flags, 0, static_cast<size_t>(batch.count));
  for (const Vector* v : batch.columns)
    for (int64_t i = 0; i < batch.count; ++i) flags[i] |= v->nulls[i] ^ 1;
  int64_t n = 0;
  for (int64_t i = 0; i < batch.count; ++i) n += flags[i];
  return n;
}

bool NoiseContext::RequireText() {
  for (const NoiseColumn& c : columns())
    if (!c.type.text()) {
      args().Error(args().At("columns"), "column '" + c.name + "' is not text");
      return false;
    }
  return true;
}

bool NoiseContext::RequireType(TypeId a, TypeId b, const char* what) {
  for (const NoiseColumn& c : columns())
    if (c.type.id != a && c.type.id != b) {
      args().Error(args().At("columns"), "column '" + c.name + "' is not " + what);
      return false;
    }
  return true;
}

}  // namespace synthmill::generate
