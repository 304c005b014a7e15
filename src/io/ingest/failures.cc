#include "io/ingest/failures.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace synthmill::io::ingest {

void OnePerRow(std::vector<CellFailure>* failures) {
  if (failures->empty()) return;
  std::stable_sort(failures->begin(), failures->end(),
                   [](const CellFailure& a, const CellFailure& b) { return a.row < b.row; });
  const auto same = [](const CellFailure& a, const CellFailure& b) { return a.row == b.row; };
  failures->erase(std::unique(failures->begin(), failures->end(), same), failures->end());
}

std::string Shown(std::string_view value) {
  constexpr size_t kMost = 60;
  const bool cut = value.size() > kMost;
  value = value.substr(0, kMost);
  std::string out = "'";
  for (size_t at = 0; at < value.size();) {
    const size_t valid = core::ValidUtf8Prefix(value.substr(at));
    for (const char c : value.substr(at, valid)) {
      if (static_cast<unsigned char>(c) < 0x20) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      } else {
        out += c;
      }
    }
    at += valid;
    if (at < value.size() && !cut)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(value[at]));
    ++at;
  }
  return out + (cut ? "…'" : "'");
}

}  // namespace synthmill::io::ingest
