#!/usr/bin/env python3
"""mdm to Parquet with two threads, against one."""

import _common as c


def measure():
    args = c.arguments(__doc__)
    rows = 400_000 if args.small else 4_000_000
    about = c.versions()
    if about["cores"] < 2:
        raise c.CannotMeasure("one core only")
    claim = c.Claim("2 threads vs 1", "rows/s", **c.at_least(1.8))
    with c.Scratch(rows * 220) as scratch:
        for _ in range(args.rounds):
            rates = {}
            for threads in (2, 1):
                done, report = c.generate("mdm", scratch / "out", threads=threads,
                                          **c.mdm_size(rows))
                rates[threads] = report["rows"] / done.wall
            claim.add(rates[2], rates[1])
    claim.state(about, args.small, rows=rows)


if __name__ == "__main__":
    c.main(measure)
