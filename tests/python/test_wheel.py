"""The wheel in other environments: without any Arrow library, and beside an old pyarrow.

./run test makes these environments and installs the wheel there; their interpreters are named by
SYNTHMILL_PYTHON_BARE and SYNTHMILL_PYTHON_OLD_ARROW.
"""

import os
import pathlib
import subprocess
import sys

import pyarrow
import pyarrow.compute
import pyarrow.parquet
import pytest

import synthmill


def python_of(variable):
    if variable not in os.environ:
        pytest.fail(f"{variable} is not set: ./run test python makes the environment")
    return os.environ[variable]


def run(python, code):
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_program_comes_with_the_package(tmp_path):
    for command in ([sys.executable, "-m", "synthmill"], [pathlib.Path(sys.executable).parent / "synthmill"]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True)
        assert done.returncode == 0 and synthmill.__version__ in done.stdout
        done = subprocess.run([*command, "generate", "mdn", "--to", tmp_path / "out"],
                              capture_output=True, text=True)
        assert done.returncode == 2 and "mdm" in done.stderr
    subprocess.run([sys.executable, "-m", "synthmill", "generate", "mdm", "--total-records", "1000", "--to",
                    tmp_path / "out", "--quiet"], check=True)
    assert pyarrow.parquet.read_table(tmp_path / "out" / "raw_crm_customers_scale").num_rows > 0


def test_arrow_libraries_are_private_to_the_package():
    names = {os.path.basename(line.split()[-1]) for line in open("/proc/self/maps") if ".so" in line}
    ours = {name for name in names if name.startswith("libsynthmill_")}
    assert any(name.startswith("libsynthmill_arrow.so") for name in ours)
    assert any(name.startswith("libarrow.so") for name in names)  # pyarrow's own


def test_the_openssl_of_python_stays_itself_whichever_is_loaded_first():
    """libparquet exports an OpenSSL of its own."""
    for first, second in (("synthmill", "hashlib"), ("hashlib", "synthmill")):
        out = run(sys.executable, f"import {first}; import {second}, ssl; ssl.create_default_context();"
                                  "print(hashlib.sha256(b'abc').hexdigest()[:8], hashlib.new('sha3_256').name)")
        assert out == ["ba7816bf", "sha3_256"]


def test_no_arrow_library_is_needed(tmp_path):
    """Of a table the stream and the schema are to be had, files are written, copied and counted."""
    python = python_of("SYNTHMILL_PYTHON_BARE")
    out = run(python, (
        "import importlib.util, synthmill\n"
        "assert importlib.util.find_spec('pyarrow') is None and importlib.util.find_spec('numpy') is None\n"
        "table = synthmill.generate('mdm', total_records=2000)['crm']\n"
        "assert 'arrow_array_stream' in repr(table.__arrow_c_stream__())\n"
        "assert 'arrow_schema' in repr(table.__arrow_c_schema__())\n"
        f"done = synthmill.generate('mdm', total_records=2000, to={str(tmp_path / 'd')!r})\n"
        f"copied = synthmill.copy({str(tmp_path / 'd')!r}, {str(tmp_path / 'e')!r}, format='csv')\n"
        "assert copied.rows == done.rows\n"
        "print(done.rows, done.fingerprint, copied.fingerprint)\n"))
    mine = synthmill.generate("mdm", total_records=2000, to=tmp_path / "mine")
    assert out == [str(mine.rows), mine.fingerprint, mine.fingerprint]


@pytest.mark.parametrize("first", ["pyarrow", "synthmill"])
def test_an_old_pyarrow_in_the_process_stays_itself_whichever_is_loaded_first(first, tmp_path):
    python = python_of("SYNTHMILL_PYTHON_OLD_ARROW")
    second = "synthmill" if first == "pyarrow" else "pyarrow"
    out = run(python, (
        f"import {first}; import {second}\n"
        "import pyarrow.compute, pyarrow.parquet\n"
        "table = synthmill.generate('mdm', total_records=50_000)['crm']\n"
        "arrow = table.to_arrow()\n"
        f"pyarrow.parquet.write_table(arrow, {str(tmp_path / 'a.parquet')!r})\n"
        f"copied = synthmill.copy({str(tmp_path / 'a.parquet')!r}, {str(tmp_path / 'b.parquet')!r})\n"
        f"back = pyarrow.parquet.read_table({str(tmp_path / 'b.parquet')!r})\n"
        "assert back.cast(arrow.schema).equals(arrow) and copied.rows == arrow.num_rows\n"
        "print(pyarrow.__version__, arrow.num_rows,"
        " pyarrow.compute.count_distinct(arrow['email']).as_py())\n"))
    mine = synthmill.generate("mdm", total_records=50_000)["crm"].to_arrow()
    assert out[0] != pyarrow.__version__ and out[0].startswith("17.")
    assert out[1:] == [str(mine.num_rows), str(pyarrow.compute.count_distinct(mine["email"]).as_py())]
