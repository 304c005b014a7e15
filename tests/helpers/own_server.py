"""What the database servers of tests/schema share: a temporary folder, and a user who is not root."""
import os
import pathlib
import pwd
import shutil
import tempfile
import time


class OwnServer:
    """Started and stopped with `with`; databases refuse to run as root, so then as nobody."""

    name = ""

    def __init__(self):
        self.root = os.geteuid() == 0
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"synthmill-{self.name}-"))
        self.process = None
        if self.root:
            user = pwd.getpwnam("nobody")
            os.chown(self.folder, user.pw_uid, user.pw_gid)

    def _as_user(self, command):
        if not self.root:
            return command
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] + command

    def _wait(self, answers):
        deadline = time.monotonic() + 60
        while not answers():
            assert self.process.poll() is None and time.monotonic() < deadline, f"no {self.name}"
            time.sleep(0.1)

    def __exit__(self, *ignored):
        if self.process:
            self.process.terminate()
            self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
