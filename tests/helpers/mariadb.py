"""A MariaDB server of the test's own: a Unix socket in a temporary folder, no TCP port."""
import shutil
import subprocess

from helpers.own_server import OwnServer


def find_mariadb():
    """Its server (Debian's package mariadb-server), or None."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")


class MariaDb(OwnServer):
    """Started and stopped with `with`; as root it runs as nobody."""

    name = "mariadb"

    def __enter__(self):
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
        self._wait(lambda: self.run("SELECT 1").returncode == 0)
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
