#!/usr/bin/env python3
"""mdm as Parquet to an S3 server on this machine, against the same command to a folder.

The server (versitygw) keeps its objects where the folder is. It works on the same cores: its CPU time
is told beside the ratio, since on a real S3 it is another machine's.
"""

import pathlib
import shutil
import sys

import psutil

import _common as c

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests"))
from services.s3 import S3Server  # noqa: E402


def measure():
    args = c.arguments(__doc__)
    rows = 200_000 if args.small else 2_000_000
    about = c.versions()
    claim = c.Claim("S3 write vs folder", "rows/s", **c.at_least(0.8))
    cpu = {"server": [], "ours": [], "folder": []}
    with c.Scratch(rows * 400) as scratch:
        server = S3Server(scratch)
        try:
            server.make_bucket("bench")
            process = psutil.Process(server.server.process.pid)
            for i in range(args.rounds):
                before = sum(process.cpu_times()[:2])
                to = f"s3://bench/run{i}"
                words = [w for name, value in c.mdm_size(rows).items()
                         for w in ("--" + name.replace("_", "-"), value)]
                done = c.run(c.synthmill(), "generate", "mdm", "--to", to, "--quiet",
                             "--no-progress", *words, env=server.environment)
                cpu["server"].append(sum(process.cpu_times()[:2]) - before)
                cpu["ours"].append(done.cpu)
                local, report = c.generate("mdm", scratch / "out", **c.mdm_size(rows))
                cpu["folder"].append(local.cpu)
                claim.add(report["rows"] / done.wall, report["rows"] / local.wall)
                shutil.rmtree(server.folder / "data" / "bench" / f"run{i}")
        finally:
            server.close()
    c.note("CPU seconds: " + ", ".join(f"{who} {c.median(of):.2f}" for who, of in cpu.items()))
    claim.state(about, args.small, rows=rows, cpu=cpu)


if __name__ == "__main__":
    c.main(measure)
