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

}  // namespace synthmill::core
