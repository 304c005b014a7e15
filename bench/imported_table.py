#!/usr/bin/env python3
"""A table of twenty columns of all sorts to CSV, against mdm to CSV.

imported_table.yaml has what a reader of DDL would choose for an orders table: a key, zipf,
exponential and lognormal numbers, decimals of 10 and of 30 digits, dates with a rule between them,
times, regular expressions, templates, lists, free text, UUIDs, an array. Whole processes, one
thread each, in turn; bytes of CSV per CPU second.
"""

import _common as c


def measure():
    args = c.arguments(__doc__)
    rows = 200_000 if args.small else 2_000_000
    about = c.versions()
    claim = c.Claim("20 columns against mdm, CSV", "bytes/CPU s", **c.at_least(0.5))
    with c.Scratch(2 * rows * 300) as scratch:
        for _ in range(args.rounds):
            figures = []
            for name, dataset, size in (
                    ("ours", c.BENCH / "imported_table.yaml", {"lines": rows}),
                    ("peer", "mdm", c.mdm_size(rows))):
                done, _ = c.generate(dataset, scratch / name, format="csv", threads=1, **size)
                figures.append(c.bytes_of(scratch / name, ".csv") / done.cpu)
            claim.add(*figures)
        claim.state(about, args.small)


if __name__ == "__main__":
    c.main(measure)
