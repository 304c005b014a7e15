#!/usr/bin/env python3
"""mdm to Parquet, against Arrow's Parquet writer with nothing to make.

The peer (writer_reference_benchmark.cc) writes ready-made batches of the same tables with Arrow's
default settings; its clock runs only while it writes. Ours is the whole process: start, values,
fingerprints, files, commit. Two threads each; snappy counts, zstd(1) is printed beside.
"""

import json
import os
import pathlib
import subprocess

import _common as c


def writer_reference():
    """The peer's program; built where it is not there yet."""
    if "SYNTHMILL_WRITER_REFERENCE" in os.environ:
        return os.environ["SYNTHMILL_WRITER_REFERENCE"]
    name = "writer_reference_benchmark"
    path = pathlib.Path(c.synthmill()).parent / "bench" / name
    if path.is_file():
        return str(path)
    c.note(f"building {name}")
    command = [str(c.ROOT / "run"), "build", "release", "--target", name, "--",
               "-DSYNTHMILL_BENCH=ON"]
    path = c.ROOT / "build" / "bench" / name
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode or not path.is_file():
        raise c.CannotMeasure(f"no {name}: {' '.join(command)} makes it")
    return str(path)


def measure():
    args = c.arguments(__doc__)
    rows = 400_000 if args.small else 4_000_000
    reference = writer_reference()
    about = c.versions()
    with c.Scratch(2 * rows * 220) as scratch:
        # The batches of the peer: as many rows as 64 batches of each table need.
        c.generate("mdm", scratch / "batches", threads=2, compression="snappy",
                   **c.mdm_size(min(rows, 4_000_000)))
        for codec, ours_codec in (("snappy", "snappy"), ("zstd", "zstd(1)")):
            claim = c.Claim(f"parquet {ours_codec} vs writer, 2 threads", "rows/s",
                            **c.at_least(0.6))
            sizes = {}
            for _ in range(args.rounds):
                ours, report = c.generate("mdm", scratch / "ours", threads=2,
                                          compression=ours_codec, **c.mdm_size(rows))
                peer = json.loads(c.run(reference, "--schema-from", scratch / "batches", "--rows",
                                        report["rows"], "--threads", 2, "--compression", codec,
                                        "--out", scratch / "peer").output)
                claim.add(report["rows"] / ours.wall, peer["rows"] / peer["seconds"])
                sizes = {"rows": report["rows"], "ours_bytes": report["bytes"],
                         "peer_bytes": peer["bytes"], "ours_cpu_seconds": round(ours.cpu, 3),
                         "peer_cpu_seconds": round(peer["cpu_seconds"], 3)}
            claim.state(about, args.small, **sizes)
            c.note(f"{sizes['rows']:,} rows · bytes {sizes['ours_bytes'] / 1e6:.0f} MB against "
                   f"{sizes['peer_bytes'] / 1e6:.0f} MB · CPU {sizes['ours_cpu_seconds']:.2f} s "
                   f"against {sizes['peer_cpu_seconds']:.2f} s (last round)"
                   + ("" if codec == "snappy" else " · beside the claim: snappy counts"))


if __name__ == "__main__":
    c.main(measure)
