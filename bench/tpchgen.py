#!/usr/bin/env python3
"""Bytes of CSV per CPU second, against tpchgen-cli, the fastest known generator.

Twice: mdm against lineitem+orders+customer, and like for like: a spec with lineitem's sixteen
columns against lineitem alone. In Parquet (snappy) what counts is the size the same rows have as
CSV, so that neither side gains by writing more bytes. CPU seconds are user and system time of the
whole process, as the kernel gives them. Two threads each, no truth.
"""

import _common as c

LINEITEM = c.BENCH / "lineitem.yaml"
LINES_PER_SCALE = 6_001_215


def tpchgen(out, form, tables, scale):
    c.shutil.rmtree(out, ignore_errors=True)
    return c.run(c.peer("tpchgen-cli"), form, "-s", scale, "--tables", tables, "--output-dir", out,
                 "--num-threads", 2, "--quiet")


def count(tables):
    """Values of tables in CSV: rows times columns. `tables`: a folder or file each."""
    values = 0
    for path in tables:
        parts = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
        rows = 0
        for part in parts:
            with part.open("rb") as file:
                rows += sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 22), b""))
                rows -= 1  # the header
        with parts[0].open() as file:
            values += rows * (file.readline().count(",") + 1)
    return values


def compare(name, aim, args, about, scratch, dataset, settings, tables, scale):
    """Both formats of one pair of data sets."""
    ours_out, peer_out = scratch / "ours", scratch / "peer"
    claims = {form: c.Claim(f"{name} {form} vs tpchgen-cli {tables}", "B CSV/CPU s",
                            **c.at_least(aim)) for form in ("csv", "parquet")}
    values = {form: c.Claim(f"{name} {form}", "values/CPU s", "", None) for form in claims}
    ours_csv = peer_csv = ours_values = peer_values = 0
    row_bytes = {}
    for _ in range(args.rounds):
        for form, claim in claims.items():
            flags = {} if form == "csv" else {"compression": "snappy"}
            ours, report = c.generate(dataset, ours_out, format=form, threads=2, **flags,
                                      **settings)
            peer = tpchgen(peer_out, form, tables, scale)
            if form == "csv" and not ours_csv:
                # No embedded line breaks on either side, so lines are rows.
                ours_csv, peer_csv = c.bytes_of(ours_out, ".csv"), c.bytes_of(peer_out, ".csv")
                folders = [ours_out / table["table"] for table in report["tables"]]
                ours_values = count(folders)
                peer_values = count([peer_out / f"{table}.csv"
                                     for table in tables.split(",")])
                row_bytes = {table["key"]: c.bytes_of(folder, ".csv") / table["rows"]
                             for table, folder in zip(report["tables"], folders)}
            claim.add(ours_csv / ours.cpu, peer_csv / peer.cpu)
            values[form].add(ours_values / ours.cpu, peer_values / peer.cpu)
    for form, claim in claims.items():
        v = values[form]
        ratio = c.median([a / b for a, b in zip(v.ours, v.peer)])
        claim.state(about, args.small, values_per_cpu_second={"ours": v.ours, "peer": v.peer},
                    csv_bytes={"ours": ours_csv, "peer": peer_csv}, row_bytes=row_bytes)
        c.note(f"values per CPU second: ours {c.figure(c.median(v.ours))}, "
               f"peer {c.figure(c.median(v.peer))}, ratio {ratio:.3g}")
    return row_bytes


def measure():
    args = c.arguments(__doc__)
    scale, rows = (0.2, 400_000) if args.small else (4, 4_000_000)
    about = c.versions("tpchgen-cli")
    with c.Scratch(int(scale * 1.7e9)) as scratch:
        row_bytes = compare("mdm", 1.5, args, about, scratch, "mdm", c.mdm_size(rows),
                            "lineitem,orders,customer", scale)
        mean = row_bytes["crm"]
        fits = 240 <= mean <= 340
        print(f"claim mean CRM row … {mean:.1f} bytes of CSV … aim 240..340 … "
              f"{'PASS' if fits else 'SHORT'}")
        c.record("mean CRM row", ours=[mean], peer=[], unit="bytes of CSV", ratio=mean,
                 aim="240..340", verdict="PASS" if fits else "SHORT", small=args.small, about=about)
        compare("lineitem", 1.0, args, about, scratch, LINEITEM,
                {"lines": round(scale * LINES_PER_SCALE)}, "lineitem", scale)


if __name__ == "__main__":
    c.main(measure)
