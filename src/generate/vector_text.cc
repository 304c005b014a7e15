// Cells as text: what truth_changes and JSON columns hold.
#include <cstdio>

#include "core/dates.h"
#include "generate/vector.h"

namespace synthmill::generate {
namespace {

std::string Clock(int64_t us) {
  char text[24];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%06d", static_cast<int>(us / 3'600'000'000),
                static_cast<int>(us / 60'000'000 % 60), static_cast<int>(us / 1'000'000 % 60),
                static_cast<int>(us % 1'000'000));
  return text;
}

std::string Fixed(Int128 x, int scale) {
  auto magnitude = static_cast<unsigned __int128>(x);
  if (x < 0) magnitude = 0 - magnitude;
  std::string digits;
  for (; magnitude > 0 || digits.empty(); magnitude /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
  if (scale > 0) {
    const size_t s = static_cast<size_t>(scale);
    if (digits.size() <= s) digits.insert(0, s + 1 - digits.size(), '0');
    digits.insert(digits.size() - s, ".");
  }
  return (x < 0 ? "-" : "") + digits;
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

void AppendQuoted(std::string_view text, std::string* out) {
  *out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      *out += escape;
    } else {
      *out += c;
    }
  }
  *out += '"';
}

}  // namespace

std::string CellText(const Vector& v, int64_t i, const Type& type) {
  switch (type.id) {
    case TypeId::kString:
      return std::string(v.GetText(i).view());
    case TypeId::kBinary:
      return Hex(v.GetText(i).view());
    case TypeId::kBool:
      return v.ints[i] ? "true" : "false";
    case TypeId::kDate:
      return core::FormatIsoDate(v.ints[i]);
    case TypeId::kTime:
      return Clock(v.ints[i]);
    case TypeId::kTimestamp: {
      const int64_t x = v.ints[i];
      const int64_t day = x >= 0 ? x / 86'400'000'000 : -((-x + 86'399'999'999) / 86'400'000'000);
      return core::FormatIsoDate(day) + " " + Clock(x - day * 86'400'000'000) +
             (type.utc ? "Z" : "");
    }
    case TypeId::kList:
    case TypeId::kMap:
    case TypeId::kStruct: {
      std::string out;
      AppendJson(v, i, type, &out);
      return out;
    }
    default:
      return Fixed(type.wide() ? v.wides[i] : v.ints[i], type.scale);
  }
}

void AppendJson(const Vector& v, int64_t i, const Type& type, std::string* out) {
  if (v.IsNull(i)) {
    *out += "null";
    return;
  }
  auto child = [&](size_t c, int64_t at) {
    AppendJson(v.children[c], at, type.children[c].type, out);
  };
  switch (type.id) {
    case TypeId::kList:
      *out += '[';
      for (int64_t k = v.offsets[i]; k < v.offsets[i + 1]; ++k) {
        if (k > v.offsets[i]) *out += ',';
        child(0, k);
      }
      *out += ']';
      break;
    case TypeId::kMap:
      *out += '{';
      for (int64_t k = v.offsets[i]; k < v.offsets[i + 1]; ++k) {
        if (k > v.offsets[i]) *out += ',';
        AppendQuoted(CellText(v.children[0], k, type.children[0].type), out);
        *out += ':';
        child(1, k);
      }
      *out += '}';
      break;
    case TypeId::kStruct:
      *out += '{';
      for (size_t c = 0; c < v.children.size(); ++c) {
        if (c > 0) *out += ',';
        AppendQuoted(type.children[c].name, out);
        *out += ':';
        child(c, i);
      }
      *out += '}';
      break;
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
      AppendQuoted(CellText(v, i, type), out);
      break;
    default:
      *out += CellText(v, i, type);
  }
}

}  // namespace synthmill::generate
