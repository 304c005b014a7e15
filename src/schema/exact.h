// Bounds of a schema as exact numbers: `CHECK (price > 0.5)`, numeric(10, 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace synthmill::schema {

using Int128 = __int128;

// The literal times 10^scale, rounded down or up where it needs more digits; beyond 10^38 it stays
// there. Nothing if it is no number: [+-]digits[.digits][e[+-]digits].
std::optional<Int128> ScaledDown(std::string_view literal, int scale);
std::optional<Int128> ScaledUp(std::string_view literal, int scale);

// As a person writes it: 12.50 for (1250, 2).
std::string ScaledText(Int128 value, int scale);

// 10^n, 0 <= n <= 38.
Int128 Power10(int n);

// Days since 1970 of "2026-01-31", also with a time behind it, which `*time` then holds
// ("23:59:59", fractions and zones left out).
std::optional<int64_t> LiteralDay(std::string_view literal, std::string* time = nullptr);

}  // namespace synthmill::schema
