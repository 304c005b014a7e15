#include "generate/columns/values.h"

#include <limits>

#include "core/dates.h"

namespace synthmill::generate {
namespace {

// Whether the number fits the type, which is an integer or a decimal.
bool Fits(Int128 n, const Type& type) {
  auto within = [n](auto limits) { return n >= limits.min() && n <= limits.max(); };
  switch (type.id) {
    case TypeId::kInt8:
      return within(std::numeric_limits<int8_t>());
    case TypeId::kInt16:
      return within(std::numeric_limits<int16_t>());
    case TypeId::kInt32:
      return within(std::numeric_limits<int32_t>());
    case TypeId::kDecimal:
      return n < PowerOfTen(type.precision) && n > -PowerOfTen(type.precision);
    default:
      return within(std::numeric_limits<int64_t>());
  }
}

bool FromHex(std::string_view text, std::string* out) {
  if (text.size() % 2 != 0) return false;
  auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *out += static_cast<char>(high << 4 | low);
  }
  return true;
}

}  // namespace

Int128 PowerOfTen(int n) {
  Int128 power = 1;
  for (int i = 0; i < n; ++i) power *= 10;
  return power;
}

std::optional<Int128> ParseWide(std::string_view text, int scale) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  Int128 value = 0;
  int after = -1;
  bool any = false;
  for (const char c : text) {
    if (c == '.' && after < 0) {
      after = 0;
      continue;
    }
    if (c == '_' && any) continue;
    if (c < '0' || c > '9') return std::nullopt;
    any = true;
    if (after >= 0 && after == scale) {
      if (c != '0') return std::nullopt;
      continue;
    }
    if (value >= PowerOfTen(37)) return std::nullopt;
    value = value * 10 + (c - '0');
    if (after >= 0) ++after;
  }
  if (!any) return std::nullopt;
  for (int i = after < 0 ? 0 : after; i < scale; ++i) {
    if (value >= PowerOfTen(37)) return std::nullopt;
    value *= 10;
  }
  return negative ? -value : value;
}

std::string ValueText(Int128 number, const Type& type) {
  Vector v;
  if (type.wide()) {
    v.Start(Vector::Form::kWides, 1);
    v.wides[0] = number;
  } else {
    v.Start(Vector::Form::kInts, 1);
    v.ints[0] = static_cast<int64_t>(number);
  }
  return CellText(v, 0, type);
}

bool ReadValue(const spec::Args& args, const char* key, const Type& type, Value* out) {
  const size_t errors = args.diagnostics()->all().size();
  const std::string text = args.Get(key)->is_scalar() ? args.Get(key)->text : "";
  auto none = [&](const std::string& what) {
    args.Error(args.At(key), "'" + std::string(key) + "': '" + text + "' is not " + what);
    return false;
  };
  switch (type.id) {
    case TypeId::kString:
      out->text = args.Text(key, "");
      break;
    case TypeId::kBinary:
      if (!FromHex(text, &out->text)) return none("an even number of hexadecimal digits");
      break;
    case TypeId::kBool:
      out->number = args.Bool(key, false);
      break;
    case TypeId::kDate:
      out->number = args.Date(key, 0);
      break;
    case TypeId::kTime: {
      const auto clock = core::ParseClock(text);
      if (!clock) return none("a time, such as 23:59:59");
      out->number = *clock;
      break;
    }
    case TypeId::kTimestamp: {
      const auto moment = core::ParseMoment(text);
      out->number = moment ? Int128{*moment} : Int128{args.Date(key, 0)} * core::kMicrosPerDay;
      break;
    }
    case TypeId::kList:
    case TypeId::kMap:
    case TypeId::kStruct:
      args.Error(args.At(key), "lists, maps and structs have no '" + std::string(key) + "'");
      return false;
    default:
      if (const auto wide = ParseWide(text, type.scale)) {
        out->number = *wide;
      } else {
        out->number = args.Scaled(key, type.scale, 0);
      }
      if (!Fits(out->number, type)) return none("within the column's type");
  }
  return args.diagnostics()->all().size() == errors;
}

}  // namespace synthmill::generate
