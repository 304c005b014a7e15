"""What the help says, and that it is true."""
import re
import shlex

import pytest
import yaml

from helpers.command import REPOSITORY

COMMANDS = ["generate", "plan", "copy", "verify", "datasets", "doctor", "completions"]
MDM = yaml.safe_load((REPOSITORY / "datasets" / "mdm.yaml").read_text())
COMMON_FLAGS = ["to", "format", "compression", "seed", "as-of", "partitions", "threads", "tables",
                "write-mode", "resume", "truth", "noise", "dry-run", "json", "quiet", "no-progress"]


def flags_in(text):
    return set(re.findall(r"^  --([a-z0-9-]+)", text, re.M))


def examples_in(text):
    return [line.strip() for line in text.splitlines() if line.startswith("  synthmill ")]


def test_the_version_is_one_line_on_standard_output(synthmill):
    assert re.fullmatch(r"synthmill \d+\.\d+\.\d+\S*\n", synthmill("--version").text)


def test_the_help_lists_every_command_with_one_line(synthmill):
    text = synthmill("--help").text
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S+ \S+", text, re.M), command
    assert examples_in(text)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_usage_and_an_example(synthmill, command):
    asked = synthmill(command, "--help")
    assert f"Usage: synthmill {command}" in asked.text
    assert examples_in(asked.text), "no example"
    assert asked.err == ""
    assert synthmill("help", command).text == asked.text


def test_the_parameters_of_a_dataset_are_flags_with_their_help_and_default(synthmill):
    text = synthmill("generate", "mdm", "--help").text
    flags = flags_in(text)
    folded = " ".join(text.split())
    for name, parameter in MDM["parameters"].items():
        flag = name.replace("_", "-")
        switched_on = parameter["type"] == "bool" and parameter["default"]
        assert ("no-" + flag if switched_on else flag) in flags, name
        assert " ".join(parameter["help"].split()) in folded, name
    assert re.search(r"--total-records N.*\[1000000\]", text)
    for name in ("unique_customers", "noise_typo", "table_suffix"):
        flag, default = name.replace("_", "-"), MDM["parameters"][name]["default"]
        shown = rf"--{flag} \w+ [^\[]*\[{re.escape(str(default))}0?\]"
        assert re.search(shown, text), name
    assert "[_scale]" in text


def test_common_flags_are_in_the_help_of_generate_and_plan(synthmill):
    for command in ("generate", "plan"):
        assert set(COMMON_FLAGS) <= flags_in(synthmill(command, "mdm", "--help").text)


def test_parameters_are_shown_only_for_the_dataset_that_has_them(synthmill):
    assert "total-records" not in flags_in(synthmill("generate", "--help").text)


def test_the_help_of_a_dataset_of_ones_own_shows_its_parameters(synthmill, here):
    (here / "own.yaml").write_text("""synthmill: 1
dataset: own
parameters: {how_many: {type: int, default: 12, help: "so many"}}
tables: {t: {name: t, rows: how_many, columns: {a: {kind: bool}}}}
""")
    text = synthmill("generate", "./own.yaml", "--help").text
    assert re.search(r"--how-many N +so many \[12\]", text)


def test_the_examples_of_the_dataset_are_in_its_help_and_work(synthmill):
    text = synthmill("generate", "mdm", "--help").text
    examples = examples_in(text)
    assert examples and set(MDM["examples"]) <= set(examples)
    for example in examples:
        words = shlex.split(example.split("|")[0])
        assert synthmill(*words[1:], "--dry-run").text.startswith("plan: mdm")


def test_asking_for_help_does_no_work(synthmill, here):
    synthmill("generate", "mdm", "--to", "out", "--help")
    assert not (here / "out").exists()
