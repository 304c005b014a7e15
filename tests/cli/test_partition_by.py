"""--partition-by: a folder for each value, as Hive and Spark keep tables."""
import urllib.parse

import pyarrow.dataset as ds
import pytest

SPEC = """synthmill: 1
dataset: sales
tables:
  sales:
    rows: 20000
    columns:
      id: {kind: sequence}
      region: {kind: choice, values: ["EU", "US/CA", "a=b c%d", "Zürich"], null: 0.1}
      day: {kind: date, from: 2026-01-01, to: 2026-01-03}
      amount: {kind: int, min: 0, max: 1000000}
  other:
    rows: 10
    columns:
      id: {kind: sequence}
"""
FORMATS = ["parquet", "csv", "jsonl", "arrow"]


@pytest.fixture
def spec(here):
    path = here / "sales.yaml"
    path.write_text(SPEC)
    return path


def generate(synthmill, spec, to, *flags):
    return synthmill("generate", spec, "--to", to, "--json", *flags).json()


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("fmt", FORMATS)
def test_folders_hold_the_same_values_as_one_folder_in_every_format(synthmill, here, spec, fmt):
    plain = generate(synthmill, spec, "plain", "--format", fmt)
    folders = generate(synthmill, spec, "folders", "--format", fmt, "--partition-by", "region,day")
    assert folders["fingerprint"] == plain["fingerprint"]
    synthmill("verify", "folders")
    names = {f.split("/")[0] for f in files(here / "folders" / "sales")}
    assert names == {"region=EU", "region=US%2FCA", "region=a%3Db c%25d", "region=Zürich",
                     "region=__HIVE_DEFAULT_PARTITION__"}
    assert len(list((here / "folders" / "sales" / "region=EU").iterdir())) == 3
    assert all("=" not in f for f in files(here / "folders" / "other"))


def test_another_reader_puts_the_columns_back(synthmill, here, spec):
    generate(synthmill, spec, "plain")
    generate(synthmill, spec, "folders", "--partition-by", "region")
    plain = ds.dataset(here / "plain" / "sales", format="parquet").to_table().sort_by("id")
    read = ds.dataset(here / "folders" / "sales", format="parquet", partitioning=ds.partitioning(
        flavor="hive")).to_table().sort_by("id")
    inside = ds.dataset(here / "folders" / "sales", format="parquet")
    assert "region" not in inside.schema.names
    assert read.select(["id", "day", "amount"]).equals(plain.select(["id", "day", "amount"]))
    # Arrow's reader undoes %XX by itself.
    assert [v if v is None else urllib.parse.unquote(v) for v in read["region"].to_pylist()] == \
        [v if v is None else urllib.parse.unquote(v) for v in plain["region"].to_pylist()]


def test_layouts_do_not_depend_on_threads(synthmill, here, spec):
    flags = ["--partition-by", "region", "--partitions", "5"]
    one = generate(synthmill, spec, "one", *flags, "--threads", "1")
    three = generate(synthmill, spec, "three", *flags, "--threads", "3")
    assert one["fingerprint"] == three["fingerprint"]
    assert files(here / "one" / "sales") == files(here / "three" / "sales")


def test_appended_and_overwritten_folders_verify(synthmill, here, spec):
    generate(synthmill, spec, "t", "--partition-by", "day")
    before = files(here / "t" / "sales")
    generate(synthmill, spec, "t", "--partition-by", "day", "--seed", "7", "--write-mode", "append")
    after = files(here / "t" / "sales")
    assert set(before) < set(after) and len(after) == 2 * len(before)
    synthmill("verify", "t")
    other = synthmill("generate", spec, "--to", "t", "--seed", "8", "--write-mode", "append",
                      "--partition-by", "region", code=2)
    assert "kept in folders by [day]" in other.err
    generate(synthmill, spec, "t", "--partition-by", "region", "--write-mode", "overwrite")
    assert all(f.startswith("region=") for f in files(here / "t" / "sales"))
    synthmill("verify", "t")


def test_verify_finds_a_file_in_the_wrong_folder(synthmill, here, spec):
    generate(synthmill, spec, "t", "--partition-by", "day")
    folder = here / "t" / "sales"
    name = files(folder)[0].split("/")[1]
    a, b = folder / "day=2026-01-01" / name, folder / "day=2026-01-02" / name
    a_bytes, b_bytes = a.read_bytes(), b.read_bytes()
    a.write_bytes(b_bytes)
    b.write_bytes(a_bytes)
    synthmill("verify", "t", code=1)


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_copy_has_the_columns_of_the_folders(synthmill, here, spec, form):
    import duckdb
    synthmill("generate", spec, "--to", "t", "--tables", "sales", "--partition-by", "day", "--quiet",
              "--format", form)
    synthmill("generate", spec, "--to", "plain", "--tables", "sales", "--quiet")
    synthmill("copy", "t", "one.parquet", "--quiet")
    columns = [r[0] for r in duckdb.sql(f"DESCRIBE FROM '{here}/one.parquet'").fetchall()]
    query = f"SELECT {', '.join(columns)} FROM read_parquet('{here}/{{}}') ORDER BY ALL"
    one, plain = (duckdb.sql(query.format(p)).fetchall()
                  for p in ("one.parquet", "plain/sales/*.parquet"))
    assert "day" in columns and len(one) > 100 and one == plain


def test_mistakes_are_told_before_work(synthmill, here, spec):
    wrong = synthmill("generate", spec, "--to", "t", "--partition-by", "regoin", code=2)
    assert "did you mean 'region'" in wrong.err
    stdout = synthmill("generate", spec, "--to", "-", "--tables", "sales",
                       "--partition-by", "day", code=2)
    assert "standard output" in stdout.err
    assert not (here / "t").exists()


def test_more_folders_than_allowed_are_refused_and_nothing_stays(synthmill, here, spec):
    many = synthmill("generate", spec, "--to", "t", "--tables", "sales", "--rows",
                     "sales=60000", "--partitions", "1", "--partition-by", "id", code=2)
    assert "more than 10000 folders" in many.err
    assert not (here / "t").exists()


def test_the_plan_says_so(synthmill, spec):
    plan = synthmill("plan", spec, "--partition-by", "day", "--to", "t")
    assert "sales in folders by day" in plan.text
    document = synthmill("plan", spec, "--partition-by", "day", "--json").json()
    assert document["tables"][0]["partition_by"] == ["day"]
    assert "partition_by" not in document["tables"][1]
