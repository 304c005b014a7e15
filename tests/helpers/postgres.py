"""A PostgreSQL server of the test's own: a Unix socket in a temporary folder, no TCP port."""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time


def find_postgres():
    """The folder of its programs (Debian's package postgresql), or None."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Postgres:
    """Started and stopped with `with`; it refuses to run as root, so then as nobody."""

    def __init__(self):
        self.bin = find_postgres()
        self.root = os.geteuid() == 0
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="synthmill-pg-"))
        self.process = None

    def _as_user(self, command):
        if not self.root:
            return command
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] + command

    def __enter__(self):
        if self.root:
            user = pwd.getpwnam("nobody")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = self.folder / "data"
        subprocess.run(self._as_user([str(self.bin / "initdb"), "-D", str(data), "-U", "tester",
                                      "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]),
                       check=True, capture_output=True, cwd=self.folder)
        self.process = subprocess.Popen(
            self._as_user([str(self.bin / "postgres"), "-D", str(data), "-k", str(self.folder),
                           "-c", "listen_addresses=", "-c", "fsync=off"]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        deadline = time.monotonic() + 60
        while self.sql("SELECT 1", check=False).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < deadline, "no PostgreSQL"
            time.sleep(0.1)
        return self

    def psql(self, *args, database="postgres", cwd=None):
        return subprocess.run(["psql", "-X", "-h", str(self.folder), "-U", "tester", "-d", database,
                               "-v", "ON_ERROR_STOP=1", "-tA", *args],
                              capture_output=True, text=True, cwd=cwd)

    def sql(self, statement, database="postgres", check=True):
        done = self.psql("-c", statement, database=database)
        assert not check or done.returncode == 0, done.stderr
        return done

    def __exit__(self, *ignored):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
