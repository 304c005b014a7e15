"""Reads what the engine wrote with readers that are not the engine's."""
import json
import pathlib
import subprocess
import sys

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from .command import REPOSITORY

CRM, ERP, SHOP = (f"raw_{s}_customers_scale" for s in ("crm", "erp", "ecommerce"))
SYSTEMS = {"crm": CRM, "erp": ERP, "ecommerce": SHOP}
TRUTH = ["truth_records", "truth_customers", "truth_changes"]

BASE_COLUMNS = [
    "customer_id", "source_id", "source_system", "record_id", "first_name", "last_name",
    "full_name", "email", "phone", "address", "city", "state", "zip_code", "date_of_birth",
    "company", "job_title", "annual_income", "customer_segment", "registration_date",
    "last_activity_date", "is_active"]
# Those that the customer has, clean, in truth_customers.
PERSON = [c for c in BASE_COLUMNS
          if c not in ("customer_id", "source_id", "source_system", "record_id")]
EXTRA_COLUMNS = {
    "crm": ["lead_source", "sales_rep", "deal_stage"],
    "erp": ["account_number", "credit_limit", "payment_terms", "account_status"],
    "ecommerce": ["username", "total_orders", "total_spent", "preferred_category",
                  "marketing_opt_in"]}


def table_names(target):
    return sorted(p.name for p in pathlib.Path(target).iterdir()
                  if p.is_dir() and not p.name.startswith("_"))


def read(target, table, format="parquet"):
    """A table by pyarrow.dataset, as other programs read a folder."""
    return ds.dataset(str(pathlib.Path(target) / table), format=format).to_table()


def row_counts(target, format="parquet"):
    return {t: ds.dataset(str(pathlib.Path(target) / t), format=format).count_rows()
            for t in table_names(target)}


def open_tables(target):
    """A DuckDB connection with a view for each table of a Parquet target, and `records`: the 21
    base columns of all three systems (as far as they are there)."""
    db = duckdb.connect()
    db.execute("set threads to 2")
    names = table_names(target)
    for name in names:
        db.execute(f"create view {name} as select * from '{target}/{name}/*.parquet'")
    raw = [n for n in names if n.startswith("raw_")]
    if raw:
        columns = ", ".join(BASE_COLUMNS)
        db.execute("create view records as " +
                   " union all ".join(f"select {columns} from {n}" for n in raw))
    return db


def manifest(target):
    return json.loads((pathlib.Path(target) / "_synthmill" / "manifest.json").read_text())


def run_manifests(target):
    """Of the live runs, oldest first."""
    folder = pathlib.Path(target) / "_synthmill" / "runs"
    return [json.loads((folder / run["id"] / "manifest.json").read_text())
            for run in manifest(target)["runs"]]


def independent_fingerprints(target, tables):
    """{table: (hex, rows)} by tools/fingerprint.py, which shares no code with the engine."""
    done = subprocess.run([sys.executable, str(REPOSITORY / "tools" / "fingerprint.py"),
                           *(str(pathlib.Path(target) / t) for t in tables)],
                          capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {pathlib.Path(path).name: (value, int(rows)) for value, rows, path in lines}


def combined_fingerprint(fingerprints):
    """That of several tables together, as docs/manifest.md defines it."""
    import xxhash
    text = "".join(f"{name}\0{value}\0{rows}\n"
                   for name, (value, rows) in sorted(fingerprints.items()))
    return xxhash.xxh3_128_hexdigest(text.encode())


def sorted_rows(table, by="record_id"):
    return table.sort_by(by).combine_chunks()


def plain(table):
    """Dictionaries decoded, so that tables of different readers can be compared."""
    fields = [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type)
              for f in table.schema]
    return table.cast(pa.schema(fields))
