#include "core/dates.h"

namespace synthmill::core {

int64_t AddYears(int64_t days, int64_t years) {
  Civil c = CivilFromDays(days);
  c.year += years;
  const unsigned last = DaysInMonth(c.year, c.month);
  return DaysFromCivil(c.year, c.month, c.day < last ? c.day : last);
}

std::optional<int64_t> ParseIsoDate(std::string_view t) {
  if (t.size() != 10 || t[4] != '-' || t[7] != '-') return std::nullopt;
  auto number = [&](int at, int n) -> int {
    int v = 0;
    for (int i = at; i < at + n; ++i) {
      if (t[i] < '0' || t[i] > '9') return -1;
      v = v * 10 + (t[i] - '0');
    }
    return v;
  };
  const int y = number(0, 4), m = number(5, 2), d = number(8, 2);
  if (y < 1 || m < 1 || m > 12 || d < 1) return std::nullopt;
  if (d > static_cast<int>(DaysInMonth(y, m))) return std::nullopt;
  return DaysFromCivil(y, m, d);
}

void WriteIsoDate(int64_t days, char* out) {
  const Civil c = CivilFromDays(days);
  const unsigned y = static_cast<unsigned>(c.year);
  out[0] = static_cast<char>('0' + y / 1000 % 10);
  out[1] = static_cast<char>('0' + y / 100 % 10);
  out[2] = static_cast<char>('0' + y / 10 % 10);
  out[3] = static_cast<char>('0' + y % 10);
  out[4] = out[7] = '-';
  out[5] = static_cast<char>('0' + c.month / 10);
  out[6] = static_cast<char>('0' + c.month % 10);
  out[8] = static_cast<char>('0' + c.day / 10);
  out[9] = static_cast<char>('0' + c.day % 10);
}

std::string FormatIsoDate(int64_t days) {
  std::string s(10, '0');
  WriteIsoDate(days, s.data());
  return s;
}

std::optional<int64_t> ParseClock(std::string_view t) {
  auto two = [&](size_t at) -> int64_t {
    if (at + 2 > t.size()) return -1;
    const char a = t[at], b = t[at + 1];
    return a < '0' || a > '9' || b < '0' || b > '9' ? -1 : (a - '0') * 10 + (b - '0');
  };
  if (t.size() < 5 || t[2] != ':' || (t.size() > 5 && (t.size() < 8 || t[5] != ':')))
    return std::nullopt;
  const int64_t hour = two(0), minute = two(3), second = t.size() > 5 ? two(6) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  int64_t fraction = 0;
  if (t.size() > 8) {
    if (t[8] != '.' || t.size() < 10 || t.size() > 15) return std::nullopt;
    for (size_t i = 9; i < 15; ++i) {
      const char c = i < t.size() ? t[i] : '0';
      if (c < '0' || c > '9') return std::nullopt;
      fraction = fraction * 10 + (c - '0');
    }
  }
  return ((hour * 60 + minute) * 60 + second) * 1'000'000 + fraction;
}

std::optional<int64_t> ParseMoment(std::string_view text) {
  const auto day = ParseIsoDate(text.substr(0, 10));
  if (!day) return std::nullopt;
  if (text.size() == 10) return *day * kMicrosPerDay;
  if (text.ends_with('Z')) text.remove_suffix(1);
  if (text.size() < 11 || (text[10] != ' ' && text[10] != 'T')) return std::nullopt;
  const auto clock = ParseClock(text.substr(11));
  return clock ? std::optional<int64_t>(*day * kMicrosPerDay + *clock) : std::nullopt;
}

}  // namespace synthmill::core
