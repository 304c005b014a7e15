"""Completions: parsed and asked as a shell asks them."""
import shutil
import subprocess

import pytest


def complete(synthmill, *words):
    """What bash would offer for the last of these words."""
    quoted = " ".join(f"'{w}'" for w in words)
    script = f"""source <(synthmill completions bash)
COMP_WORDS=({quoted}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_synthmill
printf '%s\\n' "${{COMPREPLY[@]}}" """
    result = synthmill.shell(script)
    assert result.code == 0, result
    return set(result.text.split())


def test_the_bash_completions_parse(synthmill):
    script = synthmill("completions", "bash").out
    checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, check=False)
    assert checked.returncode == 0 and checked.stderr == b""


def test_bash_completes_commands(synthmill):
    assert complete(synthmill, "synthmill", "ver") == {"verify", "version"}
    assert {"generate", "plan", "verify", "datasets", "doctor", "completions"} <= \
        complete(synthmill, "synthmill", "")


def test_bash_completes_datasets(synthmill):
    assert "mdm" in complete(synthmill, "synthmill", "generate", "m")
    assert "mdm" in complete(synthmill, "synthmill", "datasets", "show", "m")


def test_bash_completes_flags_with_those_of_the_dataset(synthmill):
    assert complete(synthmill, "synthmill", "generate", "mdm", "--total") == {"--total-records"}
    assert "--no-entity-id" in complete(synthmill, "synthmill", "plan", "mdm", "--no-")
    assert complete(synthmill, "synthmill", "verify", "--js") == {"--json"}


def test_bash_completes_the_values_of_a_flag(synthmill):
    assert complete(synthmill, "synthmill", "generate", "mdm", "--format", "") == \
        {"parquet", "csv", "jsonl", "arrow", "delta"}
    assert complete(synthmill, "synthmill", "generate", "mdm", "--noise", "h") == {"hard"}
    assert complete(synthmill, "synthmill", "generate", "mdm", "--write-mode", "") == \
        {"error", "overwrite", "append"}


def test_bash_completes_files_of_a_target(synthmill, here):
    (here / "some_target").mkdir()
    assert "some_target" in complete(synthmill, "synthmill", "verify", "some")


@pytest.mark.parametrize("shell, word", [("zsh", "#compdef synthmill"),
                                         ("fish", "complete -c synthmill")])
def test_other_shells_have_completions_that_parse(synthmill, shell, word):
    script = synthmill("completions", shell).out
    assert word in script.decode() and b"total-records" in script
    if shutil.which(shell):  # parsed where the shell is there
        checked = subprocess.run([shell, "-n", "/dev/stdin"], input=script, capture_output=True,
                                 check=False)
        assert checked.returncode == 0, checked.stderr


def test_an_unknown_shell_is_refused(synthmill):
    assert "bash" in synthmill("completions", "tcsh", code=2).err
