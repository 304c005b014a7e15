"""A MariaDB server of the test's own: a Unix socket in a temporary folder, no TCP port."""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time


def find_mariadb():
    """Its server (Debian's package mariadb-server), or None."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")


class MariaDb:
    """Started and stopped with `with`; as root it runs as nobody."""

    def __init__(self):
        self.root = os.geteuid() == 0
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="synthmill-my-"))
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
        subprocess.run(self._as_user(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db",
             "--auth-root-authentication-method=normal"]),
            check=True, capture_output=True, cwd=self.folder)
        self.process = subprocess.Popen(
            self._as_user([find_mariadb(), "--no-defaults", f"--datadir={data}",
                           f"--socket={self.folder}/s", f"--pid-file={self.folder}/pid",
                           "--skip-networking", "--local-infile=1",
                           "--innodb-flush-log-at-trx-commit=0"]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        deadline = time.monotonic() + 60
        while self.run("SELECT 1").returncode != 0:
            assert self.process.poll() is None and time.monotonic() < deadline, "no MariaDB"
            time.sleep(0.1)
        return self

    def run(self, script, database=None, cwd=None):
        """A script through the client; the result's stdout has tabs and no headings."""
        command = ["mariadb", "--no-defaults", f"--socket={self.folder}/s", "-uroot",
                   "--local-infile=1", "-N", "-B", "--default-character-set=utf8mb4"]
        return subprocess.run(command + ([database] if database else []), input=script,
                              capture_output=True, text=True, cwd=cwd)

    def sql(self, script, database=None):
        done = self.run(script, database)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __exit__(self, *ignored):
        if self.process:
            self.process.terminate()
            self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
