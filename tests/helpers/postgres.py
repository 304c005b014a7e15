"""A PostgreSQL server of the test's own: a Unix socket in a temporary folder, no TCP port."""
import pathlib
import subprocess

from helpers.own_server import OwnServer


def find_postgres():
    """The folder of its programs (Debian's package postgresql), or None."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Postgres(OwnServer):
    """Started and stopped with `with`; it refuses to run as root, so then as nobody."""

    name = "postgres"

    def __init__(self):
        super().__init__()
        self.bin = find_postgres()

    def __enter__(self):
        data = self.folder / "data"
        subprocess.run(self._as_user([str(self.bin / "initdb"), "-D", str(data), "-U", "tester",
                                      "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]),
                       check=True, capture_output=True, cwd=self.folder)
        self.process = subprocess.Popen(
            self._as_user([str(self.bin / "postgres"), "-D", str(data), "-k", str(self.folder),
                           "-c", "listen_addresses=", "-c", "fsync=off"]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        self._wait(lambda: self.sql("SELECT 1", check=False).returncode == 0)
        return self

    def psql(self, *args, database="postgres", cwd=None):
        return subprocess.run(["psql", "-X", "-h", str(self.folder), "-U", "tester", "-d", database,
                               "-v", "ON_ERROR_STOP=1", "-tA", *args],
                              capture_output=True, text=True, cwd=cwd)

    def sql(self, statement, database="postgres", check=True):
        done = self.psql("-c", statement, database=database)
        assert not check or done.returncode == 0, done.stderr
        return done
