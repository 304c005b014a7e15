#!/usr/bin/env python3
"""Reads every DDL file of a folder with `synthmill schema import` and counts what was read.

    python tools/ddl_survey.py FOLDER [--sources FOLDER/SOURCES.tsv] [--markdown]

The folder holds one folder a dialect. Tables there are counted by a pattern over the text without
comments, string literals and what stands in dollar quotes: independent of the reader, and a little
rougher than it. --markdown prints the table of docs/ddl.md. SOURCES.tsv has the columns file, repo,
path, dialect, licence. Exit 1 if a file has fewer tables read than there.
"""

import argparse
import collections
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

NOT_SQL = re.compile(
    r"""--[^\n]*
      | /\*(?!!).*?\*/                       # MySQL reads on in /*! … */
      | '(?:[^'\\]|''|\\.)*'
      | \$(\w*)\$.*?\$\1\$
      | ^DELIMITER[ ]+(?!;).*?^DELIMITER[ ]+;
      | ^COPY[ ][^\n;]*FROM[ ]stdin;.*?^\\\.$""",
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE)
TABLE = re.compile(
    r"""(?:^|;)[ \t]*(?:/\*!\d+[ ]|IF\b[^;\n]*[ ])?CREATE\s+(?:OR\s+REPLACE\s+)?
        (?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|EXTERNAL|FOREIGN|TRANSIENT|COLUMN|HYBRID)\s+)*
        TABLE\s+(?!\#)""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE)


def text_of(path):
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8", errors="replace").replace("\ufeff", "")


def tables_there(text):
    return len(TABLE.findall(NOT_SQL.sub(" ", text)))


def survey(binary, path):
    """Counts of one file: what is there, what was read, how long it took."""
    begin = time.perf_counter()
    done = subprocess.run([binary, "schema", "import", str(path), "--json", "-o", os.devnull,
                           "--force"], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode == 2 and "no CREATE TABLE" in done.stderr:
        return {"there": tables_there(text_of(path)), "read": 0}
    if done.returncode not in (0, 1):
        raise SystemExit(f"{path}: exit {done.returncode}\n{done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    kinds = collections.Counter(problem["severity"] for problem in report["problems"])
    return {
        "there": tables_there(text_of(path)),
        "read": report["tables_read"],
        "columns": report["columns"],
        "constraints": report["constraints"],
        "errors": kinds["error"],
        "warnings": kinds["warning"],
        "dialects": collections.Counter(table["dialect"] for table in report["tables"]),
        "seconds": seconds,
        "messages": [p["message"] for p in report["problems"] if p["severity"] == "error"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--sources", type=pathlib.Path)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    binary = os.environ.get("SYNTHMILL_BIN", str(ROOT / "build" / "synthmill"))
    sources = {}
    listed = args.sources or args.folder / "SOURCES.tsv"
    if listed.is_file():
        with listed.open(encoding="utf-8") as file:
            sources = {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}
    total = collections.Counter()
    short = 0
    if args.markdown:
        print("| file | project | dialect | read / there | columns | constraints |")
        print("|---|---|---|---|---|---|")
    for path in sorted(p for p in args.folder.rglob("*") if p.is_file() and p.suffix != ".tsv"):
        name = str(path.relative_to(args.folder))
        found = survey(binary, path)
        if found["there"] == 0 and found["read"] == 0:
            continue  # no DDL of tables
        for key in ("there", "read", "columns", "constraints", "errors", "warnings"):
            total[key] += found[key]
        total["files"] += 1
        short += found["read"] < found["there"]
        dialects = ", ".join(f"{d} {n}" if len(found["dialects"]) > 1 else d
                             for d, n in found["dialects"].most_common())
        if args.markdown:
            print(f"| {path.name} | {sources.get(name, {}).get('repo', '')} | {dialects} "
                  f"| {found['read']} / {found['there']} | {found['columns']} "
                  f"| {found['constraints']} |")
        else:
            print(f"{name:64} {found['read']:4}/{found['there']:<4} columns {found['columns']:5} "
                  f"constraints {found['constraints']:4} errors {found['errors']:3} "
                  f"warnings {found['warnings']:3} {found['seconds'] * 1000:6.0f} ms {dialects}")
            for message in found["messages"][:3]:
                print(f"      {message}")
    line = (f"{total['files']} files: {total['read']} of {total['there']} tables read, "
            f"{total['columns']} columns, {total['constraints']} constraints, "
            f"{total['errors']} errors, {total['warnings']} warnings")
    print(("\n" if args.markdown else "") + line)
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
