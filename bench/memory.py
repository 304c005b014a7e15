#!/usr/bin/env python3
"""Peak resident memory of mdm to Parquet at 1M and 10M total records (and 40M with --large)."""

import _common as c


def measure():
    args = c.arguments(__doc__, ("--large", "40M total records too"))
    sizes = [1_000_000, 10_000_000] + ([40_000_000] if args.large else [])
    if args.small:
        sizes = [size // 10 for size in sizes]
    about = c.versions()
    threads = about["cores"]
    peaks = {size: [] for size in sizes}
    # 0.6 rows per total record.
    with c.Scratch(round(sizes[-1] * 0.6 * 220)) as scratch:
        for _ in range(args.rounds):
            for size in sizes:
                done, _ = c.generate("mdm", scratch / "out", threads=threads, total_records=size)
                peaks[size].append(done.rss / 2**20)
    for size in sizes:
        claim = c.Claim(f"peak memory, {size:,} total records, {threads} threads", "MB",
                        **c.below(512, "MB"))
        claim.ours = peaks[size]
        claim.state(about, args.small)
    for size in sizes[1:]:
        claim = c.Claim(f"peak memory, {size:,} vs {sizes[0]:,}", "MB", aim="0.9..1.1",
                        met=lambda ratio: 0.9 <= ratio <= 1.1)
        claim.ours, claim.peer = peaks[size], peaks[sizes[0]]
        claim.state(about, args.small)


if __name__ == "__main__":
    c.main(measure)
