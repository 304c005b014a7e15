"""copy from and to buckets: objects, prefixes and globs are read, rows are those of the files."""
import pytest


@pytest.fixture
def orders(here):
    folder = here / "exports"
    folder.mkdir()
    for part in range(3):
        rows = "".join(f"{part * 100 + i},name {i},2026-01-{i % 28 + 1:02}\n" for i in range(100))
        (folder / f"orders-{part}.csv").write_text("id,name,day\n" + rows)
    return folder


def test_a_folder_goes_to_s3_and_comes_back_from_it(mill, s3, bucket, here, orders):
    up = mill("copy", f"{orders}/orders-*.csv", f"s3://{bucket}/orders", "--json").json()
    assert up["rows"] == 300
    down = mill("copy", f"s3://{bucket}/orders", here / "back", "--format", "csv", "--json").json()
    assert down["rows"] == 300 and down["fingerprint"] == up["fingerprint"]


def test_objects_that_others_put_there_are_read_by_a_glob(mill, s3, bucket, here, orders):
    for path in sorted(orders.iterdir()):
        with s3.filesystem().open_output_stream(f"{bucket}/in/{path.name}") as out:
            out.write(path.read_bytes())
    whole = mill("copy", f"s3://{bucket}/in/orders-*.csv", here / "all", "--json").json()
    one = mill("copy", f"s3://{bucket}/in/orders-1.csv", here / "one.parquet", "--json").json()
    assert whole["rows"] == 300 and one["rows"] == 100


def test_an_object_that_is_not_there_is_told(mill, bucket, here):
    ended = mill("copy", f"s3://{bucket}/nothing.csv", here / "x", code=2)
    assert "nothing.csv" in ended.err
