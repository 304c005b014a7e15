"""Flags, environment, project file, user file: which goes first, and who tells."""
import re

ARGS = ["plan", "mdm", "--json"]


def seed_and_format(synthmill, *args, **options):
    doc = synthmill(*ARGS, *args, **options).json()
    return doc["seed"], doc["format"]


def user_file(synthmill, text):
    folder = synthmill.home / ".config" / "synthmill"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(text)


def test_flags_go_before_environment_before_project_before_user_before_default(synthmill, here):
    assert seed_and_format(synthmill) == (42, "parquet")
    user_file(synthmill, "seed: 1\nformat: csv\n")
    assert seed_and_format(synthmill) == (1, "csv")
    (here / "synthmill.yaml").write_text("seed: 2\n")
    assert seed_and_format(synthmill) == (2, "csv")
    env = {"SYNTHMILL_SEED": "3"}
    assert seed_and_format(synthmill, env=env) == (3, "csv")
    assert seed_and_format(synthmill, "--seed", "4", env=env) == (4, "csv")


def test_parameters_of_a_dataset_stand_below_its_name(synthmill, here):
    (here / "synthmill.yaml").write_text("seed: 5\nmdm:\n  total_records: 4000\n  seed: 6\n")
    doc = synthmill(*ARGS).json()
    assert doc["seed"] == 6
    assert {t["table"]: t["rows"] for t in doc["tables"]}["raw_erp_customers_scale"] in range(695, 706)


def test_a_parameter_can_come_from_the_environment(synthmill):
    few = synthmill(*ARGS, env={"SYNTHMILL_TOTAL_RECORDS": "4000"}).json()["rows"]
    assert few == synthmill(*ARGS, "--total-records", "4000").json()["rows"]


def test_a_switch_of_the_environment_is_on_or_off(synthmill):
    tables = lambda **env: len(synthmill(*ARGS, env=env).json()["tables"])
    assert tables() == 3 and tables(SYNTHMILL_TRUTH="1") == 6
    assert tables(SYNTHMILL_TRUTH="true") == 6 and tables(SYNTHMILL_TRUTH="0") == 3
    assert "SYNTHMILL_TRUTH" in synthmill(*ARGS, env={"SYNTHMILL_TRUTH": "maybe"}, code=2).err


def test_a_wrong_value_is_told_with_the_place_it_came_from(synthmill, here):
    assert "SYNTHMILL_THREADS" in synthmill(*ARGS, env={"SYNTHMILL_THREADS": "two"}, code=2).err
    (here / "synthmill.yaml").write_text("# mine\nthreads: two\n")
    assert re.search(r"synthmill\.yaml:2:", synthmill(*ARGS, code=2).err)


def test_an_unknown_word_in_a_file_is_refused_with_its_place_and_a_suggestion(synthmill, here):
    (here / "synthmill.yaml").write_text("seed: 1\nthreds: 2\n")
    err = synthmill(*ARGS, code=2).err
    assert re.search(r"synthmill\.yaml:2:1", err) and "threads" in err


def test_a_file_that_is_no_yaml_is_told_with_its_line(synthmill, here):
    (here / "synthmill.yaml").write_text("seed: [1\n")
    assert "synthmill.yaml:" in synthmill(*ARGS, code=2).err


def test_doctor_tells_where_each_setting_came_from(synthmill, here):
    user_file(synthmill, "format: csv\n")
    (here / "synthmill.yaml").write_text("threads: 3\n")
    text = synthmill("doctor", env={"SYNTHMILL_SEED": "9"}).text
    for value, origin in (("format csv", "config.yaml"), ("threads 3", "synthmill.yaml"),
                          ("seed 9", "SYNTHMILL_SEED")):
        assert re.search(rf"{value}.*{origin}", text), text


def test_doctor_checks_the_machine_and_says_ok(synthmill):
    doc = synthmill("doctor", "--json").json()
    assert doc["version"] == 1 and doc["ok"] is True
    checks = {f["check"]: f for f in doc["findings"]}
    assert {"synthmill", "Arrow", "CPUs", "memory", "datasets"} <= set(checks)
    assert "mdm" in checks["datasets"]["found"]
    assert {f["level"] for f in doc["findings"]} <= {"ok", "note", "bad"}
    assert synthmill("--version").text.split()[1] in checks["synthmill"]["found"]


def test_doctor_finds_a_target_that_cannot_be_written_and_exits_1(synthmill, here):
    (here / "file").write_text("in the way")
    synthmill("doctor", "--to", here / "fine")
    assert "file" in synthmill("doctor", "--to", here / "file" / "x", code=1).text
