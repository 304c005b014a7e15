"""Writes tests/data/golden.json anew, from $SYNTHMILL_BIN or build/synthmill:

    .cache/venv/bin/python tests/data/renew_golden.py

Only for a release that changes values on purpose: raise the generator version (the value contract)
first and say so in CHANGELOG.md. Until the first release the values may change without that.
"""
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import golden  # noqa: E402
from helpers.command import Synthmill  # noqa: E402


def main():
    before = golden.read() if golden.FILE.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        synthmill = Synthmill(folder)
        now = {
            "comment": "renewed by tests/data/renew_golden.py; see there before you do",
            "generator": golden.generator_version(synthmill),
            "command": " ".join(["synthmill generate", *golden.ARGS]),
            "fingerprints": {case: golden.fingerprints_of(synthmill, case)
                             for case in golden.cases()},
        }
    golden.FILE.write_text(json.dumps(now, indent=1) + "\n")
    if now == before:
        print("nothing changed")
        return
    changed = [c for c, f in now["fingerprints"].items()
               if before.get("fingerprints", {}).get(c) != f]
    print(f"wrote {golden.FILE}: {len(changed)} of {len(now['fingerprints'])} cases changed")
    if before and changed and now["generator"] == before["generator"]:
        print(f"the generator version is still {now['generator']}: raise it if there was a release")


if __name__ == "__main__":
    main()
