#!/usr/bin/env python3
"""CSV to Parquet: `synthmill copy` against DuckDB's COPY, on the same file with the same threads.

The file is our own lineitem-like table (lineitem.yaml) or mdm's customers. Both sides are whole
processes that infer the types, keep the order and write snappy; DuckDB writes one file, as is its
habit, and a folder (PER_THREAD_OUTPUT), which it may order as it likes; ours is a folder, with its
fingerprints and manifest, and one file. Peak memory is measured at two sizes.
"""

import pathlib
import sys

import _common as c

PEER = """
import sys, duckdb
source, target, threads, per_thread = sys.argv[1:]
db = duckdb.connect()
db.execute(f"set threads to {threads}")
more = ", per_thread_output true" if per_thread == "1" else ""
db.execute(f"copy (from read_csv('{source}')) to '{target}' (format parquet, compression snappy{more})")
"""


def table_of(folder):
    """The one CSV file of a table, made of its parts."""
    parts = sorted(pathlib.Path(folder).rglob("*.csv"))
    whole = folder / "whole.csv"
    with whole.open("wb") as out:
        for i, part in enumerate(parts):
            with part.open("rb") as file:
                header = file.readline()
                if i == 0:
                    out.write(header)
                while block := file.read(1 << 20):
                    out.write(block)
            part.unlink()
    return whole


def make(scratch, kind, rows):
    folder = scratch / f"{kind}-{rows}"
    if kind == "mdm":
        c.run(c.synthmill(), "generate", "mdm", "--total-records", rows, "--tables", "crm", "--format",
              "csv", "--to", folder, "--quiet")
    else:
        c.run(c.synthmill(), "generate", pathlib.Path(__file__).parent / "lineitem.yaml", "--lines",
              rows, "--format", "csv", "--to", folder, "--quiet")
    return table_of(folder)


def ours(source, target, threads):
    return c.run(c.synthmill(), "copy", source, target, "--threads", threads, "--write-mode",
                 "overwrite", "--quiet")


def peer(source, target, threads, per_thread):
    return c.run(sys.executable, "-c", PEER, source, target, threads, int(per_thread))


def measure():
    args = c.arguments(__doc__)
    about = c.versions("duckdb")
    threads = 2
    rows = 400_000 if args.small else 8_000_000
    with c.Scratch(rows * 600) as scratch:
        for kind in ("lineitem", "mdm"):
            source = make(scratch, kind, rows)
            size = source.stat().st_size
            c.note(f"{kind}: {size / 1e6:.0f} MB")
            for shape, target, per_thread in (("folder", "out", True), ("file", "out.parquet", False)):
                wall = c.Claim(f"copy {kind} csv to parquet {shape}, {threads} threads", "B/s",
                               **c.at_least(1.0))
                cpu = c.Claim(f"copy {kind} csv to parquet {shape}, CPU", "B/CPU s", **c.at_least(1.0))
                for _ in range(args.rounds):
                    a = ours(source, scratch / target, threads)
                    b = peer(source, scratch / f"peer-{target}", threads, per_thread)
                    wall.add(size / a.wall, size / b.wall)
                    cpu.add(size / a.cpu, size / b.cpu)
                    c.run("rm", "-rf", scratch / f"peer-{target}")
                wall.state(about, args.small, bytes=size)
                cpu.state(about, args.small, bytes=size)
            half = scratch / "half.csv"
            with source.open("rb") as file, half.open("wb") as out:
                out.write(file.read(size // 8).rpartition(b"\n")[0] + b"\n")
            peaks = [ours(path, scratch / "peak", threads).rss / 1e6 for path in (half, source)]
            c.note(f"peak memory {peaks[0]:.0f} MB for an eighth, {peaks[1]:.0f} MB for all")
            c.record(f"copy {kind} memory", mb=peaks, bytes=[half.stat().st_size, size], about=about)
            source.unlink()


if __name__ == "__main__":
    c.main(measure)
