"""Built-in datasets, copies of them, and what is said about a wrong file."""
import re
import shutil

import duckdb
import pyarrow.compute as pc
import pytest

from helpers.command import REPOSITORY
from helpers.tables import CRM, ERP, read

MDM = (REPOSITORY / "datasets" / "mdm.yaml").read_text()
SMALL = ["--total-records", "20000", "--quiet"]


@pytest.fixture
def changed(here):
    """Writes a copy of mdm with replacements, each of which must hit."""
    def write(*replacements, name="mine.yaml"):
        text = MDM
        for old, new in replacements:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1)
        (here / name).write_text(text)
        return f"./{name}"
    return write


def test_the_list_of_datasets_has_each_with_its_title(synthmill):
    assert re.search(r"^mdm +\S.+", synthmill("datasets").text, re.M)
    doc = synthmill("datasets", "--json").json()
    listed = doc if isinstance(doc, list) else doc["datasets"]
    assert any(d["dataset"] == "mdm" and d["title"] for d in listed)


def test_show_prints_the_file_byte_for_byte(synthmill):
    assert synthmill("datasets", "show", "mdm").text == MDM


def test_a_copy_without_changes_makes_the_same_values(synthmill, here):
    (here / "copy.yaml").write_bytes(synthmill("datasets", "show", "mdm").out)
    built_in = synthmill("generate", "mdm", *SMALL, "--to", "a", "--json").json()
    copy = synthmill("generate", "./copy.yaml", *SMALL, "--to", "b", "--json").json()
    assert copy["fingerprint"] == built_in["fingerprint"]


def test_a_copy_by_an_absolute_path_works_from_any_folder(synthmill, here, changed):
    changed()
    (here / "elsewhere").mkdir()
    synthmill("plan", here / "mine.yaml", cwd=here / "elsewhere")


def test_an_added_column_is_there_and_changes_no_other(synthmill, here, changed):
    path = changed(("      payment_terms:", "      loyalty: {kind: choice, values: "
                    "[Gold, Silver, Bronze]}\n      payment_terms:"))
    synthmill("generate", "mdm", *SMALL, "--tables", "erp", "--to", "a")
    synthmill("generate", path, *SMALL, "--tables", "erp", "--to", "b")
    before, after = read(here / "a", ERP), read(here / "b", ERP)
    assert set(pc.unique(after["loyalty"]).to_pylist()) == {"Gold", "Silver", "Bronze"}
    assert after.drop_columns(["loyalty"]).equals(before)


def test_a_changed_coverage_changes_the_rows_of_that_table_alone(synthmill, here, changed):
    path = changed(("coverage: 0.70", "coverage: 0.5"))
    rows = {t["table"]: t["rows"]
            for t in synthmill("plan", path, "--json").json()["tables"]}
    standard = {t["table"]: t["rows"] for t in synthmill("plan", "mdm", "--json").json()["tables"]}
    assert abs(rows[ERP] - 125_000) < 50
    assert {t: n for t, n in rows.items() if t != ERP} == \
           {t: n for t, n in standard.items() if t != ERP}


def test_a_list_of_ones_own_lies_beside_the_file(synthmill, here, changed):
    (here / "colours.csv").write_text("# mine\ncolour,weight\nred,75\n\"dark, blue\",25\n")
    path = changed(("parameters:", "lists: {colours: colours.csv}\nparameters:"),
                   ("      payment_terms:", "      colour: {kind: list, list: colours, value: "
                    "colour}\n      payment_terms:"))
    synthmill("generate", path, *SMALL, "--tables", "erp", "--to", "out")
    counts = duckdb.sql(f"select colour, count(*) / sum(count(*)) over () from "
                        f"'{here}/out/{ERP}/*.parquet' group by 1").fetchall()
    shares = dict(counts)
    assert set(shares) == {"red", "dark, blue"}
    assert abs(shares["red"] - 0.75) < 4 * (0.75 * 0.25 / 3500) ** 0.5


def test_a_missing_list_file_is_named_with_its_place(synthmill, here, changed):
    path = changed(("parameters:", "lists: {colours: colours.csv}\nparameters:"),
                   ("      payment_terms:", "      colour: {kind: list, list: colours, value: "
                    "colour}\n      payment_terms:"))
    result = synthmill("plan", path, code=2)
    assert re.search(r"mine\.yaml:\d+:\d+", result.err) and "colours.csv" in result.err


def test_a_new_parameter_is_a_flag(synthmill, here, changed):
    path = changed(("parameters:\n", "parameters:\n  terms_share: {type: share, default: 0.2}\n"),
                   ("account_status: {kind: choice,",
                    "account_status: {null: terms_share, kind: choice,"))
    synthmill("generate", path, *SMALL, "--tables", "erp", "--terms-share", "1", "--to", "out")
    table = read(here / "out", ERP)
    assert table["account_status"].null_count == table.num_rows > 0


