"""Shows what `synthmill generate mdm --truth` made: sample rows, and one customer as two systems
remember it beside the truth. Usage: demo_mdm.py FOLDER
"""

import glob
import os
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

WIDTH = 100
SAMPLE = {  # column: width
    "record_id": 9, "full_name": 18, "email": 23, "phone": 14, "city": 11, "state": 5,
}
COMPARED = ["full_name", "email", "phone", "address", "city", "state", "zip_code", "date_of_birth",
            "company", "job_title", "annual_income"]


def table_folder(root, system):
    """The folder of a system's table, whatever its suffix."""
    found = sorted(glob.glob(os.path.join(root, f"raw_{system}_customers*")))
    if not found:
        sys.exit(f"demo: no table of {system} in {root}")
    return found[0]


def cut(value, width):
    text = "" if value is None else str(value)
    return (text if len(text) <= width else text[:width - 1] + "…").ljust(width)


def rule(title):
    print(f"\n── {title} " + "─" * (WIDTH - len(title) - 4))


def show_samples(root, systems):
    rule("sample rows")
    print(" " * 10 + "  ".join(cut(name, width) for name, width in SAMPLE.items()))
    for system in systems:
        folder = table_folder(root, system)
        first = pq.ParquetFile(sorted(glob.glob(folder + "/*.parquet"))[0])
        rows = next(first.iter_batches(batch_size=3, columns=list(SAMPLE))).to_pylist()
        for index, row in enumerate(rows):
            line = "  ".join(cut(row[name], width) for name, width in SAMPLE.items())
            print(f"{system if index == 0 else '':<10}{line}".rstrip())


def find_customer(records, changes):
    """The first customer whose records in two systems or more have 5 to 8 changed cells, at least
    two in each of two systems."""
    per_record = changes.group_by("record_id").aggregate([("column_name", "count")])
    per_record = per_record.join(records, "record_id", join_type="inner")
    per_record = per_record.filter(pc.greater_equal(per_record["column_name_count"], 2))
    per_customer = per_record.group_by("customer_id").aggregate(
        [("source_system", "count_distinct"), ("column_name_count", "sum")])
    for fewest, most in ((5, 8), (3, 100)):
        cells = per_customer["column_name_count_sum"]
        fitting = per_customer.filter(pc.and_(
            pc.greater_equal(per_customer["source_system_count_distinct"], 2),
            pc.and_(pc.greater_equal(cells, fewest), pc.less_equal(cells, most))))
        if fitting.num_rows:
            return pc.min(fitting["customer_id"]).as_py()
    return None


def show_customer(root):
    records = pq.read_table(f"{root}/truth_records", columns=["record_id", "source_system",
                                                              "customer_id"])
    changes = pq.read_table(f"{root}/truth_changes", columns=["record_id", "column_name", "noise"])
    records = plain(records)
    changes = plain(changes)
    customer = find_customer(records, changes)
    if customer is None:
        print("(no customer has three changed cells in two systems)")
        return
    truth = pq.read_table(f"{root}/truth_customers",
                          filters=[("customer_id", "=", customer)]).to_pylist()[0]

    mine = records.filter(pc.equal(records["customer_id"], customer)).to_pylist()
    remembered = {}  # system: (row, {column: noise}), the copy with most changes
    for record in mine:
        found = changes.filter(pc.equal(changes["record_id"], record["record_id"])).to_pylist()
        noise = {change["column_name"]: change["noise"] for change in found}
        system = record["source_system"]
        if system not in remembered or len(noise) > len(remembered[system][1]):
            row = pq.read_table(table_folder(root, system),
                                filters=[("record_id", "=", record["record_id"])]).to_pylist()[0]
            remembered[system] = (row, noise)
    two = sorted(sorted(remembered), key=lambda system: -len(remembered[system][1]))[:2]

    rule(f"one customer ({customer}, {len(mine)} records) as two systems remember it; "
         "* differs from the truth")
    print(f"{'':<15}{'truth':<28}" + "".join(f"  {system:<26}" for system in two).rstrip())
    for name in COMPARED:
        line = f"{name:<15}{cut(truth[name], 28)}"
        for system in two:
            row, noise = remembered[system]
            value = "(null)" if row[name] is None else row[name]
            line += f"{'*' if name in noise else ' '} {cut(value, 26)}"
        print(line.rstrip())
    for system in two:
        why = ", ".join(f"{name}: {rules}" for name, rules in remembered[system][1].items())
        print(cut(f"why in {system:<10} {why}", WIDTH).rstrip())


def plain(table):
    """Strings instead of dictionaries, which group_by and join don't take everywhere."""
    return table.cast(pa.schema([
        pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
        for f in table.schema]))


def main():
    root = sys.argv[1]
    show_samples(root, ["crm", "erp", "ecommerce"])
    show_customer(root)


if __name__ == "__main__":
    main()
