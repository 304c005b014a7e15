#!/usr/bin/env python3
"""`synthmill --version`: the median of 21 runs, after one that does not count."""

import _common as c


def measure():
    args = c.arguments(__doc__)
    about = c.versions()
    claim = c.Claim("synthmill --version", "ms", **c.below(50, "ms"))
    for _ in range(21):
        claim.add(c.run(c.synthmill(), "--version").wall * 1000)
    claim.state(about, args.small)


if __name__ == "__main__":
    c.main(measure)
