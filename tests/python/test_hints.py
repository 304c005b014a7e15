"""The hints: those of the package itself, and what a checker says of its users."""

import subprocess
import sys


def mypy(folder, *arguments):
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", *arguments], capture_output=True,
                          text=True, cwd=folder)


def test_the_package_itself_is_sound(tmp_path):
    done = mypy(tmp_path, "-p", "synthmill", "--disable-error-code=import-untyped")
    assert done.returncode == 0, done.stdout


def test_a_sound_user_passes(tmp_path):
    (tmp_path / "user.py").write_text(
        "import datetime\n"
        "import synthmill\n"
        "tables: synthmill.Tables = synthmill.generate('mdm', total_records=1000, seed=7)\n"
        "rows: int = tables['crm'].num_rows\n"
        "for name, table in tables.items():\n"
        "    print(name, table.help, table.to_arrow(), table.to_pandas(), table.to_polars())\n"
        "result: synthmill.Result = synthmill.generate(\n"
        "    'a.sql', to='data', rows={'a': 5, 'b': '3..9'}, as_of=datetime.date(2026, 1, 1),\n"
        "    partition_by=['a'], write_mode='append', destination={'s3_endpoint': 'x'})\n"
        "text: str = result.tables[0].fingerprint\n"
        "planned: int = synthmill.plan('mdm', total_records=1)['rows']\n"
        "copied: synthmill.CopyResult = synthmill.copy('a.csv', 'b', tables='a', reject=True)\n"
        "spec: str = synthmill.import_ddl(['a.sql', 'b.sql'])\n"
    )
    done = mypy(tmp_path, "user.py")
    assert done.returncode == 0, done.stdout


def test_slips_of_a_user_are_found(tmp_path):
    slips = [
        "wrong: int = synthmill.generate('mdm', to='data')",
        "synthmill.generate('mdm', to='data')['crm']",
        "synthmill.generate('mdm', to='data', write_mode='replace')",
        "synthmill.generate('mdm', to='data', resume='yes')",
        "synthmill.generate('mdm', rows=[1])",
        "synthmill.copy('a.csv')",
        "synthmill.copy('a.csv', 'b', rejected=True)",
    ]
    (tmp_path / "user.py").write_text("\n".join(["import synthmill", *slips, ""]))
    done = mypy(tmp_path, "user.py")
    assert done.returncode == 1
    for line, slip in enumerate(slips, 2):
        assert f"user.py:{line}: error" in done.stdout, slip
