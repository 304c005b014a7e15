#!/usr/bin/env python3
"""Makes src/core/skew_tables.inc: inverse-CDF tables as integers.

1,025 points of each distribution's quantile function, cut to its range and scaled to 0..2^32-1,
computed with 50 decimal digits so that the table is the same on every machine.

  low     exponential: Q(p) = -ln(1 - p (1 - e^-4)) / 4
  high    1 - low(1 - p)
  normal  cut at +-3 standard deviations: the root of Phi(x) = Phi(-3) + p (Phi(3) - Phi(-3))

And src/core/normal_tail.inc, the normal distribution with its tail: |z| in units of 2^-32 for
P(|Z| > |z|) = 16^-level (1 - cell / 256), ten levels of 257 cells. See core/quantile.h.

And src/core/sine_table.inc: a quarter of the sine, 257 points times 2^30.
"""
from decimal import Decimal as D, getcontext
from pathlib import Path

getcontext().prec = 50
POINTS = 1024
TOP = D(2**32 - 1)
PI = D("3.14159265358979323846264338327950288419716939937510")


def low(p: D) -> D:
    return -(1 - p * (1 - D(-4).exp())).ln() / 4


def phi(x: D) -> D:
    """The normal CDF minus one half, by its Taylor series (|x| <= 3 converges in ~60 terms)."""
    term = total = x
    n = 0
    while abs(term) > D(10) ** -45:
        n += 1
        term = -term * x * x / (2 * n)
        total += term / (2 * n + 1)
    return total / (2 * PI).sqrt()


def normal(p: D) -> D:
    edge = phi(D(3))
    target = (2 * p - 1) * edge
    a, b = D(-3), D(3)
    for _ in range(60):
        m = (a + b) / 2
        if phi(m) < target:
            a = m
        else:
            b = m
    return ((a + b) / 2 + 3) / 6


def table(name, f):
    values = [int((f(D(i) / POINTS) * TOP).to_integral_value()) for i in range(POINTS + 1)]
    values = [min(max(v, 0), 2**32 - 1) for v in values]
    rows = [", ".join(f"{v}u" for v in values[i:i + 8]) for i in range(0, len(values), 8)]
    return f"constexpr uint32_t {name}[{POINTS + 1}] = {{\n    " + ",\n    ".join(rows) + "};\n"


def erfc_tail(x: D) -> D:
    """P(|Z| > x): by phi near 0, by the continued fraction of Mills' ratio beyond."""
    if x < D("2.5"):
        return 1 - 2 * phi(x)
    ratio = D(0)
    for n in range(400, 0, -1):
        ratio = n / (x + ratio)
    return 2 * (-x * x / 2).exp() / (2 * PI).sqrt() / (x + ratio)


def z_of_tail(t: D) -> D:
    a, b = D(0), D(8)
    for _ in range(46):
        m = (a + b) / 2
        a, b = (m, b) if erfc_tail(m) > t else (a, m)
    return (a + b) / 2


def tail_table():
    getcontext().prec = 30
    values = []
    for level in range(10):
        for cell in range(257):
            # The last point of a level is the end of its last cell: the sixteenth level's start,
            # or where the table ends.
            t = D(16) ** -level * (1 - D(cell) / 256)
            if cell == 256:
                t = D(16) ** -level / 1024
            values.append(int((z_of_tail(t) * 2**32).to_integral_value()))
    rows = [", ".join(f"{v}u" for v in values[i:i + 8]) for i in range(0, len(values), 8)]
    return "constexpr uint64_t kNormalTail[] = {\n    " + ",\n    ".join(rows) + "};\n"


HEAD = "// Made by tools/make_quantiles.py; do not edit.\n// clang-format off\n"
CORE = Path(__file__).resolve().parent.parent / "src" / "core"
CORE.joinpath("normal_tail.inc").write_text(HEAD + tail_table() + "// clang-format on\n")
getcontext().prec = 50


def sine(x: D) -> D:
    term = total = x
    n = 1
    while abs(term) > D(10) ** -45:
        term = -term * x * x / ((n + 1) * (n + 2))
        n += 2
        total += term
    return total


sines = [int((sine(PI / 2 * i / 256) * 2**30).to_integral_value()) for i in range(257)]
rows = [", ".join(map(str, sines[i:i + 8])) for i in range(0, len(sines), 8)]
CORE.joinpath("sine_table.inc").write_text(
    HEAD + "constexpr int32_t kSineQuarter[] = {\n    " + ",\n    ".join(rows) +
    "};\n// clang-format on\n")
out = "// Made by tools/make_quantiles.py; do not edit.\n// clang-format off\n"
out += table("kLow", low)
out += table("kHigh", lambda p: 1 - low(1 - p))
out += table("kNormal", normal)
out += "// clang-format on\n"
Path(__file__).resolve().parent.parent.joinpath("src/core/skew_tables.inc").write_text(out)
