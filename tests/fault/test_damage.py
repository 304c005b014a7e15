"""verify finds every damage, names the part and exits 1."""
import json
import shutil

import pytest

from helpers.faults import flip_byte, middle_places
from helpers.tables import CRM, ERP

FORMATS = {"parquet": [], "csv": ["--format", "csv"], "jsonl": ["--format", "jsonl"],
           "arrow": ["--format", "arrow"],
           "parquet none": ["--compression", "none"],
           "csv gzip": ["--format", "csv", "--compression", "gzip"]}


@pytest.fixture(scope="module")
def originals(session_synthmill, workshop):
    """A target in each format, made once."""
    made = {}

    def make(name):
        if name not in made:
            made[name] = workshop / f"original {name}"
            session_synthmill("generate", "mdm", "--total-records", "24000", "--tables", "crm,erp",
                              "--partitions", "3", *FORMATS[name], "--to", made[name], "--quiet")
        return made[name]
    return make


@pytest.fixture(params=FORMATS)
def target(request, originals, here):
    shutil.copytree(originals(request.param), here / "out")
    return here / "out"


def part(target, number, table=CRM):
    return sorted((target / table).glob("part-*"))[number]


def assert_found(synthmill, file, table=CRM, reasons=("",), status="bad"):
    """verify names this file and no other, as text and as JSON, and exits 1."""
    result = synthmill("verify", "out", code=1)
    assert f"{table}/{file}" in result.err
    doc = synthmill("verify", "out", "--json", code=1).json()
    assert doc["ok"] is False
    assert [(b["table"], b["file"]) for b in doc["bad_parts"]] == [(table, file)], doc["bad_parts"]
    assert any(doc["bad_parts"][0]["reason"].startswith(r) for r in reasons), doc["bad_parts"]
    assert {t["table"]: t["status"] for t in doc["tables"]} == \
        {t: "bad" if t == table else "ok" for t in (CRM, ERP)}
    return doc


def test_an_undamaged_target_verifies(synthmill, target):
    assert synthmill("verify", "out", "--json").json()["bad_parts"] == []


def test_a_damaged_byte_in_the_middle_is_found(synthmill, target):
    file = part(target, 1)
    before = file.read_bytes()
    for place in middle_places(file, 8):
        flip_byte(file, place)
        assert_found(synthmill, file.name)
        file.write_bytes(before)
    synthmill("verify", "out")


@pytest.mark.parametrize("keep", [0, 1, 100, -1, -1000])
def test_a_truncated_part_is_found(synthmill, target, keep):
    file = part(target, 2)
    file.write_bytes(file.read_bytes()[:keep])
    assert_found(synthmill, file.name, reasons=["truncated"])


def test_a_removed_part_is_found(synthmill, target):
    file = part(target, 0)
    file.unlink()
    doc = assert_found(synthmill, file.name, reasons=["missing"])
    assert doc["bad_parts"][0]["part"] == 0


def test_an_extra_part_is_found(synthmill, target):
    file = part(target, 0)
    extra = file.name.replace("part-00000", "part-00099")
    shutil.copy(file, file.with_name(extra))
    doc = assert_found(synthmill, extra, reasons=["belongs to no run"])
    assert doc["bad_parts"][0]["part"] is None


def test_a_part_with_something_added_is_found(synthmill, target):
    file = part(target, 1)
    with open(file, "ab") as f:
        f.write(b"\n")
    assert_found(synthmill, file.name, reasons=["too long"])


def test_two_parts_that_changed_places_are_found(synthmill, target):
    one, two = part(target, 0), part(target, 1)
    a, b = one.read_bytes(), two.read_bytes()
    one.write_bytes(b)
    two.write_bytes(a)
    doc = synthmill("verify", "out", "--json", code=1).json()
    assert {b["file"] for b in doc["bad_parts"]} == {one.name, two.name}


def test_every_bad_part_is_named_not_just_the_first(synthmill, target):
    names = {part(target, 0).name: CRM, part(target, 2).name: CRM, part(target, 1).name: ERP}
    for name, table in names.items():
        (target / table / name).unlink()
    doc = synthmill("verify", "out", "--json", code=1).json()
    assert {b["file"]: b["table"] for b in doc["bad_parts"]} == names
    err = synthmill("verify", "out", "--quiet", code=1).err
    assert all(f"{table}/{name}" in err for name, table in names.items())


def test_a_table_that_is_gone_is_found_part_by_part(synthmill, target):
    shutil.rmtree(target / CRM)
    doc = synthmill("verify", "out", "--json", code=1).json()
    assert {(b["table"], b["reason"]) for b in doc["bad_parts"]} == {(CRM, "missing")}
    assert len(doc["bad_parts"]) == 3


def test_a_part_without_permission_to_read_is_no_silent_success(synthmill, target):
    """A folder in place of a part can be read by nobody, not even root."""
    file = part(target, 1)
    file.unlink()
    file.mkdir()
    synthmill("verify", "out", code=1)


def test_one_changed_value_in_a_valid_file_is_found(synthmill, originals, here):
    """The file is whole and of any size: only the values tell."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    shutil.copytree(originals("parquet"), here / "out")
    file = part(here / "out", 1)
    table = pq.read_table(file)
    row = table.num_rows // 2
    city = table["city"].to_pylist()
    city[row] = "Springfield" if city[row] != "Springfield" else "Shelbyville"
    index = table.schema.get_field_index("city")
    size = file.stat().st_size
    pq.write_table(table.set_column(index, table.schema.field(index), pa.array(city)), file)
    if file.stat().st_size == size:
        assert_found(synthmill, file.name, reasons=["values differ"])
    else:
        assert_found(synthmill, file.name)


def test_a_csv_value_changed_to_one_of_the_same_length_is_found_by_its_value(
        synthmill, originals, here):
    shutil.copytree(originals("csv"), here / "out")
    file = part(here / "out", 1)
    data = file.read_bytes()
    at = data.index(b",Prospect\n")
    file.write_bytes(data[:at] + b",Prospekt\n" + data[at + 10:])
    assert_found(synthmill, file.name, reasons=["values differ"])


@pytest.mark.parametrize("damage", ["truncated", "removed", "newer"])
def test_a_damaged_manifest_is_an_error_that_names_it(synthmill, originals, here, damage):
    shutil.copytree(originals("parquet"), here / "out")
    (document,) = (here / "out").glob("_synthmill/runs/*/manifest.json")
    if damage == "truncated":
        document.write_bytes(document.read_bytes()[:500])
    elif damage == "removed":
        document.unlink()
    else:
        text = json.loads(document.read_text())
        document.write_text(json.dumps({**text, "version": 99}))
    assert "manifest.json" in synthmill("verify", "out", code=2).err
