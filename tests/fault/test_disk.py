"""Full disks, folders that can't be written, files of others in the way."""
import os

import pytest

from helpers.faults import files_below, left_behind, small_disk, visible

ARGS = ["generate", "mdm", "--total-records", "400000", "--truth", "--json", "--quiet"]
SMALL = ["generate", "mdm", "--total-records", "8000", "--json", "--quiet"]


@pytest.fixture(scope="module")
def undisturbed(session_synthmill):
    return session_synthmill(*ARGS, "--to", "null:").json()["fingerprint"]


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "arrow"])
def test_a_full_disk_is_a_clear_error_and_nothing_is_visible(synthmill, here, undisturbed, format):
    args = [*ARGS, "--format", format, "--to", "disk/out"]
    needed = synthmill("plan", *args[1:], "--json").json()["bytes_estimate"]
    with small_disk(here / "disk", int(needed * 0.6)) as disk:
        result = synthmill(*args, code=2)
        assert "No space left on device" in result.err and "disk/out" in result.err
        assert result.out == b"" and visible(disk.folder / "out") == []
        assert "--resume" in result.err, "some parts fitted: they are kept, and it is said"
        assert not list(disk.folder.rglob("*.inprogress")), "what is of no use gives its room back"
        disk.resize("1g")
        assert synthmill(*args, "--resume").json()["fingerprint"] == undisturbed
        synthmill("verify", "disk/out")
        assert left_behind(disk.folder / "out") == []


def test_a_disk_too_small_for_one_part_is_left_as_it_was(synthmill, here):
    with small_disk(here / "disk", "300k") as disk:
        result = synthmill(*ARGS, "--to", "disk/out", code=2)
        assert "No space left on device" in result.err
        assert list(disk.folder.iterdir()) == []


def test_a_disk_full_already_is_a_clear_error(synthmill, here):
    with small_disk(here / "disk", "64k") as disk:
        with open(disk.folder / "ballast", "wb", buffering=0) as f:
            with pytest.raises(OSError, match="No space left"):
                while True:
                    f.write(b"x" * 4096)
        result = synthmill(*SMALL, "--to", "disk/out", code=2)
        assert "No space left on device" in result.err
        assert files_below(disk.folder) == ["ballast"]


def test_an_overwrite_that_finds_the_disk_full_keeps_the_old_data(synthmill, here):
    with small_disk(here / "disk", "24m"):
        synthmill(*SMALL, "--to", "disk/out")
        before = synthmill("verify", "disk/out", "--json").json()["fingerprint"]
        synthmill(*ARGS, "--to", "disk/out", "--write-mode", "overwrite", code=2)
        assert synthmill("verify", "disk/out", "--json").json()["fingerprint"] == before


def test_a_folder_that_can_not_be_written_is_named(synthmill, here):
    if os.geteuid() != 0:
        (here / "closed").mkdir(mode=0o555)
        result = synthmill(*SMALL, "--to", "closed/out", code=2)
        assert "Permission denied" in result.err
    else:  # root may write everywhere but on a read-only file system
        with small_disk(here / "closed", "1m") as disk:
            disk.read_only()
            result = synthmill(*SMALL, "--to", "closed/out", code=2)
            assert "Read-only file system" in result.err
    assert "closed/out" in result.err and result.out == b""


def test_a_file_in_place_of_the_target_is_named_and_kept(synthmill, here):
    (here / "out").write_text("precious")
    for target in ("out", "out/deeper"):
        result = synthmill(*SMALL, "--to", target, code=2)
        assert "out" in result.err and "a file stands where a folder is needed" in result.err
    assert (here / "out").read_text() == "precious"


def test_a_file_in_place_of_a_table_is_kept(synthmill, here):
    (here / "out").mkdir()
    (here / "out" / "raw_crm_customers_scale").write_text("precious")
    result = synthmill(*SMALL, "--to", "out", code=2)
    assert "raw_crm_customers_scale" in result.err
    assert (here / "out" / "raw_crm_customers_scale").read_text() == "precious"


def test_a_folder_is_made_with_all_above_it_but_not_for_a_wrong_dataset(synthmill, here):
    (here / "list.yaml").write_text("synthmill: 1\n")
    synthmill("generate", "./list.yaml", "--to", "a/b/c", code=2)
    assert not (here / "a").exists()
    synthmill(*SMALL, "--to", "a/b/c")
    synthmill("verify", "a/b/c")


def test_a_target_may_be_a_symbolic_link_to_a_folder(synthmill, here):
    (here / "real").mkdir()
    (here / "link").symlink_to("real")
    synthmill(*SMALL, "--to", "link")
    synthmill("verify", "real")
    assert (here / "link").is_symlink()


def test_nothing_is_begun_where_the_target_is_refused(synthmill, here):
    """Target exists, write-mode error: refused before work."""
    synthmill(*SMALL, "--to", "out")
    before = files_below(here / "out")
    result = synthmill("generate", "mdm", "--total-records", "4000000000000", "--to", "out", code=2)
    assert "already holds a finished run" in result.err
    assert files_below(here / "out") == before and left_behind(here / "out") == []


def test_a_name_with_blanks_and_umlauts_is_a_folder_like_any_other(synthmill, here):
    synthmill(*SMALL, "--to", "Büro data/äöü 1")
    synthmill("verify", "Büro data/äöü 1")
    assert visible(here / "Büro data" / "äöü 1")
