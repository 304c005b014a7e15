#include "core/skew.h"

namespace synthmill::core {
namespace {

#include "core/skew_tables.inc"

constexpr Skew::Shape kShapes[] = {
    {"none", "uniform: every value equally likely", nullptr},
    {"low", "most values near the low end (exponential, cut at four means)", kLow},
    {"high", "most values near the high end (low, mirrored)", kHigh},
    {"normal", "most values in the middle (normal, cut at three standard deviations)", kNormal},
};

}  // namespace

std::span<const Skew::Shape> Skew::Shapes() { return kShapes; }

std::optional<Skew> Skew::Find(std::string_view name) {
  for (const Shape& s : kShapes)
    if (name == s.name) return Skew(s.table);
  return std::nullopt;
}

}  // namespace synthmill::core
