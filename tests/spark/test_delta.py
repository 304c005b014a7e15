"""--format delta beside Spark with Delta Lake: it reads and adds to our tables, we to its."""
import duckdb
import pytest

from services.delta_spark import DeltaSpark

SPEC = """synthmill: 1
dataset: sales
tables:
  sales:
    rows: 3000
    columns:
      id: {kind: sequence}
      region: {kind: choice, values: ["EU", "US/CA", "a=b c%d", "Zürich"], null: 0.1}
      day: {kind: date, from: 2026-01-01, to: 2026-01-03}
      sold: {kind: timestamp, from: 2026-01-01, to: 2026-01-31}
      price: {kind: decimal, precision: 20, scale: 4, min: -5, max: 500, null: 0.2}
      note: {kind: text, min: 40, max: 60, null: 0.3}
      paid: {kind: bool}
      rolls: {kind: array, of: {kind: int, min: 1, max: 6}, min: 0, max: 5}
"""


@pytest.fixture(scope="module")
def spark(workshop):
    spark = DeltaSpark(workshop / "delta-spark")
    yield spark
    spark.close()


@pytest.fixture
def spec(here):
    (here / "sales.yaml").write_text(SPEC)
    return "./sales.yaml"


SUMS = """
df = spark.read.format('delta').load(path)
row = df.selectExpr('count(*)', 'sum(id)', 'count(region)', 'cast(min(day) as string)',
                    'cast(max(sold) as string)', 'cast(sum(price) as string)', 'max(note)',
                    'sum(cast(paid as int))', 'sum(size(rolls))').collect()[0]
result = list(row)
"""


def sums(files):
    return list(duckdb.sql(
        f"select count(*), sum(id)::bigint, count(region), min(day)::varchar, "
        f"strftime(max(sold), '%Y-%m-%d %H:%M:%S'), sum(price)::varchar, max(note), "
        f"sum(paid::int)::bigint, sum(len(rolls))::bigint from '{files}'").fetchone())


def test_spark_reads_what_is_written_and_each_adds_to_it(synthmill, spark, here, spec):
    args = ["generate", spec, "--quiet", "--format", "delta", "--to", "lake"]
    synthmill("generate", spec, "--quiet", "--to", "plain")
    synthmill(*args, "--partition-by", "region")
    path = here / "lake" / "sales"
    wanted = sums(here / "plain" / "sales" / "*.parquet")
    found = spark.run(SUMS, path=path)
    found[4] = found[4][:19]
    assert found == wanted
    assert spark.run("result = [r[0] for r in spark.read.format('delta').load(path)"
                     ".where(\"region = 'a=b c%d' and id <= 100\").select('id').collect()]",
                     path=path)
    spark.run("spark.read.format('delta').load(path).limit(10).write.format('delta')"
              ".mode('append').save(path)", path=path)
    for seed in range(10):  # past a checkpoint
        synthmill(*args, "--partition-by", "region", "--write-mode", "append", "--seed", seed)
    assert (path / "_delta_log" / "00000000000000000010.checkpoint.parquet").exists()
    assert spark.run(SUMS, path=path)[0] == 3000 * 11 + 10
    synthmill("copy", "lake/sales", "back", "--quiet")
    assert duckdb.sql(f"select count(*) from '{here}/back/sales/*.parquet'").fetchone() == (33010,)
    history = spark.run("result = [[r.version, r.operation] for r in spark.sql("
                        "f'describe history delta.`{path}`').collect()]", path=path)
    assert [v for v, _ in history] == list(range(11, -1, -1))
    assert {o for _, o in history} == {"WRITE"}


def test_spark_changes_a_table_and_it_is_read_as_it_is_then(synthmill, spark, here, spec):
    synthmill("generate", spec, "--quiet", "--format", "delta", "--to", "lake")
    path = here / "lake" / "sales"
    spark.run("spark.sql(f'delete from delta.`{path}` where id <= 1000')\n"
              "spark.sql(f\"update delta.`{path}` set note = 'new' where id = 2000\")\n"
              "spark.sql(f'optimize delta.`{path}`')", path=path)
    synthmill("copy", "lake/sales", "back.csv", "--columns", "id,note", "--quiet")
    assert duckdb.sql(f"select count(*), min(id), count(*) filter (note = 'new') "
                      f"from '{here}/back.csv'").fetchone() == (2000, 1001, 1)
    synthmill("generate", spec, "--quiet", "--format", "delta", "--to", "lake", "--seed", "5",
              "--write-mode", "overwrite")
    assert spark.run(SUMS, path=path)[0] == 3000


@pytest.mark.parametrize("statement, named", [
    ("alter table delta.`{path}` set tblproperties ('delta.enableDeletionVectors' = 'true')",
     "deletionVectors"),
    ("alter table delta.`{path}` set tblproperties ('delta.columnMapping.mode' = 'name', "
     "'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')", "column mapping"),
    ("alter table delta.`{path}` add constraint known check (id > 0)", "CHECK constraint known"),
    ("alter table delta.`{path}` set tblproperties ('delta.enableRowTracking' = 'true')",
     "rowTracking"),
])
def test_features_that_spark_turns_on_are_refused_by_name(synthmill, spark, here, spec, statement,
                                                          named):
    args = ["generate", spec, "--quiet", "--format", "delta", "--to", "lake"]
    synthmill(*args)
    path = here / "lake" / "sales"
    spark.run(f"spark.sql(f\"{statement}\")", path=path)
    refused = synthmill(*args, "--seed", "2", "--write-mode", "append", code=2)
    assert named in refused.err
    assert spark.run("result = spark.read.format('delta').load(path).count()", path=path) == 3000
