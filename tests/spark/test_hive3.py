"""The metastore of Hive 3.1: the same calls, the same answers."""
import pytest
from hmsclient import hmsclient

from services.hive_metastore import Hive3Metastore

SALES = """
synthmill: 1
dataset: sales
as_of: 2026-01-31
parameters:
  sales: {type: int, default: 1000, min: 1, help: "number of sales"}
tables:
  sales:
    rows: sales
    partition_by: [region, day]
    columns:
      id:     {kind: sequence}
      region: {kind: choice, values: [EU, "b/c"], null: 0.2}
      day:    {kind: date, from: as_of - 2d, to: as_of}
      price:  {kind: decimal, precision: 8, scale: 2, min: 1, max: 9}
  days:
    rows: 100
    columns:
      id:     {kind: sequence}
  whole:
    rows: 10
    columns:
      id:     {kind: sequence}
"""


@pytest.fixture(scope="module")
def hive3(workshop):
    service = Hive3Metastore(workshop / "hive3").start()
    yield service
    service.stop()


def test_partitions_are_made_replaced_verified_and_read(synthmill, here, hive3, database):
    (here / "sales.yaml").write_text(SALES)
    target = f"{hive3.uri}/{database}"
    args = ["generate", "./sales.yaml", "--to", target, "--location", "data", "--quiet", "--json"]
    tables = ["--tables", "sales,days"]
    synthmill(*args, *tables)
    text = (here / "sales.yaml").read_text()
    # Some of the partitions are there, some are new, some stay.
    (here / "sales.yaml").write_text(text.replace("as_of - 2d, to: as_of", "as_of, to: as_of + 1d"))
    second = synthmill(*args, *tables, "--sales", "500", "--write-mode", "overwrite").json()
    with hmsclient.HMSClient(host="127.0.0.1", port=hive3.port) as client:
        found = {tuple(p.values): (p.sd.location, int(p.parameters["numRows"]))
                 for p in client.get_partitions(database, "sales", -1)}
        assert {r for r, _ in found} == {"EU", "b/c", "__HIVE_DEFAULT_PARTITION__"}
        assert {d for _, d in found} == {f"2026-01-{n}" for n in (29, 30, 31)} | {"2026-02-01"}
        for (_, day), (location, _) in found.items():
            assert location.endswith(second["run_id"]) == (day >= "2026-01-31")
        assert sum(n for (_, day), (_, n) in found.items() if day >= "2026-01-31") == 500
        whole = synthmill(*args, "--tables", "whole", "--load-date", "none").json()
        assert client.get_table(database, "whole").sd.location.endswith(f"run={whole['run_id']}")
    checked = synthmill("verify", target, "--load-date", "2026-01-31", "--json").json()
    assert checked["ok"] and checked["fingerprint"] == second["fingerprint"]
    copied = synthmill("copy", f"{target}/sales/day=2026-02-01", "out.csv", "--json").json()
    assert copied["rows"] == sum(n for (_, day), (_, n) in found.items() if day == "2026-02-01") > 0
    refused = synthmill(*args, *tables, "--seed", "9", code=2)
    assert "--write-mode overwrite" in refused.err
