"""test_report.py DIR: prints the table of test groups and the line "N passed, N failed"; exit code 1
if any failed. DIR/groups.txt has a line "group exit-code seconds" for each group, DIR/GROUP*.xml
(JUnit) its tests.
"""

import glob
import os
import sys
import xml.etree.ElementTree as ElementTree


def count(path):
    """Numbers of (passed, failed, skipped) tests in a JUnit file."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def summary(folder):
    total = [0, 0, 0]
    seconds_total = 0
    with open(os.path.join(folder, "groups.txt")) as file:
        groups = [line.split() for line in file]
    print(f"\n{'group':<10} {'passed':>7} {'failed':>7} {'skipped':>8} {'minutes':>8}")
    for group, code, seconds in groups:
        counts = [0, 0, 0]
        for path in glob.glob(os.path.join(folder, group + "*.xml")):
            try:
                counts = [a + b for a, b in zip(counts, count(path))]
            except ElementTree.ParseError:
                code = "1"  # the runner died while it wrote
        remark = ""
        if code != "0" and counts[1] == 0:
            counts[1] = 1  # a build that failed, a crash, nothing to run
            remark = f"  exit code {code}"
        elif sum(counts) == 0:
            counts[1] = 1
            remark = "  no tests"
        print(f"{group:<10} {counts[0]:>7} {counts[1]:>7} {counts[2]:>8} "
              f"{int(seconds) / 60:>8.1f}{remark}")
        total = [a + b for a, b in zip(total, counts)]
        seconds_total += int(seconds)
    print(f"{'all':<10} {total[0]:>7} {total[1]:>7} {total[2]:>8} {seconds_total / 60:>8.1f}\n")
    skipped = f", {total[2]} skipped" if total[2] else ""
    print(f"{total[0]} passed, {total[1]} failed{skipped}", flush=True)
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(summary(sys.argv[1]))
