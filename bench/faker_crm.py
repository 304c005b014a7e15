#!/usr/bin/env python3
"""Records per second per core, against a plain Faker program with the columns of mdm's crm.

CSV and one thread each. Faker's clock leaves out its imports; ours is the whole process. CPU
seconds on both sides, so that a busy machine does not decide.
"""

import json
import sys

import _common as c


def measure():
    args = c.arguments(__doc__)
    ours_rows, peer_rows = (200_000, 2_000) if args.small else (2_000_000, 20_000)
    about = c.versions("faker")
    claim = c.Claim("crm CSV vs Faker, one core", "records/CPU s", **c.at_least(300))
    with c.Scratch(ours_rows * 350) as scratch:
        for _ in range(args.rounds):
            # 0.92 CRM records per customer.
            ours, report = c.generate("mdm", scratch / "ours", tables="crm", format="csv",
                                      threads=1, unique_customers=round(ours_rows / 0.92),
                                      total_records=4 * ours_rows)
            peer = json.loads(c.run(sys.executable, c.BENCH / "_faker_program.py", peer_rows,
                                    scratch / "faker.csv").output)
            table = report["tables"][0]["table"]
            if (columns := c.header_of(scratch / "ours" / table)) != peer["columns"]:
                raise c.CannotMeasure(f"the tables' columns differ: {columns}, {peer['columns']}")
            claim.add(report["rows"] / ours.cpu, peer["rows"] / peer["cpu_seconds"])
    claim.state(about, args.small, rows={"ours": report["rows"], "peer": peer_rows})


if __name__ == "__main__":
    c.main(measure)