def test_errors_carry_file_line_column_and_a_suggestion_and_come_all_at_once(
        synthmill, here, changed):
    path = changed(("kind: sequence", "kind: sequenze"), ("coverage: 0.70", "coverage: 1.70"),
                   ("list: postal_abbreviations", "list: postal_abreviations"))
    text = (here / "mine.yaml").read_text().splitlines()
    result = synthmill("plan", path, code=2)
    places = re.findall(r"mine\.yaml:(\d+):(\d+): ", result.err)
    for wrong in ("sequenze", "1.70", "postal_abreviations"):
        line = next(i for i, row in enumerate(text, 1) if wrong in row)
        column = text[line - 1].index(wrong) + 1
        assert (str(line), str(column)) in places, (wrong, line, column, result.err)
    assert "'sequence'" in result.err and "'postal_abbreviations'" in result.err


def test_a_wrong_key_of_the_language_is_suggested(synthmill, changed):
    result = synthmill("plan", changed(("coverage: 0.70", "covrage: 0.70")), code=2)
    assert re.search(r"mine\.yaml:\d+:\d+:.*covrage.*'coverage'", result.err, re.S)


def test_yaml_that_does_not_parse_is_told_with_its_line(synthmill, here):
    (here / "bad.yaml").write_text("synthmill: 1\ndataset: x\ntables: {t: [}\n")
    assert re.search(r"bad\.yaml:3:\d+", synthmill("plan", "./bad.yaml", code=2).err)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"just words", b"synthmill: 99\n"])
def test_a_file_that_is_no_dataset_is_an_error(synthmill, here, content):
    (here / "odd.yaml").write_bytes(content)
    assert "odd.yaml" in synthmill("plan", "./odd.yaml", code=2).err


def test_the_output_of_show_for_an_unknown_dataset_is_empty(synthmill):
    assert synthmill("datasets", "show", "nothing", code=2).out == b""


def test_a_renamed_copy_makes_the_values_of_its_keys(synthmill, here, changed):
    """Names of outputs are not hashed: another name, the same values."""
    path = changed(('name: "raw_crm_customers{table_suffix}"', "name: clients"))
    synthmill("generate", "mdm", *SMALL, "--tables", "crm", "--to", "a")
    synthmill("generate", path, *SMALL, "--tables", "crm", "--to", "b")
    assert read(here / "a", CRM).equals(read(here / "b", "clients"))


def test_a_dataset_works_where_the_repository_is_not(synthmill, here):
    """The lists are inside the binary."""
    alone = here / "alone"
    alone.mkdir()
    shutil.copy(here / synthmill.binary, alone / "copy")
    result = synthmill.shell(f"cd / && {alone}/copy plan mdm")
    assert result.code == 0, result


def test_the_small_dataset_of_the_documentation_works_as_it_stands(synthmill, here):
    text = (REPOSITORY / "docs" / "spec.md").read_text()
    (block,) = re.findall(r"```yaml\n(synthmill: 1\n.*?)```", text, re.S)
    (here / "shop.yaml").write_text(block)
    synthmill("generate", "./shop.yaml", "--orders", "5000", "--to", "out", "--quiet")
    table = read(here / "out", "orders")
    assert table.num_rows == 5000
    assert abs(table["note"].null_count / 5000 - 0.7) < 4 * (0.7 * 0.3 / 5000) ** 0.5


def test_the_page_of_kinds_is_what_the_registries_say(synthmill):
    page = (REPOSITORY / "docs" / "kinds.md").read_text()
    assert synthmill("datasets", "kinds", "--markdown").text == page, \
        "renew it: build/synthmill datasets kinds --markdown > docs/kinds.md"


def test_the_page_of_destinations_holds_the_table_of_the_registry(synthmill):
    printed = synthmill("datasets", "kinds", "--markdown").text
    table = printed[printed.index("\n## Destinations\n") + 1:].split("\n", 1)[1]
    page = (REPOSITORY / "docs" / "destinations.md").read_text()
    assert table.strip() in page, "copy the section Destinations of docs/kinds.md into it"


def test_each_kind_tells_its_arguments_and_a_slip_is_answered_with_a_suggestion(synthmill):
    for kind in synthmill("datasets", "kinds", "--json").json():
        text = synthmill("datasets", "kinds", kind["name"]).text
        assert kind["help"] in text and kind["example"] in text
        assert all(argument in text for argument in kind["arguments"])
    assert "'template'" in synthmill("datasets", "kinds", "tempalte", code=2).err
    assert "datasets show" in synthmill("datasets", "shwo", "mdm", code=2).err
