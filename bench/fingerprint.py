#!/usr/bin/env python3
"""The fingerprints' share of a run: mdm to Parquet and to CSV, one thread, by `perf`.

Fingerprints can't be switched off, so the share is that of perf's samples which fall into
src/io/fingerprint.cc and the hash it uses. Skipped where perf is missing or not allowed.
"""

import re
import shutil

import _common as c

# The functions of fingerprint.cc, and XXH3 as inlined or not; nothing else in our binary uses XXH3
# (Arrow does, in its own library).
MINE = re.compile(r"Fingerprint|XXH|AddCells|AddIntegers|AddText|AddDictionary|HashInt|HashDecimal")


def share(perf, data):
    """Share of samples in fingerprinting, of all samples of the process."""
    report = c.run(perf, "report", "-i", data, "--no-children", "-g", "none", "--sort", "dso,symbol",
                   "--field-separator", "\t", "--stdio").output
    total = mine = 0.0
    for line in report.splitlines():
        found = re.match(r"\s*([0-9.]+)%?\s*\t(\S+)\s*\t(.*)", line)
        if found:
            total += float(found[1])
            if found[2] == "synthmill" and MINE.search(found[3]):
                mine += float(found[1])
    if total < 50:
        raise c.CannotMeasure("perf's report is not understood")
    return mine / total


def measure():
    args = c.arguments(__doc__)
    perf = shutil.which("perf")
    if perf is None:
        print("skipped: no perf (Debian: linux-perf)")
        return
    rows = 400_000 if args.small else 2_000_000
    about = c.versions()
    with c.Scratch(rows * 350) as scratch:
        data = scratch / "perf.data"
        for form in ("parquet", "csv"):
            claim = c.Claim(f"fingerprints' share of a run, {form}", "%", **c.below(10, "%"))
            for _ in range(args.rounds):
                shutil.rmtree(scratch / "out", ignore_errors=True)
                settings = [word for name, value in c.mdm_size(rows).items()
                            for word in ("--" + name.replace("_", "-"), value)]
                try:
                    c.run(perf, "record", "--quiet", "-F", 999, "-e", "cpu-clock:u", "-o", data,
                          c.synthmill(), "generate", "mdm", "--to", scratch / "out", "--format",
                          form, "--threads", 1, "--quiet", "--no-progress", *settings)
                except c.CannotMeasure as why:
                    print(f"skipped: perf may not record here: {why}")
                    return
                claim.add(100 * share(perf, data))
            claim.state(about, args.small)


if __name__ == "__main__":
    c.main(measure)
